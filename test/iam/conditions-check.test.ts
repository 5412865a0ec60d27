import { App, Aws, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal, AccountRootPrincipal, AnyPrincipal, ArnPrincipal, type CfnRole, Effect, type IPrincipal, OrganizationPrincipal, PolicyStatement,
  PrincipalWithConditions, Role, ServicePrincipal, StarPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { ADMIN, chainWorld, POD, podRole, TOOLS } from './chain-world';
import { deployedRoles, verdictOf } from './deployed-roles';
import { ChainedRole, type IrsaRole, RoleChain } from '../../src';

describe('an external id that another statement makes useless', () => {
  function problemsWith(assumedBy: (pod: IrsaRole) => IPrincipal, externalId: string | undefined = 'id-1'): string {
    const { app, a, pod, chain } = chainWorld();
    chain.to(new Role(a, 'Admin', { roleName: 'admin', assumedBy: assumedBy(pod) }), { profile: 'a', externalId });
    try {
      app.synth();
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  }

  test.each<[string, (pod: IrsaRole) => IPrincipal]>([
    ['the caller itself', pod => pod],
    ['the caller by its ARN', pod => new ArnPrincipal(pod.roleArn)],
    ['the account of the caller', () => new AccountPrincipal(TOOLS.account)],
    ['the account of the caller, by its number', () => new ArnPrincipal(TOOLS.account)],
    ['everybody', () => new AnyPrincipal()],
    ['a session of the caller', () => new ArnPrincipal(`arn:aws:sts::${TOOLS.account}:assumed-role/pod/ansible`)],
    ['everybody who is the caller', () => new StarPrincipal().withConditions({ ArnEquals: { 'aws:PrincipalArn': POD } })],
    ['everybody whose ARN is like that of the caller', () => new StarPrincipal().withConditions({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/p*' } })],
    ['everybody of the account of the caller', () => new StarPrincipal().withConditions({ StringEquals: { 'aws:PrincipalAccount': TOOLS.account } })],
    ['an external id of wildcards', pod => new PrincipalWithConditions(pod, { StringLike: { 'sts:ExternalId': '?*' } })],
    ['an external id that the caller has anyway', pod => new PrincipalWithConditions(pod, { StringEquals: { 'sts:ExternalId': '${aws:PrincipalAccount}' } })],
    ['the caller, by a literal ARN', () => new ArnPrincipal(POD)],
    ['the caller, by an ARN with the partition of the stack', () => new ArnPrincipal(`arn:${Aws.PARTITION}:iam::${TOOLS.account}:role/pod`)],
    ['whoever brings no external id', pod => new PrincipalWithConditions(pod, { StringEqualsIfExists: { 'sts:ExternalId': 'id-1' } })],
    ['whoever brings no external id, in other words', pod => new PrincipalWithConditions(pod, { Null: { 'sts:ExternalId': 'true' } })],
    ['whoever brings another external id', pod => new PrincipalWithConditions(pod, { StringNotEquals: { 'sts:ExternalId': 'id-2' } })],
    ['any external id', pod => new PrincipalWithConditions(pod, { StringLike: { 'sts:ExternalId': '*' } })],
  ])('fails where it lets in %s', (_who, assumedBy) => {
    expect(problemsWith(assumedBy)).toContain('A/Admin asks Tools/Pod for an external id, and its trust policy lets it in without one');
  });

  test.each<[string, (pod: IrsaRole) => IPrincipal]>([
    ['somebody else', () => new ServicePrincipal('ec2.amazonaws.com')],
    ['another account', () => new AccountPrincipal('999999999999')],
    ['its own account', () => new AccountRootPrincipal()],
    ['another role of the account', () => new ArnPrincipal(`${POD}-2`)],
    ['the caller, with the external id', pod => new PrincipalWithConditions(pod, { StringEquals: { 'sts:ExternalId': 'id-1' } })],
    ['the caller, with an external id of a certain form', pod => new PrincipalWithConditions(pod, { StringLike: { 'STS:externalId': 'id-*' } })],
    ['the caller, with one of two external ids, the other of which may not be there',
      pod => new PrincipalWithConditions(pod, { StringEquals: { 'sts:ExternalId': ['id-1', { 'Fn::If': ['C', 'id-2', { Ref: 'AWS::NoValue' }] }] } })],
    ['another role of the account, by condition', () => new AccountPrincipal(TOOLS.account).withConditions({ ArnLike: { 'aws:PrincipalArn': `${POD}-*` } })],
    ['another account, by condition', () => new StarPrincipal().withConditions({ StringEquals: { 'aws:PrincipalAccount': ['999999999999', '888888888888'] } })],
  ])('passes where it lets in %s', (_who, assumedBy) => {
    expect(problemsWith(assumedBy)).toBe('');
  });

  test.each<[string, IPrincipal]>([
    ['the account on a condition', new AccountPrincipal(TOOLS.account).withConditions({ StringEquals: { 'aws:PrincipalTag/team': 'ops' } })],
    ['an organisation', new OrganizationPrincipal('o-a1b2c3d4e5')],
    ['everybody on a condition', new StarPrincipal().withConditions({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } })],
    ['the caller on another condition', new ArnPrincipal(POD).withConditions({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })],
  ])('warns where it may let in %s', (_who, assumedBy) => {
    const { app, a, chain } = chainWorld();
    chain.to(new Role(a, 'Admin', { roleName: 'admin', assumedBy }), { profile: 'a', externalId: 'id-1' });
    const { messages } = app.synth().getStackByName('Tools');
    expect(messages.map(({ entry }) => entry.data)).toEqual([
      expect.stringContaining('profile a: A/Admin asks Tools/Pod for an external id, and its trust policy may let it in without one, by the statement {"Action":"sts:AssumeRole"'),
    ]);
    expect(messages[0].entry.data).toContain('cdk-irsa:conditionMayNotHold');
  });

  test.each<[string, (pod: IrsaRole) => IPrincipal]>([
    ['the caller by reference', pod => pod],
    ['the caller by its name', () => new ArnPrincipal(`arn:aws:iam::${TOOLS.account}:role/pod`)],
    ['the account', () => new AccountRootPrincipal()],
  ])('in a stack without an environment fails where it lets in %s', (_who, assumedBy) => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const pod = podRole(stack);
    const admin = new Role(stack, 'Admin', { assumedBy: assumedBy(pod) });
    new RoleChain(stack, 'Chain', { role: pod }).to(admin, { profile: 'a', externalId: 'id-1' });
    expect(() => app.synth()).toThrow('Stack/Admin asks Stack/Pod for an external id, and its trust policy lets it in without one');
  });

  test('fails where the callee is in the stack of the caller and names it by a literal', () => {
    const { app, tools, chain } = chainWorld();
    chain.to(new Role(tools, 'Admin', { roleName: 'admin', assumedBy: new ArnPrincipal(POD) }), { profile: 'a', externalId: 'id-1' });
    expect(() => app.synth()).toThrow('Tools/Admin asks Tools/Pod for an external id, and its trust policy lets it in without one');
  });

  test('passes where none is asked for', () => {
    const { app, a, pod, chain } = chainWorld();
    chain.to(new Role(a, 'Admin', { roleName: 'admin', assumedBy: pod }), { profile: 'a' });
    expect(() => app.synth()).not.toThrow();
  });

  test('passes where the statement is a denial, or for tags only', () => {
    const { app, a, chain, pod } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(role, { profile: 'a', externalId: 'id-1', sessionTagKeys: ['team'] });
    const principals = [new ArnPrincipal(pod.roleArn)];
    role.assumeRolePolicy!.addStatements(new PolicyStatement({ effect: Effect.DENY, actions: ['sts:AssumeRole'], principals, conditions: { Bool: { 'aws:SecureTransport': 'false' } } }));
    expect(() => app.synth()).not.toThrow();
  });

  test.each(['sts:*', '*', 'sts:Assume*', 'STS:ASSUMEROLE'])('fails for the action %s', action => {
    const { app, a, chain, pod } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(role, { profile: 'a', externalId: 'id-1' });
    role.assumeRolePolicy!.addStatements(new PolicyStatement({ actions: [action], principals: [new ArnPrincipal(pod.roleArn)] }));
    expect(() => app.synth()).toThrow('lets it in without one');
  });

  test('fails where an override takes the condition away', () => {
    const { app, a, chain } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(role, { profile: 'a', externalId: 'id-1' });
    (role.node.defaultChild as CfnRole).addPropertyDeletionOverride('AssumeRolePolicyDocument.Statement.0.Condition');
    expect(() => app.synth()).toThrow('lets it in without one');
  });

  test.each<[string, Record<string, unknown>, unknown]>([
    ['another id', { StringNotEquals: { 'sts:ExternalId': 'id-1' } }, '*'],
    ['ids of another form', { StringNotLike: { 'sts:ExternalId': 'id-*' } }, { AWS: POD }],
    ['no id', { Null: { 'sts:ExternalId': 'true' } }, '*'],
  ])('passes where a statement denies %s', (_what, Condition, Principal) => {
    const { app, a, chain } = chainWorld();
    const role = new Role(a, 'Admin', { roleName: 'admin', assumedBy: new AccountPrincipal(TOOLS.account) });
    role.assumeRolePolicy!.addStatements(PolicyStatement.fromJson({ Effect: 'Deny', Action: 'sts:AssumeRole', Principal, Condition }));
    chain.to(role, { profile: 'a', externalId: 'id-1' });
    expect(() => app.synth()).not.toThrow();
  });

  test.each<[string, Record<string, unknown>, unknown]>([
    ['on another condition as well', { StringNotEquals: { 'sts:ExternalId': 'id-1', 'aws:PrincipalTag/x': 'y' } }, '*'],
    ['what nobody has', { StringNotEquals: { 'sts:ExternalId': '*' } }, '*'],
    ['that there is an id', { Null: { 'sts:ExternalId': 'false' } }, '*'],
    ['somebody else', { StringNotEquals: { 'sts:ExternalId': 'id-1' } }, { AWS: 'arn:aws:iam::999999999999:role/x' }],
  ])('fails where a statement denies %s', (_what, Condition, Principal) => {
    const { app, a, chain } = chainWorld();
    const role = new Role(a, 'Admin', { roleName: 'admin', assumedBy: new AccountPrincipal(TOOLS.account) });
    role.assumeRolePolicy!.addStatements(PolicyStatement.fromJson({ Effect: 'Deny', Action: 'sts:AssumeRole', Principal, Condition }));
    chain.to(role, { profile: 'a', externalId: 'id-1' });
    expect(() => app.synth()).toThrow('lets it in without one');
  });

  test('is read where the trust policy is a text for CloudFormation to put together', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: TOOLS });
    const issuer = new CfnParameter(stack, 'Issuer').valueAsString;
    const other = podRole(stack, 'Other', 'other', issuer);
    other.assumeRolePolicy!.addStatements(new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new AccountRootPrincipal()] }));
    new RoleChain(stack, 'Chain', { role: podRole(stack) }).to(other, { profile: 'a', externalId: 'id-1' });
    expect(() => app.synth()).toThrow('Stack/Other asks Stack/Pod for an external id, and its trust policy lets it in without one');
  });

  test('fails where another link leaves it out', () => {
    const { app, a, chain } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(role, { profile: 'with', externalId: 'id-1' });
    chain.to(role, { profile: 'without' });
    expect(() => app.synth()).toThrow('give every link between the two the externalId');
  });

  test('passes where each caller has one of its own', () => {
    const { app, a, tools, chain } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(role, { profile: 'one', externalId: 'id-1' });
    const other = new ChainedRole(tools, 'Other', { roleName: 'other' });
    chain.to(other, { profile: 'other' }).to(role, { profile: 'two', externalId: 'id-2' });
    const roles = deployedRoles(app);
    const OTHER = 'arn:aws:iam::123456789012:role/other';
    expect(verdictOf(roles, OTHER, ADMIN, { externalId: 'id-2' })).toBe('allowed');
    expect(verdictOf(roles, OTHER, ADMIN, { externalId: 'id-1' })).toBe('denied');
    expect(verdictOf(roles, POD, ADMIN, { externalId: 'id-2' })).toBe('denied');
  });

  test.each([['NotAction', ['sts:TagSession']], ['NotAction', 's3:*']])('fails for %s %j', (key, actions) => {
    const { app, a, chain, pod } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(role, { profile: 'a', externalId: 'id-1' });
    role.assumeRolePolicy!.addStatements(PolicyStatement.fromJson({ Effect: 'Allow', [key]: actions, Principal: { AWS: pod.roleArn } }));
    expect(() => app.synth()).toThrow('lets it in without one');
  });
});

describe('an organisation that another statement makes useless', () => {
  test('fails where another link leaves it out', () => {
    const { app, a, chain } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    chain.to(role, { profile: 'with', organizationId: 'o-a1b2c3d4e5' });
    chain.to(role, { profile: 'without' });
    expect(() => app.synth()).toThrow('asks Tools/Pod for a membership of an organisation, and its trust policy lets it in without one');
  });

  test('passes where all links have it', () => {
    const { app, a, chain } = chainWorld();
    const role = new ChainedRole(a, 'Admin', { roleName: 'admin' });
    ['one', 'two'].forEach(profile => chain.to(role, { profile, organizationId: 'o-a1b2c3d4e5' }));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('conditions that turn out to be none', () => {
  const lazily = (produce: unknown) => Lazy.string({ produce: () => produce as string });

  test.each<[string, unknown]>([['nothing', undefined], ['nothing at all', ''], ['one character', 'x'], ['two words', 'two words']])('fail with %s', (_what, value) => {
    for (const [options, what] of [[{ externalId: lazily(value) }, 'is not an external id'], [{ organizationId: lazily(value) }, 'is not the id of an organisation']] as const) {
      const { app, a, chain } = chainWorld();
      chain.to(new ChainedRole(a, 'Admin', { roleName: 'admin' }), { profile: 'a', ...options });
      expect(() => app.synth()).toThrow(what);
    }
  });

  test('pass as a value that only deployment knows', () => {
    const { app, a, chain } = chainWorld();
    chain.to(new ChainedRole(a, 'Admin', { roleName: 'admin' }), { profile: 'a', externalId: new CfnParameter(a, 'Id').valueAsString, organizationId: lazily('o-a1b2c3d4e5') });
    expect(() => app.synth()).not.toThrow();
  });
});
