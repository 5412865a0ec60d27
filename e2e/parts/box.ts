import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { killGroup } from './exec';
import { Run } from './run-dir';

const LEFT = '--- left behind ---';

/**
 * Runs a command with a process table of its own and this machine's files under a layer in memory; the repository cannot
 * be written, the shared folders are the machine's. Standard input may name a signal and for whom it is: `group`, as a
 * terminal or a CI system sends it to all, or `leader`, as who only knows the process that it started. In the end it
 * prints the processes that are still there ten seconds later (a port is open as long as somebody has it), and every file
 * and folder of the layer.
 */
const BOX = `
set -eu
box=$1 repository=$2 shared=$3
shift 3
mount -t tmpfs box "$box"
mkdir "$box/upper" "$box/work" "$box/root"
mount -t overlay box -o "lowerdir=/,upperdir=$box/upper,workdir=$box/work" "$box/root"
for dir in /proc /dev "$repository" $shared; do
  mount --rbind "$dir" "$box/root$dir"
done
mount -o remount,bind,ro "$box/root$repository"
line() {
  tr '\\0' ' ' 2>/dev/null < "$1/cmdline" || true
}
others() {
  for process in /proc/[0-9]*; do
    case $(line "$process") in
      '' | "$(line /proc/1)") ;; # has ended, or is this script
      *) echo "process: $(line "$process")" ;;
    esac
  done
}
mounts=$(wc -l < /proc/self/mountinfo)
exec 3<&0
setsid chroot "$box/root" sh -c 'cd "$1" && shift && exec "$@"' sh "$repository" "$@" < /dev/null 3<&- &
command=$!
{
  if read -r whom signal <&3; then
    case $whom in
      group) kill -s "$signal" -- "-$command" ;;
      leader) kill -s "$signal" "$command" ;;
    esac
  fi
} &
code=0
wait "$command" || code=$?
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  [ -z "$(others)" ] || sleep 1
done
echo "${LEFT}"
others
[ "$(wc -l < /proc/self/mountinfo)" = "$mounts" ] || echo 'mount'
cd "$box/upper"
find . -mindepth 1 | while read -r file; do
  [ -d "$file" ] && [ -d "/$file" ] || echo "file: $file"
done
exit "$code"
`;

/** A signal that is sent once the output shows that it is time. */
export interface Interruption {
  readonly by: NodeJS.Signals;
  /** @default 'group' */
  readonly whom?: 'group' | 'leader';
  readonly after: RegExp;
}

export interface BoxOptions {
  readonly repository: string;
  /** Existing folders, without blanks in their names, where the command may leave something. */
  readonly shared: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** @default - it ends by itself */
  readonly interruption?: Interruption;
  /** After which it is ended, and counts as failed. */
  readonly limitMs: number;
}

export interface BoxResult {
  readonly code: number | null;
  readonly output: string;
  /** What should not be there any more. */
  readonly left: readonly string[];
  /** Whether the signal was sent. */
  readonly interrupted: boolean;
}

/** Runs a command, and looks at what it leaves behind. */
export async function runInBox(run: Run, options: BoxOptions): Promise<BoxResult> {
  const { repository, shared, command, env, interruption, limitMs } = options;
  run.assertRunning();
  const box = fs.mkdtempSync(path.join(run.dir, 'box-'));
  const child = spawn('unshare', [
    '--mount', '--propagation', 'private', '--pid', '--fork', '--mount-proc', '--kill-child', '--',
    'sh', '-c', BOX, 'box', box, repository, shared.join(' '), ...command,
  ], { env, stdio: 'pipe', detached: true });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const end = (): boolean => killGroup(child.pid, 'SIGKILL');
  run.onStop(async () => {
    end();
    await ended;
  }, child.pid);
  let text = '';
  let interrupted = false;
  const read = (chunk: Buffer): void => {
    text += chunk.toString();
    if (!interrupted && interruption?.after.test(text)) {
      interrupted = true;
      child.stdin.end(`${interruption.whom ?? 'group'} ${interruption.by.replace('SIG', '')}\n`);
    }
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  // it may have ended by now
  child.stdin.on('error', () => undefined);
  const timer = setTimeout(() => {
    text += `\nended after ${limitMs / 60_000} minutes\n`;
    end();
  }, limitMs);
  const code = await ended;
  clearTimeout(timer);
  const [output, left = 'the box itself broke'] = text.split(`${LEFT}\n`);
  return { code, output, left: left.split('\n').filter(Boolean), interrupted };
}
