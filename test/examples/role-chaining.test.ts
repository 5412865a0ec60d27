import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import { externalDataInterceptor, parseKnownFiles } from '@smithy/shared-ini-file-loader';
import { parseAllDocuments } from 'yaml';
import { evaluateChain, type Hop, type Step } from '../../src/check/chain';
import { graphFiles } from '../../src/cli/graph';
import { exampleAssembly } from '../example-assembly';
import { rolesIn } from '../iam/deployed-roles';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-irsa-role-chaining-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

const { directory: assembly, templates, manifests } = exampleAssembly('role-chaining');
const [yaml] = Object.values(manifests);
const objects = parseAllDocuments(yaml).map(document => document.toJS() as { kind: string; data?: { config: string } });
const config = objects.find(({ kind }) => kind === 'ConfigMap')!.data!.config;
const configFile = path.join(directory, 'config');
fs.writeFileSync(configFile, config);

const POD = 'arn:aws:iam::123456789012:role/svc-eks-podrole';
const ADMIN_A = 'arn:aws:iam::345678901234:role/Administrator-role';
const ADMIN_B = 'arn:aws:iam::567890123456:role/Administrator-role';
const SPECIAL = 'arn:aws:iam::567890123456:role/special-s3-access';

test('writes this config file', () => {
  expect(config).toBe(`[default]
role_arn = arn:aws:iam::123456789012:role/svc-eks-podrole
web_identity_token_file = /var/run/secrets/eks.amazonaws.com/serviceaccount/token
[profile account-a-admin]
source_profile = default
role_arn = arn:aws:iam::345678901234:role/Administrator-role
[profile account-b-admin]
source_profile = default
role_arn = arn:aws:iam::567890123456:role/Administrator-role
[profile account-b-specialized]
source_profile = account-b-admin
role_arn = arn:aws:iam::567890123456:role/special-s3-access
`);
});

describe('the SDK for JavaScript', () => {
  test('finds four profiles', async () => {
    const profiles = await parseKnownFiles({ configFilepath: configFile, filepath: '/nonexistent' });
    expect(Object.keys(profiles)).toEqual(['default', 'account-a-admin', 'account-b-admin', 'account-b-specialized']);
    expect(profiles['account-b-specialized']).toEqual({ source_profile: 'account-b-admin', role_arn: SPECIAL });
  });

  test.each([
    ['default', ['token', POD]],
    ['account-a-admin', ['token', POD, ADMIN_A]],
    ['account-b-admin', ['token', POD, ADMIN_B]],
    ['account-b-specialized', ['token', POD, ADMIN_B, SPECIAL]],
  ])('comes to the role of %s from role to role', async (profile, way) => {
    externalDataInterceptor.interceptToken('/var/run/secrets/eks.amazonaws.com/serviceaccount/token', 'token');
    const steps: string[][] = [];
    const step = async (from: string, to: string) => {
      steps.push([from, to]);
      return { accessKeyId: to, secretAccessKey: 'secret', sessionToken: 'session' };
    };
    await fromIni({
      profile,
      configFilepath: configFile,
      filepath: '/nonexistent',
      roleAssumerWithWebIdentity: ({ WebIdentityToken, RoleArn }) => step(WebIdentityToken!, RoleArn!),
      roleAssumer: ({ accessKeyId }, { RoleArn }) => step(accessKeyId, RoleArn!),
    })();
    expect(steps).toEqual(way.slice(1).map((to, index) => [way[index], to]));
  });
});

describe('STS', () => {
  const issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643';
  const runner = { iss: issuer, aud: ['sts.amazonaws.com'], sub: 'system:serviceaccount:ansible:runner' };
  const roles = rolesIn([
    { name: 'Tools', account: '123456789012', region: 'eu-west-1' },
    { name: 'AccountA', account: '345678901234', region: 'eu-west-1' },
    { name: 'AccountB', account: '567890123456', region: 'eu-central-1' },
  ].map(stack => ({ ...stack, template: templates[`${stack.name}.template.json`] })));

  function walk(claims: typeof runner, first: string, ...arns: string[]): Step[] {
    const hops: Hop[] = arns.map(arn => ({ role: roles.get(arn)! }));
    const arn = `arn:aws:iam::123456789012:oidc-provider/${issuer.slice('https://'.length)}`;
    return evaluateChain({ claims, first: roles.get(first)!, hops, providers: [{ arn, clientIds: runner.aud }] });
  }
  const verdicts = (steps: Step[]) => steps.map(({ decision }) => decision.verdict);

  test.each([[[ADMIN_A]], [[ADMIN_B]], [[ADMIN_B, SPECIAL]]])('lets the pod come to %j', arns => {
    expect(verdicts(walk(runner, POD, ...arns))).toEqual(['allowed', ...arns.map(() => 'allowed')]);
  });

  test.each([
    ['to skip a hop', [SPECIAL]],
    ['to come from the administrator of another account', [ADMIN_A, SPECIAL]],
    ['to go from one administrator to the other', [ADMIN_A, ADMIN_B]],
    ['to go back', [ADMIN_A, POD]],
  ])('does not let it %s', (_what, arns) => {
    expect(verdicts(walk(runner, POD, ...arns))).toEqual(['allowed', ...arns.slice(1).map(() => 'allowed'), 'denied']);
  });

  test('denies another service account the beginning, and the token all roles behind it', () => {
    expect(verdicts(walk({ ...runner, sub: 'system:serviceaccount:ansible:other' }, POD))).toEqual(['denied']);
    [ADMIN_A, ADMIN_B, SPECIAL].forEach(arn => expect(verdicts(walk(runner, arn))).toEqual(['denied']));
  });
});

test('is drawn as the guide shows it', () => {
  const { text, problems } = graphFiles([assembly], { format: 'mermaid' });

  expect(problems).toEqual([]);
  expect(fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'graph.md'), 'utf8')).toContain(`\`\`\`mermaid\n${text}\`\`\`\n`);
});
