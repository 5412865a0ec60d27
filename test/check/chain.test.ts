import { type Chain, evaluateChain, type Hop, type RoleWithPolicies } from '../../src/check/chain';

const HOST_PATH = 'oidc.eks.eu-west-1.amazonaws.com/id/ABC';
const SUB = 'system:serviceaccount:apps:web';
const [A, B, C] = ['arn:aws:iam::111111111111:role/a', 'arn:aws:iam::222222222222:role/b', 'arn:aws:iam::333333333333:role/c'];

function mayAssume(resource: string, action: string | string[] = 'sts:AssumeRole'): object {
  return { Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] };
}

function trusts(principal: object, changes: object = {}): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...changes }] };
}

const FIRST: RoleWithPolicies = {
  arn: A,
  trustPolicy: trusts({ Federated: `arn:aws:iam::111111111111:oidc-provider/${HOST_PATH}` },
    { Action: 'sts:AssumeRoleWithWebIdentity', Condition: { StringEquals: { [`${HOST_PATH}:sub`]: SUB } } }),
  identityPolicies: [mayAssume(B)],
  tags: {},
};
const SECOND: Hop = { role: { arn: B, trustPolicy: trusts({ AWS: A }), identityPolicies: [mayAssume(C)], tags: {} } };
const THIRD: Hop = { role: { arn: C, trustPolicy: trusts({ AWS: B }) } };

function verdicts(changes: Partial<Chain> = {}): string[] {
  const claims = { iss: `https://${HOST_PATH}`, sub: SUB, aud: 'sts.amazonaws.com' };
  return evaluateChain({ claims, first: FIRST, hops: [SECOND, THIRD], ...changes }).map(({ roleArn, decision }) => `${roleArn.at(-1)} ${decision.verdict}`);
}

test('goes from the token to the last role', () => {
  expect(verdicts()).toEqual(['a allowed', 'b allowed', 'c allowed']);
});

test('a token alone is a way too', () => {
  expect(verdicts({ hops: [] })).toEqual(['a allowed']);
});

test.each<[string, Partial<Chain>, string[]]>([
  ['the token', { claims: { iss: `https://${HOST_PATH}`, sub: 'x', aud: 'x' } }, ['a denied']],
  ['the provider', { providers: [] }, ['a denied']],
  ['the second role, which does not trust the first', { hops: [{ role: { ...SECOND.role, trustPolicy: trusts({ AWS: C }) } }, THIRD] }, ['a allowed', 'b denied']],
  ['the first role, which may not', { first: { ...FIRST, identityPolicies: [mayAssume(C)] } }, ['a allowed', 'b denied']],
  ['the third role, which trusts only the first', { hops: [SECOND, { role: { arn: C, trustPolicy: trusts({ AWS: A }) } }] }, ['a allowed', 'b allowed', 'c denied']],
  ['policies that are not known', { first: { ...FIRST, identityPolicies: undefined } }, ['a allowed', 'b unknown']],
  ['an external id', { hops: [{ role: { ...SECOND.role, trustPolicy: trusts({ AWS: A }, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }) } }] }, ['a allowed', 'b denied']],
  ['a session of more than an hour', { hops: [{ ...SECOND, durationSeconds: 7200 }] }, ['a allowed', 'b denied']],
])('stops at %s', (_, changes, expected) => {
  expect(verdicts(changes)).toEqual(expected);
});

test('the name of a session is that of the step before', () => {
  const trustPolicy = trusts({ AWS: 'arn:aws:sts::111111111111:assumed-role/a/web' });

  expect(verdicts({ sessionName: 'web', hops: [{ role: { ...SECOND.role, trustPolicy } }] })).toEqual(['a allowed', 'b allowed']);
  expect(verdicts({ sessionName: 'api', hops: [{ role: { ...SECOND.role, trustPolicy } }] })).toEqual(['a allowed', 'b denied']);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
describe('session tags', () => {
  const D = 'arn:aws:iam::444444444444:role/d';
  const both = ['sts:AssumeRole', 'sts:TagSession'];
  const tagged = (keys: string[]): Hop => ({
    role: { ...SECOND.role, trustPolicy: trusts({ AWS: A }, { Action: both }) }, tags: { team: 'blue' }, transitiveTagKeys: keys,
  });
  const needsTag = (from: string, role: Omit<RoleWithPolicies, 'trustPolicy'>): Hop => ({
    role: { ...role, trustPolicy: trusts({ AWS: from }, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } }) },
  });
  const first = { ...FIRST, identityPolicies: [mayAssume(B, both)] };
  const third = needsTag(B, { arn: C, identityPolicies: [mayAssume(D)], tags: {} });
  const fourth = needsTag(C, { arn: D });

  test('go with the next call', () => {
    expect(verdicts({ first, hops: [tagged([]), third] }).at(-1)).toBe('c allowed');
  });

  test('go further only where they are transitive', () => {
    expect(verdicts({ first, hops: [tagged([]), third, fourth] }).at(-1)).toBe('d denied');
    expect(verdicts({ first, hops: [tagged(['team']), third, fourth] }).at(-1)).toBe('d allowed');
  });
});
