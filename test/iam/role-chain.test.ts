import { App, Aspects, type Environment, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { A, podRole, TOOLS } from './chain-world';
import { deployedRoles, verdictOf } from './deployed-roles';
import { resourcesOf } from './helpers';
import { ChainedRole, RoleChain } from '../../src';
import type { RoleWithPolicies } from '../../src/check/chain';

const B = { account: '567890123456', region: 'eu-central-1' };

function stackIn(scope: App | Stage, id: string, env?: Environment): Stack {
  return new Stack(scope, id, { env });
}

/** Which of the roles may assume which, by the ends of their ARNs. */
function edges(roles: ReadonlyMap<string, RoleWithPolicies>, request = {}): string[] {
  const arns = [...roles.keys()];
  const short = (text: string) => text.replace(/^.*:(\d)\d{11}:role\//, '$1/');
  return arns.flatMap(from => arns.filter(to => to !== from && verdictOf(roles, from, to, request) === 'allowed').map(to => `${short(from)} → ${short(to)}`)).sort();
}

describe('three accounts', () => {
  function threeAccounts(order: string[] = ['Tools', 'A', 'B']) {
    const app = new App();
    const envs: Record<string, Environment> = { Tools: TOOLS, A, B };
    const stacks = Object.fromEntries(order.map(id => [id, stackIn(app, id, envs[id])]));
    const pod = podRole(stacks.Tools);
    const adminA = new ChainedRole(stacks.A, 'Admin', { roleName: 'admin' });
    const adminB = new ChainedRole(stacks.B, 'Admin', { roleName: 'admin' });
    const special = new ChainedRole(stacks.B, 'Special', { roleName: 'special', path: '/team/' });
    const chain = new RoleChain(stacks.Tools, 'Chain', { role: pod });
    chain.to(adminA, { profile: 'a' });
    chain.to(adminB, { profile: 'b' }).to(special, { profile: 'special' });
    return { app, stacks, chain };
  }

  test('each hop is allowed, each shortcut and each way back denied', () => {
    expect(edges(deployedRoles(threeAccounts().app))).toEqual(['1/pod → 3/admin', '1/pod → 5/admin', '5/admin → 5/team/special']);
  });

  test('both sides name the other by its exact ARN', () => {
    const { stacks } = threeAccounts();
    const literal = (text: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, text]] });
    Template.fromStack(stacks.Tools).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([{ Action: 'sts:AssumeRole', Effect: 'Allow', Resource: literal(':iam::345678901234:role/admin') }]) },
    });
    expect(resourcesOf(stacks.A, 'AWS::IAM::Role')[0].Properties.AssumeRolePolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: literal(':iam::123456789012:role/pod') } }],
    });
    Template.fromStack(stacks.B).hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'special',
      AssumeRolePolicyDocument: { Statement: [{ Principal: { AWS: { 'Fn::GetAtt': [Match.stringLikeRegexp('Admin'), 'Arn'] } } }] },
    });
  });

  test.each([[['Tools', 'A', 'B']], [['B', 'A', 'Tools']], [['A', 'Tools', 'B']]])('stacks declared in the order %j are deployed after the caller, and none before it', order => {
    const { app, stacks } = threeAccounts(order);
    const assembly = app.synth();
    const dependencies = (id: string) => assembly.getStackArtifact(stacks[id].artifactId).dependencies.map(artifact => artifact.id).filter(name => !name.endsWith('.assets'));
    expect([dependencies('Tools'), dependencies('A'), dependencies('B')]).toEqual([[], ['Tools'], ['Tools']]);
  });

  test('links know their profiles, in the order they were added', () => {
    const { chain } = threeAccounts();
    expect(chain.links.map(({ profile, sourceProfile, role }) => [sourceProfile, profile, role.node.path])).toEqual([
      ['default', 'a', 'A/Admin'], ['default', 'b', 'B/Admin'], ['b', 'special', 'B/Special'],
    ]);
    chain.links.pop();
    expect(chain.links).toHaveLength(3);
  });

  test('warns of nothing: all roles are ours', () => {
    const { app, stacks } = threeAccounts();
    app.synth();
    Object.values(stacks).forEach(stack => expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]));
  });
});

describe('wherever the roles are', () => {
  test('generated names lead across accounts as well', () => {
    const app = new App();
    const [tools, a] = [stackIn(app, 'Tools', TOOLS), stackIn(app, 'A', A)];
    new RoleChain(tools, 'Chain', { role: podRole(tools, 'Pod', '') }).to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    expect(edges(deployedRoles(app))).toEqual([expect.stringMatching(/^1\/Tools-Pod-\w{10} → 3\/A-Admin-\w{10}$/)]);
  });

  test('in one stack, CloudFormation sees the reference', () => {
    const app = new App();
    const stack = stackIn(app, 'Stack', TOOLS);
    new RoleChain(stack, 'Chain', { role: podRole(stack) }).to(new ChainedRole(stack, 'Next', { roleName: 'next' }), { profile: 'next' });
    expect(edges(deployedRoles(app))).toEqual(['1/pod → 1/next']);
    expect(JSON.stringify(resourcesOf(stack, 'AWS::IAM::Role').map(role => role.DependsOn ?? []))).toBe('[[],[]]');
  });

  test.each([
    ['one environment', TOOLS, TOOLS],
    ['two regions of one account', TOOLS, { ...TOOLS, region: 'us-east-1' }],
    ['no environment', undefined, undefined],
  ])('in two stacks of %s, there is no cycle and no export', (_what, env, otherEnv) => {
    const app = new App();
    const [callee, caller] = [stackIn(app, 'Callee', otherEnv), stackIn(app, 'Caller', env)];
    const role = new ChainedRole(callee, 'Next', { roleName: 'next' });
    new RoleChain(caller, 'Chain', { role: podRole(caller) }).to(role, { profile: 'next' });

    const account = env ? '1' : '9';
    expect(edges(deployedRoles(app))).toEqual([`${account}/pod → ${account}/next`]);
    expect(callee.dependencies).toEqual([caller]);
    expect(caller.dependencies).toEqual([]);
    expect([callee, caller].map(stack => (Template.fromStack(stack).toJSON() as { Outputs?: unknown }).Outputs)).toEqual([undefined, undefined]);
  });

  test('in one stack without an environment, names are left to CloudFormation', () => {
    const app = new App();
    const stack = stackIn(app, 'Stack');
    new RoleChain(stack, 'Chain', { role: podRole(stack, 'Pod', '') }).to(new ChainedRole(stack, 'Next'), { profile: 'next' });
    expect(edges(deployedRoles(app))).toEqual([expect.stringMatching(/^9\/Stack-Pod\w+ → 9\/Stack-Next\w+$/)]);
  });

  test.each([['callee', true], ['caller', false]])('the %s may be in a nested stack', (_what, calleeNested) => {
    const app = new App();
    const stack = stackIn(app, 'Stack', TOOLS);
    const nested = new NestedStack(stack, 'Nested');
    const [from, to] = calleeNested ? [stack, nested] : [nested, stack];
    new RoleChain(stack, 'Chain', { role: podRole(from) }).to(new ChainedRole(to, 'Next', { roleName: 'next' }), { profile: 'next' });
    Template.fromStack(stack);
    const waiting = calleeNested
      ? resourcesOf(stack, 'AWS::CloudFormation::Stack')[0]
      : resourcesOf(stack, 'AWS::IAM::Role')[0];
    expect(waiting.DependsOn).toEqual([expect.stringMatching(calleeNested ? /^Pod/ : /^Nested/)]);
  });

  test('partitions other than aws work alike', () => {
    const app = new App();
    const china = { account: '123456789012', region: 'cn-north-1' };
    const [one, two] = [stackIn(app, 'One', china), stackIn(app, 'Two', { ...A, region: 'cn-northwest-1' })];
    new RoleChain(one, 'Chain', { role: podRole(one) }).to(new ChainedRole(two, 'Next', { roleName: 'next' }), { profile: 'next' });
    const roles = deployedRoles(app);
    expect(verdictOf(roles, 'arn:aws-cn:iam::123456789012:role/pod', 'arn:aws-cn:iam::345678901234:role/next')).toBe('allowed');
  });

  test('fails across partitions', () => {
    const app = new App();
    const [tools, china] = [stackIn(app, 'Tools', TOOLS), stackIn(app, 'China', { ...A, region: 'cn-north-1' })];
    const chain = new RoleChain(tools, 'Chain', { role: podRole(tools) });
    expect(() => chain.to(new ChainedRole(china, 'Admin'), { profile: 'a' })).toThrow('Tools/Pod is in the partition aws and China/Admin in aws-cn');
    const imported = Role.fromRoleArn(tools, 'Imported', 'arn:aws-us-gov:iam::123456789012:role/x');
    expect(() => chain.to(imported, { profile: 'a' })).toThrow('Tools/Pod is in the partition aws and Tools/Imported in aws-us-gov');
  });

  test('a name that an aspect gives late is what both sides say', () => {
    const app = new App();
    const [tools, a] = [stackIn(app, 'Tools', TOOLS), stackIn(app, 'A', A)];
    new RoleChain(tools, 'Chain', { role: podRole(tools) }).to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    Aspects.of(app).add({ visit: node => { if (node instanceof CfnRole) { node.roleName = `renamed-${node.stack.stackName}`; } } });
    expect(edges(deployedRoles(app))).toEqual(['1/renamed-Tools → 3/renamed-A']);
  });

  test('in one Stage the order is kept; from Stage to Stage it is up to who deploys them, and is said', () => {
    const app = new App();
    const [first, second] = [new Stage(app, 'First'), new Stage(app, 'Second')];
    const tools = stackIn(first, 'Tools', TOOLS);
    const [a, b, same] = [stackIn(first, 'A', A), stackIn(second, 'B', B), stackIn(second, 'Same', TOOLS)];
    const chain = new RoleChain(tools, 'Chain', { role: podRole(tools) });
    chain.to(new ChainedRole(a, 'Admin', { roleName: 'a' }), { profile: 'a' });
    chain.to(new ChainedRole(b, 'Admin', { roleName: 'b' }), { profile: 'b' });
    chain.to(new ChainedRole(same, 'Admin', { roleName: 'same' }), { profile: 'same' });
    const assembly = app.synth();

    expect(a.dependencies).toEqual([tools]);
    expect(b.dependencies).toEqual([]);
    expect(JSON.stringify(assembly.getNestedAssembly('assembly-Second').getStackByName('Second-Same').template)).toContain(':iam::123456789012:role/pod');
    const warnings = Annotations.fromStack(tools).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
    expect(warnings).toEqual([
      expect.stringContaining('profile b: deploy First/Tools before Second/B, which is in another Stage'),
      expect.stringContaining('profile same: deploy First/Tools before Second/Same, which is in another Stage'),
    ]);
  });
});

describe('plain roles', () => {
  test('go along, with the trust that they have already', () => {
    const app = new App();
    const [tools, a] = [stackIn(app, 'Tools', TOOLS), stackIn(app, 'A', A)];
    const role = new Role(a, 'Admin', { roleName: 'admin', assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    new RoleChain(tools, 'Chain', { role: podRole(tools) }).to(role, { profile: 'a' });
    expect(edges(deployedRoles(app))).toEqual(['1/pod → 3/admin']);
    expect(JSON.stringify(resourcesOf(a, 'AWS::IAM::Role')[0].Properties)).toContain('ec2.amazonaws.com');
  });

  test('that trust the caller already say it once', () => {
    const app = new App();
    const [tools, a] = [stackIn(app, 'Tools', TOOLS), stackIn(app, 'A', A)];
    const pod = podRole(tools);
    new RoleChain(tools, 'Chain', { role: pod }).to(new Role(a, 'Admin', { roleName: 'admin', assumedBy: pod }), { profile: 'a' });
    expect((resourcesOf(a, 'AWS::IAM::Role')[0].Properties.AssumeRolePolicyDocument as { Statement: unknown[] }).Statement).toHaveLength(1);
  });

  test('may have CDK make up their names across environments', () => {
    const app = new App();
    const [tools, a] = [stackIn(app, 'Tools', TOOLS), stackIn(app, 'A', A)];
    const role = new Role(a, 'Admin', { roleName: PhysicalName.GENERATE_IF_NEEDED, assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    new RoleChain(tools, 'Chain', { role: podRole(tools) }).to(role, { profile: 'a' });
    expect(edges(deployedRoles(app))).toEqual([expect.stringMatching(/^1\/pod → 3\/aaadmin\w+$/)]);
  });

  test('may be left to CloudFormation to name in the stack of the caller', () => {
    const app = new App();
    const tools = stackIn(app, 'Tools', TOOLS);
    const role = new Role(tools, 'Admin', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    new RoleChain(tools, 'Chain', { role: podRole(tools) }).to(role, { profile: 'a' });
    expect(edges(deployedRoles(app))).toEqual([expect.stringMatching(/^1\/pod → 1\/Tools-Admin\w+$/)]);
  });

  test.each([['another account', A], ['the same account', TOOLS]])('fail without a name in %s', (_what, env) => {
    const app = new App();
    const [tools, a] = [stackIn(app, 'Tools', TOOLS), stackIn(app, 'A', env)];
    const role = new Role(a, 'Admin', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const chain = new RoleChain(tools, 'Chain', { role: podRole(tools) });
    expect(() => chain.to(role, { profile: 'a' })).toThrow('Tools has to name A/Admin, which has no name before it is deployed; give it a roleName, or make it a ChainedRole');
  });

  test('fail as callers without a name', () => {
    const app = new App();
    const [tools, a] = [stackIn(app, 'Tools', TOOLS), stackIn(app, 'A', A)];
    const role = new Role(tools, 'Pod', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    expect(() => new RoleChain(tools, 'Chain', { role }).to(new ChainedRole(a, 'Admin'), { profile: 'a' })).toThrow('A has to name Tools/Pod, which has no name');
  });

  test.each([['caller', undefined, A], ['callee', TOOLS, undefined]])('fail where only the %s has no account', (_what, env, otherEnv) => {
    const app = new App();
    const [tools, a] = [stackIn(app, 'Tools', env), stackIn(app, 'A', otherEnv)];
    const chain = new RoleChain(tools, 'Chain', { role: podRole(tools) });
    expect(() => chain.to(new ChainedRole(a, 'Admin', { roleName: 'admin' }), { profile: 'a' }))
      .toThrow('and only one of their stacks has an account, so that nobody knows whether it is the same; pass env: { account, region } to both stacks');
  });

  test('fail without a name in stacks without an environment', () => {
    const app = new App();
    const [tools, a] = [stackIn(app, 'Tools'), stackIn(app, 'A')];
    const chain = new RoleChain(tools, 'Chain', { role: podRole(tools) });
    expect(() => chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' })).toThrow('Tools has to name A/Admin, which has no name before it is deployed');
  });
});
