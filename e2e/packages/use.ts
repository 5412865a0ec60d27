import * as path from 'node:path';
import { cacheRoot } from '../parts/cache';
import { check } from '../parts/exec';
import { readAssembly, type Made } from './compare';
import type { Installed } from './language';
import { APPS, REPOSITORY } from './sources';

/** What the program `apps/names` made and said. */
export interface Names {
  readonly assembly: Made;
  /** Manifests of a cdk8s app of its own. */
  readonly yaml: string;
  /** The message of what is not a name. */
  readonly refusal: string;
}

/** What TypeScript programs make: what all others are compared with. */
export const typescript: Pick<Installed, 'quickstart' | 'env' | 'names'> = {
  quickstart: path.join(REPOSITORY, 'examples', 'quickstart'),
  env: {},
  names: { command: process.execPath, args: ['--import', 'tsx', path.join(APPS, 'names.ts')], cwd: APPS },
};

/** `cdk synth` in the folder of a quickstart. */
export async function synthesizeQuickstart({ quickstart, env }: Pick<Installed, 'quickstart' | 'env'>, dir: string): Promise<Made> {
  const output = path.join(dir, 'quickstart.out');
  await check({
    command: process.execPath,
    args: [
      path.join(REPOSITORY, 'node_modules', 'aws-cdk', 'bin', 'cdk'), 'synth', '--quiet', '--no-notices', '--output', output,
      // its report is a resource that names the language
      '--no-version-reporting',
    ],
    cwd: quickstart,
    env: environment(env),
  });
  const made = readAssembly(output);
  if (Object.keys(made.manifests).length === 0) {
    throw new Error(`the quickstart in '${quickstart}' made no manifests`);
  }
  return made;
}

/** Runs the program that uses more public names. */
export async function runNames({ names, env }: Pick<Installed, 'names' | 'env'>, dir: string): Promise<Names> {
  const output = path.join(dir, 'names.out');
  const said = await check({ ...names, env: environment({ ...env, CDK_OUTDIR: output }) });
  const [yaml, refusal] = said.split('refused: ');
  if (!yaml.trim() || !refusal?.trim()) {
    throw new Error(`no manifests or no refusal in what it said: ${said}`);
  }
  return { assembly: readAssembly(output), yaml, refusal: refusal.trim() };
}

function environment(more: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...process.env as Record<string, string>,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    JSII_RUNTIME_PACKAGE_CACHE_ROOT: path.join(cacheRoot(), 'jsii'),
    ...more,
  };
}
