import { checkText, rulesIn } from './inputs';
import { changed, documents, POD, ROLE, SERVICE_ACCOUNT } from '../../src/check/rules/example';

const WHOLE = documents(ROLE, SERVICE_ACCOUNT, POD);
const SUB = 'oidc.example.com:sub: system:serviceaccount:apps:web';

function notChecked(text: string, template?: object): string[] {
  return checkText(text, template).notChecked.map(({ what }) => what);
}

test('role, service account and pod that agree', () => {
  expect(checkText(WHOLE)).toEqual({ findings: [], suppressed: [], notChecked: [], seen: { roles: 1, serviceAccounts: 1, workloads: 1 } });
});

test('nothing is nothing', () => {
  expect(checkText('')).toEqual({ findings: [], suppressed: [], notChecked: [], seen: { roles: 0, serviceAccounts: 0, workloads: 0 } });
});

describe('what is no reason to find anything', () => {
  test.each<[string, string]>([
    ['objects in a List', documents(ROLE, `apiVersion: v1\nkind: List\nitems:\n${[SERVICE_ACCOUNT, POD].map(text => `  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`).join('')}`)],
    ['a role for continuous integration', changed(changed(ROLE, SUB, 'token.actions.githubusercontent.com:sub: repo:a/b:ref:refs/heads/main'), 'oidc-provider/oidc.example.com', 'oidc-provider/token.actions.githubusercontent.com')],
    ['a role of a service', 'Resources:\n  A:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ec2.amazonaws.com}}]}\n'],
    ['a trust policy as a string', documents(`Resources:\n  Web:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: web\n      AssumeRolePolicyDocument: '${JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com' }, Condition: { StringEquals: { 'oidc.example.com:sub': 'system:serviceaccount:apps:web', 'oidc.example.com:aud': 'sts.amazonaws.com' } } }] })}'\n`, SERVICE_ACCOUNT)],
    ['a service account without a role', changed(SERVICE_ACCOUNT, '  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/web\n', '')],
    ['an empty annotation, which the webhook passes over', documents(changed(SERVICE_ACCOUNT, 'arn:aws:iam::111122223333:role/web', '""'), POD)],
    ['the default service account', changed(POD, '  serviceAccountName: web\n', '')],
    ['an object of an operator that uses the service account', documents(SERVICE_ACCOUNT, changed(POD, 'serviceAccountName: web', 'serviceAccountName: default'), 'apiVersion: a/v1\nkind: SparkApplication\nmetadata: {name: s, namespace: apps}\nspec: {driver: {serviceAccount: web}}\n')],
    ['an API token that a RoleBinding is for', documents(changed(SERVICE_ACCOUNT, 'automountServiceAccountToken: false\n', ''), POD, 'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: apps}\nsubjects: [{kind: ServiceAccount, name: web}]\n')],
    ['a pod that refuses the API token itself', documents(changed(SERVICE_ACCOUNT, 'automountServiceAccountToken: false\n', ''), changed(POD, 'spec:\n', 'spec:\n  automountServiceAccountToken: false\n'))],
    ['keys of prototypes', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: constructor, annotations: {__proto__: x, constructor: y}}\ndata: {__proto__: "[default]"}\n'],
    ['objects without metadata', 'apiVersion: v1\nkind: ServiceAccount\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [null, 1, {}]}\n'],
    ['a role for one cluster, when the manifests are of another namespace', documents(ROLE, 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x, namespace: other}\n')],
  ])('%s', (_, text) => {
    expect(checkText(text).findings).toEqual([]);
  });
});

describe('what cannot be known is said', () => {
  test.each<[string, string, object | undefined, RegExp]>([
    ['a role of an account without templates', SERVICE_ACCOUNT, undefined, /^whether arn:aws:iam::111122223333:role\/web exists and trusts it: no template for account 111122223333 was given$/],
    ['a namespace that is not in the manifest', documents(ROLE, changed(SERVICE_ACCOUNT, '  namespace: apps\n', '')), undefined, /^whether the role web trusts ServiceAccount web: .*sub is system:serviceaccount:\$\{namespace\}:web/],
    ['a placeholder', documents(ROLE, changed(SERVICE_ACCOUNT, 'arn:aws:iam::111122223333:role/web', '${cdk-irsa:A-00000000}')), undefined, /^which role \$\{cdk-irsa:A-00000000\} is; pass the templates that make it, or --outputs$/],
    ['a name that CloudFormation chooses', documents(changed(ROLE, '      RoleName: web\n', ''), SERVICE_ACCOUNT), undefined, /names of roles in account 111122223333 are known only at deployment; pass --outputs$/],
    ['a condition on the address', documents(changed(ROLE, '              StringEquals:\n', '              IpAddress: { "aws:SourceIp": 10.0.0.0/8 }\n              StringEquals:\n'), SERVICE_ACCOUNT), undefined, /what the request says under aws:SourceIp is not known here$/],
    ['a principal that is a parameter', documents(changed(ROLE, 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com', '!Ref Provider'), SERVICE_ACCOUNT), undefined, /^whether the role web trusts ServiceAccount apps\/web: its principals are known only at deployment$/],
    ['a pod without a namespace', documents(ROLE, SERVICE_ACCOUNT, changed(POD, '  namespace: apps\n', '')), undefined, /^whether Pod web and its service account web come into one namespace: not both manifests say which$/],
    ['a policy that is a parameter', documents(`${ROLE.split('AssumeRolePolicyDocument:')[0]}AssumeRolePolicyDocument: !Ref Trust\n`, SERVICE_ACCOUNT), undefined, /^whether the role web trusts ServiceAccount apps\/web: its principals are known only at deployment$/],
    ['a policy that a condition chooses', documents(`${ROLE.split('AssumeRolePolicyDocument:')[0]}AssumeRolePolicyDocument: !If [Prod, { Statement: [] }, {}]\n`, SERVICE_ACCOUNT), undefined, /its principals are known only at deployment$/],
    ['a policy with a statement that is a parameter', documents(`${ROLE.split('AssumeRolePolicyDocument:')[0]}AssumeRolePolicyDocument: !Sub '{"Statement":[\${Statement}]}'\n`, SERVICE_ACCOUNT), undefined, /its principals are known only at deployment$/],
    ['a role under a condition', documents(changed(ROLE, '    Type: AWS::IAM::Role\n', '    Type: AWS::IAM::Role\n    Condition: Prod\n'), SERVICE_ACCOUNT), undefined, /^whether arn:aws:iam::111122223333:role\/web exists: its template makes it under the condition Prod, which only a deployment knows$/],
    ['the name of a stack that nobody said', documents(changed(ROLE, 'RoleName: web', 'RoleName: !Sub "${AWS::StackName}-web"'), SERVICE_ACCOUNT), { account: '111122223333', stackName: undefined }, /names of roles in account 111122223333 are known only at deployment; pass --outputs$/],
    ...['arn:aws:iam::${ACCOUNT_ID}:role/web', 'arn:aws:iam::111122223333:role/$NAME', '"{{ .Values.roleArn }}"', '${ROLE:=web}'].map((arn): [string, string, undefined, RegExp] => [
      `the role ${arn}`, documents(changed(ROLE, 'apps:web', 'jobs:web'), changed(SERVICE_ACCOUNT, 'arn:aws:iam::111122223333:role/web', arn)), undefined, /^which role .* is: parts of it are filled in before it is applied; check what was rendered$/,
    ]),
    ['a service account that nobody gave', POD, undefined, /^whether the service account web of Pod apps\/web exists: no service account was given$/],
  ])('%s', (_, text, template, message) => {
    const result = checkText(text, template);

    expect(result.findings).toEqual([]);
    expect(result.notChecked.map(({ what }) => what)).toEqual([expect.stringMatching(message)]);
  });
});

test.each<[string, string]>([
  ['a nested stack', '  Inner: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "https://s3/x.yaml" } }\n'],
  ['a loop', '  Fn::ForEach::Roles: [N, [a, b], { "Role${N}": { Type: "AWS::IAM::Role" } }]\n'],
  ['an included file', '  Fn::Transform: { Name: "AWS::Include", Parameters: { Location: "s3://x/roles.yaml" } }\n'],
  ['a macro for all', 'Fn::Transform: { Name: Mine }\n'],
])('a role that %s may make is not missing', (_, more) => {
  const other = changed(SERVICE_ACCOUNT, 'role/web', 'role/other');
  const text = documents(changed(ROLE, 'apps:web', 'jobs:web') + more, other);

  expect(rulesIn(text)).toEqual([]);
  expect(notChecked(text)).toEqual([
    'whether arn:aws:iam::111122223333:role/other exists and trusts it: templates for account 111122223333 make roles that are not in them', expect.stringMatching(/^which roles /),
  ]);
});

test('a service account without a namespace is taken for the one of that name', () => {
  const text = documents(ROLE, changed(SERVICE_ACCOUNT, '  namespace: apps\n', ''), POD, changed(SERVICE_ACCOUNT, 'namespace: apps', 'namespace: jobs'));

  expect(rulesIn(documents(ROLE, changed(SERVICE_ACCOUNT, '  namespace: apps\n', ''), POD))).toEqual([]);
  expect(rulesIn(text)).toEqual(['trust-subject']);
});

describe('templates without account', () => {
  const agnostic = { account: undefined, region: undefined };
  const template = changed(ROLE, 'arn:aws:iam::111122223333:oidc-provider', '!Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider');

  test('are taken for the account that the manifest names', () => {
    expect(checkText(documents(template, SERVICE_ACCOUNT), agnostic)).toMatchObject({ findings: [], notChecked: [] });
    expect(rulesIn(documents(changed(template, 'apps:web', 'apps:wbe'), SERVICE_ACCOUNT), agnostic)).toEqual(['trust-subject']);
  });

  test('do not make a role of another name fit', () => {
    expect(notChecked(documents(template, changed(SERVICE_ACCOUNT, 'role/web', 'role/api')), agnostic)).toEqual([expect.stringContaining('no template for account 111122223333')]);
  });
});

describe('containers that choose their role themselves', () => {
  const injected = (role: string, audience: string) => changed(POD, '      image: web:1\n', `      image: web:1
      env:
        - { name: AWS_ROLE_ARN, value: "${role}" }
        - { name: AWS_WEB_IDENTITY_TOKEN_FILE, value: /var/run/secrets/aws/token }
      volumeMounts:
        - { name: t, mountPath: /var/run/secrets/aws/ }
  volumes:
    - name: t
      projected: { sources: [{ serviceAccountToken: { audience: ${audience}, path: token } }] }
`);
  const plain = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: apps}\n';
  const arn = 'arn:aws:iam::111122223333:role/web';

  test.each<[string, string, string[]]>([
    [arn, 'sts.amazonaws.com', []],
    [arn, 'vault', ['trust-audience']],
    ['arn:aws:iam::111122223333:role/wbe', 'sts.amazonaws.com', ['role-missing', 'role-unused']],
    ['web', 'sts.amazonaws.com', ['role-arn-malformed', 'role-unused']],
  ])('%s with a token for %s: %j', (role, audience, rules) => {
    expect(rulesIn(documents(ROLE, plain, injected(role, audience)))).toEqual(rules);
  });

  test('are asked with the service account of the pod', () => {
    expect(rulesIn(documents(ROLE, changed(plain, 'name: web', 'name: api'), changed(injected(arn, 'sts.amazonaws.com'), 'serviceAccountName: web', 'serviceAccountName: api')))).toEqual(['trust-subject']);
  });
});

describe('suppressions', () => {
  const denied = documents(changed(ROLE, 'apps:web', 'apps:wbe'), SERVICE_ACCOUNT);
  const annotate = (reason: string) => changed(denied, '  annotations:\n', `  annotations:\n    cdk-irsa/ignore-trust-subject: ${reason}\n`);
  const metadata = (text: string) => changed(denied, '    Type: AWS::IAM::Role\n', `    Type: AWS::IAM::Role\n    Metadata: { "cdk-irsa:ignore": ${text} }\n`);

  test.each<[string, string]>([
    ['on the service account', annotate('next week')],
    ['on the role', metadata('{ trust-subject: next week }')],
    ['on the template', changed(denied, 'Resources:\n', 'Metadata: { "cdk-irsa:ignore": { trust-subject: next week } }\nResources:\n')],
  ])('%s count', (_, text) => {
    const { findings, suppressed } = checkText(text);

    expect(findings).toEqual([]);
    expect(suppressed.map(({ rule, reason }) => [rule, reason])).toEqual([['trust-subject', 'next week']]);
  });

  test.each<[string, string, string[]]>([
    ['without a reason', annotate('" "'), ['trust-subject', 'suppression']],
    ['with a number as the reason', metadata('{ trust-subject: 1 }'), ['trust-subject', 'suppression']],
    ['of another rule', metadata('{ sub-wildcard: x }'), ['trust-subject']],
    ['of no rule', metadata('{ toString: x }'), ['trust-subject', 'suppression']],
    ['of the rule about suppressions', metadata('{ suppression: x, toString: x }'), ['trust-subject', 'suppression']],
    ['that are no mapping', metadata('trust-subject'), ['trust-subject']],
  ])('%s do not', (_, text, rules) => {
    expect(rulesIn(text)).toEqual(rules);
  });

  test('count for their object only', () => {
    const other = changed(SERVICE_ACCOUNT, 'name: web', 'name: other');

    expect(checkText(documents(annotate('x'), other)).findings.map(({ message }) => message)).toEqual([expect.stringContaining('ServiceAccount apps/other')]);
  });
});

describe('chains in config files', () => {
  const config = (text: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: apps}\ndata:\n  config: |\n${text.replace(/^/gm, '    ')}\n`;
  const admin = (account: string) => `Resources:\n  Admin:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: admin\n      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "arn:aws:iam::${account}:role/web"}, Condition: {StringEquals: {sts:ExternalId: x}}}]}\n`;
  const first = '[default]\nrole_arn = arn:aws:iam::111122223333:role/web\nweb_identity_token_file = /t\n';
  const hop = (extra: string) => `${first}[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = default\n${extra}`;
  const rules = (text: string, account = '111122223333') => rulesIn(documents(ROLE, admin(account), SERVICE_ACCOUNT, config(text)));

  test.each<[string, string, string[]]>([
    ['with the external id', hop('external_id = x'), []],
    ['without it', hop(''), ['config-hop']],
    ['with another', hop('external_id=y'), ['config-hop']],
    ['with a comment instead', hop('# external_id = x'), ['config-hop']],
    ['with more than an hour', hop('external_id = x\nduration_seconds = 7200'), ['config-hop']],
    ['in a circle', `${first}[profile a]\nrole_arn = arn:aws:iam::111122223333:role/web\nsource_profile = b\n[profile b]\nsource_profile = a\n`, ['config-source-profile']],
    ['with itself as the source, for keys of its own', `${first}[profile a]\naws_access_key_id = x\nsource_profile = a\n`, []],
  ])('%s: %j', (_, text, expected) => {
    expect(rules(text)).toEqual(expected);
  });

  test('whose role is another', () => {
    expect(rules(hop('external_id = x'), '999999999999')).toEqual(['config-hop']);
  });
});
