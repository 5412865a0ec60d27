import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Installed, Language, Versions, Workspace } from './language';
import { APPS, copyExample } from './sources';
import { cached, versionOf } from '../parts/cache';
import { check, HALF_AN_HOUR, run } from '../parts/exec';

/** A wheel, installed into a virtual environment. */
export const python: Language = {
  name: 'python',

  async missing(): Promise<string | undefined> {
    const { code } = await run({ command: 'python3', args: ['-c', 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))'] }).catch(() => ({ code: 1 }));
    return code === 0 ? undefined : 'python3, 3.10 or later, with venv (install python3 and python3-venv)';
  },

  async install({ generated, dir, versions }: Workspace): Promise<Installed> {
    const base = await dependencies(versions);
    const pip = [path.join(base, 'bin', 'python'), '-m', 'pip', '--quiet', '--disable-pip-version-check'];
    const wheels = path.join(dir, 'wheels');
    await command([...pip, 'wheel', '--no-index', '--no-deps', '--no-build-isolation', '--wheel-dir', wheels, path.join(generated, 'python')]);
    const [wheel] = fs.readdirSync(wheels);
    const venv = await environmentOn(base, path.join(dir, 'venv'));
    // without an index: what the wheel requires has to be there, so the oldest supported versions have to satisfy it
    await command([...pip, '--python', path.join(venv, 'bin', 'python'), 'install', '--no-index', path.join(wheels, wheel)]);
    return {
      artifact: path.join(wheels, wheel),
      quickstart: copyExample('python', dir),
      env: { PATH: `${path.join(venv, 'bin')}:${process.env.PATH}` },
      names: { command: path.join(venv, 'bin', 'python'), args: [path.join(APPS, 'names.py')] },
    };
  },
};

/** A virtual environment with all that the wheel requires, and with what builds it. */
async function dependencies(versions: Versions): Promise<string> {
  const packages = [
    ...(['aws-cdk-lib', 'cdk8s', 'cdk8s-plus-28', 'constructs'] as const).map((name) => `${name}==${versions[name]}`),
    // code made by one jsii-pacmak needs the run time of that version
    `jsii==${versions['jsii-pacmak']}`, 'setuptools~=75.3.2', 'wheel',
  ];
  const version = versionOf(...packages, await check({ command: 'python3', args: ['--version'] }));
  return cached('python-packages', version, async (aside) => {
    await command(['python3', '-m', 'venv', aside]);
    await command([path.join(aside, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-cache-dir', ...packages]);
  });
}

/** A virtual environment of its own that sees the packages of another. */
async function environmentOn(base: string, venv: string): Promise<string> {
  await command(['python3', '-m', 'venv', '--without-pip', venv]);
  const [own, shared] = [venv, base].map(sitePackages);
  fs.writeFileSync(path.join(own, 'shared.pth'), `${shared}\n`);
  return venv;
}

function sitePackages(venv: string): string {
  const lib = path.join(venv, 'lib');
  return path.join(lib, fs.readdirSync(lib)[0], 'site-packages');
}

async function command([program, ...args]: readonly string[]): Promise<void> {
  await check({ command: program, args, timeoutMs: HALF_AN_HOUR });
}
