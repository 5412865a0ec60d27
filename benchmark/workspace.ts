/** Compiles sources and candidates once, and runs them in child processes: plain JavaScript, as it is published. */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { CandidateName } from './candidates';
import type { Synth } from './synth';

const ROOT = path.resolve(__dirname, '..');

export class Workspace {
  /** Compiles without checking types: `npm run eslint` and the tests do. */
  public static compile(): Workspace {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-irsa-benchmark-'));
    const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
    execFileSync(process.execPath, [
      tsc, '--ignoreConfig', '--noCheck', '--module', 'node16', '--target', 'es2022', '--esModuleInterop', '--skipLibCheck', '--types', 'node',
      '--rootDir', ROOT, '--outDir', folder, path.join(__dirname, 'synth.ts'),
    ], { cwd: ROOT, stdio: 'inherit' });
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    return new Workspace(folder);
  }

  private constructor(public readonly folder: string) {}

  /** One measurement in a fresh process; throws what CDK threw. */
  public synth(candidate: CandidateName, count: number): Synth {
    return JSON.parse(this.run([path.join(this.folder, 'benchmark', 'synth.js'), candidate, String(count)])) as Synth;
  }

  /** Milliseconds of processor time that a script takes in a fresh process, without the start of Node itself. */
  public time(script: string): number {
    return Number(this.run(['-e', `const start = process.cpuUsage(); ${script}; const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000)`]));
  }

  public remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private run(args: string[]): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8', env: childEnvironment() });
    if (status !== 0) {
      throw new Error(/^\w*Error: .*$/m.exec(stderr)?.[0] ?? stderr);
    }
    return stdout.trim().split('\n').at(-1)!;
  }
}

/** Nothing that changes what Node or CDK do. */
function childEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|CDK_|JSII_|npm_)/.test(name)));
}
