/**
 * Do the end-to-end tests clean up behind them, and do they say what is wrong? Breaks each component, interrupts runs,
 * and lets two run at once, each in a box that shows what is left when it has ended. `npm run e2e:harness` makes all
 * attempts, `npm run e2e:harness -- SIGKILL,moto does not start` those with one of these texts in their title;
 * `npm run e2e:harness -- repeat 10` runs everything ten times (`repeat 10 parts` the cases of `parts`).
 */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Interruption, runInBox } from './parts/box';
import { cacheRoot } from './parts/cache';
import { check } from './parts/exec';
import { npmEnv } from './parts/npm';
import { Run } from './parts/run-dir';
import { stopWhenTold } from './parts/stop';
import { installParts } from './parts/world';

const REPOSITORY = path.join(__dirname, '..');
const AN_HOUR = 3_600_000;

interface Attempt {
  readonly title: string;
  /** @default 'e2e' */
  readonly script?: 'e2e' | 'packages';
  /** Arguments of the script. @default - the cases of `parts` */
  readonly cases?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of what everybody shares. @default - the cache of this machine */
  readonly cache?: string;
  /** @default - it ends by itself */
  readonly interruption?: Interruption;
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

const WHEN = { 'while parts start': /^parts installed/m, 'while cases run': /✔ the named service account is allowed/ };

const INTERRUPTED = Object.entries(WHEN).flatMap(([when, after]) => [
  ...(['SIGINT', 'SIGTERM', 'SIGKILL'] as const).map((by): Attempt => (
    { title: `${by} ${when}`, interruption: { by, after }, says: [], succeeds: false }
  )),
  ...(['SIGTERM', 'SIGKILL'] as const).map((by): Attempt => (
    { title: `${by} to npm alone ${when}`, interruption: { by, whom: 'leader', after }, says: [/^e2e: '.*', which started this, is gone, stopping$/m], succeeds: false }
  )),
]);

class Harness {
  /** A run's temporary folder is short: not within ours. */
  private readonly temp = tmpdir();
  private readonly run = new Run();

  public constructor() {
    stopWhenTold(this.run, 'harness');
  }

  public async attempts(names: readonly string[]): Promise<boolean> {
    const fresh = path.join(this.run.dir, 'fresh', path.basename(cacheRoot()));
    const all: ReadonlyArray<readonly Attempt[]> = [
      ...[...BROKEN, ...INTERRUPTED].map((attempt) => [attempt]),
      ['a run', 'another at the same time'].map((title) => (
        { title, cases: ['parts', 'deploy-parts', 'config-file', 'full-way'], env: { E2E_SCENARIOS: 'token issuer' }, ...GREEN }
      )),
      ['a run that installs', 'another that needs the same'].map((title) => ({ title, cache: fresh, ...GREEN })),
      [{ title: 'all cases', cases: [], ...GREEN }],
      [{ title: 'packages', script: 'packages', cases: [], ...GREEN }],
    ];
    const chosen = all.filter((together) => names.some((name) => together.some(({ title }) => title.includes(name))));
    return this.sumUp(chosen, () => makeCache(fresh));
  }

  public repeat(times: number, cases: readonly string[]): Promise<boolean> {
    return this.sumUp(Array.from({ length: times }, (_, index) => [{ title: `run ${index + 1} of ${times}`, cases, ...GREEN }]));
  }

  private async sumUp(attempts: ReadonlyArray<readonly Attempt[]>, prepare: () => void = () => undefined): Promise<boolean> {
    let failed = 0;
    try {
      await installParts();
      prepare();
      for (const together of attempts) {
        const started = Date.now();
        const problems = (await Promise.all(together.map((attempt) => this.problemsOf(attempt)))).flat();
        const seconds = Math.round((Date.now() - started) / 1000);
        console.log(`${problems.length === 0 ? 'passed' : 'FAILED'}: ${together.map(({ title }) => title).join(', ')} (${seconds} s)`);
        problems.forEach((problem) => console.log(`  ${problem}`));
        failed += problems.length === 0 ? 0 : 1;
      }
    } finally {
      await this.run.stop();
    }
    console.log(`${attempts.length - failed} passed, ${failed} failed`);
    return failed === 0 && attempts.length > 0;
  }

  private async problemsOf({ title, script = 'e2e', cases = ['parts'], env = {}, cache, interruption, says, succeeds }: Attempt): Promise<string[]> {
    const { code, output, left, interrupted } = await runInBox(this.run, {
      repository: REPOSITORY,
      shared: [cacheRoot(), ...cache === undefined ? [] : [cache], ...cache !== undefined || script === 'packages' ? await goFolders() : []],
      command: ['npm', 'run', script, '--', ...cases],
      env: {
        ...npmEnv(),
        TMPDIR: this.temp,
        // was done for the harness, and could not be done in a repository that is read-only
        CDK_IRSA_COMPILED: 'true',
        ...cache === undefined ? {} : { XDG_CACHE_HOME: path.dirname(cache) },
        ...env,
      },
      interruption,
      limitMs: AN_HOUR,
    });
    const problems = [
      ...left.map((line) => `left behind: ${line}`),
      ...says.filter((pattern) => !pattern.test(output)).map((pattern) => `does not say ${pattern}`),
      ...((code === 0) === succeeds ? [] : [`ended with ${code}`]),
      ...interruption === undefined || interrupted ? [] : ['did not come to where it was to be interrupted'],
      ...cache === undefined ? [] : fs.readdirSync(cache).filter((name) => /^\.(?!lock-)/.test(name)).map((name) => `half-built: ${name}`),
    ];
    return problems.length === 0 ? [] : [`${title}:`, ...problems, ...output.trimEnd().split('\n').slice(-10).map((line) => `| ${line}`)];
  }
}

/** All of the cache but what Python and npm install, which takes a minute. */
function makeCache(dir: string): void {
  fs.mkdirSync(dir, { recursive: true });
  for (const name of fs.readdirSync(cacheRoot()).filter((entry) => /^(kubernetes-|npm$)/.test(entry))) {
    fs.symlinkSync(path.join(cacheRoot(), name), path.join(dir, name));
  }
}

/** Where Go keeps what it has built and downloaded, and its own statistics: nothing of ours. */
async function goFolders(): Promise<string[]> {
  const folders = (await check({ command: 'go', args: ['env', 'GOCACHE', 'GOMODCACHE', 'GOTELEMETRYDIR'] })).split('\n').filter(Boolean);
  folders.forEach((folder) => fs.mkdirSync(folder, { recursive: true }));
  return folders;
}

async function main(args: readonly string[]): Promise<boolean> {
  const [first, times, ...cases] = args;
  if (first !== 'repeat') {
    // the way through npm and projen makes words of a text
    return new Harness().attempts(args.join(' ').split(',').map((name) => name.trim()));
  }
  if (!/^[1-9]\d*$/.test(times ?? '')) {
    throw new Error(`expected how often to run, got '${times ?? ''}'; try: npm run e2e:harness -- repeat 10`);
  }
  return new Harness().repeat(Number(times), cases);
}

main(process.argv.slice(2)).then(
  (good) => { process.exitCode = good ? 0 : 1; },
  (error: Error) => {
    console.error(`harness: ${error.message}`);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
