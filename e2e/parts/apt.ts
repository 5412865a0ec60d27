import * as fs from 'node:fs';
import * as path from 'node:path';
import { withLock } from './cache';
import { check, HALF_AN_HOUR, run } from './exec';

/** Programs that come from Debian's packages, and the package of each. */
const PROGRAMS = {
  'radosgw': 'radosgw',
  'radosgw-admin': 'radosgw',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  'ceph': 'ceph-common',
  'monmaptool': 'ceph-common',
  'openssl': 'openssl',
} as const;

/** The Ceph whose answers the cases know; docs/testing.md lists where they differ from those of AWS. */
const CEPH = 16;

/** What keeps this machine from the right Ceph; a machine that does not say which it would install is left to try. */
export async function otherCeph(): Promise<string | undefined> {
  const { stdout } = hasProgram('radosgw') ? await run({ command: 'radosgw', args: ['--version'] }) : await run({ command: 'apt-cache', args: ['policy', 'radosgw'] });
  const [, version, major] = /(?:ceph version|Candidate:) ((\d+)\.\S+)/.exec(stdout) ?? [];
  return version === undefined || Number(major) === CEPH ? undefined : `Ceph ${CEPH}, as Debian 12 has it (found ${version}; docker run --privileged debian:bookworm has the right one)`;
}

/** Installs what is missing; a machine that has everything is left alone. */
export function aptPackages(): Promise<void> {
  return installMissing(missing);
}

/** Installs packages, by asking which are missing: somebody else may have installed them meanwhile. */
export async function installMissing(packagesMissing: () => readonly string[]): Promise<void> {
  if (packagesMissing().length === 0) {
    return;
  }
  await withLock('apt', async () => {
    const packages = [...new Set(packagesMissing())];
    if (packages.length === 0) {
      return;
    }
    console.log(`installing Debian packages: ${packages.join(' ')}`);
    const env = { ...process.env as Record<string, string>, DEBIAN_FRONTEND: 'noninteractive' };
    // an installation that was killed leaves packages half configured, and apt refuses to go on
    await run({ command: 'dpkg', args: ['--configure', '-a'], env });
    // without it, the package lists may be missing or name versions that are gone
    await run({ command: 'apt-get', args: ['update', '-qq'], env });
    await check({
      command: 'apt-get',
      args: ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages],
      env,
      timeoutMs: HALF_AN_HOUR,
    });
  });
}

/** Whether a program is found where programs are looked for. */
export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some((dir) => dir !== '' && fs.existsSync(path.join(dir, name)));
}

function missing(): string[] {
  return Object.entries(PROGRAMS).filter(([program]) => !hasProgram(program)).map(([, name]) => name);
}
