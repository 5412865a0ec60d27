import * as fs from 'node:fs';
import * as path from 'node:path';
import { check } from './exec';
import { npmEnv } from './npm';

/**
 * The package under test, packed as npm would publish it. `E2E_PACKAGE` names a package file, or a folder to pack;
 * without it, this repository is packed.
 */
export async function packLibrary(destination: string): Promise<string> {
  const source = path.resolve(process.env.E2E_PACKAGE || path.join(__dirname, '..', '..'));
  if (source.endsWith('.tgz')) {
    if (!fs.existsSync(source)) {
      throw new Error(`E2E_PACKAGE is '${source}', and there is no such file; name a package file, or a folder to pack`);
    }
    return source;
  }
  if (!fs.existsSync(path.join(source, 'lib', 'index.js'))) {
    throw new Error(`'${source}' has no lib/index.js to pack; run 'npx projen compile' first, or set E2E_PACKAGE to a package file`);
  }
  const [{ filename }] = JSON.parse(await check({
    command: 'npm',
    args: ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', destination],
    cwd: source,
    env: npmEnv(),
  })) as Array<{ filename: string }>;
  return path.join(destination, filename);
}
