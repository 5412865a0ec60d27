import { explainToken, type TokenQuestion } from '../../../src/check/explain/explain-token';
import { explanationText } from '../../../src/check/explain/explanation';

// the token of the README of the examples
const HOST_PATH = 'oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643';
const PROVIDER = `arn:aws:iam::123456789012:oidc-provider/${HOST_PATH}`;
const SUB = 'system:serviceaccount:default:s3-readonly-sa';
const CLAIMS = { iss: `https://${HOST_PATH}`, sub: SUB, aud: ['sts.amazonaws.com'], exp: 1_800_000_000 };
const PROVIDERS = [{ arn: PROVIDER, clientIds: ['sts.amazonaws.com'] }];

function statement(changes: object = {}): object {
  return {
    Effect: 'Allow',
    Principal: { Federated: PROVIDER },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${HOST_PATH}:sub`]: SUB, [`${HOST_PATH}:aud`]: 'sts.amazonaws.com' } },
    ...changes,
  };
}

function explain(statements: object[], changes: Partial<TokenQuestion> & { claims?: object } = {}) {
  const { claims, ...others } = changes;
  return explainToken({
    token: { header: { alg: 'RS256', kid: 'key-1' }, claims: { ...CLAIMS, ...claims } },
    roleArn: 'arn:aws:iam::123456789012:role/s3-reader',
    trustPolicy: { Version: '2012-10-17', Statement: statements },
    providers: PROVIDERS,
    now: new Date('2025-01-01T00:00:00Z'),
    ...others,
  });
}

const condition = (name: string, value: unknown, operator = 'StringEquals') => ({ Condition: { [operator]: { [`${HOST_PATH}:${name}`]: value } } });
const NO_AUDIENCE = 'ask for a token with an audience, and leave the trust policy as it is: kubectl create token NAME -n NAMESPACE --audience sts.amazonaws.com';
const DENIED = 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity';

test('right', () => {
  const { verdict, summary, error, fix } = explain([statement()], { signature: 'valid' });

  expect({ verdict, summary, error, fix }).toEqual({ verdict: 'allowed', summary: 'allowed: statement 1 allows it', error: undefined, fix: undefined });
});

test('every step reads as a sentence', () => {
  expect(explanationText(explain([statement(condition('sub', 'system:serviceaccount:kube-system:s3-readonly-sa'))], { signature: 'valid' }))).toBe(`\
✓ the token says iss https://${HOST_PATH}, sub ${SUB}, aud sts.amazonaws.com
✓ the signature is of the key key-1
✓ the role's account has a provider for the issuer, which takes the audience
✓ the token expires at 2027-01-15T08:00:00.000Z
✗ the trust policy does not allow sts:AssumeRoleWithWebIdentity
  ✗ statement 1 (Allow) does not apply
    ✓ it covers the action sts:AssumeRoleWithWebIdentity
    ✓ the policy trusts ${PROVIDER}
    ✗ sub is ${SUB}, the policy wants system:serviceaccount:kube-system:s3-readonly-sa: namespace differs

denied: statement 1 does not apply: sub is ${SUB}, the policy wants system:serviceaccount:kube-system:s3-readonly-sa: namespace differs
STS answers: ${DENIED}
fix: let statement 1 want sub to be ${SUB}
`);
});

test.each<[string, object[], Parameters<typeof explain>[1], string, string]>([
  ['another namespace', [statement(condition('sub', 'system:serviceaccount:x:s3-readonly-sa'))], {}, DENIED, `let statement 1 want sub to be ${SUB}`],
  ['a pattern taken to the letter', [statement(condition('sub', 'system:serviceaccount:default:*'))], {}, DENIED, `let statement 1 want sub to be ${SUB}`],
  ['another audience', [statement(condition('aud', 'vault'))], {}, DENIED, 'let statement 1 want aud to be sts.amazonaws.com'],
  ['both', [statement({ Condition: { StringEquals: { [`${HOST_PATH}:aud`]: 'x', [`${HOST_PATH}:sub`]: 'y' } } })], {}, DENIED, `let statement 1 want aud to be sts.amazonaws.com, and let statement 1 want sub to be ${SUB}`],
  ['the key of another issuer', [statement({ Condition: { StringEquals: { 'oidc.example.com:sub': SUB } } })], {}, DENIED, `let statement 1 want ${HOST_PATH}:sub to be ${SUB}`],
  ['another provider', [statement({ Principal: { Federated: PROVIDER.replace('8BAC', '9BAC') } })], {}, DENIED, `let statement 1 trust ${PROVIDER}`],
  ['a provider of another account', [statement({ Principal: { Federated: PROVIDER.replace('123456789012', '210987654321') } })], {}, DENIED, `let statement 1 trust ${PROVIDER}`],
  ['another action', [statement({ Action: 'sts:AssumeRole' })], {}, DENIED, 'let statement 1 allow sts:AssumeRoleWithWebIdentity'],
  ['an explicit Deny', [statement(), statement({ Sid: 'No', Effect: 'Deny' })], {}, DENIED, "remove statement 'No', which denies it"],
  ['two of them', [statement(), statement({ Effect: 'Deny' }), statement({ Effect: 'Deny' })], {}, DENIED, 'remove statement 2, which denies it; that alone is not enough'],
  ['a condition that no token meets', [statement({ Condition: { StringEquals: { 'aws:PrincipalAccount': '1' } } })], {}, DENIED, 'remove StringEquals of aws:PrincipalAccount from statement 1, or meet it'],
  ['no statement that allows', [statement({ Effect: 'Deny', Action: 'sts:AssumeRole' })], {}, DENIED, 'add a statement that allows it'],
  ['no provider', [statement()], { providers: [] }, `InvalidIdentityToken: No OpenIDConnect provider found in your account for https://${HOST_PATH}`, `make an OIDC provider for https://${HOST_PATH} in account 123456789012, or use the role of an account that has one`],
  ['a provider that does not take the audience', [statement()], { providers: [{ arn: PROVIDER, clientIds: ['x'] }] }, 'InvalidIdentityToken: Incorrect token audience', 'add sts.amazonaws.com to the client ids of the provider, or ask for a token for an audience that it takes'],
  ['an expired token', [statement()], { now: new Date('2027-02-01T00:00:00Z') }, 'ExpiredTokenException: Token expired: current date/time 2027-02-01T00:00:00.000Z must be before the expiration date/time 2027-01-15T08:00:00.000Z', 'take a new token: the kubelet renews the file in the pod, so read it again for each call'],
  ['a role that is none', [statement()], { roleArn: 's3-reader' }, 'ValidationError: Request ARN is invalid', 'write the ARN of a role: arn:PARTITION:iam::ACCOUNT:role/NAME'],
  ['a token that was changed', [statement()], { signature: 'wrong' }, 'InvalidIdentityToken', 'take the token of the cluster that the issuer belongs to, unchanged'],
  ...['none', 'HS256', undefined].map((alg): [string, object[], Parameters<typeof explain>[1], string, string] => [`a token with the algorithm ${alg}, without keys`, [statement()],
    { token: { header: { alg }, claims: CLAIMS } }, 'InvalidIdentityToken', 'take the token of the cluster that the issuer belongs to, unchanged']),
  ['no expiry', [statement()], { claims: { exp: undefined } }, 'InvalidIdentityToken', 'take a token of the cluster: kubectl create token NAME -n NAMESPACE --audience sts.amazonaws.com'],
  ...['nbf', 'iat'].map((claim): [string, object[], Parameters<typeof explain>[1], string, string] => [`${claim} in an hour`, [statement()],
    { claims: { [claim]: Date.parse('2025-01-01T01:00:00Z') / 1000 } }, 'InvalidIdentityToken', 'set the clocks of the issuer and of this machine']),
  ['no audience', [statement()], { claims: { aud: [] }, providers: undefined }, DENIED, NO_AUDIENCE],
  ['no audience that the provider could take', [statement()], { claims: { aud: [] } }, 'InvalidIdentityToken: Incorrect token audience', NO_AUDIENCE],
  ['an issuer without https', [statement()], { claims: { iss: 'http://x' } }, 'InvalidIdentityToken: No OpenIDConnect provider found in your account for http://x', 'let the issuer of the cluster be a URL that starts with https:// (--service-account-issuer of its API server)'],
  ['a token of another cluster', [statement()], { signature: 'no such key' }, 'InvalidIdentityToken', 'take the token of the cluster that the issuer belongs to, unchanged'],
])('%s', (_, statements, changes, error, fix) => {
  expect(explain(statements, changes)).toMatchObject({ verdict: 'denied', error, fix });
});

test('a clock that is minutes ahead keeps nobody out', () => {
  expect(explain([statement()], { claims: { nbf: Date.parse('2025-01-01T00:04:00Z') / 1000 } }).verdict).toBe('allowed');
});

test('what is not known is said, and is not allowed', () => {
  const explanation = explain([statement({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })], { providers: undefined });

  expect(explanation.verdict).toBe('unknown');
  expect(explanation.error).toBeUndefined();
  expect(explanation.steps.filter(({ holds }) => holds === 'unknown').map(({ text }) => text)).toEqual([
    'the signature was not checked: pass the issuer\'s keys with --jwks',
    expect.stringContaining('whether the role\'s account has a provider'),
    'the trust policy may allow sts:AssumeRoleWithWebIdentity',
  ]);
});

test('an expired token is explained to the end', () => {
  const { steps } = explain([statement(condition('sub', 'x'))], { now: new Date('2027-02-01T00:00:00Z') });

  expect(steps.filter(({ holds }) => holds === 'no').map(({ text }) => text)).toEqual(['the token expired at 2027-01-15T08:00:00.000Z', 'the trust policy does not allow sts:AssumeRoleWithWebIdentity']);
});

test.each([[undefined, 'the token has no expiry'], [8.64e18, '8640000000000000000']])('an expiry of %s is no crash', (exp, words) => {
  expect(explain([statement()], { claims: { exp } }).steps.map(({ text }) => text).join()).toContain(words);
});
