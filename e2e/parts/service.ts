import { spawn, ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { killGroup, sleep } from './exec';
import { Run } from './run-dir';

export interface ServiceOptions {
  /** As a person calls it: names the log file and the error. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Its whole environment but PATH and HOME. @default - none */
  readonly env?: Readonly<Record<string, string>>;
  /** Answers whether it is ready; an error counts as 'not yet'. */
  readonly ready: () => Promise<boolean>;
  /** @default - 2 minutes */
  readonly timeoutMs?: number;
}

/** Something that was started and has to be stopped. */
export interface Service {
  readonly name: string;
  stop(): Promise<void>;
}

const LOG_LINES = 15;

/** Shows what a run says when a component does not start: `E2E_BREAK=etcd npm run e2e`. */
const BROKEN = ['sh', '-c', 'echo "broken on purpose by E2E_BREAK" >&2; exit 7'] as const;

/** For a question whether something is ready: what takes the connection and never answers is not. */
export const atMost = (): AbortSignal => AbortSignal.timeout(5_000);

/** Starts a process in a group of its own and waits until it is ready; stops it again if it never is. */
export async function startService(run: Run, options: ServiceOptions): Promise<Service> {
  const { name, command, args, env = {}, ready, timeoutMs = 120_000 } = options;
  run.assertRunning();
  const log = path.join(run.dir, 'logs', `${name}.log`);
  fs.mkdirSync(path.dirname(log), { recursive: true });
  // a retry on other ports writes a log of its own, or the old 'address in use' would be read again
  const fd = fs.openSync(log, 'w');
  const [program, ...arguments_] = process.env.E2E_BREAK === name ? BROKEN : [command, ...args];
  const child = spawn(program, arguments_, {
    cwd: run.dir,
    env: { PATH: process.env.PATH ?? '', HOME: run.home, TMPDIR: run.temp, ...env },
    detached: true,
    stdio: ['ignore', fd, fd],
  });
  fs.closeSync(fd);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be run: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  let stopping = false;
  const service = {
    name,
    stop: () => {
      stopping = true;
      return killAll(child, ended);
    },
  };
  run.onStop(service.stop, child.pid);

  const started = Date.now();
  let end: string | undefined;
  void ended.then((how) => { end = how; });
  while (end === undefined && Date.now() - started < timeoutMs) {
    // whoever answers may be another run's, which had the port first: ours has ended then
    if (await ready().catch(() => false) && end === undefined) {
      // the cases can only say that a connection was refused
      void ended.then((how) => stopping || console.error(`e2e: ${name} ${how} while it was needed; its last log lines:\n${lastLines(log)}`));
      return service;
    }
    await sleep(50);
  }
  await service.stop();
  throw new Error(`${name} did not start: ${end ?? `not ready after ${timeoutMs / 1000} s`}; its last log lines:\n${lastLines(log)}`);
}

/** At once: nothing of what it has is kept. */
async function killAll(child: ChildProcess, ended: Promise<string>): Promise<void> {
  killGroup(child.pid, 'SIGKILL');
  await ended;
}

function lastLines(file: string): string {
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).map((line) => `  ${line}`).join('\n');
}
