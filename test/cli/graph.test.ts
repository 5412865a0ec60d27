import * as fs from 'node:fs';
import * as path from 'node:path';
import { shell as shellOf } from './shell';
import { changed, documents, ROLE, SERVICE_ACCOUNT } from '../../src/check/rules/example';
import { temporaryFolder } from '../k8s/helpers';

const shell = (...args: string[]) => shellOf('graph', ...args, '--account', '111122223333');

function folder(files: Record<string, string>): string {
  const root = temporaryFolder();
  Object.entries(files).forEach(([file, content]) => fs.writeFileSync(path.join(root, file), content));
  return root;
}

const BOTH = documents(ROLE, SERVICE_ACCOUNT);

test.each([
  [[], /^flowchart LR\n/],
  [['--format', 'mermaid'], /^flowchart LR\n/],
  [['--format', 'dot'], /^digraph /],
  [['--format', 'html'], /^<!DOCTYPE html>\n/],
])('with %j on standard output', async (options, beginning) => {
  const { code, out, err } = await shell(folder({ 'all.yaml': BOTH }), ...options);

  expect(code).toBe(0);
  expect(err).toBe('');
  expect(out).toMatch(beginning);
  expect(out).toContain('apps/web');
});

test('to a file, and says which', async () => {
  const root = folder({ 'all.yaml': BOTH });
  const output = path.join(root, 'new', 'graph.dot');

  expect(await shell(root, '--format', 'dot', '--output', output)).toEqual({ code: 0, out: `${output}\n`, err: '' });
  expect(fs.readFileSync(output, 'utf8')).toMatch(/^digraph /);
});

test('the page says where things are made', async () => {
  const root = folder({ 'all.yaml': BOTH });

  expect((await shell(root, '--format', 'html')).out).toContain(`<dt>made in</dt><dd>${path.join(root, 'all.yaml')}:2:3</dd>`);
});

test('findings are drawn, and are no failure', async () => {
  const { code, out } = await shell(folder({ 'all.yaml': changed(BOTH, 'serviceaccount:apps:web', 'serviceaccount:app:web') }));

  expect(code).toBe(0);
  expect(out).toContain('web (1 error)');
});

test('the same options as of check: parameters', async () => {
  const template = changed(ROLE, 'system:serviceaccount:apps:web', '!Sub system:serviceaccount:${Namespace}:web');
  const root = folder({ 'a.yaml': `Parameters:\n  Namespace: { Type: String }\n${template}` });

  expect((await shell(root, '--parameters', 'Namespace=jobs')).out).toContain('("jobs/web (not in the files)")');
});

test('what cannot be read is said, and the rest is drawn', async () => {
  const root = folder({ 'a.yaml': BOTH, 'b.yaml': 'a: [' });
  const { code, out, err } = await shell(root, path.join(root, 'a.yaml'), path.join(folder({ 'b.yaml': 'a: [' }), 'b.yaml'));

  expect(code).toBe(1);
  expect(out).toContain('apps/web');
  expect(err).toMatch(/^not read: .*b\.yaml:1:\d+: /);
});

test.each<[string[], RegExp]>([
  [['nowhere'], /^cdk-irsa: nowhere does not exist; name files or folders/],
  [['--format', 'svg'], /--format/],
  [['--region', 'Ireland'], /^cdk-irsa: 'Ireland' is not a region/],
])('fails for %j', async (args, message) => {
  const { code, out, err } = await shell(...args[0].startsWith('--') ? [folder({ 'a.yaml': ROLE })] : [], ...args);

  expect([code, out]).toEqual([1, '']);
  expect(err.trim()).toMatch(message);
});

test('fails for an output that is a folder, and leaves nothing', async () => {
  const root = folder({ 'all.yaml': BOTH });

  expect(await shell(path.join(root, 'all.yaml'), '--output', root)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is a folder') });
  expect(fs.readdirSync(root)).toEqual(['all.yaml']);
});

test('--help has examples', async () => {
  expect((await shellOf('graph', '--help')).out).toMatch(/Exit codes:[^]*Examples:[^]*--format html --output graph\.html/);
});
