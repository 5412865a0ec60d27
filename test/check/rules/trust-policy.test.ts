import { provider, role, rulesFor, webIdentity } from './trust';

const AUD = { 'oidc.example.com:aud': 'sts.amazonaws.com' };
const SUB = { 'oidc.example.com:sub': 'system:serviceaccount:apps:web' };
const like = (sub: unknown) => webIdentity({ StringEquals: AUD, StringLike: { 'oidc.example.com:sub': sub } });
const BOTH = ['aud-not-pinned', 'sub-not-pinned'];

test.each<[string, object, string[]]>([
  ['nothing, for all actions but some', { Principal: { Federated: provider('oidc.example.com') }, NotAction: 'iam:PassRole' }, BOTH],
  ['nothing, where the others do not count', { Principal: { Federated: provider('oidc.example.com') }, NotAction: 'sts:*' }, []],
  ['nothing, for a cluster whose issuer has a telling path', webIdentity(undefined, 's3.amazonaws.com/microsoft-prod-cluster'), BOTH],
  ['nothing, for a cluster whose bucket has a telling name', webIdentity(undefined, 'gitlab-runners.s3.eu-west-1.amazonaws.com'), BOTH],
  ['nothing, for people', webIdentity(undefined, 'login.microsoftonline.com/tenant'), []],
  ['any namespace', like('*:web'), ['sub-wildcard']],
  ['a part', like('*prod*'), ['sub-wildcard']],
  ['a pattern that few miss', like('system:service*:*e*'), ['sub-wildcard']],
  ['all', like('system:serviceaccount:*:*'), ['sub-not-pinned']],
  ['repositories', webIdentity({ StringLike: { 'oidc.example.com:sub': 'repo:a/*' } }), []],
  ['repositories of GitHub', webIdentity({ StringLike: { 'token.actions.githubusercontent.com:sub': '*:main' } }, 'token.actions.githubusercontent.com'), []],
  ['a parameter and no audience', webIdentity({ StringEquals: { 'oidc.example.com:sub': { Ref: 'Sub' } } }), ['aud-not-pinned']],
  ['a choice with a pattern', like({ 'Fn::If': ['Prod', 'system:serviceaccount:apps:web', 'system:serviceaccount:*:*'] }), ['sub-wildcard']],
  ['any audience', webIdentity({ StringEquals: SUB, StringLike: { 'oidc.example.com:aud': ['sts.amazonaws.com', '*'] } }), ['aud-not-pinned']],
  ['keys that a token always has', webIdentity({ StringEqualsIfExists: { ...AUD, ...SUB } }), []],
  ['keys of another issuer, where it has them', webIdentity({ StringEquals: AUD, StringEqualsIfExists: { 'other.example.com:sub': 'system:serviceaccount:apps:web' } }), ['sub-not-pinned', 'condition-issuer']],
  ['any service account, of everyone', { ...like('system:serviceaccount:*:*'), Principal: '*' }, ['sub-not-pinned']],
])('%s', (_, statement, rules) => {
  expect(rulesFor(role(statement))).toEqual(rules);
});

test('keys of one of two issuers, where they are there', () => {
  const both = { Principal: { Federated: [provider('oidc.example.com'), provider('other.example.com')] }, Action: 'sts:AssumeRoleWithWebIdentity' };

  expect(rulesFor(role({ ...both, Condition: { StringEqualsIfExists: SUB, StringEquals: AUD } }))).toEqual(['sub-not-pinned']);
});

test('NotPrincipal, which IAM refuses', () => {
  expect(rulesFor(role(webIdentity({ StringEquals: { ...AUD, ...SUB } }), { Effect: 'Deny', NotPrincipal: { AWS: '111122223333' }, Action: '*' }))).toEqual(['trust-malformed']);
});
