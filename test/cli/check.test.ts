import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { shell as shellOf } from './shell';
import { IrsaServiceAccount, Manifests } from '../../src';
import { changed, documents, POD, ROLE, SERVICE_ACCOUNT } from '../../src/check/rules/example';
import { deployedOutputs, newAgnosticStack, newApp, newRole, newStack, synth, temporaryFolder } from '../k8s/helpers';

const shell = (...args: string[]) => shellOf('check', ...args);

/** Writes files into a folder of their own. */
function folder(files: Record<string, string | Uint8Array>): string {
  const root = temporaryFolder();
  for (const [file, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), content);
  }
  return root;
}

async function rules(...args: string[]): Promise<string[]> {
  const { out } = await shell(...args, '--format', 'json');
  return (JSON.parse(out) as { findings: Array<{ rule: string }> }).findings.map(({ rule }) => rule);
}

const ACCOUNT = ['--account', '111122223333'];
const DENIED = changed(ROLE, 'apps:web', 'app:web');
const WILD = changed(ROLE, '              StringEquals:\n                oidc.example.com:aud: sts.amazonaws.com\n                oidc.example.com:sub: system:serviceaccount:apps:web\n',
  '              StringEquals:\n                oidc.example.com:aud: sts.amazonaws.com\n              StringLike:\n                oidc.example.com:sub: system:serviceaccount:apps:*\n');

describe('exit codes', () => {
  test.each<[string, string, string[], number]>([
    ['what agrees', ROLE, [], 0],
    ['an error', DENIED, [], 2],
    ['a warning', WILD, [], 0],
    ['a warning, with --strict', WILD, ['--strict'], 2],
  ])('for %s', async (_, template, options, code) => {
    const root = folder({ 'template.yaml': template, 'k8s/all.yml': documents(SERVICE_ACCOUNT, POD) });
    const { code: actual, err } = await shell(root, ...ACCOUNT, ...options);

    expect(actual).toBe(code);
    expect(err).toBe('');
  });

  test('for a file that cannot be read, whatever else is found', async () => {
    const root = folder({ 'a.yaml': documents(DENIED, SERVICE_ACCOUNT), 'b.yaml': 'a: [' });
    const { code, out } = await shell(root, path.join(root, 'a.yaml'), path.join(folder({ 'b.yaml': 'a: [' }), 'b.yaml'), ...ACCOUNT);

    expect(code).toBe(1);
    expect(out).toContain('error  trust-subject');
    expect(out).toMatch(/^not read: .*b\.yaml:1:/m);
  });

  test('for what lies in a folder and is something else', async () => {
    const root = folder({ 'a.yaml': documents(ROLE, SERVICE_ACCOUNT), 'tsconfig.json': '{ // comments\n}', 'chart/templates/web.yaml': 'kind: Pod\n{{ if .Values.x }}\n{{ end }}\n' });
    const { code, out } = await shell(root, ...ACCOUNT);

    expect(code).toBe(0);
    expect(out).toMatch(/^not checked: whether there is something to check in the file: it is not JSON: .*tsconfig\.json:1:3\)$/m);
    expect(out).toMatch(/^not checked: .* it looks like a Helm template; render it first, with helm template \(.*web\.yaml:\d+:\d+\)$/m);
  });

  test.each<[string, Record<string, string>]>([['nothing', { 'values.yaml': 'a: 1' }], ['nothing that can be read', { 'values.yaml': 'a: [' }]])('for a folder with %s, beside another', async (_, files) => {
    const [full, empty] = [folder({ 'a.yaml': ROLE }), folder(files)];

    expect(await shell(full, empty)).toMatchObject({ code: 1, out: expect.stringContaining(`not read: ${empty}:1:1: there is neither a CloudFormation template nor a Kubernetes manifest`) });
    expect(await shell(full, path.join(full, 'a.yaml'))).toMatchObject({ code: 0 });
  });

  test('for a key that stands twice', async () => {
    const root = folder({ 'a.yaml': SERVICE_ACCOUNT.replace('  annotations:\n', '  annotations:\n    eks.amazonaws.com/role-arn: x\n'), 'values.yaml': 'a: 1\na: 2\n' });
    const { code, out } = await shell(root);

    expect(code).toBe(1);
    expect(out.match(/^not read: .*$/gm)).toEqual([expect.stringMatching(/a\.yaml:8:5: has the key 'eks\.amazonaws\.com\/role-arn' twice in one mapping/)]);
  });

  test.each<[string[], RegExp]>([
    [['nowhere'], /^cdk-irsa: nowhere does not exist; name files or folders/],
    [['--account', '12'], /^cdk-irsa: '12' is not an account; --account takes 12 digits$/],
    [['--region', 'Ireland'], /^cdk-irsa: 'Ireland' is not a region/],
    [['--parameters', 'x'], /^cdk-irsa: 'x' is not a parameter; --parameters takes NAME=VALUE or STACK:NAME=VALUE$/],
    [['--outputs', 'nowhere.json'], /^cdk-irsa: nowhere\.json does not exist/],
    [['--format', 'xml'], /--format/],
  ])('fails for %j', async (args, message) => {
    const { code, out, err } = await shell(...args[0].startsWith('--') ? [folder({ 'a.yaml': ROLE })] : [], ...args);

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err.trim()).toMatch(message);
  });

  test('fails for a folder with nothing to check', async () => {
    expect(await shell(folder({ 'package.json': '{}', 'values.yaml': 'a: 1', 'README.md': 'x' }))).toMatchObject({ code: 1, out: '', err: expect.stringContaining('neither a CloudFormation template nor a Kubernetes manifest') });
  });

  test('fails for a file that was named and is neither', async () => {
    const root = folder({ 'values.yaml': 'a: 1' });

    expect(await shell(path.join(root, 'values.yaml'))).toMatchObject({ code: 1, out: expect.stringContaining('values.yaml:1:1: is neither a CloudFormation template nor a Kubernetes manifest') });
  });

  test('--help says what they mean', async () => {
    expect((await shell('--help')).out).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 /);
  });
});

test('says where on both sides', async () => {
  const root = folder({ 'template.yaml': DENIED, 'sa.yaml': SERVICE_ACCOUNT });
  const { out } = await shell(root, ...ACCOUNT);

  expect(out).toBe(`${path.join(root, 'sa.yaml')}:7:5  error  trust-subject
  ServiceAccount apps/web does not get the role web: statement 1 does not apply: sub is system:serviceaccount:apps:web, the policy wants system:serviceaccount:app:web: namespace differs
  fix: let the trust policy name system:serviceaccount:apps:web, or correct the service account
  and: ${path.join(root, 'template.yaml')}:6:7

1 error, 0 warnings (1 role, 1 service account, 0 workloads)
`);
});

describe('what is read', () => {
  test('a file that is named twice counts once', async () => {
    const root = folder({ 'a.yaml': documents(DENIED, SERVICE_ACCOUNT) });

    expect(await rules(root, path.join(root, 'a.yaml'), ...ACCOUNT)).toEqual(['trust-subject']);
  });

  test('JSON templates, whatever they are called', async () => {
    const template = JSON.stringify({ Resources: { Web: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'web', AssumeRolePolicyDocument: 'x' } } } });

    expect(await rules(folder({ 'web.template': template }), ...ACCOUNT)).toEqual(['trust-malformed']);
  });

  test('neither hidden folders nor node_modules, nor links in circles', async () => {
    const root = folder({ 'a.yaml': ROLE, '.git/b.yaml': DENIED, 'node_modules/c/d.yaml': DENIED });
    fs.symlinkSync(root, path.join(root, 'again'));

    expect(JSON.parse((await shell(root, ...ACCOUNT, '--format', 'json')).out)).toMatchObject({ seen: { roles: 1 }, findings: [] });
  });

  test('a broken link is said', async () => {
    const root = folder({ 'a.yaml': ROLE });
    fs.symlinkSync('nowhere.yaml', path.join(root, 'b.yaml'));

    expect(await shell(root, ...ACCOUNT)).toMatchObject({ code: 1, out: expect.stringContaining(`not read: ${path.join(root, 'b.yaml')}:1:1: ENOENT`) });
  });

  test.each([['--parameters', 'Namespace=apps'], ['--parameters', 'Other:Namespace=x', '--parameters', 'Namespace=apps']])('parameters: %j', async (...options) => {
    const template = changed(ROLE, 'system:serviceaccount:apps:web', '!Sub system:serviceaccount:${Namespace}:web');
    const root = folder({ 'a.yaml': `Parameters:\n  Namespace: { Type: String, Default: none }\n${template}`, 'b.yaml': SERVICE_ACCOUNT });

    expect(await rules(root, ...ACCOUNT)).toEqual(['trust-subject']);
    expect(await rules(root, ...ACCOUNT, ...options)).toEqual([]);
  });
});

describe('cloud assemblies', () => {
  function synthesized(stackOf: (app: ReturnType<typeof newApp>) => Stack): string {
    const app = newApp();
    const stack = stackOf(app);
    const role = newRole(stack, 'Role');
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    new IrsaServiceAccount(chart, 'ServiceAccount', { role });
    return synth(app);
  }
  const breakIn = (directory: string, ending: string, from: string, to: string): void => {
    const files = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith(ending)).map(file => path.join(directory, file));
    expect(files).not.toEqual([]);
    files.forEach(file => fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll(from, to)));
  };

  test.each<[string, (app: ReturnType<typeof newApp>) => Stack]>([
    ['with account and region', app => newStack(app)],
    ['without', app => newAgnosticStack(app)],
    ['of a Stage', app => newStack(new Stage(app, 'Stage'))],
    ['of a Stage without account and region', app => newAgnosticStack(new Stage(app, 'Stage'))],
  ])('%s: nothing is found, then what was changed', async (_, stackOf) => {
    const assembly = synthesized(stackOf);

    expect(JSON.parse((await shell(assembly, '--format', 'json')).out)).toMatchObject({ findings: [], notChecked: [], seen: { roles: 1, serviceAccounts: 1 } });
    breakIn(assembly, '.template.json', 'serviceaccount:default:', 'serviceaccount:defualt:');
    expect(await rules(assembly)).toEqual(['trust-subject']);
  });

  test('outputs of a deployment say what names are', async () => {
    const app = newApp();
    const stack = newAgnosticStack(app);
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    new IrsaServiceAccount(chart, 'ServiceAccount', { role: newRole(stack, 'Role') });
    const assembly = synth(app);
    const outputs = path.join(temporaryFolder(), 'outputs.json');
    const arn = 'arn:aws:iam::111122223333:role/Stack-Role-ABC';
    fs.writeFileSync(outputs, JSON.stringify(deployedOutputs(assembly, ['Stack'], intrinsic => intrinsic.includes('Arn') ? arn : 'x')));

    expect(JSON.parse((await shell(assembly, '--outputs', outputs, '--format', 'json')).out)).toMatchObject({ findings: [], notChecked: [], seen: { roles: 1 } });
    breakIn(assembly, '.template.json', 'serviceaccount:default:', 'serviceaccount:defualt:');
    expect((await shell(assembly, '--outputs', outputs)).out).toContain('does not get the role Stack-Role-ABC: ');
  });

  test('fails when its manifest is no JSON', async () => {
    expect(await shell(folder({ 'manifest.json': '{' }))).toMatchObject({ code: 1, err: expect.stringContaining('is not what cdk synth writes') });
  });
});
