import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { hasProgram, otherCeph } from './apt';
import { certManagerNeedsGo } from './cert-manager';
import { run } from './exec';
import { needsGo } from './go';

/** The Go release that the Kubernetes release asks for. */
const GO = [1, 24] as const;

/** The oldest that all of `python/requirements.txt` run on. */
const PYTHON = [3, 11] as const;

/** What is done for every pod. Root of a container may not do it, unless the container has been given more than it has by default. */
const POD_FILE_SYSTEM = 'mount -t tmpfs probe "$1" && mkdir "$1/upper" "$1/work" "$1/root"'
  + ' && mount -t overlay probe -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"';

/** What this machine lacks and no script of ours can install, each with the way out; empty where all is there. */
export async function missingPrerequisites(): Promise<string[]> {
  const missing: string[] = [];
  if (process.platform !== 'linux') {
    return [`Linux (this is ${process.platform})`];
  }
  if (process.getuid?.() !== 0) {
    missing.push('root (run it with sudo, or in a container with CAP_SYS_ADMIN: docker run --privileged)');
  }
  if (!hasProgram('apt-get')) {
    missing.push('apt-get (Debian 12, for the ceph packages)');
  } else {
    missing.push(...[await otherCeph()].filter((what) => what !== undefined));
  }
  for (const program of ['flock', 'unshare']) {
    if (!hasProgram(program)) {
      missing.push(`${program} (install util-linux)`);
    }
  }
  if (missing.length === 0 && !await canGivePodsFileSystems()) {
    missing.push('the right to mount overlay file systems (CAP_SYS_ADMIN; for a container: docker run --privileged)');
  }
  if (!hasProgram('npm')) {
    missing.push('npm (install Node.js with it)');
  }
  const go = needsGo() || certManagerNeedsGo() ? await answer('go', ['env', 'GOVERSION']) : undefined;
  if (go !== undefined && !isAtLeast(go.replace('go', ''), GO)) {
    missing.push(`go ${GO.join('.')} or later (found ${go || 'none'})`);
  }
  const python = await answer('python3', ['-c', 'import ensurepip, platform, venv; print(platform.python_version())']);
  if (!isAtLeast(python, PYTHON)) {
    missing.push(`python3 ${PYTHON.join('.')} or later with venv (found ${python || 'none'}; install python3 and python3-venv)`);
  }
  return missing;
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, foundMajor = '0', foundMinor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(foundMajor) > major || (Number(foundMajor) === major && Number(foundMinor) >= minor);
}

async function canGivePodsFileSystems(): Promise<boolean> {
  const dir = fs.mkdtempSync(path.join(tmpdir(), 'irsa-probe-'));
  try {
    return await answer('unshare', ['--mount', '--propagation', 'private', '--', 'sh', '-c', `${POD_FILE_SYSTEM} && echo yes`, 'probe', dir]) === 'yes';
  } finally {
    fs.rmdirSync(dir);
  }
}

async function answer(command: string, args: readonly string[]): Promise<string> {
  try {
    const { code, stdout } = await run({ command, args });
    return code === 0 ? stdout.trim() : '';
  } catch {
    return '';
  }
}
