import * as fs from 'node:fs';
import * as path from 'node:path';

/** The version of this package, as npm installed it. */
export function packageVersion(): string {
  const manifest = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
