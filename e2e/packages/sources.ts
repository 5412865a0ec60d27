import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Versions } from './language';

export const REPOSITORY = path.join(__dirname, '..', '..');

/** Programs for the public names that no example uses, one a language. */
export const APPS = path.join(__dirname, 'apps');

const PINNED = ['aws-cdk-lib', 'cdk8s', 'cdk8s-plus-28', 'constructs', 'jsii-pacmak'] as const;

/** Puts an example where its programs may write. The answer is its new folder. */
export function copyExample(name: string, dir: string): string {
  const target = path.join(dir, 'quickstart');
  fs.cpSync(path.join(REPOSITORY, 'examples', name), target, { recursive: true });
  return target;
}

/** The versions that npm installed here, so that every language has those of TypeScript. */
export function installedVersions(): Versions {
  return Object.fromEntries(PINNED.map((name) => [name, manifestOf(name).version])) as Versions;
}

function manifestOf(name: string): { readonly version: string } {
  return JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
}
