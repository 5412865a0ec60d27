import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-eks';
import { ClusterOidcProvider, type IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer } from '../../../src';
import { check, type CheckResult } from '../../../src/check/check';
import { readInput } from '../../../src/check/input/read-input';
import { changed, EXAMPLE_ACCOUNT, EXAMPLE_REGION, ROLE, SERVICE_ACCOUNT } from '../../../src/check/rules/example';
import { newAgnosticStack, newApp, newRole, newStack, temporaryFolder } from '../../k8s/helpers';

const NOWHERE = { parameters: new Map(), outputs: new Map() };

function checked(...paths: string[]): CheckResult & { unreadable: readonly string[] } {
  const input = readInput(paths, { ...NOWHERE, account: EXAMPLE_ACCOUNT, region: EXAMPLE_REGION });
  return { ...check(input), unreadable: input.unreadable };
}

const rules = ({ findings }: CheckResult): string[] => findings.map(({ rule }) => rule);

describe('nested stacks of CDK', () => {
  /** An app in which a stack has the manifest, and something in it the role. */
  function assembly(stackOf: (app: App) => Stack, roleIn: (stack: Stack) => IrsaRole, context: Record<string, unknown> = {}): string {
    const app = newApp(context);
    const stack = stackOf(app);
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    new IrsaServiceAccount(chart, 'ServiceAccount', { role: roleIn(stack) });
    return app.synth().directory;
  }
  const inNested = (stack: Stack): IrsaRole => newRole(new NestedStack(stack, 'Nested'));
  const inDeeper = (stack: Stack): IrsaRole => newRole(new NestedStack(new NestedStack(stack, 'Nested'), 'Deeper'));
  const ofCluster = (stack: Stack): IrsaRole => {
    const cluster = new CfnCluster(stack, 'Cluster', { roleArn: 'arn:aws:iam::111122223333:role/eks', resourcesVpcConfig: { subnetIds: ['a', 'b'] } });
    const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: OidcIssuer.fromUrl(cluster.attrOpenIdConnectIssuerUrl) });
    return newRole(new NestedStack(stack, 'Nested'), 'Role', { providers: [provider] });
  };
  const known = (app: App): Stack => newStack(app);
  const agnostic = (app: App): Stack => newAgnosticStack(app);

  test.each<[string, (app: App) => Stack, (stack: Stack) => IrsaRole, Record<string, unknown>]>([
    ['a role', known, inNested, {}],
    ['a role, with the metadata that the CDK CLI asks for', known, inNested, { 'aws:cdk:enable-asset-metadata': true }],
    ['a role, deeper', known, inDeeper, {}],
    ['a role for the cluster of the stack around it', known, ofCluster, {}],
    ['a role whose name CloudFormation chooses', agnostic, inNested, {}],
    ['a role whose name CloudFormation chooses, deeper', agnostic, inDeeper, {}],
  ])('%s: nothing is found, then what was changed', (_, stackOf, roleIn, context) => {
    const directory = assembly(stackOf, roleIn, context);

    expect(checked(directory)).toMatchObject({ findings: [], notChecked: [], unreadable: [], seen: { roles: 1, serviceAccounts: 1 } });
    for (const file of fs.readdirSync(directory).filter(name => name.endsWith('.nested.template.json'))) {
      const text = fs.readFileSync(path.join(directory, file), 'utf8');
      fs.writeFileSync(path.join(directory, file), text.replaceAll('serviceaccount:default:', 'serviceaccount:defualt:'));
    }
    const broken = checked(directory);
    expect(rules(broken)).toEqual(['trust-subject']);
    expect(broken.findings[0].places[1].source.file).toMatch(/\.nested\.template\.json$/);
  });

  test('fails when the template of one is gone', () => {
    const directory = assembly(known, inNested);
    fs.readdirSync(directory).filter(name => name.endsWith('.nested.template.json')).forEach(name => fs.rmSync(path.join(directory, name)));

    const { unreadable, notChecked } = checked(directory);
    expect(unreadable).toEqual([expect.stringContaining('ENOENT')]);
    expect(notChecked.map(({ what }) => what)).toContainEqual(expect.stringMatching(/^which roles the nested stack \w+ has: its template was not given$/));
  });
});

describe('nested stacks by hand', () => {
  const NESTED = `Parameters:\n  Name: { Type: String }\n${changed(ROLE, 'system:serviceaccount:apps:web', '!Sub "system:serviceaccount:apps:${Name}"')}`;
  const outer = (type = 'AWS::CloudFormation::Stack', url = 'TemplateURL: ./parts/nested.yaml', name = 'web') => `Resources:
  Nested:
    Type: ${type}
    Properties:
      ${url}
      Parameters: { Name: ${name} }
`;

  function folder(files: Record<string, string>): string {
    const root = temporaryFolder();
    Object.entries(files).forEach(([file, text]) => {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), text);
    });
    return root;
  }

  test.each<[string, string, string[]]>([
    ['with the parameter that it gives', outer(), []],
    ['with another', outer(undefined, undefined, 'wbe'), ['trust-subject']],
    ['as SAM has them', outer('AWS::Serverless::Application', 'Location: parts/nested.yaml'), []],
  ])('%s: %j', (_, template, expected) => {
    const root = folder({ 'z.yaml': template, 'parts/nested.yaml': NESTED, 'sa.yaml': SERVICE_ACCOUNT });

    expect(rules(checked(root))).toEqual(expected);
    expect(checked(path.join(root, 'z.yaml'), path.join(root, 'sa.yaml'))).toMatchObject({ seen: { roles: 1 } });
  });

  test('one template of two stacks is two roles', () => {
    const twice = `${outer()}${outer(undefined, undefined, 'api').replace('Resources:\n  Nested:', '  Other:')}`;

    expect(checked(folder({ 'a.yaml': twice, 'parts/nested.yaml': NESTED })).seen.roles).toBe(2);
  });

  test('outputs of one are known outside', () => {
    const template = `${outer()}  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !GetAtt Nested.Outputs.Name
      AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [] }
`;
    const root = folder({ 'a.yaml': template, 'parts/nested.yaml': `${NESTED}Outputs:\n  Name: { Value: !Ref Name }\n`, 'sa.yaml': changed(SERVICE_ACCOUNT, 'role/web', 'role/wbe') });

    expect(checked(root).findings.map(({ fix }) => fix)).toContain('write arn:aws:iam::111122223333:role/web');
  });

  test.each([['TemplateURL: https://s3.amazonaws.com/bucket/nested.yaml'], ['TemplateURL: ./nowhere.yaml'], ['TemplateURL: .'], ['TemplateURL: !Ref Url']])('what is not here is said: %s', url => {
    const result = checked(folder({ 'a.yaml': outer(undefined, url) }));

    expect(result.notChecked.map(({ what }) => what)).toEqual(['which roles the nested stack Nested has: its template was not given']);
    expect(result.unreadable).toEqual([]);
  });

  test('a template that is nested in itself ends', () => {
    expect(checked(folder({ 'a.yaml': outer(undefined, 'TemplateURL: a.yaml') }))).toMatchObject({ findings: [], seen: { roles: 0 } });
  });
});
