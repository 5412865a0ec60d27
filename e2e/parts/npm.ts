import * as fs from 'node:fs';
import * as path from 'node:path';
import { cacheRoot, cached, versionOf } from './cache';
import { check, HALF_AN_HOUR } from './exec';

const SOURCES = path.join(__dirname, 'node');

/** For every call of npm: what it downloads and logs stays in our cache folder. */
export function npmEnv(): Record<string, string> {
  return { ...process.env as Record<string, string>, npm_config_cache: path.join(cacheRoot(), 'npm') };
}

/** A folder with the AWS SDK for JavaScript and the program that uses it. */
export function awsSdk(): Promise<string> {
  return npmFolder('aws-sdk', 'package.json', ['read-object.js']);
}

/** A folder that has what a CDK app has before it installs cdk-irsa: the CDK, cdk8s and the pinned CDK CLI. */
export function cdkAppDependencies(): Promise<string> {
  return npmFolder('cdk-app', 'app.package.json');
}

/** A folder with what draws Mermaid and DOT: Mermaid for browsers, and Graphviz as a module. */
export function graphViewers(): Promise<string> {
  return npmFolder('graph-viewers', 'viewers.package.json');
}

async function npmFolder(component: string, manifest: string, files: readonly string[] = []): Promise<string> {
  const sources = [manifest, ...files].map((file) => fs.readFileSync(path.join(SOURCES, file), 'utf8'));
  return cached(component, versionOf(...sources, process.version), async (aside) => {
    fs.copyFileSync(path.join(SOURCES, manifest), path.join(aside, 'package.json'));
    for (const file of files) {
      fs.copyFileSync(path.join(SOURCES, file), path.join(aside, file));
    }
    await npmInstall(aside);
  });
}

/** Installs what the package.json of a folder asks for. */
export async function npmInstall(dir: string): Promise<void> {
  await check({
    command: 'npm',
    args: ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error'],
    cwd: dir,
    env: npmEnv(),
    timeoutMs: HALF_AN_HOUR,
  });
}
