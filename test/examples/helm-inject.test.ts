import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { exampleAssembly } from '../example-assembly';

const ROOT = path.join(__dirname, '..', '..');
const EXAMPLE = path.join(ROOT, 'examples', 'helm-inject');
const MAIN = path.join(ROOT, 'src', 'cli', 'main.ts');

const { directory, manifests } = exampleAssembly('helm-inject');
const rendered = fs.readFileSync(path.join(EXAMPLE, 'rendered-chart.yaml'), 'utf8');

/** The middle of the pipe, as the comment in the example has it. */
function inject(input = rendered): { status: number | null; stdout: string; stderr: string } {
  const app = fs.readFileSync(path.join(EXAMPLE, 'app.ts'), 'utf8');
  const [, args] = /npx cdk-irsa (inject .*) \\/.exec(app)!;
  const code = `process.argv.splice(1, 0, ${JSON.stringify(MAIN)});require(${JSON.stringify(MAIN)});`;
  return spawnSync(process.execPath, ['-r', require.resolve('tsx/cjs'), '-e', code, '--', ...args.replace('cdk.out', directory).split(' ')], { encoding: 'utf8', input });
}

test('the pipe of the example adds credentials, and nothing else', () => {
  const { status, stdout, stderr } = inject();
  const role = /role-arn: (\S+)/.exec(Object.values(manifests).join(''))![1];

  expect(stderr).toBe('');
  expect(status).toBe(0);
  const added = addedLines(rendered, stdout);
  expect(added).toMatchSnapshot();
  expect(added).toContain(`              value: ${role}`);
});

test('what comes out is not changed again', () => {
  const { stdout } = inject();

  expect(inject(stdout).stdout).toBe(stdout);
});

/** Lines that one text has and the other does not; fails when a line is gone. */
function addedLines(before: string, after: string): string[] {
  const lines = before.split('\n');
  const added = after.split('\n').filter(line => line === lines[0] ? (lines.shift(), false) : true);
  expect(lines).toEqual([]);
  return added;
}
