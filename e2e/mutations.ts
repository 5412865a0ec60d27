/**
 * Do the end-to-end cases see what they are there to see? Breaks the packed library in four ways, one at a time, and
 * runs a scenario with each: a scenario that still passes is the failure. `npm run e2e:mutations`.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { check } from './parts/exec';
import { packLibrary } from './parts/library';

interface Mutation {
  readonly name: string;
  /** In the package. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** A scenario that has to fail. */
  readonly scenario: string;
  /** The case that is there for it, as the report names it. */
  readonly caughtBy: RegExp;
}

const TRUST = 'lib/iam/trust-statements.js';

const MUTATIONS: readonly Mutation[] = [
  {
    name: 'aud is dropped from the trust policy',
    file: TRUST,
    from: '{ [`${hostPath}:aud`]: trust.audience }',
    to: '{}',
    // the provider takes both audiences there: where it takes one only, it refuses the other by itself
    scenario: 'custom audience',
    caughtBy: /fails for the audience sts\.amazonaws\.com/,
  },
  {
    name: 'sub is of another namespace',
    file: TRUST,
    from: 'subject => subject.claim',
    to: "subject => subject.claim.replace(/:([^:]+):([^:]+)$/, ':$1-2:$2')",
    scenario: 'literal issuer',
    caughtBy: /fails for the same name in another namespace/,
  },
  {
    name: 'StringLike with a wildcard name instead of StringEquals',
    file: TRUST,
    from: '{ StringEquals: { ...audience, [`${hostPath}:sub`]: oneOrList(exact) } }',
    to: "{ StringEquals: audience, StringLike: { [`${hostPath}:sub`]: oneOrList(exact.map(claim => claim.replace(/[^:]+$/, '*'))) } }",
    scenario: 'literal issuer',
    caughtBy: /fails for another service account/,
  },
  {
    name: 'one letter of the role name in the annotation is another',
    file: 'lib/k8s/manifest-files.js',
    from: 'writeFileSync(temporary, content)',
    to: "writeFileSync(temporary, content.replace(/(role-arn: .*).$/m, '$1x'))",
    scenario: 'literal issuer',
    caughtBy: /the role is assumed by the service account itself/,
  },
];

async function main(): Promise<void> {
  const dir = fs.mkdtempSync(path.join(tmpdir(), 'irsa-mut-'));
  let missed = 0;
  try {
    const original = await packLibrary(dir);
    for (const mutation of MUTATIONS) {
      const caught = runMutated(mutation, await mutate(original, dir, mutation));
      console.log(`${caught ? 'caught' : 'MISSED'}: ${mutation.name}`);
      missed += caught ? 0 : 1;
    }
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
  console.log(`${MUTATIONS.length - missed} passed, ${missed} failed`);
  process.exitCode = missed === 0 ? 0 : 1;
}

/** The answer is a package file like the original, but for one line. */
async function mutate(original: string, dir: string, { file, from, to }: Mutation): Promise<string> {
  const folder = fs.mkdtempSync(path.join(dir, 'package-'));
  await check({ command: 'tar', args: ['-xzf', original, '-C', folder] });
  const target = path.join(folder, 'package', file);
  const parts = fs.readFileSync(target, 'utf8').split(from);
  if (parts.length !== 2) {
    throw new Error(`'${from}' occurs ${parts.length - 1} times in ${file}, expected once: adapt the mutation to the library`);
  }
  fs.writeFileSync(target, parts.join(to));
  const mutated = path.join(folder, 'cdk-irsa.tgz');
  await check({ command: 'tar', args: ['-czf', mutated, '-C', folder, 'package'] });
  return mutated;
}

function runMutated({ scenario, caughtBy }: Mutation, tarball: string): boolean {
  const { stdout, status } = spawnSync(process.execPath, [...process.execArgv, path.join(__dirname, 'run.ts'), 'full-way'], {
    encoding: 'utf8',
    env: { ...process.env, E2E_PACKAGE: tarball, E2E_SCENARIOS: scenario },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const failures = stdout.split('\n').filter((line) => line.trim().startsWith('✖'));
  const closing = stdout.trim().split('\n').at(-1) ?? '';
  console.log(`  ${closing}`);
  // by the case that is meant, and not because everything fell over
  return status === 1 && failures.some((line) => caughtBy.test(line)) && /^[1-9]\d* passed, [1-9]\d* failed$/.test(closing);
}

main().catch((error: Error) => {
  console.error(`mutations: ${error.message}`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
