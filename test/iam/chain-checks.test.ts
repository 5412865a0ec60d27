import {
  AccountPrincipal, AccountRootPrincipal, AnyPrincipal, ArnPrincipal, Effect, type IPrincipal, PolicyStatement, PrincipalWithConditions, Role,
  ServicePrincipal,
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
    ['the caller, on another condition', pod => new PrincipalWithConditions(pod, { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })],
  ])('fails where it lets in %s', (_who, assumedBy) => {
    expect(problemsWith(assumedBy)).toContain('A/Admin asks Tools/Pod for an external id, and its trust policy lets it in without one');
  });

  test.each<[string, (pod: IrsaRole) => IPrincipal]>([
    ['somebody else', () => new ServicePrincipal('ec2.amazonaws.com')],
    ['another account', () => new AccountPrincipal('999999999999')],
    ['its own account', () => new AccountRootPrincipal()],
    ['another role of the account', () => new ArnPrincipal(`${POD}-2`)],
    ['the caller, with the external id', pod => new PrincipalWithConditions(pod, { StringEquals: { 'sts:ExternalId': 'id-1' } })],
    ['the account, with conditions that may keep the caller out', () => new AccountPrincipal(TOOLS.account).withConditions({ StringEquals: { 'aws:PrincipalTag/team': 'ops' } })],
  ])('passes where it lets in %s', (_who, assumedBy) => {
    expect(problemsWith(assumedBy)).toBe('');
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
});

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

  test('of stacks, by roles that have nothing to do with each other, are found by CDK', () => {
    const { app, a, tools, chain } = chainWorld();
    chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    new RoleChain(a, 'Back', { role: podRole(a, 'Other', 'other') }).to(new ChainedRole(tools, 'Admin'), { profile: 'tools' });
    expect(() => app.synth()).toThrow(/cyclic reference/);
  });
});
