import * as path from 'node:path';
import { REPOSITORY } from './sources';
import { check, HALF_AN_HOUR } from '../parts/exec';
import { npmEnv } from '../parts/npm';

/**
 * Has jsii-pacmak generate packages: a folder for each target in `outdir`. Code only, since the build of pacmak itself
 * fetches the newest of all dependencies each time; every language's own tool builds it, with the oldest supported ones.
 */
export async function generate(targets: readonly string[], packages: readonly string[], outdir: string): Promise<void> {
  await check({
    command: process.execPath,
    args: [path.join(REPOSITORY, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak'), ...packages, '--code-only', '--outdir', outdir, '--target', ...targets],
    cwd: REPOSITORY,
    // it has npm pack the package
    env: npmEnv(),
    timeoutMs: HALF_AN_HOUR,
  });
}
