import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { A, chainWorld, podRole, TOOLS } from './chain-world';
import { onlyRole, resourcesOf } from './helpers';
import { ChainedRole, RoleChain } from '../../src';
import { messageOf } from '../k8s/helpers';

describe('ChainedRole', () => {
  test('is an iam.Role with what iam.Role offers', () => {
    const { a, chain } = chainWorld();
    const boundary = ManagedPolicy.fromManagedPolicyName(a, 'Boundary', 'boundary');
    const role = new ChainedRole(a, 'Admin', {
      roleName: 'admin',
      description: 'administers',
      path: '/team/',
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')],
      inlinePolicies: { inline: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] })] }) },
      permissionsBoundary: boundary,
    });
    new Bucket(a, 'Bucket').grantRead(role);
    chain.to(role, { profile: 'a' });

    expect(role).toBeInstanceOf(Role);
    expect(onlyRole(a)).toMatchObject({
      RoleName: 'admin',
      Description: 'administers',
      Path: '/team/',
      ManagedPolicyArns: [{ 'Fn::Join': expect.anything() }],
      Policies: [{ PolicyName: 'inline' }],
      PermissionsBoundary: { 'Fn::Join': expect.anything() },
    });
    expect(resourcesOf(a, 'AWS::IAM::Policy')).toHaveLength(1);
  });

  test('has a name at synth, as an IrsaRole has, where account and region are known', () => {
    const { a, chain } = chainWorld();
    chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    expect(onlyRole(a).RoleName).toMatch(/^A-Admin-[0-9a-f]{10}$/);
  });

  test('is named by CloudFormation elsewhere', () => {
    const stack = new Stack(new App(), 'Stack');
    new RoleChain(stack, 'Chain', { role: podRole(stack, 'Pod', '') }).to(new ChainedRole(stack, 'Admin'), { profile: 'a' });
    expect(resourcesOf(stack, 'AWS::IAM::Role').map(({ Properties }) => Properties.RoleName)).toEqual([undefined, undefined]);
  });

  test.each(['', 'two words', 'a'.repeat(65), 'a/b'])('fails for the name %j', roleName => {
    expect(() => new ChainedRole(new Stack(), 'Role', { roleName })).toThrow('is not a role name');
  });

  test('fails when no chain leads to it', () => {
    const app = new App();
    new ChainedRole(new Stack(app, 'A', { env: A }), 'Admin', { roleName: 'admin' });
    expect(messageOf(() => app.synth())).toContain('[A/Admin] nobody could assume the role: no chain leads to it; add it to one with RoleChain.to, or use an iam.Role');
  });

  test('is left to others by Role.customizeRoles', () => {
    const app = new App();
    Role.customizeRoles(app, { usePrecreatedRoles: { 'Stack/Role': 'theirs' } });
    const stack = new Stack(app, 'Stack', { env: TOOLS });
    new ChainedRole(stack, 'Role');
    expect(() => app.synth()).not.toThrow();
    expect(Template.fromStack(stack).findResources('AWS::IAM::Role')).toEqual({});
  });
});
