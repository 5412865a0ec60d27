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
  /** @default - 60 seconds */
  readonly timeoutMs?: number;
  /** How long it may take to end by itself; then it is killed. @default - 2 seconds */
  readonly graceMs?: number;
}

/** Something that was started and has to be stopped. */
export interface Service {
  readonly name: string;
  stop(): Promise<void>;
}

const LOG_LINES = 15;

/** Starts a process in a group of its own and waits until it is ready; stops it again if it never is. */
export async function startService(run: Run, options: ServiceOptions): Promise<Service> {
  const { name, command, args, env = {}, ready, timeoutMs = 60_000, graceMs = 2_000 } = options;
  run.assertRunning();
  const log = path.join(run.dir, 'logs', `${name}.log`);
  fs.mkdirSync(path.dirname(log), { recursive: true });
  // a retry on other ports writes a log of its own, or the old 'address in use' would be read again
  const fd = fs.openSync(log, 'w');
  const child = spawn(command, args, {
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
  const service = { name, stop: () => stopGroup(child, ended, graceMs) };
  run.onStop(service.stop, child.pid);

  const started = Date.now();
  let end: string | undefined;
  void ended.then((how) => { end = how; });
  while (end === undefined && Date.now() - started < timeoutMs) {
    if (await ready().catch(() => false)) {
      return service;
    }
    await sleep(50);
  }
  await service.stop();
  throw new Error(`${name} did not start: ${end ?? `not ready after ${timeoutMs / 1000} s`}; its last log lines:\n${lastLines(log)}`);
}

async function stopGroup(child: ChildProcess, ended: Promise<string>, graceMs: number): Promise<void> {
  if (child.pid === undefined) {
    return;
  }
  killGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
  // what is left of the group: children may outlive their parent
  killGroup(child.pid, 'SIGKILL');
}

function lastLines(file: string): string {
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).map((line) => `  ${line}`).join('\n');
}
