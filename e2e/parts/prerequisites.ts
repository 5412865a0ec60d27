import { hasProgram } from './apt';
import { certManagerNeedsGo } from './cert-manager';
import { run } from './exec';
import { needsGo } from './go';

/** The Go release that the Kubernetes release asks for. */
const GO = [1, 24] as const;

/** What this machine lacks and no script of ours can install, each with the way out; empty where all is there. */
export async function missingPrerequisites(): Promise<string[]> {
  const missing: string[] = [];
  if (process.platform !== 'linux') {
    return [`Linux (this is ${process.platform})`];
  }
  if (process.getuid?.() !== 0) {
    missing.push('root (run it with sudo, or in a container)');
  }
  if (!hasProgram('apt-get')) {
    missing.push('apt-get (Debian or Ubuntu, for the ceph packages)');
  }
  for (const program of ['flock', 'unshare']) {
    if (!hasProgram(program)) {
      missing.push(`${program} (install util-linux)`);
    }
  }
  if (!hasProgram('npm')) {
    missing.push('npm (install Node.js with it)');
  }
  const go = needsGo() || certManagerNeedsGo() ? await answer('go', ['env', 'GOVERSION']) : undefined;
  if (go !== undefined && !isAtLeast(go, GO)) {
    missing.push(`go ${GO.join('.')} or later (found ${go || 'none'})`);
  }
  if (!await answer('python3', ['-c', 'import ensurepip, venv; print("yes")'])) {
    missing.push('python3 with venv (install python3 and python3-venv)');
  }
  return missing;
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, foundMajor = '0', foundMinor = '0'] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(foundMajor) > major || (Number(foundMajor) === major && Number(foundMinor) >= minor);
}

async function answer(command: string, args: readonly string[]): Promise<string> {
  try {
    const { code, stdout } = await run({ command, args });
    return code === 0 ? stdout.trim() : '';
  } catch {
    return '';
  }
}
