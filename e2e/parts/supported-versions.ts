import * as fs from 'node:fs';
import * as path from 'node:path';
import { cached, versionOf } from './cache';
import { check } from './exec';
import { npmEnv, npmInstall } from './npm';

/** Both ends of the versions of the CDK and cdk8s that the package supports. */
export const ENDS = ['oldest', 'newest'] as const;
export type End = typeof ENDS[number];

/** Pinned, since each version has rules of its own. It asks for a CDK that is newer than our oldest. */
const CDK_NAG = '3.0.2';

const PACKAGE = path.join(__dirname, '..', '..', 'package.json');
const APP = path.join(__dirname, 'node', 'app.package.json');

type Versions = Readonly<Record<string, string>>;

/** What the package asks its users to bring, and in which versions. */
export function peerRanges(): Versions {
  return (JSON.parse(fs.readFileSync(PACKAGE, 'utf8')) as { peerDependencies: Versions }).peerDependencies;
}

/** A folder that has what a CDK app has before it installs cdk-irsa, at one end of the supported versions. The newest has cdk-nag too. */
export async function dependenciesAt(end: End): Promise<string> {
  const { dependencies: tools } = JSON.parse(fs.readFileSync(APP, 'utf8')) as { dependencies: Versions };
  const dependencies = end === 'oldest' ? { ...tools, ...oldestPeers() } : { ...tools, ...await newestPeers(), 'cdk-nag': CDK_NAG };
  const manifest = JSON.stringify({ private: true, dependencies });
  return cached(`${end}-cdk-app`, versionOf(manifest, process.version), async (aside) => {
    fs.writeFileSync(path.join(aside, 'package.json'), manifest);
    await npmInstall(aside);
  });
}

function oldestPeers(): Versions {
  return Object.fromEntries(Object.entries(peerRanges()).map(([name, range]) => {
    const [, version] = /^\^(\d+\.\d+\.\d+)$/.exec(range) ?? [];
    if (version === undefined) {
      throw new Error(`the oldest ${name} cannot be told from the range '${range}'; write it as ^1.2.3`);
    }
    return [name, version];
  }));
}

/** What npm calls the latest. Should one be out of our range, installing the package beside it fails, and says so. */
async function newestPeers(): Promise<Versions> {
  return Object.fromEntries(await Promise.all(Object.keys(peerRanges()).map(async (name) => {
    const version = await check({ command: 'npm', args: ['view', `${name}@latest`, 'version'], env: npmEnv() });
    return [name, version.trim()] as const;
  })));
}
