import * as fs from 'node:fs';
import * as path from 'node:path';
import { generate } from './generate';
import type { Installed, Language, Versions, Workspace } from './language';
import { APPS, copyExample } from './sources';
import { cached, versionOf } from '../parts/cache';
import { check, HALF_AN_HOUR, run } from '../parts/exec';

/** The Go release that generated modules name. */
const GO = [1, 25] as const;

/** Modules that are generated too: those on the Go proxy were made before constructs 10.5 and do not compile beside it. */
const GENERATED = ['cdk8s', 'cdk8s-plus-28'] as const;

/** A module, used through a `replace` directive: a module is its source. The example says itself where it has the generated ones. */
export const go: Language = {
  name: 'go',

  async missing(): Promise<string | undefined> {
    const { stdout } = await run({ command: 'go', args: ['env', 'GOVERSION'] }).catch(() => ({ stdout: '' }));
    const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(stdout) ?? [];
    const enough = Number(major) > GO[0] || (Number(major) === GO[0] && Number(minor) >= GO[1]);
    return enough ? undefined : `go ${GO.join('.')} or later (found ${stdout.trim() || 'none'})`;
  },

  async install({ generated, dir, versions }: Workspace): Promise<Installed> {
    const bindings = await companions(versions);
    const ours = path.join(generated, 'go', 'cdkirsa');
    const quickstart = copyExample('go', dir);
    fs.mkdirSync(path.join(quickstart, 'names'));
    fs.copyFileSync(path.join(APPS, 'names.go'), path.join(quickstart, 'names', 'names.go'));
    fs.symlinkSync(bindings, path.join(quickstart, 'bindings'));
    await command(quickstart, 'mod', 'edit', `-replace=github.com/cdk-irsa/cdk-irsa-go/cdkirsa=${ours}`);
    // every package of the module, also what the programs do not import
    await command(quickstart, 'build', '-mod=mod', '-o', path.join(dir, 'bin/'), 'github.com/cdk-irsa/cdk-irsa-go/cdkirsa/...', './...');
    return {
      artifact: path.join(ours, 'go.mod'),
      quickstart,
      env: {},
      names: { command: path.join(dir, 'bin', 'names'), args: [], cwd: quickstart },
    };
  },
};

async function companions(versions: Versions): Promise<string> {
  return cached('go-bindings', versionOf(JSON.stringify(versions), ...GENERATED), (aside) => generate(['go'], GENERATED.map((name) => path.join('node_modules', name)), aside));
}

async function command(cwd: string, ...args: readonly string[]): Promise<void> {
  await check({ command: 'go', args, cwd, timeoutMs: HALF_AN_HOUR });
}
