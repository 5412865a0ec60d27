import { Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { A, ADMIN, chainWorld, POD, podRole, TOOLS } from './chain-world';
import { ChainedRole, RoleChain } from '../../src';

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

describe('stacks that would wait for each other', () => {
  test('fail by roles that have nothing to do with each other, and say which', () => {
    const { a, tools, chain } = chainWorld();
    chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    const back = new RoleChain(a, 'Back', { role: podRole(a, 'Other', 'other') });
    expect(() => back.to(new ChainedRole(tools, 'Admin'), { profile: 'tools' })).toThrow(
      'A/Other assumes Tools/Admin, so A has to be deployed before Tools, and after it as well: Tools/Pod assumes A/Admin. Put one of the roles into a stack of its own');
  });

  test('fail within one chain that comes back', () => {
    const { a, tools, chain } = chainWorld();
    const there = chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    expect(() => there.to(new ChainedRole(tools, 'Back'), { profile: 'back' })).toThrow('Put one of the roles into a stack of its own');
  });

  test('pass with that stack, which is deployed last', () => {
    const { app, a, chain } = chainWorld();
    const last = new Stack(app, 'Last', { env: TOOLS });
    chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' }).to(new ChainedRole(last, 'Back'), { profile: 'back' });
    app.synth();
    expect(last.dependencies).toEqual([a]);
  });

  test('fail over a third stack', () => {
    const { app, a, tools, chain } = chainWorld();
    const b = new Stack(app, 'B', { env: { ...A, account: '567890123456' } });
    const middle = chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' }).to(new ChainedRole(b, 'Admin'), { profile: 'b' });
    expect(() => middle.to(new ChainedRole(tools, 'Back'), { profile: 'back' })).toThrow('after it as well: A/Admin assumes B/Admin, Tools/Pod assumes A/Admin.');
  });

  test('fail where somebody else said so before', () => {
    const { a, tools, chain } = chainWorld();
    tools.addDependency(a);
    expect(() => chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' })).toThrow('so Tools has to be deployed before A, and after it as well: Tools depends on A.');
  });
});

describe('what is no role', () => {
  test.each(['arn:aws:iam::345678901234:role/*', 'arn:aws:iam::*:role/admin', 'arn:aws:sts::345678901234:role/admin'])('fails for %s', arn => {
    const { a, chain } = chainWorld();
    expect(() => chain.to(Role.fromRoleArn(a, 'Any', arn), { profile: 'a' })).toThrow(`A/Any has '${arn}', which is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME)`);
  });
});
