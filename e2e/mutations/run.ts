/**
 * Do the end-to-end cases see what they are there to see? Breaks the packed library in seven ways, one at a time, and
 * runs a scenario with each: a scenario that still passes is the failure. So is one that fails with the library as it
 * is. `npm run e2e:mutations`.
 */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { type Mutation, MUTATIONS, mutatedText } from './mutations';
import { check } from '../parts/exec';
import { packLibrary } from '../parts/library';
import { Run } from '../parts/run-dir';
import { stopWhenTold } from '../parts/stop';

async function main(): Promise<void> {
  // a run's temporary folder is short: not within ours
  const temp = tmpdir();
  const run = new Run();
  stopWhenTold(run, 'mutations');
  const attempt = (tarball: string, scenarios: string): Promise<EndToEndResult> => runEndToEnd(run, temp, tarball, scenarios);
  let missed = 0;
  try {
    const original = await packLibrary(run.dir);
    // all of them before the first run: that one does not fit the library any more is known at once
    const mutated = await Promise.all(MUTATIONS.map((mutation) => mutate(original, run.dir, mutation)));
    // what fails anyway proves nothing
    const scenarios = [...new Set(MUTATIONS.map(({ scenario }) => scenario))].join(',');
    missed += report('passes', 'nothing is changed', await attempt(original, scenarios), ({ status }) => status === 0);
    for (const [index, mutation] of MUTATIONS.entries()) {
      missed += report('caught', mutation.name, await attempt(mutated[index], mutation.scenario), (result) => isCaught(mutation, result));
    }
  } finally {
    await run.stop();
  }
  console.log(`${MUTATIONS.length + 1 - missed} passed, ${missed} failed`);
  process.exitCode = missed === 0 ? 0 : 1;
}

/** The answer is a package file like the original, but for one line. */
async function mutate(original: string, dir: string, mutation: Mutation): Promise<string> {
  const folder = fs.mkdtempSync(path.join(dir, 'package-'));
  await check({ command: 'tar', args: ['-xzf', original, '-C', folder] });
  const target = path.join(folder, 'package', mutation.file);
  fs.writeFileSync(target, mutatedText(fs.readFileSync(target, 'utf8'), mutation));
  const mutated = path.join(folder, 'cdk-irsa.tgz');
  await check({ command: 'tar', args: ['-czf', mutated, '-C', folder, 'package'] });
  return mutated;
}

interface EndToEndResult {
  readonly status: number | null;
  /** Lines of the report. */
  readonly failures: readonly string[];
  /** The last line. */
  readonly closing: string;
}

async function runEndToEnd(run: Run, temp: string, tarball: string, scenarios: string): Promise<EndToEndResult> {
  run.assertRunning();
  const child = spawn(process.execPath, [...process.execArgv, path.join(__dirname, '..', 'run.ts'), 'full-way'], {
    env: { ...process.env, TMPDIR: temp, E2E_PACKAGE: tarball, E2E_SCENARIOS: scenarios },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  run.onStop(async () => {
    child.kill();
    await ended;
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const status = await ended;
  run.assertRunning();
  const lines = Buffer.concat(output).toString().trim().split('\n');
  return { status, failures: lines.filter((line) => /^\s+✖ /.test(line)), closing: lines.at(-1) ?? '' };
}

/** By the case that is meant, and not because everything fell over. */
function isCaught({ caughtBy }: Mutation, { status, failures, closing }: EndToEndResult): boolean {
  return status === 1 && failures.some((line) => caughtBy.test(line)) && /^[1-9]\d* passed, [1-9]\d* failed$/.test(closing);
}

/** The answer is how many were missed. */
function report(good: string, what: string, result: EndToEndResult, isGood: (result: EndToEndResult) => boolean): 0 | 1 {
  const ok = isGood(result);
  console.log(`${ok ? good : 'MISSED'}: ${what} (${result.closing})`);
  [...new Set(result.failures)].forEach((line) => console.log(line));
  return ok ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(`mutations: ${error.message}`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
