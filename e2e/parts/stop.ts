import * as fs from 'node:fs';
import { Run } from './run-dir';

/** The codes that a shell gives to processes that a signal has ended. */
const SIGNALS = { SIGINT: ['interrupted', 130], SIGTERM: ['terminated', 143], SIGHUP: ['hung up', 129] } as const;

/** Stops a run and ends this process when it is told to, when it fails anywhere, or when nobody waits for it any more. */
export function stopWhenTold(run: Run, program: string): void {
  let stopping = false;
  const stop = (why: string, code: number): void => {
    if (!stopping) {
      stopping = true;
      console.error(`${program}: ${why}, stopping`);
      void run.stop().finally(() => process.exit(code));
    }
  };
  // a reader that has gone (`| head`) is no reason to leave things behind, nor to report it to that reader
  [process.stdout, process.stderr].forEach((stream) => stream.on('error', () => stop('nobody reads the output', 1)));
  Object.entries(SIGNALS).forEach(([signal, [why, code]]) => process.on(signal, () => stop(why, code)));
  process.on('uncaughtException', (error) => stop(error.stack ?? error.message, 1));
  process.on('unhandledRejection', (error) => stop(String(error), 1));
  const started = starters(process.ppid);
  setInterval(() => {
    const gone = started.find((starter) => !isAlive(starter));
    if (gone) {
      stop(`'${gone.command}', which started this, is gone`, 143);
    }
  }, 1_000).unref();
}

interface Starter {
  readonly pid: number;
  readonly parent: number;
  /** Since the kernel gives numbers again. */
  readonly since: string;
  readonly command: string;
}

/**
 * The process that started this one and, where npm is behind it, all up to that. npm hands a signal to the shell that it
 * started and to nobody else, and projen in between waits for us and hears of nothing.
 */
function starters(parent: number): readonly Starter[] {
  const all: Starter[] = [];
  for (let starter = read(parent); starter; starter = read(starter.parent)) {
    all.push(starter);
    if (/^npm\b/.test(starter.command)) {
      return all;
    }
  }
  return all.slice(0, 1);
}

function isAlive({ pid, since }: Starter): boolean {
  return read(pid)?.since === since;
}

/** Nothing for a process that has ended, even if nobody has asked for its end yet. */
function read(pid: number): Starter | undefined {
  if (pid <= 1) {
    return undefined;
  }
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name, in brackets, may have anything in it
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+/g, ' ').trim();
    return 'ZX'.includes(state) ? undefined : { pid, parent: Number(parent), since: rest[17], command };
  } catch {
    return undefined;
  }
}
