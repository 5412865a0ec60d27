import { App as CdkApp, type Stack } from 'aws-cdk-lib';
import { CfnRole, Role } from 'aws-cdk-lib/aws-iam';
import { App, Lazy } from 'cdk8s';
import { ACCOUNT, manifestOf, messageOf, newAgnosticStack, newRole, newStack, synth } from './helpers';
import { CdkTokenResolver, IrsaServiceAccount, Manifests } from '../../src';
import { roleArn } from '../../src/k8s/role-arn';

const ARN = `arn:aws:iam::${ACCOUNT}:role/reader`;

describe('roleArn', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = newStack(new CdkApp());
  });

  test('without the resolver is looked up again when it is rendered: the role may have been renamed', () => {
    const role = newRole(stack, 'Role', { roleName: 'before' });
    const arn = roleArn('user', role, new App());
    (role.node.defaultChild as CfnRole).roleName = 'reader';

    expect(arn).toBeInstanceOf(Lazy);
    expect((arn as { produce(): unknown }).produce()).toBe(ARN);
  });

  test('without the resolver fails when the role is renamed to what is no name, once it is rendered', () => {
    const role = newRole(stack, 'Role', { roleName: 'before' });
    const arn = roleArn('user', role, new App());
    (role.node.defaultChild as CfnRole).addPropertyOverride('RoleName', 'two words');

    expect(messageOf(() => (arn as { produce(): unknown }).produce())).toContain(`'arn:aws:iam::${ACCOUNT}:role/two words' is not the ARN of a role`);
  });

  test.each<[string, (scope: Stack) => App]>([
    ['the resolver', () => new App({ resolvers: [new CdkTokenResolver()] })],
    ['Manifests', scope => new Manifests(scope, 'Manifests').app],
  ])('with %s does not fail for what only CloudFormation knows: that comes when it is rendered', (_with, app) => {
    const role = newRole(newAgnosticStack(stack.node.root as CdkApp, 'Agnostic'));

    expect(() => roleArn('user', role, app(stack))).not.toThrow();
  });

  test('without the resolver fails at once for what only CloudFormation knows, naming user and role', () => {
    const role = newRole(newAgnosticStack(stack.node.root as CdkApp, 'Agnostic'));

    expect(messageOf(() => roleArn('user', role, new App()))).toContain('user: the ARN of Agnostic/Role is known only at deployment; put the chart into a Manifests construct');
  });

  test('in Manifests is a placeholder that is never filled in for a role that Role.customizeRoles reports without a name', () => {
    Role.customizeRoles(stack);
    const chart = new Manifests(stack, 'Manifests').addChart('chart');
    new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
    const assembly = synth(stack.node.root as CdkApp);

    expect(manifestOf(assembly, 'ServiceAccount').metadata.annotations?.['eks.amazonaws.com/role-arn']).toMatch(/^\$\{cdk-irsa:Stack\/Role\.Arn-[0-9a-f]{8}\}$/);
  });

  test('in an own app fails for a role that Role.customizeRoles reports without a name', () => {
    Role.customizeRoles(stack);

    expect(messageOf(() => roleArn('user', newRole(stack), new App()))).toContain("role' is not the ARN of a role");
  });
});
