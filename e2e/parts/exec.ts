import { ChildProcess, spawn } from 'node:child_process';

/** What to run and with what: nothing is inherited by accident, so `env` is the whole environment where it is given. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** @default - the environment of this process */
  readonly env?: Readonly<Record<string, string>>;
  /** @default - the working folder of this process */
  readonly cwd?: string;
  /** Text for its standard input. @default - empty */
  readonly input?: string;
  /** @default - 5 minutes */
  readonly timeoutMs?: number;
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const FIVE_MINUTES = 300_000;

/** For what downloads or builds. As all of these limits, it only ends what hangs: slow machines and networks are no failure. */
export const HALF_AN_HOUR = 30 * 60_000;

/** Commands of the process that starts everything; those of the tests belong to the tests' group, which is ended whole. */
const OWN_GROUPS = process.env.E2E_WORLD === undefined;
const live = new Set<ChildProcess>();
let ended = false;
let watch: GroupWatcher = () => undefined;

/** Is told of process groups that begin and end. */
export type GroupWatcher = (verb: 'group' | 'forget', pid: number) => void;

/** Has somebody told of the commands' process groups, who ends them if this process can't. */
export function watchGroups(watcher: GroupWatcher): void {
  watch = OWN_GROUPS ? watcher : watch;
}

/** Runs a command to its end and hands back what it said, whatever its exit code: for commands that may be refused. */
export function run(options: Command): Promise<Result> {
  const { command, args, env, cwd, input = '', timeoutMs = FIVE_MINUTES } = options;
  return new Promise((resolve, reject) => {
    if (ended) {
      throw new Error(`'${show(options)}' comes too late: the run is being stopped`);
    }
    const child = spawn(command, args, { env: env ?? process.env, cwd, detached: OWN_GROUPS, stdio: ['pipe', 'pipe', 'pipe'] });
    live.add(child);
    tell('group');
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      kill(child);
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // a command may end without reading its input: that is its affair
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error) => finish(() => reject(new Error(`cannot run '${command}': ${error.message}`))));
    child.on('close', (code, signal) => finish(() => {
      const result = { code: code ?? -1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
      if (timedOut) {
        reject(new Error(`'${show(options)}' took longer than ${timeoutMs / 1000} s\n${tail(result)}`));
      } else {
        resolve(signal === null ? result : { ...result, stderr: `${result.stderr}\nended by ${signal}` });
      }
    }));

    function finish(then: () => void): void {
      clearTimeout(timer);
      live.delete(child);
      tell('forget');
      then();
    }

    function tell(verb: 'group' | 'forget'): void {
      if (child.pid !== undefined) {
        watch(verb, child.pid);
      }
    }
  });
}

/** Runs a command that has to succeed; its standard output is the answer. */
export async function check(options: Command): Promise<string> {
  const result = await run(options);
  if (result.code !== 0) {
    throw new Error(`'${show(options)}' ended with ${result.code}\n${tail(result)}`);
  }
  return result.stdout;
}

/** Ends every command that still runs, and lets no other begin. */
export function killCommands(): void {
  ended = true;
  live.forEach(kill);
}

function kill(child: ChildProcess): void {
  if (OWN_GROUPS) {
    killGroup(child.pid, 'SIGKILL');
  } else {
    child.kill('SIGKILL');
  }
}

/** Signals a whole process group; one that has gone already is what was wanted. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): boolean {
  try {
    // a child that could not be spawned has no pid, and -0 would be our own group
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** For a command that can be repeated, and may meet something that has only just come up. */
export async function patiently(command: () => Promise<string>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await command();
    } catch (error) {
      if (attempt === 10) {
        throw error;
      }
      console.log(`another attempt, since ${(error as Error).message.replace(/\s+/g, ' ')}`);
      await sleep(300);
    }
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function show({ command, args }: Command): string {
  const line = [command, ...args].join(' ');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function tail({ stdout, stderr }: Result): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-30).join('\n');
}
