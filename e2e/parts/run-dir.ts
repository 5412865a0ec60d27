import { spawn, ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { killCommands, watchGroups } from './exec';

/**
 * Kills what it was told of and removes the folder, once its standard input ends: that is, when the run ends, even by
 * SIGKILL. Lines are `group PGID` and `forget PGID`.
 */
const GUARDIAN = `
trap '' INT TERM HUP
groups=' '
while read -r verb id; do
  case $verb in
    group) groups="$groups$id " ;;
    forget) groups=$(printf %s "$groups" | sed "s/ $id / /") ;;
  esac
done
for id in $groups; do kill -s KILL -- "-$id" 2>/dev/null; done
rm -rf -- "$1"
`;

/** One run: its temporary folder, and everything that has to be stopped at its end. */
export class Run {
  /** Short, because ceph puts sockets there and a socket's path has 107 characters. */
  public readonly dir = fs.mkdtempSync(path.join(tmpdir(), 'irsa-e2e-'));
  /** Home of everything that is started: what tools remember of one run must not reach the next. */
  public readonly home = path.join(this.dir, 'home');
  /** Temporary folder of everything that is started. */
  public readonly temp = path.join(this.dir, 'tmp');
  private readonly stops: Array<() => Promise<void>> = [];
  private readonly guardian: ChildProcess;
  private stopping: Promise<void> | undefined;

  public constructor() {
    fs.mkdirSync(this.home);
    fs.mkdirSync(this.temp);
    // for everything that is started with this environment: what it forgets to remove goes with the run
    process.env.TMPDIR = this.temp;
    this.guardian = spawn('sh', ['-c', GUARDIAN, 'guardian', this.dir], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    // a guardian that is gone must not bring down the run that it guards
    this.guardian.stdin?.on('error', () => undefined);
    watchGroups((verb, pid) => this.tell(verb, pid));
  }

  /** Has `stop` called at the end, and the process group killed if that end is sudden. */
  public onStop(stop: () => Promise<void>, group?: number): void {
    this.assertRunning();
    if (group === undefined) {
      this.stops.push(stop);
      return;
    }
    this.tell('group', group);
    this.stops.push(async () => {
      await stop();
      this.tell('forget', group);
    });
  }

  /** Fails when the run is being stopped: what is started now would stay. */
  public assertRunning(): void {
    if (this.stopping) {
      throw new Error('the run is being stopped');
    }
  }

  /** Stops everything, however often it is called. */
  public stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private tell(verb: 'group' | 'forget', group: number): void {
    this.guardian.stdin?.write(`${verb} ${group}\n`);
  }

  private async stopAll(): Promise<void> {
    killCommands();
    // all at once: nothing of theirs is kept, so nobody has to wait for another's goodbye
    await Promise.all(this.stops.map((stop) => stop().catch((error: Error) => console.error(`while stopping: ${error.message}`))));
    const ended = new Promise((resolve) => this.guardian.once('close', resolve));
    this.guardian.stdin?.end();
    await ended;
  }
}
