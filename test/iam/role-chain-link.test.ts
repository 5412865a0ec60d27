import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { A, ADMIN, chainWorld, POD, podRole, TOOLS } from './chain-world';
import { deployedRoles, verdictOf } from './deployed-roles';
import { resourcesOf } from './helpers';
import { ChainedRole, RoleChain, type RoleChainLinkOptions } from '../../src';
import { evaluateAssumeRole } from '../../src/check/assume-role';
import { messageOf } from '../k8s/helpers';

function linked(options: Partial<RoleChainLinkOptions>) {
  const { app, a, tools, chain } = chainWorld();
  const link = chain.to(new ChainedRole(a, 'Admin', { roleName: 'admin' }), { profile: 'a', ...options });
  return { app, a, tools, link, roles: deployedRoles(app) };
}

function warningsIn(stack: Stack): string[] {
  stack.node.root instanceof App && stack.node.root.synth();
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
}

describe('what a role asks for', () => {
  test('an external id has to be the right one', () => {
    const { roles } = linked({ externalId: 'id-1' });
    expect(verdictOf(roles, POD, ADMIN, { externalId: 'id-1' })).toBe('allowed');
    expect(verdictOf(roles, POD, ADMIN, { externalId: 'id-2' })).toBe('denied');
    expect(verdictOf(roles, POD, ADMIN, { externalId: 'ID-1' })).toBe('denied');
    expect(verdictOf(roles, POD, ADMIN)).toBe('denied');
  });

  test('an organisation has to be the right one', () => {
    const { roles } = linked({ organizationId: 'o-a1b2c3d4e5' });
    expect(verdictOf(roles, POD, ADMIN, { organizationId: 'o-a1b2c3d4e5' })).toBe('allowed');
    expect(verdictOf(roles, POD, ADMIN, { organizationId: 'o-zzzzzzzzzz' })).toBe('denied');
    expect(verdictOf(roles, POD, ADMIN)).toBe('denied');
  });

  test('both together have to be right', () => {
    const { roles } = linked({ externalId: 'id-1', organizationId: 'o-a1b2c3d4e5' });
    expect(verdictOf(roles, POD, ADMIN, { externalId: 'id-1', organizationId: 'o-a1b2c3d4e5' })).toBe('allowed');
    expect(verdictOf(roles, POD, ADMIN, { externalId: 'id-1' })).toBe('denied');
    expect(verdictOf(roles, POD, ADMIN, { organizationId: 'o-a1b2c3d4e5' })).toBe('denied');
  });

  test.each([
    ['nothing', {}, {}, 'allowed'],
    ['one of the keys', { tags: { team: 'a' } }, { sessionTagKeys: ['team', 'project'] }, 'allowed'],
    ['all of the keys', { tags: { team: 'a', project: 'b' } }, { sessionTagKeys: ['team', 'project'] }, 'allowed'],
    ['no tag', {}, { sessionTagKeys: ['team'] }, 'allowed'],
    ['another key', { tags: { admin: 'yes' } }, { sessionTagKeys: ['team'] }, 'denied'],
    ['a key more', { tags: { team: 'a', admin: 'yes' } }, { sessionTagKeys: ['team'] }, 'denied'],
    ['a tag where none was asked for', { tags: { team: 'a' } }, {}, 'denied'],
    ['a source identity', { sourceIdentity: 'jane' }, { sourceIdentity: true }, 'allowed'],
    ['no source identity', {}, { sourceIdentity: true }, 'allowed'],
    ['a source identity where none was asked for', { sourceIdentity: 'jane' }, { sourceIdentity: false }, 'denied'],
    ['tags, where a source identity was asked for', { tags: { team: 'a' } }, { sourceIdentity: true }, 'denied'],
    ['both', { sourceIdentity: 'jane', tags: { team: 'a' } }, { sourceIdentity: true, sessionTagKeys: ['team'] }, 'allowed'],
  ])('a session with %s', (_what, request, options, verdict) => {
    const { roles } = linked(options);
    expect(evaluateAssumeRole({
      caller: { arn: POD, identityPolicies: roles.get(POD)!.identityPolicies },
      roleArn: ADMIN,
      trustPolicy: roles.get(ADMIN)!.trustPolicy,
      ...request,
    }).verdict).toBe(verdict);
  });

  test('an external id does not become a condition of the other actions, which have no such key', () => {
    const { roles } = linked({ externalId: 'id-1', sessionTagKeys: ['team'], sourceIdentity: true });
    expect(roles.get(ADMIN)!.trustPolicy).toMatchObject({
      Statement: [
        { Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': 'id-1' } } },
        { Action: 'sts:SetSourceIdentity', Principal: { AWS: POD } },
        { Action: 'sts:TagSession', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }, Principal: { AWS: POD } },
      ],
    });
  });

  test.each([
    [{ profile: 'a b' }, "'a b' is not a profile name"],
    [{ profile: 'default' }, "has a profile 'default' already"],
    [{ externalId: '' }, "'' is not an external id"],
    [{ externalId: '*' }, "'*' is not an external id"],
    [{ organizationId: '*' }, "'*' is not the id of an organisation"],
    [{ duration: Duration.hours(2) }, 'duration is 7200 seconds; whole seconds from 900 to 3600'],
    [{ sessionTagKeys: [] }, 'sessionTagKeys has to be a list of 1 to 50 keys'],
    [{ roleSessionName: 'a b' }, "'a b' is not a role session name"],
    [{ region: 'nowhere' }, "'nowhere' is not a region"],
  ])('fails for %j', (options, message) => {
    expect(() => linked(options)).toThrow(message);
  });

  test.each([[{ profile: 'a b' }, "'a b' is not a profile name"], [{ region: '' }, "'' is not a region"], [{ roleSessionName: 'x' }, 'is not a role session name']])(
    'fails for a chain with %j', (props, message) => {
      const { tools, pod } = chainWorld();
      expect(() => new RoleChain(tools, 'Other', { role: pod, ...props })).toThrow(message);
    });
});

test('region and session name of the chain go for its links, unless these say others', () => {
  const { a, tools, pod } = chainWorld();
  const chain = new RoleChain(tools, 'Other', { role: pod, region: 'eu-west-1', roleSessionName: 'tools' });
  const links = [
    chain.to(new ChainedRole(a, 'One'), { profile: 'one' }),
    chain.to(new ChainedRole(a, 'Two'), { profile: 'two', region: 'us-east-1', roleSessionName: 'two' }),
  ];
  expect(links.map(({ region, roleSessionName }) => [region, roleSessionName])).toEqual([['eu-west-1', 'tools'], ['us-east-1', 'two']]);
});

describe('imported roles', () => {
  const IMPORTED = 'arn:aws:iam::567890123456:role/theirs';

  test('are named by the caller, and their owner is told what to add', () => {
    const { app, tools, chain } = chainWorld();
    const link = chain.to(Role.fromRoleArn(tools, 'Theirs', IMPORTED), { profile: 'theirs', externalId: 'id-1' });
    const statement = '{"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"id-1"}},"Effect":"Allow",'
      + '"Principal":{"AWS":"arn:aws:iam::123456789012:role/pod"}}';

    expect(link.trustStatements().map(one => JSON.stringify(one.toStatementJson()))).toEqual([statement]);
    expect(warningsIn(tools)).toEqual([
      `profile theirs: ${IMPORTED} is not made here: its owner has to add to its trust policy: ${statement} [ack: cdk-irsa:trustOfImportedRole]`,
    ]);
    expect(deployedRoles(app).get(POD)!.identityPolicies).toEqual([{
      Version: '2012-10-17', Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Resource: IMPORTED }],
    }]);
  });

  test('with the statement that is printed, the hop is allowed', () => {
    const { app, tools, chain } = chainWorld();
    const link = chain.to(Role.fromRoleArn(tools, 'Theirs', IMPORTED), { profile: 'theirs', externalId: 'id-1', sessionTagKeys: ['team'] });
    const trustPolicy = { Version: '2012-10-17', Statement: link.trustStatements().map(one => one.toStatementJson() as unknown) };
    const identityPolicies = deployedRoles(app).get(POD)!.identityPolicies;
    const ask = (externalId?: string) => evaluateAssumeRole({ caller: { arn: POD, identityPolicies }, roleArn: IMPORTED, trustPolicy, externalId, tags: { team: 'a' } }).verdict;
    expect([ask('id-1'), ask('id-2'), ask()]).toEqual(['allowed', 'denied', 'denied']);
  });

  test('in the middle of a chain, their owner is told about both sides', () => {
    const { app, a, tools, chain } = chainWorld();
    const link = chain.to(Role.fromRoleArn(tools, 'Theirs', IMPORTED), { profile: 'theirs' })
      .to(new ChainedRole(a, 'Admin', { roleName: 'admin' }), { profile: 'a', sourceIdentity: true });
    expect(link.permissionStatement().toStatementJson()).toEqual({ Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'], Effect: 'Allow', Resource: ADMIN });
    expect(warningsIn(tools)).toEqual([
      expect.stringContaining('cdk-irsa:trustOfImportedRole'),
      `profile a: ${IMPORTED} is not made here: its owner has to add to its own policy: {"Action":["sts:AssumeRole","sts:SetSourceIdentity"],"Effect":"Allow",`
      + `"Resource":"${ADMIN}"} [ack: cdk-irsa:permissionOfImportedRole]`,
    ]);
    expect(JSON.stringify(deployedRoles(app).get(ADMIN)!.trustPolicy)).toContain(IMPORTED);
    expect(a.dependencies).toEqual([]);
  });

  test('of the same account get the permission from CDK', () => {
    const { a, tools } = chainWorld();
    const chain = new RoleChain(tools, 'Other', { role: Role.fromRoleName(tools, 'Legacy', 'legacy') });
    chain.to(new ChainedRole(a, 'Admin', { roleName: 'admin' }), { profile: 'a' });
    expect(warningsIn(tools)).toEqual([]);
    Template.fromStack(tools).hasResourceProperties('AWS::IAM::Policy', { Roles: ['legacy'], PolicyDocument: { Statement: [{ Action: 'sts:AssumeRole' }] } });
  });

  test('that may not be changed are left alone', () => {
    const { a, tools, pod } = chainWorld();
    const chain = new RoleChain(tools, 'Other', { role: pod.withoutPolicyUpdates() });
    chain.to(new ChainedRole(a, 'Admin', { roleName: 'admin' }).withoutPolicyUpdates(), { profile: 'a' });
    chain.to(new ChainedRole(a, 'Admin2', { roleName: 'admin2' }), { profile: 'a2' });
    expect(messageOf(() => tools.node.root instanceof App && tools.node.root.synth())).toContain('[A/Admin] nobody could assume the role: no chain leads to it');
  });

  test('whose ARN is known after deployment only are said so', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const chain = new RoleChain(stack, 'Chain', { role: new Role(stack, 'Pod', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }) });
    const link = chain.to(Role.fromRoleArn(stack, 'Theirs', IMPORTED), { profile: 'theirs' });
    expect(warningsIn(stack)).toEqual([expect.stringContaining('"Principal":{"AWS":"<the ARN of Stack/Pod, known after deployment>"}')]);
    expect(stack.resolve(link.trustStatements()[0].toStatementJson())).toMatchObject({ Principal: { AWS: { 'Fn::GetAtt': [expect.stringMatching(/^Pod/), 'Arn'] } } });
  });

  test('by an ARN from a parameter, in the stack of the caller', () => {
    const { app, tools, chain } = chainWorld();
    const parameter = new CfnParameter(tools, 'RoleArn');
    chain.to(Role.fromRoleArn(tools, 'Theirs', parameter.valueAsString), { profile: 'theirs' });
    expect(JSON.stringify(app.synth().getStackByName('Tools').template)).toContain('"Resource":{"Ref":"RoleArn"}');
  });
});

describe('Role.customizeRoles', () => {
  test('reports the permission of the caller, and the trust of the callee is told to its owner', () => {
    const app = new App();
    Role.customizeRoles(app, { usePrecreatedRoles: { 'Tools/Pod': 'pod', 'A/Admin': 'admin' } });
    const [tools, a] = [new Stack(app, 'Tools', { env: TOOLS }), new Stack(app, 'A', { env: A })];
    new RoleChain(tools, 'Chain', { role: podRole(tools) }).to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    expect(warningsIn(tools)).toEqual([expect.stringContaining('arn:aws:iam::345678901234:role/admin is not made here: its owner has to add to its trust policy')]);
    expect(resourcesOf(a, 'AWS::IAM::Role')).toEqual([]);
  });
});

describe('several chains', () => {
  test('may lead to one role, each caller by its own ARN', () => {
    const { app, tools, a, chain } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(role, { profile: 'a' });
    new RoleChain(tools, 'Other', { role: podRole(tools, 'Pod2', 'pod2', 'https://example.com/2') }).to(role, { profile: 'a' });
    podRole(tools, 'Pod3', 'pod3', 'https://example.com/3');
    const roles = deployedRoles(app);
    expect(['pod', 'pod2', 'pod3'].map(name => verdictOf(roles, `arn:aws:iam::123456789012:role/${name}`, ADMIN))).toEqual(['allowed', 'allowed', 'denied']);
  });

  test('may meet again: a diamond', () => {
    const { app, a, chain } = chainWorld();
    const [left, right, end] = ['left', 'right', 'end'].map(name => new ChainedRole(a, name, { roleName: name }));
    chain.to(left, { profile: 'left' }).to(end, { profile: 'end-by-left' });
    chain.to(right, { profile: 'right' }).to(end, { profile: 'end-by-right' });
    const roles = deployedRoles(app);
    const arn = (name: string) => `arn:aws:iam::345678901234:role/${name}`;
    expect(verdictOf(roles, arn('left'), arn('end'))).toBe('allowed');
    expect(verdictOf(roles, arn('right'), arn('end'))).toBe('allowed');
    expect(verdictOf(roles, POD, arn('end'))).toBe('denied');
  });

  test('two profiles for one hop are one statement', () => {
    const { app, a, chain } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(role, { profile: 'a', region: 'eu-west-1' });
    chain.to(role, { profile: 'a-us', region: 'us-east-1' });
    expect((deployedRoles(app).get(ADMIN)!.trustPolicy as { Statement: unknown[] }).Statement).toHaveLength(1);
  });

  test('fail for a profile that is there already', () => {
    const { a, chain } = chainWorld();
    const link = chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    expect(() => link.to(new ChainedRole(a, 'Other'), { profile: 'a' })).toThrow("Tools/Chain has a profile 'a' already; give the one of A/Other another name");
  });
});

describe('an IrsaRole that is assumed by another role', () => {
  test('keeps its trust in service accounts', () => {
    const { app, a, chain } = chainWorld();
    chain.to(podRole(a, 'Other', 'other'), { profile: 'other' });
    const roles = deployedRoles(app);
    expect(verdictOf(roles, POD, 'arn:aws:iam::345678901234:role/other')).toBe('allowed');
    expect(JSON.stringify(roles.get('arn:aws:iam::345678901234:role/other')!.trustPolicy)).toContain('system:serviceaccount:default:reader');
  });

  test('may have an issuer that is known only at deployment', () => {
    const { app, a, chain } = chainWorld();
    chain.to(podRole(a, 'Other', 'other', new CfnParameter(a, 'Issuer').valueAsString), { profile: 'other' });
    const trust = JSON.stringify(app.synth().getStackByName('A').template.Resources);
    expect(trust).toContain(':iam::123456789012:role/pod');
    expect(trust).toContain('Fn::Join');
  });
});

describe('a role, a key and a bucket of another account that name it', () => {
  test('have no cycle, and are deployed in the right order', () => {
    const { app, a, tools, pod, chain } = chainWorld();
    const key = new Key(tools, 'Key');
    key.grantEncryptDecrypt(pod);
    const admin = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(admin, { profile: 'a' });
    const bucketKey = new Key(a, 'BucketKey');
    const bucket = new Bucket(a, 'Bucket', { bucketName: 'reports', encryptionKey: bucketKey });
    bucket.grantRead(admin);
    bucket.addToResourcePolicy(new PolicyStatement({ actions: ['s3:PutObject'], principals: [pod], resources: [bucket.arnForObjects('*')] }));
    bucketKey.addToResourcePolicy(new PolicyStatement({ actions: ['kms:GenerateDataKey'], principals: [pod], resources: ['*'] }));
    pod.deployBefore(bucket.policy!, bucketKey);

    const assembly = app.synth();
    const ids = (id: string) => assembly.getStackByName(id).dependencies.map(artifact => artifact.id).filter(name => !name.endsWith('.assets'));
    expect([ids('Tools'), ids('A')]).toEqual([[], ['Tools']]);
    expect(assembly.stacks.map(({ id }) => id)).toEqual(['Tools', 'A']);
    expect(JSON.stringify(resourcesOf(a, 'AWS::S3::BucketPolicy'))).toContain(':iam::123456789012:role/pod');
    expect(acyclic(a)).toBe(true);
    expect(acyclic(tools)).toBe(true);
  });

  test('a role in the middle of a chain can be waited for as well', () => {
    const { app, a, chain } = chainWorld();
    const third = new Stack(app, 'Third', { env: { account: '999999999999', region: 'eu-west-1' } });
    const admin = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(admin, { profile: 'a' });
    const bucket = new Bucket(third, 'Bucket', { bucketName: 'reports' });
    bucket.grantRead(admin);
    admin.deployBefore(bucket.policy!);
    app.synth();
    expect(third.dependencies).toEqual([a]);
    expect(a.dependencies.map(stack => stack.node.id)).toEqual(['Tools']);
  });
});

/** Whether CloudFormation can deploy the resources of a template one after the other. */
function acyclic(stack: Stack): boolean {
  const { Resources: resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { DependsOn?: string[] }> };
  const ids = Object.keys(resources);
  const edges = new Map(ids.map(id => [id, ids.filter(other => other !== id
    && (JSON.stringify(resources[id]).includes(`{"Fn::GetAtt":["${other}",`) || JSON.stringify(resources[id]).includes(`{"Ref":"${other}"}`) || resources[id].DependsOn?.includes(other)))]));
  const done = new Set<string>();
  for (let progress = true; progress;) {
    progress = false;
    for (const id of ids.filter(candidate => !done.has(candidate) && edges.get(candidate)!.every(other => done.has(other)))) {
      done.add(id);
      progress = true;
    }
  }
  return done.size === ids.length;
}
