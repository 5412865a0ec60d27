import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { temporaryFolder } from '../k8s/helpers';

const ROOT = path.join(__dirname, '..', '..');
const MAIN = path.join(ROOT, 'src', 'cli', 'main.ts');
const TSX = require.resolve('tsx/cjs');

/** Runs the command as a process of its own, on the TypeScript sources; further code goes before it. */
function spawn(args: string[], before = ''): { status: number | null; stdout: string; stderr: string } {
  const code = `${before};process.argv.splice(1, 0, ${JSON.stringify(MAIN)});require(${JSON.stringify(MAIN)});`;
  return spawnSync(process.execPath, ['-r', TSX, '-e', code, '--', ...args], { encoding: 'utf8', cwd: ROOT });
}

describe('the command cdk-irsa', () => {
  let folder: string;
  let outputs: string;
  beforeAll(() => {
    folder = temporaryFolder();
    outputs = path.join(folder, 'outputs.json');
    fs.writeFileSync(outputs, JSON.stringify({ Stack: { CdkIrsaManifestValues0: 'Stack/A.Ref-00000000\nStack/A.Ref-00000000=bucket' } }));
    fs.writeFileSync(path.join(folder, 'a.yaml'), 'metadata: { annotations: { a: b } }\ndata: { a: "${cdk-irsa:Stack/A.Ref-00000000}" }\n');
    fs.writeFileSync(path.join(folder, 'pod.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [] }\n');
    fs.writeFileSync(path.join(folder, 'b.yaml'), 'metadata: { annotations: { a: b } }\ndata: { a: "${cdk-irsa:Stack/B.Ref-00000000}" }\n');
  });

  test('prints to standard output and exits with 0', () => {
    const { status, stdout, stderr } = spawn(['render', path.join(folder, 'a.yaml'), '--outputs', outputs]);

    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('"bucket"');
  });

  test('prints errors to standard error, nothing to standard output, and exits with 1', () => {
    const { status, stdout, stderr } = spawn(['render', folder, '--outputs', outputs]);

    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('no value for Stack/B.Ref-00000000');
  });

  test('begins with the line that makes it a command', () => {
    expect(fs.readFileSync(MAIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test.each([
    ['render', () => ['--outputs', outputs], path.join('k8s', 'render-manifest.ts')],
    ['check', () => [], path.join('check', 'check.ts')],
  ])('%s loads neither aws-cdk-lib nor constructs nor cdk8s, so that it starts fast and needs none of them', (command, options, module) => {
    const report = "process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache))))";
    const { status, stderr } = spawn([command, path.join(folder, command === 'check' ? 'pod.yaml' : 'a.yaml'), ...options()], report);
    const loaded = JSON.parse(stderr) as string[];

    expect(status).toBe(0);
    expect(loaded.some(file => file.endsWith(module))).toBe(true);
    expect(loaded.some(file => file.includes(`${path.sep}node_modules${path.sep}yaml${path.sep}`))).toBe(true);
    expect(loaded.filter(file => /node_modules.(aws-cdk-lib|@aws-cdk|constructs|cdk8s|cdk8s-plus-28)./.test(file))).toEqual([]);
  });

  test('--help loads what commands are called with, and nothing of what they do', () => {
    const { status, stderr } = spawn(['--help'], "process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache))))");
    const loaded = (JSON.parse(stderr) as string[]).map(file => path.relative(ROOT, file));
    const own = (file: string): boolean => /^src.(package-version|cli.(main|program|commands.[a-z-]+))\.ts$/.test(file);

    expect(status).toBe(0);
    expect(loaded.filter(file => !own(file) && !/^node_modules.(commander|picocolors|tsx|esbuild|get-tsconfig|resolve-pkg-maps)./.test(file))).toEqual([]);
    expect(loaded.filter(own).length).toBeGreaterThan(5);
  });
});
