import { scopesOf } from '../../../src/check/template/scopes';
import type { TemplateInput } from '../../../src/check/template/template-input';
import { readable } from '../../../src/check/unresolved';

const ROLE = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'web', Path: '/apps/' } };
const UNNAMED = { Type: 'AWS::IAM::Role', Properties: {} };
const PROVIDER = { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: 'https://oidc.example.com/id/A' } };
const CLUSTER = { Type: 'AWS::EKS::Cluster' };

function input(value: object, changes: Partial<TemplateInput> = {}): TemplateInput {
  return { source: { file: 'stack.template.json', document: 0 }, value, account: '111122223333', region: 'eu-west-1', ...changes };
}

/** A value of a template, with what is not known as `${…}`. */
function resolved(value: unknown, template: object = {}, changes: Partial<TemplateInput> = {}): unknown {
  const body = {
    Parameters: { Name: { Type: 'String', Default: 'default' }, Names: { Type: 'CommaDelimitedList', Default: 'a, b' }, Secret: { Type: 'String' }, Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' } },
    Mappings: { Names: { 'eu-west-1': { name: 'ireland' } } },
    Conditions: {
      Yes: { 'Fn::Equals': ['a', 'a'] },
      No: { 'Fn::Not': [{ Condition: 'Yes' }] },
      Ireland: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
      Open: { 'Fn::Equals': [{ Ref: 'Secret' }, 'x'] },
      Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }, { Condition: 'Open' }] },
      Either: { 'Fn::Or': [{ Condition: 'Open' }, { Condition: 'Yes' }] },
      Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
    },
    Resources: { Role: ROLE, Unnamed: UNNAMED, Provider: PROVIDER, Cluster: CLUSTER },
    ...template,
  };
  const [scope] = scopesOf([input(body, changes)]);
  return JSON.parse(readable(JSON.stringify(scope.resolve(value) ?? null).replaceAll('%22', '\'')));
}

test.each<[unknown, unknown]>([
  ['text', 'text'],
  [{ a: [1, true, null] }, { a: [1, true, null] }],
  [{ Ref: 'AWS::AccountId' }, '111122223333'],
  [{ Ref: 'AWS::Region' }, 'eu-west-1'],
  [{ Ref: 'AWS::Partition' }, 'aws'],
  [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  [{ Ref: 'AWS::StackName' }, '${stack.AWS::StackName}'],
  [{ a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  [[{ Ref: 'AWS::NoValue' }, 1], [1]],
  [{ Ref: 'Name' }, 'default'],
  [{ Ref: 'Names' }, ['a', 'b']],
  [{ Ref: 'Secret' }, '${stack.Secret}'],
  [{ Ref: 'Image' }, '${stack.Image}'],
  [{ Ref: 'Nothing' }, '${stack.Nothing}'],
  [{ Ref: 'constructor' }, '${stack.constructor}'],
  [{ Ref: 'Role' }, 'web'],
  [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::111122223333:role/apps/web'],
  [{ 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::111122223333:role/apps/web'],
  [{ 'Fn::GetAtt': ['Role', 'RoleId'] }, '${stack.Role.RoleId}'],
  [{ Ref: 'Unnamed' }, '${stack.Unnamed}'],
  [{ 'Fn::GetAtt': ['Unnamed', 'Arn'] }, 'arn:aws:iam::111122223333:role/${stack.Unnamed}'],
  [{ Ref: 'Provider' }, 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/A'],
  [{ 'Fn::GetAtt': ['Provider', 'Arn'] }, 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/A'],
  [{ 'Fn::GetAtt': ['Cluster', 'OpenIdConnectIssuerUrl'] }, '${stack.Cluster.OpenIdConnectIssuerUrl}'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'Name' }]] }, 'a-default'],
  [{ 'Fn::Join': ['', { Ref: 'Names' }] }, 'ab'],
  [{ 'Fn::Join': ['', { Ref: 'Secret' }] }, "${stack.{'Fn::Join':['',{'Ref':'Secret'}]}}"],
  [{ 'Fn::Sub': 'arn:${AWS::Partition}:${Role}:${Role.Arn}' }, 'arn:aws:web:arn:aws:iam::111122223333:role/apps/web'],
  [{ 'Fn::Sub': ['${A}-${Name}-${!Literal}', { A: { Ref: 'Role' } }] }, 'web-default-${Literal}'],
  [{ 'Fn::Select': [1, ['a', 'b']] }, 'b'],
  [{ 'Fn::Select': ['1', { 'Fn::Split': ['//', 'https://x'] }] }, 'x'],
  [{ 'Fn::Split': [',', 'a,b'] }, ['a', 'b']],
  [{ 'Fn::FindInMap': ['Names', { Ref: 'AWS::Region' }, 'name'] }, 'ireland'],
  [{ 'Fn::If': ['Yes', 1, 2] }, 1],
  [{ 'Fn::If': ['No', 1, 2] }, 2],
  [{ 'Fn::If': ['Ireland', 1, 2] }, 1],
  [{ 'Fn::If': ['Both', 1, 2] }, 2],
  [{ 'Fn::If': ['Either', 1, 2] }, 1],
  [{ 'Fn::If': ['Open', 1, 1] }, 1],
  [{ 'Fn::ImportValue': 'nowhere' }, "${stack.{'Fn::ImportValue':'nowhere'}}"],
])('%j is %j', (value, expected) => {
  expect(resolved(value)).toEqual(expected);
});

test('the name of a stack, where somebody says it', () => {
  expect(resolved({ Ref: 'AWS::StackName' }, {}, { stackName: 'prod' })).toBe('prod');
});

test.each<[unknown]>([[{ 'Fn::If': ['Open', 1, 2] }], [{ 'Fn::If': ['Circle', 1, 2] }], [{ 'Fn::If': ['Nothing', 1, 2] }], [{ 'Fn::Base64': 'x' }], [{ 'Fn::Select': [7, ['a']] }]])('%j is not known', value => {
  expect(resolved(value)).toMatch(/^\$\{stack\./);
});

test.each([
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
])('the partition of %s is %s', (region, partition, domain) => {
  expect(resolved([{ Ref: 'AWS::Partition' }, { Ref: 'AWS::URLSuffix' }], {}, { region })).toEqual([partition, domain]);
});

test('without account and region they are not known, and the same wherever they stand', () => {
  const agnostic = { account: undefined, region: undefined };

  expect(resolved({ 'Fn::GetAtt': ['Role', 'Arn'] }, {}, agnostic)).toBe('arn:${AWS.Partition}:iam::${AWS.AccountId}:role/apps/web');
  expect(resolved({ 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/apps/web' }, {}, agnostic)).toBe('arn:${AWS.Partition}:iam::${AWS.AccountId}:role/apps/web');
});

test('parameters that are given win over defaults', () => {
  expect(resolved([{ Ref: 'Name' }, { Ref: 'Secret' }], {}, { parameters: { Name: 'x', Secret: 'y' } })).toEqual(['x', 'y']);
});

test('the issuer of a provider and of a condition key are one expression, whichever way it is written', () => {
  const url = { 'Fn::GetAtt': ['Cluster', 'OpenIdConnectIssuerUrl'] };
  const template = { Resources: { Cluster: CLUSTER, Provider: { ...PROVIDER, Properties: { Url: url } } } };
  const key = resolved({ 'Fn::Select': [1, { 'Fn::Split': ['//', url] }] }, template);

  expect(resolved({ Ref: 'Provider' }, template)).toBe(`arn:aws:iam::111122223333:oidc-provider/${String(key)}`);
});

test('a resource that refers to itself is not known', () => {
  const template = { Resources: { Self: { Type: 'AWS::IAM::Role', Properties: { RoleName: { Ref: 'Self' } } } } };

  expect(resolved({ 'Fn::Sub': ['${A}', { A: { Ref: 'Self' } }] }, template)).toBe('${stack.reference to itself}');
});

test('functions that are nested too deeply are not known', () => {
  expect(resolved(Array.from({ length: 100 }).reduce<unknown>(inner => ({ 'Fn::Join': ['', [inner]] }), 'x'))).toMatch(/^\$\{stack\./);
});

test('resources whose condition is not met are not there', () => {
  const template = input({ Conditions: { No: { 'Fn::Equals': [1, 2] } }, Resources: { A: { Type: 'X', Condition: 'No' }, B: { Type: 'X' }, C: 'x', D: { Type: 'X', Condition: 'Unknown' } } });

  expect(scopesOf([template])[0].resources.map(([id]) => id)).toEqual(['B', 'D']);
});

describe('exports', () => {
  const exporting = input({ Resources: { R: UNNAMED }, Outputs: { O: { Value: { 'Fn::GetAtt': ['R', 'Arn'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-arn' } } } } }, { stackName: 'A' });
  const importing = { Resources: {}, Outputs: { P: { Value: { 'Fn::ImportValue': 'A-arn' } } } };
  const value = (others: TemplateInput[], changes: Partial<TemplateInput> = {}) => {
    const [scope] = scopesOf([input(importing, { stackName: 'B', ...changes }), ...others]);
    return readable(scope.text({ 'Fn::ImportValue': 'A-arn' })!);
  };

  test('are what the other template says', () => {
    expect(value([exporting])).toBe('arn:aws:iam::111122223333:role/${A.R}');
  });

  test.each([[{ account: '444455556666' }], [{ region: 'us-east-1' }]])('do not reach %j', changes => {
    expect(value([exporting], changes)).not.toContain('A.R');
  });

  test('of each other end', () => {
    const circle = (own: string, other: string) => input({ Outputs: { O: { Value: { 'Fn::ImportValue': other }, Export: { Name: own } } } }, { stackName: own });

    expect(readable(scopesOf([circle('x', 'y'), circle('y', 'x')])[0].text({ 'Fn::ImportValue': 'y' })!)).toContain('ImportValue');
  });
});

describe('outputs of a deployment', () => {
  const template = {
    Resources: { R: UNNAMED, Cluster: CLUSTER, Provider: { ...PROVIDER, Properties: { Url: { 'Fn::GetAtt': ['Cluster', 'OpenIdConnectIssuerUrl'] } } } },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['R', 'Arn'] } }, Url: { Value: { 'Fn::GetAtt': ['Cluster', 'OpenIdConnectIssuerUrl'] } } },
  };
  const outputs = { Arn: 'arn:aws-cn:iam::444455556666:role/Stack-R-ABC', Url: 'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/B' };
  const [scope] = scopesOf([input(template, { account: undefined, region: undefined, outputs })]);

  test.each<[unknown, string]>([
    [{ Ref: 'R' }, 'Stack-R-ABC'],
    [{ Ref: 'AWS::AccountId' }, '444455556666'],
    [{ Ref: 'AWS::Partition' }, 'aws-cn'],
    [{ Ref: 'Provider' }, 'arn:aws-cn:iam::444455556666:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/B'],
  ])('say that %j is %s', (value, expected) => {
    expect(scope.text(value)).toBe(expected);
  });

  test('of another form say nothing', () => {
    const [other] = scopesOf([input(template, { outputs: { Arn: 'nonsense' } })]);

    expect(readable(other.text({ Ref: 'R' })!)).toBe('${stack.R}');
  });
});

test('templates of stack sets are templates for any account', () => {
  const body = JSON.stringify({ Resources: { Role: ROLE } });
  const [, set, ...more] = scopesOf([input({ Resources: { Set: { Type: 'AWS::CloudFormation::StackSet', Properties: { TemplateBody: body } } } })]);

  expect(more).toEqual([]);
  expect(readable(set.text({ 'Fn::GetAtt': ['Role', 'Arn'] })!)).toBe('arn:aws:iam::${the accounts of stack.Set}:role/apps/web');
  expect(set.place('Resources', 'Role').path).toEqual(['Resources', 'Set', 'Properties', 'TemplateBody', 'Resources', 'Role']);
});

test.each([['not JSON'], [undefined], [{ Ref: 'Secret' }]])('the stack set with the body %j is passed over', TemplateBody => {
  expect(scopesOf([input({ Resources: { Set: { Type: 'AWS::CloudFormation::StackSet', Properties: { TemplateBody } } } })])).toHaveLength(1);
});
