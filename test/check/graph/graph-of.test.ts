import { graphAcross, graphIn, nodeIn, waysIn } from './graphs';
import { changed, documents, POD, ROLE, SERVICE_ACCOUNT } from '../../../src/check/rules/example';

const ANNOTATION = '  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/web\n';
const BARE = changed(SERVICE_ACCOUNT, ANNOTATION, '');
const SUB = '                oidc.example.com:sub: system:serviceaccount:apps:web\n';
const DIRECT = 'service-account apps/web -annotation-> role web';

/** Another role of the template of `ROLE`. */
function another(id: string, name: string, principal: string, more = ''): string {
  return `  ${id}:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ${name}
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: ${principal}
            Action: sts:AssumeRole
${more}`;
}

const roleArn = (name: string, account = '111122223333'): string => `arn:aws:iam::${account}:role/${name}`;

describe('service accounts and their roles', () => {
  test('an annotation', () => {
    const graph = graphIn(documents(ROLE, SERVICE_ACCOUNT, POD));

    expect(waysIn(graph)).toEqual([DIRECT]);
    expect(nodeIn(graph, 'apps/web')).toMatchObject({ kind: 'service-account', cluster: 'oidc.example.com', namespace: 'apps', isUnknown: false, findings: [] });
    expect(nodeIn(graph, 'web')).toMatchObject({ kind: 'role', account: '111122223333', arn: roleArn('web'), isUnknown: false });
    expect(graph.edges[0].notes).toEqual(['asked for by ServiceAccount apps/web']);
  });

  test('a trust policy, whose service account is not annotated', () => {
    const graph = graphIn(documents(ROLE, BARE));

    expect(waysIn(graph)).toEqual(['service-account apps/web -trust-> role web']);
    expect(nodeIn(graph, 'apps/web').findings.map(({ rule }) => rule)).toEqual(['role-unused']);
  });

  test('a trust policy whose service account no manifest has', () => {
    expect(nodeIn(graphIn(ROLE), 'apps/web')).toMatchObject({ isUnknown: true, places: [], cluster: 'oidc.example.com' });
  });

  test('the same in two clusters', () => {
    const second = ROLE.split('        Statement:\n')[1].replaceAll('oidc.example.com', 'green.example.com');
    const graph = graphIn(documents(ROLE + second, SERVICE_ACCOUNT));

    expect(waysIn(graph)).toEqual([DIRECT, DIRECT]);
    expect(graph.nodes.filter(({ kind }) => kind === 'service-account').map(({ cluster }) => cluster).sort()).toEqual(['green.example.com', 'oidc.example.com']);
  });

  test('a role that two namespaces share', () => {
    const other = changed(SERVICE_ACCOUNT, 'namespace: apps', 'namespace: jobs');
    const graph = graphIn(documents(changed(ROLE, 'system:serviceaccount:apps:web', '[system:serviceaccount:apps:web, system:serviceaccount:jobs:web]'), SERVICE_ACCOUNT, other));

    expect(waysIn(graph)).toEqual([DIRECT, 'service-account jobs/web -annotation-> role web']);
    expect(nodeIn(graph, 'web').findings.map(({ rule }) => rule)).toContain('role-shared');
  });

  test.each([
    ['a role that no template has', roleArn('web', '444455556666'), 'unknown', '444455556666'],
    ['what is not the ARN of a role', 'web', 'denied', undefined],
  ])('%s', (_, arn, verdict, account) => {
    const graph = graphIn(changed(SERVICE_ACCOUNT, roleArn('web'), arn));

    expect(waysIn(graph)).toEqual([`service-account apps/web -annotation, ${verdict}-> role web`]);
    expect(nodeIn(graph, 'web')).toMatchObject({ kind: 'role', arn, isUnknown: true });
    expect(nodeIn(graph, 'web').account).toBe(account);
    expect(nodeIn(graph, 'apps/web').cluster).toBeUndefined();
  });

  test('a service account that the role does not trust, with the reason', () => {
    const graph = graphIn(documents(changed(ROLE, 'apps:web', 'app:web'), SERVICE_ACCOUNT));

    expect(waysIn(graph)).toEqual(['service-account app/web -trust-> role web', 'service-account apps/web -annotation, denied-> role web']);
    expect(graph.edges.find(({ verdict }) => verdict === 'denied')?.notes[1]).toContain('namespace differs');
    expect(nodeIn(graph, 'apps/web').findings.map(({ rule }) => rule)).toContain('trust-subject');
    expect(nodeIn(graph, 'web').findings.map(({ rule }) => rule)).toContain('trust-subject');
  });

  test('a token for another audience is denied, though the trust policy names the service account', () => {
    expect(waysIn(graphIn(documents(ROLE, changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    eks.amazonaws.com/audience: vault\n')))))
      .toEqual(['service-account apps/web -annotation, denied-> role web']);
  });

  test('a container that asks for another role', () => {
    const container = changed(POD, '      image: web:1\n', `      image: web:1
      env: [{ name: AWS_ROLE_ARN, value: ${roleArn('other')} }, { name: AWS_WEB_IDENTITY_TOKEN_FILE, value: /var/run/secrets/eks.amazonaws.com/serviceaccount/token }]
`);
    const graph = graphIn(documents(ROLE, SERVICE_ACCOUNT, container));

    expect(waysIn(graph)).toEqual(['service-account apps/web -annotation, unknown-> role other', DIRECT]);
    expect(graph.edges.find(({ verdict }) => verdict === 'unknown')?.notes).toContain('asked for by container \'web\' of Pod apps/web');
  });

  test('a manifest without a namespace', () => {
    const graph = graphIn(documents(ROLE, changed(SERVICE_ACCOUNT, '  namespace: apps\n', '')));

    const node = graph.nodes.find(({ kind, isUnknown }) => kind === 'service-account' && !isUnknown);
    expect(node).toMatchObject({ name: 'web', notes: ['the manifest names no namespace'] });
    expect(node).not.toHaveProperty('namespace');
  });

  test('findings in pods are about their service account', () => {
    expect(nodeIn(graphIn(documents(ROLE, changed(SERVICE_ACCOUNT, 'automountServiceAccountToken: false\n', ''), POD)), 'apps/web').findings.map(({ rule }) => rule)).toEqual(['api-token-mounted']);
  });
});

describe('patterns', () => {
  const wild = (value: string): string => changed(ROLE, SUB, '').concat(`              StringLike:\n                oidc.example.com:sub: ${value}\n`);

  test.each<[string, string, string]>([
    ['names', 'system:serviceaccount:apps:*', 'apps/*'],
    ['namespaces', 'system:serviceaccount:a*:web', 'a*/web'],
    ['one letter', 'system:serviceaccount:app?:web', 'app?/web'],
    ['everything', '"*"', 'any token of the issuer'],
  ])('of %s lead a service account that they cover to the role', (_, pattern, name) => {
    const graph = graphIn(documents(wild(pattern), BARE));

    expect(waysIn(graph)).toEqual([`service-account apps/web -match-> subject ${name}`, `subject ${name} -trust-> role web`]);
  });

  test('of others do not', () => {
    expect(waysIn(graphIn(documents(wild('system:serviceaccount:jobs:*'), BARE)))).toEqual(['subject jobs/* -trust-> role web']);
  });

  test('a policy without sub trusts any token', () => {
    expect(waysIn(graphIn(documents(changed(ROLE, SUB, ''), SERVICE_ACCOUNT)))).toEqual([
      DIRECT, 'service-account apps/web -match-> subject any token of the issuer', 'subject any token of the issuer -trust-> role web',
    ]);
  });

  test('a pattern that is taken to the letter is denied', () => {
    expect(waysIn(graphIn(changed(ROLE, 'apps:web', 'apps:*')))).toEqual(['subject apps/* -trust, denied-> role web']);
  });

  test('tokens of something that is not Kubernetes', () => {
    expect(waysIn(graphIn(changed(ROLE, 'system:serviceaccount:apps:web', 'repo:acme/app:ref:refs/heads/main')))).toEqual(['subject repo:acme/app:ref:refs/heads/main -trust-> role web']);
  });

  test('a provider that only a deployment knows', () => {
    const graph = graphIn(changed(ROLE, 'Federated: arn:aws:iam::111122223333:oidc-provider/oidc.example.com', 'Federated: !ImportValue Provider'));

    expect(waysIn(graph)).toEqual(['service-account apps/web -trust, unknown-> role web']);
    expect(nodeIn(graph, 'apps/web').cluster).toBeUndefined();
  });

  test('a Deny is heard', () => {
    const deny = '          - Effect: Deny\n            Principal: "*"\n            Action: sts:AssumeRoleWithWebIdentity\n';

    expect(waysIn(graphIn(ROLE + deny))).toEqual(['service-account apps/web -trust, denied-> role web']);
  });
});

describe('EKS Pod Identity', () => {
  const association = (name: string, role: string): string => `  ${name}:
    Type: AWS::EKS::PodIdentityAssociation
    Properties: { ClusterName: production, Namespace: apps, ServiceAccount: web, RoleArn: ${role} }
`;
  const POD_ROLE = another('Pod', 'pod', '{ Service: pods.eks.amazonaws.com }').replace('sts:AssumeRole', '[sts:AssumeRole, sts:TagSession]');
  const CLUSTER = 'arn:aws:eks:eu-west-1:111122223333:cluster/production';

  test('an association', () => {
    const graph = graphIn(documents(`Resources:\n${POD_ROLE}${association('Association', '!GetAtt Pod.Arn')}`, BARE));

    expect(waysIn(graph)).toEqual(['service-account apps/web -association-> role pod']);
    expect(nodeIn(graph, 'apps/web')).toMatchObject({ cluster: CLUSTER, isUnknown: false });
  });

  test('one whose role EKS does not get, with the finding', () => {
    const graph = graphIn(documents(`Resources:\n${POD_ROLE.replace('[sts:AssumeRole, sts:TagSession]', 'sts:AssumeRole')}${association('Association', '!GetAtt Pod.Arn')}`, BARE));

    expect(waysIn(graph)).toEqual(['service-account apps/web -association, denied-> role pod']);
    expect(nodeIn(graph, 'apps/web').findings.map(({ rule }) => rule)).toContain('pod-identity-trust');
  });

  test('a role that no template has', () => {
    expect(waysIn(graphIn(documents(`Resources:\n${association('Association', roleArn('elsewhere', '444455556666'))}`, BARE)))).toEqual(['service-account apps/web -association, unknown-> role elsewhere']);
  });

  test('beside an annotation: nothing says that the cluster of the association has the issuer of the trust policy', () => {
    const graph = graphIn(documents(ROLE + POD_ROLE + association('Association', '!GetAtt Pod.Arn'), SERVICE_ACCOUNT));

    expect(waysIn(graph)).toEqual([DIRECT, 'service-account apps/web -association-> role pod'].sort());
    expect(graph.nodes.filter(({ kind }) => kind === 'service-account').map(({ cluster }) => cluster).sort()).toEqual([CLUSTER, 'oidc.example.com']);
  });

  test('a role for it without an association', () => {
    const both = POD_ROLE + '          - { Effect: Allow, Action: sts:AssumeRole, Principal: { AWS: "arn:aws:iam::111122223333:role/web" } }\n';

    expect(waysIn(graphIn(documents(ROLE + both, SERVICE_ACCOUNT)))).toContain('principal pods.eks.amazonaws.com -assume-> role pod');
  });
});

describe('from role to role', () => {
  const may = (arn: string): string => `      Policies: [{ PolicyName: next, PolicyDocument: { Version: 2012-10-17, Statement: { Effect: Allow, Action: 'sts:AssumeRole', Resource: '${arn}' } } }]\n`;
  const MIDDLE = `Resources:\n${another('Middle', 'middle', `{ AWS: ${roleArn('web')} }`)}`;

  test('a chain of three, across accounts', () => {
    const graph = graphAcross({
      111122223333: ROLE + may(roleArn('middle', '222222222222')),
      222222222222: MIDDLE + may(roleArn('last', '333333333333')),
      333333333333: `Resources:\n${another('Last', 'last', `{ AWS: ${roleArn('middle', '222222222222')} }`)}`,
    }, SERVICE_ACCOUNT);

    expect(waysIn(graph)).toEqual([
      'role middle -assume-> role last', 'role middle -policy-> policy next', 'role web -assume-> role middle', 'role web -policy-> policy next', DIRECT,
    ]);
    expect(graph.nodes.filter(({ kind }) => kind === 'role').map(({ account }) => account).sort()).toEqual(['111122223333', '222222222222', '333333333333']);
  });

  test('into another account without the permission it is denied', () => {
    const { edges } = graphAcross({ 111122223333: ROLE, 222222222222: MIDDLE }, SERVICE_ACCOUNT);

    expect(edges.find(({ kind }) => kind === 'assume')).toMatchObject({ verdict: 'denied', notes: [expect.stringContaining('sts:AssumeRole')] });
  });

  test('an account as a whole: who of it has a policy for it, and whoever else', () => {
    const asks = '      Policies: [{ PolicyName: next, PolicyDocument: { Version: 2012-10-17, Statement: { Effect: Allow, Action: "sts:*", Resource: "*" } } }]\n';
    const graph = graphIn(documents(ROLE + asks + another('Admin', 'admin', '{ AWS: arn:aws:iam::111122223333:root }'), SERVICE_ACCOUNT));

    expect(waysIn(graph)).toEqual(['principal whoever account 111122223333 lets -assume-> role admin', 'role web -assume-> role admin', 'role web -policy-> policy next', DIRECT]);
  });

  test('of many who may, some are drawn, and the others are counted', () => {
    const asks = '      Policies: [{ PolicyName: next, PolicyDocument: { Version: 2012-10-17, Statement: { Effect: Allow, Action: "*", Resource: "*" } } }]\n';
    const many = Array.from({ length: 25 }, (_, index) => another(`Caller${index}`, `caller-${index}`, '{ Service: ec2.amazonaws.com }', asks)).join('');
    const graph = graphIn(documents(changed(ROLE, '          - Effect: Allow\n', '          - { Effect: Allow, Action: sts:AssumeRole, Principal: { AWS: "111122223333" } }\n          - Effect: Allow\n') + many, SERVICE_ACCOUNT));

    expect(waysIn(graph).filter(way => /^role caller-\d+ -assume-> role web$/.test(way))).toHaveLength(20);
    expect(nodeIn(graph, 'web').notes).toEqual(['5 more roles have a policy that lets them become this one, and are not drawn']);
  });

  test('the external id that the trust policy wants is taken to be known', () => {
    const condition = '            Condition: { StringEquals: { "sts:ExternalId": tools-1 } }\n';

    expect(waysIn(graphIn(documents(ROLE + another('Admin', 'admin', `{ AWS: ${roleArn('web')} }`, condition), SERVICE_ACCOUNT)))).toContain('role web -assume-> role admin');
  });

  test('whether a condition on session tags is met is not known: nobody says which there are', () => {
    const condition = '            Condition: { StringEquals: { "aws:PrincipalTag/kubernetes-namespace": apps } }\n';

    expect(waysIn(graphIn(documents(ROLE + another('Admin', 'admin', `{ AWS: ${roleArn('web')} }`, condition), SERVICE_ACCOUNT)))).toContain('role web -assume, unknown-> role admin');
  });

  test('a condition that cannot be met without tags leaves it open, and says why', () => {
    const condition = '            Condition: { StringEquals: { "sts:SourceIdentity": ann } }\n';
    const { edges } = graphIn(documents(ROLE + another('Admin', 'admin', `{ AWS: ${roleArn('web')} }`, condition), SERVICE_ACCOUNT));

    expect(edges.find(({ kind }) => kind === 'assume')).toMatchObject({ verdict: 'unknown', notes: [expect.stringMatching(/^without session tags: /)] });
  });

  test.each([
    ['Service: ec2.amazonaws.com', 'principal ec2.amazonaws.com -assume-> role admin'],
    ['AWS: "*"', 'principal everyone -assume-> role admin'],
    ['AWS: arn:aws:iam::444455556666:user/ann', 'principal arn:aws:iam::444455556666:user/ann -assume-> role admin'],
    ['AWS: arn:aws:iam::444455556666:role/ci', 'role ci -assume, unknown-> role admin'],
    ['AWS: "444455556666"', 'principal whoever account 444455556666 lets -assume-> role admin'],
  ])('others: %s', (principal, way) => {
    const both = another('Admin', 'admin', `{ ${principal} }`, `          - { Effect: Allow, Action: sts:AssumeRole, Principal: { AWS: ${roleArn('web')} } }\n`);

    expect(waysIn(graphIn(documents(ROLE + both, SERVICE_ACCOUNT)))).toEqual([way, 'role web -assume-> role admin', DIRECT].sort());
  });

  test('who has to meet a condition is not known', () => {
    const more = '            Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } }\n          - { Effect: Allow, Action: sts:AssumeRole, Principal: { AWS: "arn:aws:iam::111122223333:role/web" } }\n';
    const graph = graphIn(documents(ROLE + another('Admin', 'admin', '{ AWS: arn:aws:iam::444455556666:user/ann }', more), SERVICE_ACCOUNT));

    expect(waysIn(graph)).toContain('principal arn:aws:iam::444455556666:user/ann -assume, unknown-> role admin');
  });

  test('roles that trust each other', () => {
    const graph = graphIn(documents(ROLE + another('A', 'a', `{ AWS: [${roleArn('web')}, ${roleArn('b')}] }`) + another('B', 'b', `{ AWS: ${roleArn('a')} }`), SERVICE_ACCOUNT));

    expect(waysIn(graph)).toEqual(['role a -assume-> role b', 'role b -assume-> role a', 'role web -assume-> role a', DIRECT]);
  });

  test('roles that no token leads to are left out', () => {
    expect(graphIn(documents(ROLE + another('Lambda', 'lambda', '{ Service: lambda.amazonaws.com }'), SERVICE_ACCOUNT)).nodes.map(({ name }) => name).sort()).toEqual(['apps/web', 'web']);
  });
});

describe('AWS config files', () => {
  const config = (profiles: string): string => `apiVersion: v1
kind: ConfigMap
metadata: { name: aws-config, namespace: apps }
data:
  config: |
${profiles.replace(/^/gm, '    ')}
`;
  const CHAIN = `[default]
role_arn = ${roleArn('web')}
web_identity_token_file = /var/run/secrets/eks.amazonaws.com/serviceaccount/token
[profile admin]
role_arn = ${roleArn('admin')}
source_profile = default`;
  const ADMIN = another('Admin', 'admin', `{ AWS: ${roleArn('web')} }`);

  test('say who asks', () => {
    const graph = graphIn(documents(ROLE + ADMIN, SERVICE_ACCOUNT, config(CHAIN)));

    expect(waysIn(graph)).toEqual(['role web -assume-> role admin', DIRECT]);
    expect(graph.edges.find(({ kind }) => kind === 'assume')?.notes).toEqual(['asked for by profile \'admin\' of ConfigMap apps/aws-config']);
  });

  test('a step that is denied, with the reason', () => {
    const graph = graphIn(documents(ROLE + changed(ADMIN, 'role/web', 'role/wbe'), SERVICE_ACCOUNT, config(CHAIN)));

    expect(waysIn(graph)).toContain('role web -assume, denied-> role admin');
    expect(nodeIn(graph, 'admin').findings.map(({ rule }) => rule)).toEqual(['config-hop']);
  });

  test('a role that no template has', () => {
    expect(waysIn(graphIn(documents(ROLE, SERVICE_ACCOUNT, config(CHAIN))))).toEqual(['role web -assume, unknown-> role admin', DIRECT]);
  });

  test('the first profile is asked for by the pods that mount the file', () => {
    const mounting = changed(POD, '  containers:\n', '  volumes: [{ name: aws, configMap: { name: aws-config } }]\n  containers:\n');
    const graph = graphIn(documents(ROLE, BARE, mounting, config(CHAIN)));

    expect(waysIn(graph)).toContain(DIRECT);
    expect(graph.edges.find(({ kind }) => kind === 'annotation')?.notes).toEqual(['asked for by profile \'default\' of ConfigMap apps/aws-config']);
  });

  test('findings in the file itself are kept', () => {
    const graph = graphIn(documents(ROLE + ADMIN, SERVICE_ACCOUNT, config(CHAIN.replace('= default', '= base'))));

    expect(graph.otherFindings.map(({ rule }) => rule)).toEqual(['config-source-profile']);
  });
});

describe('policies', () => {
  const MANAGED = '      ManagedPolicyArns: [arn:aws:iam::aws:policy/job-function/ViewOnlyAccess, arn:aws:iam::111122223333:policy/elsewhere, !Ref Own]\n';
  const OWN = '  Own:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: { ManagedPolicyName: own, PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: [s3:Get*, s3:List*], Resource: "*" }] } }\n';

  test('of AWS, of the templates, and of neither', () => {
    const graph = graphIn(documents(ROLE + MANAGED + OWN, SERVICE_ACCOUNT));

    expect(waysIn(graph)).toEqual(['role web -policy-> policy ViewOnlyAccess', 'role web -policy-> policy elsewhere', 'role web -policy-> policy own', DIRECT]);
    expect(nodeIn(graph, 'ViewOnlyAccess')).toMatchObject({ isUnknown: false, notes: ['managed by AWS'], arn: 'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess' });
    expect(nodeIn(graph, 'elsewhere')).toMatchObject({ isUnknown: true, account: '111122223333' });
    expect(nodeIn(graph, 'own')).toMatchObject({ isUnknown: false, account: '111122223333', notes: ['allows s3:Get*, s3:List*'] });
  });

  test('one of its own for each role, though they have the same name', () => {
    const inline = '      Policies: [{ PolicyName: app, PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, NotAction: "iam:*", Resource: "*" }] } }]\n';
    const graph = graphIn(documents(ROLE + inline + another('Admin', 'admin', `{ AWS: ${roleArn('web')} }`, inline), SERVICE_ACCOUNT));
    const policies = graph.nodes.filter(({ kind }) => kind === 'policy');

    expect(policies.map(({ name, notes }) => [name, notes])).toEqual([['app', ['allows all but iam:*']], ['app', ['allows all but iam:*']]]);
  });

  test('long lists of actions are cut, and it is said', () => {
    const actions = Array.from({ length: 30 }, (_, index) => `s3:Action${index}`);
    const inline = `      Policies: [{ PolicyName: app, PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: [${actions.join(', ')}], Resource: "*" }] } }]\n`;

    expect(nodeIn(graphIn(ROLE + inline), 'app').notes[0]).toMatch(/^allows s3:Action0, .*s3:Action11 and 18 more$/);
  });

  test('one that is malformed', () => {
    expect(nodeIn(graphIn(`${ROLE}      Policies: [{ PolicyName: app, PolicyDocument: { Statement: [] } }]\n`), 'app').notes).toEqual(['cannot be read: the policy has no Statement']);
  });
});

describe('ids and texts', () => {
  test('are the same in every run, and words whatever the names are', () => {
    const text = documents(changed(ROLE, 'RoleName: web', 'RoleName: "we<b>\\"]"'), SERVICE_ACCOUNT);
    const [first, second] = [graphIn(text), graphIn(text)];

    expect(first).toEqual(second);
    first.nodes.forEach(({ id }) => expect(id).toMatch(/^[a-z_]+_[0-9a-f]{12}$/));
  });

  test('what only a deployment knows is said, and told apart', () => {
    const both = changed(ROLE, '      RoleName: web\n', '') + changed(changed(ROLE, '      RoleName: web\n', ''), 'Resources:\n  Web:', '  Other:');
    const graph = graphIn(both, { region: 'eu-west-1' });

    expect(graph.nodes.filter(({ kind }) => kind === 'role').map(({ name, account }) => [name, account])).toEqual([['Web', '${AWS.AccountId}'], ['Other', '${AWS.AccountId}']]);
  });

  test('control characters are spelled out', () => {
    expect(nodeIn(graphIn(changed(ROLE, 'RoleName: web', 'RoleName: "a\\e[2J\\u202e"')), 'a\\u001b[2J\\u202e')).toBeDefined();
  });

  test.each(['aws-cn', 'aws-us-gov', 'aws-eusc'])('roles of the partition %s', partition => {
    const text = documents(ROLE, SERVICE_ACCOUNT).replaceAll('arn:aws:', `arn:${partition}:`);

    expect(waysIn(graphIn(text, { account: '111122223333', partition }))).toEqual([DIRECT]);
  });

  test('nothing of nothing', () => {
    expect(graphIn('apiVersion: v1\nkind: Namespace\nmetadata: { name: apps }\n')).toEqual({ nodes: [], edges: [], otherFindings: [] });
  });
});

describe('roles that everyone gets', () => {
  const POLICY = '      Policies: [{ PolicyName: p, PolicyDocument: { Statement: { Effect: Allow, Action: "sts:AssumeRole", Resource: "*" } } }]\n';
  const everyone = another('Open', 'open', '"*"');

  test('with a token of any provider', () => {
    expect(waysIn(graphIn(`Resources:\n${everyone.replace('Action: sts:AssumeRole', 'Action: sts:AssumeRoleWithWebIdentity')}`))).toEqual(['subject any token of any provider -trust-> role open']);
  });

  test.each([['*', everyone], ['AWS: *', another('Open', 'open', '{ AWS: "*" }')]])('from a role: %s', (_, open) => {
    expect(waysIn(graphIn(ROLE + open))).toEqual(['principal everyone -assume-> role open', 'role web -assume-> role open', 'service-account apps/web -trust-> role web']);
  });

  test('from a role of another account that may assume it, and no other', () => {
    const across = (policy: string) => waysIn(graphAcross({ 111122223333: ROLE + policy, 444455556666: `Resources:\n${everyone}` }, ''));

    expect(across(POLICY)).toContain('role web -assume-> role open');
    expect(across('')).toEqual(['service-account apps/web -trust-> role web']);
  });

  test('by a session of a role, of which nobody knows the name', () => {
    expect(waysIn(graphIn(ROLE + POLICY + another('Next', 'next', '{ AWS: "arn:aws:sts::111122223333:assumed-role/web/session" }'))))
      .toEqual(['role web -assume, unknown-> role next', 'role web -policy-> policy p', 'service-account apps/web -trust-> role web']);
  });
});
