import { Claims } from '../parts/keys';

/** What a policy of a case speaks of. */
export interface Facts {
  /** ARN of the provider of the token's issuer. */
  readonly provider: string;
  /** ARN of another one in the same account. */
  readonly otherProvider: string;
  /** The issuer without its scheme: what condition keys begin with. */
  readonly issuer: string;
  /** Claim `sub` of the token: `system:serviceaccount:NAMESPACE:app`. */
  readonly subject: string;
}

/** A trust policy and a token, and what AWS's documentation says of them. */
export interface TrustCase {
  readonly title: string;
  readonly allowed: boolean;
  readonly statements: (facts: Facts) => readonly object[];
  /** Claims that differ from a good token. @default - none */
  readonly claims?: Partial<Claims>;
  /** The error that AWS's STS answers, where it refuses before it asks the policy. @default - AccessDenied */
  readonly code?: string;
}

/** A case in which the gateway decides otherwise, and why. */
export interface DifferentCase extends TrustCase {
  readonly because: string;
}

const AUDIENCE = 'sts.amazonaws.com';

type Conditions = (facts: Facts) => object;

/** One statement that allows web identities under conditions. */
const when = (conditions: Conditions, changed: object = {}) => (facts: Facts): readonly object[] => [{
  Effect: 'Allow', Principal: { Federated: facts.provider }, Action: 'sts:AssumeRoleWithWebIdentity', Condition: conditions(facts), ...changed,
}];

/** A condition on the subject and nothing else. */
const subject = (operator: string, value: (facts: Facts) => string | string[]): ReturnType<typeof when> => (
  when((facts) => ({ [operator]: { [`${facts.issuer}:sub`]: value(facts) } }))
);

const pinned: Conditions = ({ issuer, subject: sub }) => ({ StringEquals: { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: AUDIENCE } });

const denyWhen = (conditions: Conditions) => (facts: Facts): readonly object[] => [
  ...when(pinned)(facts), ...when(conditions, { Effect: 'Deny' })(facts),
];

const allowed = (title: string, statements: TrustCase['statements'], claims?: Partial<Claims>): TrustCase => ({ title, allowed: true, statements, claims });
const denied = (title: string, statements: TrustCase['statements'], claims?: Partial<Claims>): TrustCase => ({ title, allowed: false, statements, claims });

const changedName = (change: (name: string) => string) => ({ subject: sub }: Facts): string => sub.replace(/app$/, change('app'));

/** Cases in which the gateway decides as AWS does. What it decides in another way is listed in docs/testing.md, with the reason. */
export const TRUST_CASES: readonly TrustCase[] = [
  allowed('sub and aud as pinned', when(pinned)),
  denied('sub of another name', subject('StringEquals', changedName(() => 'web'))),
  denied('sub of a longer name', subject('StringEquals', changedName((name) => `${name}-2`))),
  denied('sub of a prefix', subject('StringEquals', changedName(() => 'ap'))),
  denied('sub of another namespace', subject('StringEquals', ({ subject: sub }) => sub.replace(/:([^:]+):app$/, ':other:app'))),
  denied('sub in other case', subject('StringEquals', changedName(() => 'App'))),
  allowed('sub among several', subject('StringEquals', ({ subject: sub }) => ['system:serviceaccount:a:b', sub])),
  denied('sub not among several', subject('StringEquals', () => ['system:serviceaccount:a:b', 'system:serviceaccount:a:c'])),
  denied('a pattern that StringEquals takes to the letter', subject('StringEquals', changedName(() => '*'))),
  allowed('a pattern for all names of the namespace', subject('StringLike', changedName(() => '*'))),
  allowed('a pattern that begins as the name does', subject('StringLike', changedName(() => 'a*'))),
  denied('a pattern of another namespace', subject('StringLike', () => 'system:serviceaccount:other:*')),
  denied('a pattern that begins otherwise', subject('StringLike', changedName(() => 'b*'))),
  allowed('a pattern with a question mark', subject('StringLike', changedName(() => 'a?p'))),
  denied('a question mark for no letter', subject('StringLike', changedName((name) => `${name}?`))),
  allowed('the name without a pattern by StringLike', subject('StringLike', ({ subject: sub }) => sub)),
  allowed('StringEqualsIgnoreCase in other case', subject('StringEqualsIgnoreCase', ({ subject: sub }) => sub.toUpperCase())),
  denied('StringEqualsIgnoreCase of another name', subject('StringEqualsIgnoreCase', changedName(() => 'WEB'))),
  allowed('StringNotEquals of another name', subject('StringNotEquals', changedName(() => 'web'))),
  denied('StringNotEquals of the name', subject('StringNotEquals', ({ subject: sub }) => sub)),
  allowed('StringNotLike of another pattern', subject('StringNotLike', () => 'system:serviceaccount:other:*')),
  denied('StringNotLike of a pattern that fits', subject('StringNotLike', changedName(() => '*'))),
  allowed('StringEqualsIfExists of the name', subject('StringEqualsIfExists', ({ subject: sub }) => sub)),
  denied('StringEqualsIfExists of another name', subject('StringEqualsIfExists', changedName(() => 'web'))),
  allowed('no condition', when(() => ({}))),
  allowed('aud only', when(({ issuer }) => ({ StringEquals: { [`${issuer}:aud`]: AUDIENCE } }))),
  allowed('aud among several', when(({ issuer }) => ({ StringEquals: { [`${issuer}:aud`]: ['a', AUDIENCE] } }))),
  denied('another aud', when(({ issuer }) => ({ StringEquals: { [`${issuer}:aud`]: 'reports.example.com' } }))),
  denied('sub as pinned and another aud', when(({ issuer, subject: sub }) => ({ StringEquals: { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: 'reports.example.com' } }))),
  denied('aud as pinned and another sub', when(({ issuer, subject: sub }) => ({ StringEquals: { [`${issuer}:sub`]: `${sub}-2`, [`${issuer}:aud`]: AUDIENCE } }))),
  denied('two operators, one of which does not hold', when((facts) => ({ ...pinned(facts), StringLike: { [`${facts.issuer}:sub`]: 'system:serviceaccount:other:*' } }))),
  allowed('two operators that hold', when((facts) => ({ ...pinned(facts), StringLike: { [`${facts.issuer}:sub`]: changedName(() => '*')(facts) } }))),
  denied('a key that no token has', when(({ issuer }) => ({ StringEquals: { [`${issuer}:groups`]: 'x' } }))),
  denied('keys of another issuer', when(({ otherProvider, subject: sub }) => ({ StringEquals: { [`${otherProvider.split(':oidc-provider/')[1]}:sub`]: sub } }))),
  allowed('the second of two statements', (facts) => [...subject('StringEquals', () => 'system:serviceaccount:a:b')(facts), ...when(pinned)(facts)]),
  denied('neither of two statements', (facts) => [...subject('StringEquals', () => 'system:serviceaccount:a:b')(facts), ...subject('StringEquals', () => 'system:serviceaccount:a:c')(facts)]),
  denied('a Deny beside an Allow', denyWhen(({ issuer, subject: sub }) => ({ StringEquals: { [`${issuer}:sub`]: sub } }))),
  denied('a Deny with a pattern', denyWhen(({ issuer }) => ({ StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:*' } }))),
  allowed('a Deny for somebody else', denyWhen(({ issuer }) => ({ StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:a:b' } }))),
  denied('a Deny before the Allow', (facts) => [...denyWhen(({ issuer, subject: sub }) => ({ StringEquals: { [`${issuer}:sub`]: sub } }))(facts)].reverse()),
  denied('another provider', when(() => ({}), { Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/other.example.com' } })),
  denied('an account instead of a provider', when(() => ({}), { Principal: { AWS: 'arn:aws:iam::111122223333:root' } })),
  denied('sts:AssumeRole only', when(pinned, { Action: 'sts:AssumeRole' })),
  allowed('the action among several', when(pinned, { Action: ['sts:TagSession', 'sts:AssumeRoleWithWebIdentity'] })),
  allowed('the provider as the first of several', (facts) => when(pinned, { Principal: { Federated: [facts.provider, facts.otherProvider] } })(facts)),
  denied('the provider with its issuer in other case', (facts) => when(pinned, { Principal: { Federated: facts.provider.replace('/id/', '/ID/') } })(facts)),
  allowed('the action in other case', when(pinned, { Action: 'STS:assumerolewithwebidentity' })),
  denied('all actions but this one', when(pinned, { Action: undefined, NotAction: 'sts:AssumeRoleWithWebIdentity' })),
  denied('Null of a key that is there, to be absent', when(({ issuer }) => ({ Null: { [`${issuer}:sub`]: 'true' } }))),
  allowed('ForAllValues', when(({ issuer }) => ({ 'ForAllValues:StringEquals': { [`${issuer}:aud`]: [AUDIENCE, 'a'] } }))),
  allowed('ForAnyValue', when(({ issuer }) => ({ 'ForAnyValue:StringEquals': { [`${issuer}:aud`]: [AUDIENCE, 'a'] } }))),
  denied('ForAnyValue of other values', when(({ issuer }) => ({ 'ForAnyValue:StringEquals': { [`${issuer}:aud`]: ['a', 'b'] } }))),
  allowed('StringEqualsIfExists of a key that no token has', when(({ issuer }) => ({ StringEqualsIfExists: { [`${issuer}:groups`]: 'x' } }))),
  allowed('a pattern with an asterisk in the middle', subject('StringLike', () => 'system:serviceaccount:*:app')),
  allowed('all actions of STS', when(pinned, { Action: 'sts:*' })),
  denied('nothing but a Deny', (facts) => when(pinned, { Effect: 'Deny' })(facts)),
  { ...denied('an expired token', when(() => ({})), { iat: 1_700_000_000, nbf: 1_700_000_000, exp: 1_700_003_600 }), code: 'ExpiredTokenException' },
  { ...denied('an issuer without a provider', when(() => ({})), { iss: 'https://oidc.eks.eu-west-1.amazonaws.com/id/NOBODY' }), code: 'InvalidIdentityToken' },
  { ...denied('an audience that the provider does not take', when(() => ({})), { aud: ['vault'] }), code: 'InvalidIdentityToken' },
  allowed('an audience that it takes beside one that it does not', when(() => ({})), { aud: [AUDIENCE, 'vault'] }),
];

/** What is not compared: here the gateway is not as AWS documents it. A case that it learns has to move above. */
export const DIFFERENT_CASES: readonly DifferentCase[] = [
  { ...allowed('a pattern that begins with an asterisk', subject('StringLike', () => '*:app')), because: 'its StringLike does not go back to try again' },
  { ...allowed('a key in other case', when(({ issuer, subject: sub }) => ({ StringEquals: { [`${issuer.toUpperCase()}:SUB`]: sub } }))), because: 'its keys are case-sensitive' },
  { ...allowed('Null of a key that is there', when(({ issuer }) => ({ Null: { [`${issuer}:sub`]: 'false' } }))), because: 'its Null does not hold for a key that is there' },
  {
    ...allowed('StringNotEquals of a key that no token has', when(({ issuer }) => ({ StringNotEquals: { [`${issuer}:groups`]: 'x' } }))),
    because: 'no condition on a key that is missing holds there, but for IfExists',
  },
  {
    ...allowed('the provider as the second of several', (facts) => when(pinned, { Principal: { Federated: [facts.otherProvider, facts.provider] } })(facts)),
    because: 'it looks at the first provider of a list only',
  },
  {
    ...denied('a provider of another account', (facts) => when(pinned, { Principal: { Federated: facts.provider.replace(/::\d+:/, '::999999999999:') } })(facts)),
    because: 'it does not look at the account of a provider',
  },
  { ...allowed('all but another action', when(pinned, { Action: undefined, NotAction: 'sts:AssumeRole' })), because: 'its NotAction allows nothing' },
];
