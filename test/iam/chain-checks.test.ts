import { Role } from 'aws-cdk-lib/aws-iam';
import { ADMIN, chainWorld, POD, podRole } from './chain-world';
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

describe('what is no role', () => {
  test.each(['arn:aws:iam::345678901234:role/*', 'arn:aws:iam::*:role/admin', 'arn:aws:sts::345678901234:role/admin'])('fails for %s', arn => {
    const { a, chain } = chainWorld();
    expect(() => chain.to(Role.fromRoleArn(a, 'Any', arn), { profile: 'a' })).toThrow(`A/Any has '${arn}', which is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME)`);
  });
});
