/**
 * Proves the library with real parts. `npm run e2e` runs every case; `npm run e2e -- parts` those of `cases/parts.test.ts`.
 * Ends with one line, `N passed, N failed`, and leaves nothing behind but the cache.
 */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { killGroup } from './parts/exec';
import { missingPrerequisites } from './parts/prerequisites';
import { Run } from './parts/run-dir';
import { stopWhenTold } from './parts/stop';
import { installParts, startParts } from './parts/world';

const CASES = path.join(__dirname, 'cases');
/** They share everything that runs, and use names and accounts of their own. */
const FILES_AT_ONCE = 2;

async function main(names: readonly string[]): Promise<number> {
  const files = caseFiles(names);
  const missing = await missingPrerequisites();
  if (missing.length > 0) {
    const failed = process.env.CI ? 1 : 0;
    console.log(`e2e ${failed ? 'failed' : 'skipped'}: this machine lacks ${missing.join('; ')}`);
    console.log(`0 passed, ${failed} failed`);
    return failed;
  }
  const run = new Run();
  stopWhenTold(run, 'e2e');
  try {
    const installed = await timed('parts installed', () => installParts());
    const world = await timed('parts started', () => startParts(run, installed));
    const file = path.join(run.dir, 'world.json');
    fs.writeFileSync(file, JSON.stringify(world), { mode: 0o600 });
    const { passed, failed } = await runCases(run, file, files);
    await timed('parts stopped', () => run.stop());
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0 ? 0 : 1;
  } finally {
    await run.stop();
  }
}

function caseFiles(names: readonly string[]): string[] {
  const known = fs.readdirSync(CASES).filter((file) => file.endsWith('.test.ts')).map((file) => file.replace(/\.test\.ts$/, ''));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`no such cases: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  return (names.length > 0 ? names : known).map((name) => path.join(CASES, `${name}.test.ts`));
}

/** Runs the test files in a process group of their own, so that none of their children is left. */
async function runCases(run: Run, world: string, files: readonly string[]): Promise<{ passed: number; failed: number }> {
  const report = path.join(run.dir, 'report.tap');
  const child = spawn(process.execPath, [
    ...process.execArgv, '--test', `--test-concurrency=${FILES_AT_ONCE}`,
    '--test-reporter=spec', '--test-reporter-destination=stdout',
    '--test-reporter=tap', `--test-reporter-destination=${report}`,
    ...files,
  ], { env: { ...process.env, E2E_WORLD: world }, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const ended = new Promise<string | number | null>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  run.onStop(async () => {
    killGroup(child.pid, 'SIGKILL');
    await ended;
  }, child.pid);
  const end = await ended;
  const tap = fs.existsSync(report) ? fs.readFileSync(report, 'utf8') : '';
  const count = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  // a cancelled test is one that did not pass
  const failed = count('fail') + count('cancelled');
  if (end !== 0 && failed === 0) {
    console.log(`the test runner ended with ${end}, though no case failed`);
  }
  return { passed: count('pass'), failed: end === 0 ? failed : Math.max(failed, 1) };
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await work();
  console.log(`${what} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

main(process.argv.slice(2)).then(
  (code) => { process.exitCode = code; },
  (error: Error) => {
    console.error(`e2e: ${error.message}`);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
