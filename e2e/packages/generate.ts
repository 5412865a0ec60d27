import * as path from 'node:path';
import { check } from '../parts/exec';
import { REPOSITORY } from './sources';

const TEN_MINUTES = 600_000;

/**
 * Has jsii-pacmak generate packages: a folder for each target in `outdir`. Code only, since the build of pacmak itself
 * fetches the newest of all dependencies each time; every language's own tool builds it, with the oldest supported ones.
 */
export async function generate(targets: readonly string[], packages: readonly string[], outdir: string): Promise<void> {
  await check({
    command: process.execPath,
    args: [path.join(REPOSITORY, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak'), ...packages, '--code-only', '--outdir', outdir, '--target', ...targets],
    cwd: REPOSITORY,
    timeoutMs: TEN_MINUTES,
  });
}
