import { App, Aws, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ADMIN, chainWorld, POD, podRole } from './chain-world';
import { READER } from './helpers';
import { ChainedRole, Controller, PodIdentityAssociation, RoleChain } from '../../src';

describe('circles', () => {
  test('fail for a role that would assume itself', () => {
    const { pod, chain, tools } = chainWorld();
    expect(() => chain.to(pod, { profile: 'self' })).toThrow('Tools/Pod would assume itself');
    const [one, two] = ['One', 'Two'].map(id => Role.fromRoleArn(tools, id, ADMIN));
    expect(() => chain.to(one, { profile: 'one' }).to(two, { profile: 'two' })).toThrow('Tools/One would assume itself');
  });

  test('fail where roles would have to exist before each other', () => {
    const { a, chain } = chainWorld();
    const [one, two, three] = ['One', 'Two', 'Three'].map(id => new ChainedRole(a, id));
    const link = chain.to(one, { profile: '1' }).to(two, { profile: '2' }).to(three, { profile: '3' });
    expect(() => link.to(one, { profile: '4' })).toThrow('A/One is assumed on the way to A/Three already: each of the two roles would have to exist before the other');
  });

  test('fail from chain to chain', () => {
    const { a, tools, pod, chain } = chainWorld();
    const other = podRole(a, 'Other', 'other');
    chain.to(other, { profile: 'other' });
    const back = new RoleChain(a, 'Back', { role: other });
    expect(() => back.to(pod, { profile: 'back' })).toThrow('Tools/Pod is assumed on the way to A/Other already');
    expect(tools.dependencies).toEqual([]);
  });

  test('fail for a role of ours that is assumed again by its ARN', () => {
    const { tools, a, chain } = chainWorld();
    const again = Role.fromRoleArn(a, 'Again', POD);
    expect(() => chain.to(again, { profile: 'again' })).toThrow('Tools/Pod would assume itself');
    expect(tools.dependencies).toEqual([]);
  });
});

describe('what is no role', () => {
  const WILD: [string, (scope: Construct) => IRole, string][] = [
    ['by its name', scope => Role.fromRoleName(scope, 'Any', '*'), "'arn:aws:iam::345678901234:role/*'"],
    ['by a part of its name', scope => Role.fromRoleName(scope, 'Any', 'team-*'), "'arn:aws:iam::345678901234:role/team-*'"],
    ['by one character', scope => Role.fromRoleName(scope, 'Any', 'team-?'), "'arn:aws:iam::345678901234:role/team-?'"],
    ['in an ARN in any partition', scope => Role.fromRoleArn(scope, 'Any', `arn:${Aws.PARTITION}:iam::999999999999:role/*`), "'arn:aws:iam::999999999999:role/*'"],
    ['in an ARN with a parameter', scope => Role.fromRoleArn(scope, 'Any', `arn:aws:iam::${new CfnParameter(scope, 'Account').valueAsString}:role/*`), ":role/*'"],
    ['as AWS::NoValue', scope => Role.fromRoleName(scope, 'Any', Aws.NO_VALUE), 'AWS::NoValue'],
  ];
  const message = (arn: string) => `${arn.replace(/^'/, "A/Any has '")}`;

  describe.each(WILD)('%s', (_, make, arn) => {
    test('fails as the end of a hop', () => {
      const { a, chain } = chainWorld();
      expect(() => chain.to(make(a), { profile: 'a' })).toThrow(message(arn));
      expect(() => chain.to(make(new Construct(a, 'Other')), { profile: 'a' })).toThrow('which is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME): it has to be one role; pass each by itself');
    });

    test('fails as the beginning of a chain', () => {
      const { a } = chainWorld();
      const chain = new RoleChain(a, 'Chain', { role: make(a) });
      expect(() => chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' })).toThrow(message(arn));
    });

    test('fails as the target, and as the role, of an association', () => {
      const { a } = chainWorld();
      const associate = (role: IRole, targetRole?: IRole) => () => new PodIdentityAssociation(a, targetRole ? 'ToTarget' : 'Plain', {
        clusterName: 'production', role, targetRole, subject: READER,
      });
      const role = make(a);
      expect(associate(Role.fromRoleName(a, 'Fine', 'fine'), role)).toThrow(message(arn));
      expect(associate(role)).toThrow(message(arn));
    });

    test('fails as the role of nodes that Karpenter may pass', () => {
      const { a } = chainWorld();
      expect(() => Controller.karpenter({ clusterName: 'production', nodeRoles: [Role.fromRoleName(a, 'Fine', 'fine'), make(a)] })).toThrow(message(arn));
    });
  });

  test.each(['arn:aws:iam::999999999999:role/fine', undefined])('fails at synth for an ARN that got its wildcard later, and was %s', first => {
    const { app, tools, chain } = chainWorld();
    let arn = first;
    chain.to(Role.fromRoleArn(tools, 'Any', Lazy.uncachedString({ produce: () => arn as string })), { profile: 'a' });
    arn = 'arn:aws:iam::999999999999:role/*';
    expect(() => app.synth()).toThrow("Tools/Any has 'arn:aws:iam::999999999999:role/*'");
  });

  test('fails at synth for a lazy ARN with a wildcard as the role, and as the target, of an association', () => {
    const { app, a } = chainWorld();
    const lazy = (id: string) => Role.fromRoleArn(a, id, Lazy.string({ produce: () => `arn:aws:iam::${a.account}:role/*` }));
    new PodIdentityAssociation(a, 'Plain', { clusterName: 'production', role: lazy('Any'), subject: READER });
    new PodIdentityAssociation(a, 'ToTarget', { clusterName: 'staging', role: Role.fromRoleName(a, 'Fine', 'fine'), targetRole: lazy('Target'), subject: READER });

    expect(() => app.synth()).toThrow(/A\/Any has 'arn:aws:iam::\d+:role\/\*'[^]*A\/Target has 'arn:aws:iam::\d+:role\/\*'/);
  });

  test('does not settle a lazy ARN, which may come later', () => {
    const { a } = chainWorld();
    let name = 'early';
    const role = Role.fromRoleArn(a, 'Late', Lazy.string({ produce: () => `arn:aws:iam::${a.account}:role/${name}` }));
    new PodIdentityAssociation(a, 'Association', { clusterName: 'production', role, subject: READER });
    const controller = Controller.karpenter({ clusterName: 'production', nodeRoles: [role] });
    name = 'late';
    new Role(a, 'Karpenter', { assumedBy: new ServicePrincipal('ec2.amazonaws.com'), inlinePolicies: { karpenter: controller.policyDocument(a) } });

    const template = JSON.stringify(Template.fromStack(a).toJSON());
    expect(template).toContain(':role/late');
    expect(template).not.toContain(':role/early');
  });

  test('passes for a role that the CDK CLI has yet to look up', () => {
    const { a, chain } = chainWorld();
    const role = Role.fromLookup(a, 'LookedUp', { roleName: 'later' });
    expect(role.roleArn).toContain('DUMMY');
    expect(() => chain.to(role, { profile: 'a' })).not.toThrow();
    expect(() => Controller.karpenter({ clusterName: 'production', nodeRoles: [role] })).not.toThrow();
    expect(() => new PodIdentityAssociation(a, 'Association', { clusterName: 'production', role, subject: READER })).not.toThrow();
  });

  test('fails at synth for an ARN that comes to nothing', () => {
    const { app, tools, chain } = chainWorld();
    chain.to(Role.fromRoleArn(tools, 'Any', Lazy.string({ produce: () => undefined as unknown as string })), { profile: 'a' });
    expect(() => app.synth()).toThrow("Tools/Any has 'undefined', which is not the ARN of a role");
  });

  test.each<[string, (scope: Construct) => IRole]>([
    ['by its name', scope => Role.fromRoleName(scope, 'One', 'path/to/one')],
    ['by its ARN in any partition', scope => Role.fromRoleArn(scope, 'One', `arn:${Aws.PARTITION}:iam::999999999999:role/one`)],
    ['by a parameter', scope => Role.fromRoleArn(scope, 'One', new CfnParameter(scope, 'Arn').valueAsString)],
    ['by an export', scope => Role.fromRoleArn(scope, 'One', Fn.importValue('one'))],
    ['made by this app', scope => new Role(scope, 'One', { assumedBy: new ServicePrincipal('ec2.amazonaws.com'), roleName: 'one' })],
  ])('passes for a role %s', (_, make) => {
    const { tools, chain } = chainWorld();
    const role = make(tools);
    expect(() => chain.to(role, { profile: 'a' })).not.toThrow();
    expect(() => Controller.karpenter({ clusterName: 'production', nodeRoles: [role] })).not.toThrow();
  });

  test('passes for a role by its name in a stack without an environment', () => {
    const stack = new Stack(new App(), 'Stack');
    const chain = new RoleChain(stack, 'Chain', { role: podRole(stack) });
    expect(() => chain.to(Role.fromRoleName(stack, 'One', 'one'), { profile: 'a' })).not.toThrow();
  });

  test.each(['arn:aws:iam::345678901234:role/*', 'arn:aws:iam::*:role/admin', 'arn:aws:sts::345678901234:role/admin'])('fails for %s', arn => {
    const { a, chain } = chainWorld();
    expect(() => chain.to(Role.fromRoleArn(a, 'Any', arn), { profile: 'a' })).toThrow(`A/Any has '${arn}', which is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME)`);
  });
});
