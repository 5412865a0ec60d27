import { App, Aspects, CfnCondition, CfnParameter, CfnResource, Fn, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ProductStack } from 'aws-cdk-lib/aws-servicecatalog';
import { ENV, literalIssuer, OTHER_ACCOUNT, READER, stackIn } from './helpers';
import {
  ChainedRole, ClusterOidcProvider, Controller, ControllerRole, IrsaRole, OrganizationOidcProvider, RoleChain, TakenOverServiceAccount,
} from '../../src';

const TWICE = /the role name '[Rr]eader' is there twice in (account 111111111111|one account), here and at/;

function provider(stack: Stack) {
  const existing = stack.node.tryFindChild('Provider') as ClusterOidcProvider | undefined;
  return existing ?? ClusterOidcProvider.fromIssuer(stack, 'Provider', { issuer: literalIssuer() });
}

function roleIn(stack: Stack, roleName: string | null = 'reader', id = 'Role'): IrsaRole {
  return new IrsaRole(stack, id, { providers: [provider(stack)], serviceAccounts: [READER], roleName: roleName ?? undefined });
}

function stageIn(app: App, id: string, account = ENV.account): Stack {
  return new Stack(new Stage(app, id, { env: { ...ENV, account } }), 'Stack');
}

function messageOf(app: App): string {
  try {
    app.synth();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the name of a role', () => {
  test('fails when another region of the account has it too, and says where and what to do', () => {
    const app = new App();
    roleIn(stackIn(app, 'A'));
    roleIn(new Stack(app, 'B', { env: { ...ENV, region: 'us-east-1' } }), 'Reader');

    const message = messageOf(app);
    expect(message).toContain("[A/Role] the role name 'reader' is there twice in account 111111111111, here and at B/Role/Resource: IAM has one list of names for all regions, "
      + 'and does not tell case apart; give one of them another roleName, or leave it out for a generated name');
    expect(message).toContain("[B/Role] the role name 'Reader' is there twice in account 111111111111, here and at A/Role/Resource");
  });

  test.each<[string, (app: App) => [Stack, Stack]]>([
    ['two stacks', app => [stackIn(app, 'A'), stackIn(app, 'B')]],
    ['a stack and a nested one', app => [stackIn(app, 'A'), new NestedStack(app.node.findChild('A'), 'Nested')]],
    ['an agnostic stack and a nested one', app => [new Stack(app, 'A'), new NestedStack(app.node.findChild('A'), 'Nested')]],
  ])('fails when it is in %s', (_, stacks) => {
    const app = new App();
    const [one, other] = stacks(app);
    roleIn(one, null, 'Other');
    roleIn(one);
    roleIn(other);

    expect(() => app.synth()).toThrow(TWICE);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    ['a ChainedRole', stack => new RoleChain(stack, 'Chain', { role: roleIn(stack, null, 'Pod') }).to(new ChainedRole(stack, 'Role', { roleName: 'reader' }), { profile: 'a' })],
    ['a ControllerRole', stack => new ControllerRole(stack, 'Role', { providers: [provider(stack)], roleName: 'reader', controller: Controller.vpcCni() })],
    ['a plain role', stack => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com'), roleName: 'reader' })],
    ['a role with a path', stack => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com'), roleName: 'reader', path: '/team/' })],
    ['a resource by type name', stack => new CfnResource(stack, 'Role', { type: 'AWS::IAM::Role', properties: { RoleName: 'reader' } })],
    ['a role by an override', stack => new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} }).addPropertyOverride('RoleName', 'reader')],
    ['a role with a lazy name', stack => roleIn(stack, Lazy.string({ produce: () => 'reader' }))],
  ])('fails when the other is %s', (_, make) => {
    const app = new App();
    roleIn(stackIn(app, 'A'));
    make(stackIn(app, 'B'));

    expect(() => app.synth()).toThrow(TWICE);
  });
});

test.each<[string, (app: App) => Stack[]]>([
  ['two Stages', app => [stageIn(app, 'A'), stageIn(app, 'B')]],
  ['a Stage and the app', app => [stageIn(app, 'A'), stackIn(app, 'B')]],
])('the name of a role in %s gets a warning: they may never be deployed together', (_, stacksIn) => {
  const app = new App();
  const stacks = stacksIn(app);
  stacks.forEach(stack => roleIn(stack));
  app.synth();

  const warnings = stacks.flatMap(stack => stack.node.findAll()).flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:warning');
  expect(warnings.map(({ data }) => String(data))).toEqual([expect.stringMatching(TWICE)]);
});

describe('the name of a role is no problem', () => {
  test.each<[string, (app: App) => [Stack, Stack]]>([
    ['in two accounts', app => [stackIn(app, 'A'), new Stack(app, 'B', { env: { ...ENV, account: OTHER_ACCOUNT } })]],
    ['in two agnostic stacks: they may go to two accounts', app => [new Stack(app, 'A'), new Stack(app, 'B')]],
    ['in an agnostic stack and one with an account', app => [new Stack(app, 'A'), stackIn(app, 'B')]],
    ['in two Stages of two accounts', app => [stageIn(app, 'A'), stageIn(app, 'B', OTHER_ACCOUNT)]],
    ['in one stack that is written twice, in two Stages', app => ['A', 'B'].map(id => new Stack(new Stage(app, id, { env: ENV }), 'Stack', { stackName: 'same' })) as [Stack, Stack]],
  ])('%s', (_, stacks) => {
    const app = new App();
    stacks(app).forEach(stack => roleIn(stack));

    expect(() => app.synth()).not.toThrow();
  });

  test('when it is generated, or made by CloudFormation', () => {
    const app = new App();
    for (const stack of [stackIn(app, 'A'), new Stack(app, 'B', { env: { ...ENV, region: 'us-east-1' } }), new Stack(app, 'C')]) {
      roleIn(stack, null);
      roleIn(stack, null, 'Other');
      new TakenOverServiceAccount(stack, 'Taken', { provider: provider(stack) });
      new IrsaRole(stack, 'Unnamed', { providers: [provider(stack)], serviceAccounts: [READER], nameAtSynth: false });
      roleIn(stack, new CfnParameter(stack, 'Name').valueAsString, 'Named');
    }
    expect(() => app.synth()).not.toThrow();
  });

  test('when an escape hatch puts a condition on each', () => {
    const app = new App();
    const stack = stackIn(app, 'A');
    ['One', 'Other'].forEach(id => (roleIn(stack, 'reader', id).node.defaultChild as CfnRole).addOverride('Condition', id));

    expect(() => app.synth()).not.toThrow();
  });

  test('in versions of a product of Service Catalog', () => {
    const app = new App();
    const stack = stackIn(app, 'A');
    ['V1', 'V2'].forEach(id => {
      const role = new CfnRole(new ProductStack(stack, id), 'Role', { assumeRolePolicyDocument: {}, roleName: 'reader' });
      expect(role.stack.nestedStackResource).toBeUndefined();
    });
    roleIn(stack);

    expect(() => app.synth()).not.toThrow();
  });

  test('when only one of the two is made: each is on a condition', () => {
    const stack = stackIn();
    const expression = Fn.conditionEquals(new CfnParameter(stack, 'Which').valueAsString, 'one');
    const condition = new CfnCondition(stack, 'One', { expression });
    for (const [id, each] of [['First', condition], ['Second', new CfnCondition(stack, 'Two', { expression: Fn.conditionNot(expression) })]] as const) {
      (roleIn(stack, 'reader', id).node.defaultChild as CfnRole).cfnOptions.condition = each;
    }
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test('when a role is seen again: imported, or synthesised once more', () => {
    const app = new App();
    const stack = stackIn(app);
    roleIn(stack);
    Role.fromRoleName(stackIn(app, 'Other'), 'Again', 'reader');
    app.synth();
    expect(() => app.synth({ force: true })).not.toThrow();
  });

  test('when an aspect of the other Stage gives it another', () => {
    const app = new App();
    const [a, b] = [stageIn(app, 'A'), stageIn(app, 'B')];
    [a, b].forEach(stack => roleIn(stack));
    Aspects.of(b).add({
      visit: node => {
        if (node instanceof CfnRole) {
          node.roleName = 'b-reader';
        }
      },
    });
    expect(() => app.synth()).not.toThrow();
  });

  test('when it is in the accounts of an organization', () => {
    const app = new App();
    const stack = stackIn(app);
    const organization = new OrganizationOidcProvider(stack, 'Organization', { issuer: literalIssuer(), organizationalUnitIds: ['ou-ab12-c3d4e5f6'] });
    organization.addRole('Reader', { serviceAccounts: [READER], roleName: 'reader' });
    roleIn(stack);
    expect(() => app.synth()).not.toThrow();
  });
});

test('a name that is there twice after a change is found at the next synth', () => {
  const app = new App();
  roleIn(stackIn(app, 'A'));
  app.synth();
  roleIn(stackIn(app, 'B'));
  expect(() => app.synth({ force: true })).toThrow(TWICE);
});
