import * as fs from 'node:fs';
import * as path from 'node:path';
import { shell as shellOf } from './shell';
import { temporaryFolder } from '../k8s/helpers';
import { POLICY, withFields } from '../migrate/eksctl/inputs';

const shell = (...args: string[]) => shellOf('import', 'eksctl', ...args);

function file(text: string): string {
  const target = path.join(temporaryFolder(), 'cluster.yaml');
  fs.writeFileSync(target, text);
  return target;
}

test('prints the app, and on standard error what is in it', async () => {
  const { code, out, err } = await shell(file(withFields(POLICY)), '--account', '111122223333');

  expect(code).toBe(0);
  expect(out).toMatch(/^\/\/ The service accounts of the cluster c: written by npx cdk-irsa import eksctl cluster\.yaml\n[^]*account: '111122223333'/);
  expect(err).toBe('cdk-irsa: note: 1 service account, 0 of EKS Pod Identity: apps/web\n');
});

test('says what stays with eksctl', async () => {
  expect((await shell(file(`${withFields(POLICY)}addons: [{name: vpc-cni, attachPolicyARNs: [x]}]\n`))).err).toContain('cdk-irsa: note: the add-on "vpc-cni" has attachPolicyARNs: its role stays with eksctl\n');
});

test('says what a switch makes, which stays with eksctl', async () => {
  const switches = 'karpenter: {version: "1.0", createServiceAccount: true}\naddonsConfig: {autoApplyPodIdentityAssociations: true}\n';
  const { out, err } = await shell(file(withFields(POLICY) + switches));

  for (const line of ['karpenter.createServiceAccount is true: the role', 'addonsConfig.autoApplyPodIdentityAssociations is true: roles']) {
    expect(err).toContain(`cdk-irsa: note: ${line}`);
    expect(out).toContain(`// - ${line}`);
  }
  expect((await shell(file(withFields(POLICY) + switches.replace(/true/g, 'false')))).err).not.toContain('stay');
});

test('says that there are no service accounts', async () => {
  const { code, err } = await shell(file('apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: eu-west-1}\niam: {withOIDC: true}\n'));

  expect([code, err]).toEqual([0, 'cdk-irsa: note: the file has no iam.serviceAccounts and no iam.podIdentityAssociations, so no role is made; is it the right one?\n']);
});

test('--output-dir writes a project, and --issuer goes into it', async () => {
  const folder = path.join(temporaryFolder(), 'project');
  const { code, out } = await shell(file(withFields(POLICY)), '--output-dir', folder, '--issuer', 'https://oidc.example.com');

  expect({ code, out }).toEqual({ code: 0, out: ['app.ts', 'cdk.json', 'package.json', 'tsconfig.json'].map(name => `${path.join(folder, name)}\n`).join('') });
  expect(fs.readFileSync(path.join(folder, 'app.ts'), 'utf8')).toContain("OidcIssuer.fromUrl('https://oidc.example.com')");
});

test('fails for a project that is there, and leaves it as it is', async () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'package.json'), 'mine');

  expect(await shell(file(withFields(POLICY)), '--output-dir', folder)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('package.json exists already') });
  expect(fs.readdirSync(folder)).toEqual(['package.json']);
});

test('what is wrong is listed with its lines, each on its own, with the right shape; nothing is written', async () => {
  const target = file(withFields('attachPolicyARNS: []', 'wellKnownPolicies: [externalDNS]'));

  expect(await shell(target, '--output-dir', path.join(path.dirname(target), 'project'))).toEqual({
    code: 2,
    out: '',
    err: `${target}:8:5: a service account has no field "attachPolicyARNS"; write attachPolicyARNs\n${target}:9:5: wellKnownPolicies is a list, and a map of switches is expected:\n    wellKnownPolicies:\n      externalDNS: true\n`,
  });
  expect(fs.readdirSync(path.dirname(target))).toEqual(['cluster.yaml']);
});

test.each<[string, string[], RegExp]>([
  ['a file that is not there', ['nowhere.yaml'], /nowhere\.yaml/],
  ['no file', [], /missing required argument 'file'/],
  ['an account that is none', [__filename, '--account', '1'], /--account '1' is not an account: 12 digits are expected/],
  ['an issuer that is none', [__filename, '--issuer', 'http://x'], /issuer URL 'http:\/\/x' does not start with https/],
  ['what is no YAML', [path.join(__dirname, 'shell.ts')], /shell\.ts:\d+:\d+: /],
])('fails for %s', async (_, args, message) => {
  expect(await shell(...args)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(message) });
});

test('--help says what exit codes mean', async () => {
  expect((await shell('--help')).out).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 [^]*npx cdk-irsa import eksctl cluster\.yaml > app\.ts/);
});
