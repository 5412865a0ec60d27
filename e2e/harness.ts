/**
 * Do the end-to-end tests clean up behind them, and do they say what is wrong? Breaks each component, interrupts runs,
 * and lets two run at once, each in a box that shows what is left when it has ended. `npm run e2e:harness`.
 */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { cacheRoot } from './parts/cache';
import { npmEnv } from './parts/npm';
import { installParts } from './parts/world';

const REPOSITORY = path.join(__dirname, '..');
const LEFT = '--- left behind ---';

/**
 * Runs a command with a process table of its own and this machine's files under a layer in memory. Standard input may
 * name a signal for the command's process group, as a terminal or a CI system would send it. In the end it prints the
 * processes that are still there ten seconds later, and every file and folder of the layer, but for the cache.
 */
const BOX = `
set -eu
box=$1 repository=$2 cache=$3
shift 3
mount -t tmpfs box "$box"
mkdir "$box/upper" "$box/work" "$box/root"
mount -t overlay box -o "lowerdir=/,upperdir=$box/upper,workdir=$box/work" "$box/root"
for dir in /proc /dev "$repository" "$cache"; do
  mount --rbind "$dir" "$box/root$dir"
done
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
setsid chroot "$box/root" sh -c 'cd "$1" && shift && exec "$@"' sh "$repository" "$@" < /dev/null &
command=$!
if read -r signal; then
  kill -s "$signal" -- "-$command"
fi
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

interface Attempt {
  readonly title: string;
  /** Arguments of `npm run e2e --`. @default - the cases of `parts` */
  readonly cases?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** @default - it ends by itself */
  readonly interrupted?: { readonly by: NodeJS.Signals; readonly after: RegExp };
  /** What the run has to say. */
  readonly says: readonly RegExp[];
  readonly succeeds: boolean;
}

const GREEN = { says: [/^[1-9]\d* passed, 0 failed$/m], succeeds: true };

const BROKEN = ['etcd', 'kube-apiserver', 'ceph-mon', 'ceph-osd', 'radosgw', 'moto'].map((component): Attempt => ({
  title: `${component} does not start`,
  env: { E2E_BREAK: component },
  says: [new RegExp(`^e2e: ${component} did not start: ended with 7; its last log lines:\n  broken on purpose`, 'm'), /^0 passed, 1 failed$/m],
  succeeds: false,
}));

const INTERRUPTED = (['SIGINT', 'SIGTERM', 'SIGKILL'] as const).flatMap((by) => Object.entries({
  'while parts start': /^parts installed/m,
  'while cases run': /✔ the named service account is allowed/,
}).map(([when, after]): Attempt => ({ title: `${by} ${when}`, interrupted: { by, after }, says: [], succeeds: false })));

async function main(): Promise<void> {
  await installParts();
  const attempts: ReadonlyArray<readonly Attempt[]> = [
    ...[...BROKEN, ...INTERRUPTED].map((attempt) => [attempt]),
    [{ title: 'a run', ...GREEN }, { title: 'another at the same time', ...GREEN }],
    [{ title: 'all kinds of cases', cases: ['parts', 'deploy-parts', 'full-way'], env: { E2E_SCENARIOS: 'token issuer' }, ...GREEN }],
  ];
  let failed = 0;
  for (const together of attempts) {
    const problems = (await Promise.all(together.map(problemsOf))).flat();
    console.log(`${problems.length === 0 ? 'passed' : 'FAILED'}: ${together.map(({ title }) => title).join(', ')}`);
    problems.forEach((problem) => console.log(`  ${problem}`));
    failed += problems.length === 0 ? 0 : 1;
  }
  console.log(`${attempts.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function problemsOf({ cases = ['parts'], env = {}, interrupted, says, succeeds }: Attempt): Promise<string[]> {
  const { code, output, left } = await runInBox(cases, env, interrupted);
  const problems = [
    ...left.map((line) => `left behind: ${line}`),
    ...says.filter((pattern) => !pattern.test(output)).map((pattern) => `does not say ${pattern}`),
    ...((code === 0) === succeeds ? [] : [`ended with ${code}`]),
  ];
  return problems.length === 0 ? [] : [...problems, ...output.trimEnd().split('\n').slice(-10).map((line) => `| ${line}`)];
}

async function runInBox(cases: readonly string[], env: Readonly<Record<string, string>>, interrupted: Attempt['interrupted']) {
  const box = fs.mkdtempSync(path.join(tmpdir(), 'irsa-box-'));
  const child = spawn('unshare', [
    '--mount', '--propagation', 'private', '--pid', '--fork', '--mount-proc', '--kill-child', '--',
    'sh', '-c', BOX, 'box', box, REPOSITORY, cacheRoot(), 'npm', 'run', 'e2e', '--', ...cases,
  ], { env: { ...npmEnv(), ...env }, stdio: 'pipe' });
  let text = '';
  const read = (chunk: Buffer): void => {
    text += chunk.toString();
    if (interrupted?.after.test(text) && child.stdin.writable) {
      child.stdin.end(`${interrupted.by.replace('SIG', '')}\n`);
    }
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  if (interrupted === undefined) {
    child.stdin.end();
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  fs.rmdirSync(box);
  const [output, left = 'the box itself broke'] = text.split(`${LEFT}\n`);
  return { code, output, left: left.split('\n').filter(Boolean) };
}

main().catch((error: Error) => {
  console.error(`harness: ${error.message}`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
