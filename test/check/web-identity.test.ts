import fc from 'fast-check';
import { unresolved } from '../../src/check/unresolved';
import { evaluateWebIdentity, type TokenClaims, type WebIdentityRequest } from '../../src/check/web-identity';

const HOST_PATH = 'oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643';
const PROVIDER = `arn:aws:iam::123456789012:oidc-provider/${HOST_PATH}`;
const ROLE = 'arn:aws:iam::123456789012:role/reader';
const SUB = 'system:serviceaccount:default:s3-readonly-sa';
const ACTION = 'sts:AssumeRoleWithWebIdentity';

// the public sample token of the Amazon EKS documentation
const CLAIMS: TokenClaims = { iss: `https://${HOST_PATH}`, sub: SUB, aud: ['sts.amazonaws.com'] };
const PROVIDERS = [{ arn: PROVIDER, clientIds: ['sts.amazonaws.com'] }];

const PINNED = { StringEquals: { [`${HOST_PATH}:sub`]: SUB, [`${HOST_PATH}:aud`]: 'sts.amazonaws.com' } };

function statement(changes: object = {}): object {
  return { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: ACTION, Condition: PINNED, ...changes };
}

function evaluate(statements: object | object[], changes: Partial<WebIdentityRequest> = {}) {
  return evaluateWebIdentity({
    roleArn: ROLE, claims: CLAIMS, providers: PROVIDERS, trustPolicy: { Version: '2012-10-17', Statement: [statements].flat() }, ...changes,
  });
}

describe('the token of the documentation', () => {
  test('is allowed by a policy that pins it', () => {
    const { verdict, error, policies: [{ statements: [{ applies, checks }] }] } = evaluate(statement());

    expect({ verdict, error, applies }).toEqual({ verdict: 'allowed', error: undefined, applies: 'yes' });
    expect(checks.map(({ about, truth }) => [about, truth])).toEqual([['action', 'yes'], ['principal', 'yes'], ['sub', 'yes'], ['aud', 'yes']]);
  });

  test('is denied by a policy for another service account, in words of a person', () => {
    const { verdict, reason, error } = evaluate(statement({ Condition: { StringEquals: { [`${HOST_PATH}:sub`]: 'system:serviceaccount:defualt:s3-readonly-sa' } } }));

    expect(verdict).toBe('denied');
    expect(reason).toBe(`statement 1 does not apply: sub is ${SUB}, the policy wants system:serviceaccount:defualt:s3-readonly-sa: namespace differs`);
    expect(error).toEqual({ code: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' });
  });

  test('is unknown, never allowed, with an operator that is not known', () => {
    expect(evaluate(statement({ Condition: { StringEqual: { [`${HOST_PATH}:sub`]: SUB } } })))
      .toMatchObject({ verdict: 'unknown', reason: "statement 1 cannot be decided: 'StringEqual' is not a condition operator that is known here" });
  });
});

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors
describe('what STS refuses before it asks a policy', () => {
  test.each(['reader', '', 'arn:aws:iam::123456789012:user/reader', 'arn:aws:iam::12345678901:role/reader', ' arn:aws:iam::123456789012:role/reader', 'arn:aws:iam::123456789012:role/', 'arn:aws:sts::123456789012:assumed-role/reader/session'])('the role %j', roleArn => {
    expect(evaluate(statement(), { roleArn })).toMatchObject({ verdict: 'denied', error: { code: 'ValidationError', message: 'Request ARN is invalid' }, policies: [] });
  });

  test.each([
    ['no provider', [], `the role's account has no provider ${PROVIDER} for the token's issuer`],
    ['a provider in another account', [{ ...PROVIDERS[0], arn: PROVIDER.replace('123456789012', '210987654321') }],
      `the provider ${PROVIDER.replace('123456789012', '210987654321')} is not in the role's account: the role needs ${PROVIDER}`],
    ['a provider in another partition', [{ ...PROVIDERS[0], arn: PROVIDER.replace('arn:aws:', 'arn:aws-cn:') }],
      `the provider ${PROVIDER.replace('arn:aws:', 'arn:aws-cn:')} is not in the role's account: the role needs ${PROVIDER}`],
    ['a provider with a slash at its end', [{ ...PROVIDERS[0], arn: `${PROVIDER}/` }], `the role's account has no provider ${PROVIDER} for the token's issuer`],
    ['a provider in another case', [{ ...PROVIDERS[0], arn: PROVIDER.toLowerCase() }], `the role's account has no provider ${PROVIDER} for the token's issuer`],
  ])('%s', (_, providers, reason) => {
    expect(evaluate(statement(), { providers })).toMatchObject({
      verdict: 'denied', reason, error: { code: 'InvalidIdentityToken', message: `No OpenIDConnect provider found in your account for https://${HOST_PATH}` },
    });
  });

  test('an issuer without https', () => {
    expect(evaluate(statement(), { claims: { ...CLAIMS, iss: HOST_PATH } })).toMatchObject({
      verdict: 'denied', reason: `the token's issuer ${HOST_PATH} does not start with https://`, error: { code: 'InvalidIdentityToken' },
    });
  });

  test.each([
    [{ aud: 'other' }, 'aud is other, the provider takes sts.amazonaws.com'],
    [{ aud: [] }, 'aud is empty, the provider takes sts.amazonaws.com'],
    [{ aud: ['https://kubernetes.default.svc'] }, 'aud is https://kubernetes.default.svc, the provider takes sts.amazonaws.com'],
    [{ aud: 'STS.amazonaws.com' }, 'aud is STS.amazonaws.com, the provider takes sts.amazonaws.com'],
    [{ aud: 'sts.amazonaws.com', azp: 'app' }, 'azp is app, the provider takes sts.amazonaws.com'],
  ])('the audience of %j', (claims, reason) => {
    expect(evaluate(statement(), { claims: { ...CLAIMS, ...claims } })).toMatchObject({
      verdict: 'denied', reason, error: { code: 'InvalidIdentityToken', message: 'Incorrect token audience' }, policies: [],
    });
  });

  test.each([[1000, 'denied'], [1001, 'allowed']] as const)('a token that expires at %i, asked at 1000: %s', (exp, verdict) => {
    const decision = evaluate(statement(), { claims: { ...CLAIMS, exp }, now: new Date(1_000_000) });

    expect(decision.verdict).toBe(verdict);
    expect(decision.error?.code).toBe(verdict === 'denied' ? 'ExpiredTokenException' : undefined);
  });

  test('nothing about providers is asked when they are not known', () => {
    expect(evaluate(statement(), { providers: undefined }).verdict).toBe('allowed');
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
describe('statements', () => {
  test.each([
    ['one Allow', [statement()], 'allowed'],
    ['an Allow after one that does not apply', [statement({ Principal: { AWS: '123456789012' } }), statement()], 'allowed'],
    ['a Deny that applies, after the Allow', [statement(), statement({ Effect: 'Deny', Condition: undefined })], 'denied'],
    ['a Deny that applies, before the Allow', [statement({ Effect: 'Deny' }), statement()], 'denied'],
    ['a Deny for others', [statement(), statement({ Effect: 'Deny', Condition: { StringLike: { [`${HOST_PATH}:sub`]: 'system:serviceaccount:other:*' } } })], 'allowed'],
    ['a Deny unless the subject is as it is', [statement(), statement({ Effect: 'Deny', Condition: { StringNotEquals: { [`${HOST_PATH}:sub`]: SUB } } })], 'allowed'],
    ['a Deny unless the subject is another', [statement(), statement({ Effect: 'Deny', Condition: { StringNotEquals: { [`${HOST_PATH}:sub`]: 'x' } } })], 'denied'],
    ['a Deny for a key that is missing, negated', [statement(), statement({ Effect: 'Deny', Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } })], 'denied'],
    ['the same with IfExists', [statement(), statement({ Effect: 'Deny', Principal: '*', Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } } })], 'denied'],
    ['only a Deny', [statement({ Effect: 'Deny', Condition: { StringEquals: { [`${HOST_PATH}:sub`]: 'x' } } })], 'denied'],
    ['a Deny that cannot be decided', [statement(), statement({ Effect: 'Deny', Condition: { Magic: { a: 'b' } } })], 'unknown'],
    ['a Deny that cannot be decided beside one that applies', [statement(), statement({ Effect: 'Deny', Condition: { Magic: { a: 'b' } } }), statement({ Effect: 'Deny' })], 'denied'],
    ['an Allow that cannot be decided beside one that applies', [statement({ Condition: { Magic: { a: 'b' } } }), statement()], 'allowed'],
    ['an Allow that cannot be decided', [statement({ Condition: { Magic: { a: 'b' } } })], 'unknown'],
    ['an Allow that cannot be decided, for another issuer', [statement({ Principal: { Federated: 'x' }, Condition: { Magic: { a: 'b' } } })], 'denied'],
    ['a statement that only a deployment knows', [statement(), { 'Fn::If': ['A', statement(), statement()] }], 'unknown'],
  ])('%s: %s', (_, statements, verdict) => {
    expect(evaluate(statements as object[]).verdict).toBe(verdict);
  });

  test('a Deny says that it is one', () => {
    expect(evaluate([statement(), statement({ Sid: 'NotHere', Effect: 'Deny' })]).reason).toMatch(/^statement 'NotHere' denies it: /);
  });

  test('the nearest Allow gives the reason', () => {
    const far = statement({ Sid: 'Far', Principal: { Federated: 'x' }, Condition: { StringEquals: { [`${HOST_PATH}:sub`]: 'x' } } });
    const near = statement({ Sid: 'Near', Condition: { StringEquals: { [`${HOST_PATH}:sub`]: 'x' } } });

    expect(evaluate([far, near]).reason).toMatch(/^statement 'Near' does not apply: sub is/);
  });

  test('without a statement about the action it says so', () => {
    expect(evaluate(statement({ Action: 'sts:AssumeRole' })).reason).toBe(`no statement allows ${ACTION}`);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html, …_notaction.html
describe('actions', () => {
  test.each([
    [{ Action: ACTION }, 'allowed'],
    [{ Action: 'STS:ASSUMEROLEWITHWEBIDENTITY' }, 'allowed'],
    [{ Action: 'sts:*' }, 'allowed'],
    [{ Action: '*' }, 'allowed'],
    [{ Action: 'sts:AssumeRole*' }, 'allowed'],
    [{ Action: ['sts:TagSession', ACTION] }, 'allowed'],
    [{ Action: 'sts:AssumeRole' }, 'denied'],
    [{ Action: 'sts:AssumeRoleWithSAML' }, 'denied'],
    [{ Action: [] }, 'denied'],
    [{ Action: undefined, NotAction: 'sts:AssumeRole' }, 'allowed'],
    [{ Action: undefined, NotAction: 'sts:*' }, 'denied'],
    [{ Action: { Ref: 'Action' } }, 'unknown'],
  ])('%j: %s', (changes, verdict) => {
    expect(evaluate(JSON.parse(JSON.stringify(statement(changes)))).verdict).toBe(verdict);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
describe('principals', () => {
  test.each<[unknown, string]>([
    [{ Federated: PROVIDER }, 'allowed'],
    [{ Federated: [PROVIDER] }, 'allowed'],
    [{ Federated: ['arn:aws:iam::123456789012:oidc-provider/other.example.com', PROVIDER] }, 'allowed'],
    [{ AWS: '123456789012', Federated: PROVIDER }, 'allowed'],
    ['*', 'allowed'],
    [{ Federated: [] }, 'denied'],
    [{ Federated: 'arn:aws:iam::123456789012:oidc-provider/other.example.com' }, 'denied'],
    [{ Federated: PROVIDER.replace('123456789012', '210987654321') }, 'denied'],
    [{ Federated: PROVIDER.replace('arn:aws:', 'arn:aws-us-gov:') }, 'denied'],
    [{ Federated: PROVIDER.toLowerCase() }, 'denied'],
    [{ Federated: `${PROVIDER}/` }, 'denied'],
    [{ Federated: HOST_PATH }, 'denied'],
    [{ Federated: 'arn:aws:iam::123456789012:oidc-provider/*' }, 'denied'],
    [{ Federated: 'cognito-identity.amazonaws.com' }, 'denied'],
    [{ Federated: 'arn:aws:iam::123456789012:saml-provider/x' }, 'denied'],
    [{ AWS: 'arn:aws:iam::123456789012:root' }, 'denied'],
    [{ Service: 'pods.eks.amazonaws.com' }, 'denied'],
    [{ AWS: '*' }, 'unknown'],
    [{ Federated: '*' }, 'unknown'],
    [{ Federated: { 'Fn::GetAtt': ['Provider', 'Arn'] } }, 'unknown'],
    [{ Federated: `arn:aws:iam::123456789012:oidc-provider/${unresolved('Issuer')}` }, 'unknown'],
    [{ Federated: `arn:aws:iam::210987654321:oidc-provider/${unresolved('Issuer')}` }, 'denied'],
  ])('%j: %s', (Principal, verdict) => {
    expect(evaluate(statement({ Principal })).verdict).toBe(verdict);
  });

  test.each([
    [{ Federated: PROVIDER }, 'unknown'],
    [{ Federated: 'x' }, 'unknown'],
  ])('a Deny with NotPrincipal %j: %s', (NotPrincipal, verdict) => {
    expect(evaluate([statement(), { Effect: 'Deny', NotPrincipal, Action: '*' }]).verdict).toBe(verdict);
  });

  test.each([
    [{ Federated: PROVIDER.replace('123456789012', '210987654321') }, ': account differs'],
    [{ Federated: PROVIDER.replace('8BAC', '9BAC') }, ': issuer differs'],
    [{ Federated: PROVIDER.replace('8BAC', '9BAC').replace('arn:aws:', 'arn:aws-cn:') }, ': partition and issuer differ'],
    [{ Federated: HOST_PATH }, ': that is not the ARN of an OIDC provider'],
    [{ Service: 'pods.eks.amazonaws.com' }, 'the policy trusts Service pods.eks.amazonaws.com, and no OIDC provider'],
  ])('%j: says %s', (Principal, words) => {
    expect(evaluate(statement({ Principal })).reason).toContain(words);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
describe('conditions on the token', () => {
  const key = (name: string) => `${HOST_PATH}:${name}`;

  test.each<[string, object, string]>([
    ['sub alone', { StringEquals: { [key('sub')]: SUB } }, 'allowed'],
    ['aud alone', { StringEquals: { [key('aud')]: 'sts.amazonaws.com' } }, 'allowed'],
    ['no condition', {}, 'allowed'],
    ['keys in another case', { StringEquals: { [key('sub').toUpperCase()]: SUB } }, 'allowed'],
    ['sub in another case', { StringEquals: { [key('sub')]: SUB.toUpperCase() } }, 'denied'],
    ['sub in another case, ignored', { StringEqualsIgnoreCase: { [key('sub')]: SUB.toUpperCase() } }, 'allowed'],
    ['one of several', { StringEquals: { [key('sub')]: ['x', SUB] } }, 'allowed'],
    ['a pattern', { StringLike: { [key('sub')]: 'system:serviceaccount:default:*' } }, 'allowed'],
    ['a pattern with StringEquals', { StringEquals: { [key('sub')]: 'system:serviceaccount:default:*' } }, 'denied'],
    ['a pattern over both parts', { StringLike: { [key('sub')]: 'system:serviceaccount:*:s3-*' } }, 'allowed'],
    ['a pattern for another namespace', { StringLike: { [key('sub')]: 'system:serviceaccount:kube-*' } }, 'denied'],
    ['two operators, one of which fails', { StringEquals: { [key('aud')]: 'sts.amazonaws.com' }, StringLike: { [key('sub')]: 'x*' } }, 'denied'],
    ['two keys, one of which fails', { StringEquals: { [key('aud')]: 'x', [key('sub')]: SUB } }, 'denied'],
    ['sets', { 'ForAnyValue:StringEquals': { [key('aud')]: ['sts.amazonaws.com', 'x'] } }, 'allowed'],
    ['the key of another issuer', { StringEquals: { 'oidc.eks.eu-west-1.amazonaws.com/id/OTHER:sub': SUB } }, 'denied'],
    ['the key of another issuer, negated', { StringNotEquals: { 'oidc.eks.eu-west-1.amazonaws.com/id/OTHER:sub': SUB } }, 'allowed'],
    ['the key with a scheme', { StringEquals: { [`https://${key('sub')}`]: SUB } }, 'denied'],
    ['a claim that STS does not offer', { StringEquals: { [key('namespace')]: 'default' } }, 'denied'],
    ['Null of sub', { Null: { [key('sub')]: 'false' } }, 'allowed'],
    ['Null of a claim that is not there', { Null: { [key('email')]: 'true' } }, 'allowed'],
    ['oaud', { StringEquals: { [key('oaud')]: 'sts.amazonaws.com' } }, 'allowed'],
    ['an account of a caller, which a token does not have', { StringEquals: { 'aws:PrincipalAccount': '123456789012' } }, 'denied'],
    ['an external id, which the call does not take', { StringEquals: { 'sts:ExternalId': 'x' } }, 'denied'],
    ['the transport', { Bool: { 'aws:SecureTransport': 'true' } }, 'allowed'],
    ['the address, which is not known', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'unknown'],
    ['the name of the session, which is not known', { StringLike: { 'sts:RoleSessionName': 'x*' } }, 'unknown'],
    ['a key that is not known here', { StringEquals: { 'aws:FederatedProvider': PROVIDER } }, 'unknown'],
    ['a variable of a caller', { StringEquals: { [key('sub')]: '${aws:username}' } }, 'denied'],
    ['a variable of the token', { StringEquals: { [key('sub')]: `\${${key('sub')}}` } }, 'allowed'],
  ])('%s: %j → %s', (_, Condition, verdict) => {
    expect(evaluate(statement({ Condition })).verdict).toBe(verdict);
  });

  test.each<[string, Partial<WebIdentityRequest>, object, string]>([
    ['an address', { context: { 'aws:SourceIp': '10.1.2.3' } }, { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'allowed'],
    ['a session name', { sessionName: 'web' }, { StringEquals: { 'sts:RoleSessionName': 'web' } }, 'allowed'],
    ['a time', { now: new Date('2024-05-01T00:00:00Z') }, { DateLessThan: { 'aws:CurrentTime': '2024-06-01T00:00:00Z' } }, 'allowed'],
    ['an epoch', { now: new Date('2024-05-01T00:00:00Z') }, { DateGreaterThan: { 'aws:EpochTime': '2024-06-01T00:00:00Z' } }, 'denied'],
    ['an issuer in the context cannot replace the token', { context: { [key('sub')]: 'x' } }, { StringEquals: { [key('sub')]: SUB } }, 'allowed'],
  ])('%s that is given: %j, %j → %s', (_, changes, Condition, verdict) => {
    expect(evaluate(statement({ Condition }), changes).verdict).toBe(verdict);
  });

  test('another issuer is named in the reason', () => {
    const Condition = { StringEquals: { 'oidc.eks.eu-west-1.amazonaws.com/id/OTHER:sub': SUB } };

    expect(evaluate(statement({ Condition })).reason).toContain('the request has no oidc.eks.eu-west-1.amazonaws.com/id/OTHER:sub');
  });
});

// …#ck_aud: with azp, azp is what aud is compared with, and the token's aud is oaud
describe('a token with several audiences, or azp', () => {
  const several = { claims: { ...CLAIMS, aud: ['sts.amazonaws.com', 'vault'] } };
  const azp = { claims: { ...CLAIMS, aud: 'vault', azp: 'sts.amazonaws.com' } };

  test.each<[object, object, string]>([
    [several, { 'ForAnyValue:StringEquals': { [`${HOST_PATH}:aud`]: 'sts.amazonaws.com' } }, 'allowed'],
    [several, { 'ForAllValues:StringEquals': { [`${HOST_PATH}:aud`]: 'sts.amazonaws.com' } }, 'denied'],
    [several, { StringEquals: { [`${HOST_PATH}:aud`]: ['sts.amazonaws.com', 'vault'] } }, 'allowed'],
    [several, { StringEquals: { [`${HOST_PATH}:aud`]: 'sts.amazonaws.com' } }, 'unknown'],
    [several, { StringEquals: { [`${HOST_PATH}:aud`]: 'x' } }, 'denied'],
    [azp, { StringEquals: { [`${HOST_PATH}:aud`]: 'sts.amazonaws.com' } }, 'allowed'],
    [azp, { StringEquals: { [`${HOST_PATH}:oaud`]: 'vault' } }, 'allowed'],
    [azp, { StringEquals: { [`${HOST_PATH}:aud`]: 'vault' } }, 'denied'],
  ])('%j with %j: %s', (changes, Condition, verdict) => {
    expect(evaluate(statement({ Condition }), changes).verdict).toBe(verdict);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
describe('session tags in a token', () => {
  const claims = { ...CLAIMS, 'https://aws.amazon.com/tags': { principal_tags: { team: ['blue'] }, transitive_tag_keys: ['team'] } };

  test.each<[string, object[], string]>([
    ['without sts:TagSession', [statement()], 'denied'],
    ['with it', [statement({ Action: [ACTION, 'sts:TagSession'] })], 'allowed'],
    ['with it, for the tag', [statement(), statement({ Action: 'sts:TagSession', Condition: { StringEquals: { 'aws:RequestTag/team': 'blue' } } })], 'allowed'],
    ['with it, for another tag', [statement(), statement({ Action: 'sts:TagSession', Condition: { StringEquals: { 'aws:RequestTag/team': 'red' } } })], 'denied'],
    ['with it, for the keys', [statement(), statement({ Action: 'sts:TagSession', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } } })], 'allowed'],
    ['with it, for what is transitive', [statement(), statement({ Action: 'sts:TagSession', Condition: { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': ['x'] } } })], 'denied'],
  ])('%s: %s', (_, statements, verdict) => {
    expect(evaluate(statements, { claims }).verdict).toBe(verdict);
  });

  test('a source identity needs sts:SetSourceIdentity', () => {
    const withIdentity = { claims: { ...CLAIMS, 'https://aws.amazon.com/source_identity': 'me' } };

    expect(evaluate(statement(), withIdentity).verdict).toBe('denied');
    expect(evaluate(statement({ Action: 'sts:*', Condition: { StringEquals: { 'sts:SourceIdentity': 'me' } } }), withIdentity).verdict).toBe('allowed');
  });
});

test('the partition of the role decides which provider counts', () => {
  const cn = PROVIDER.replace('arn:aws:', 'arn:aws-cn:');
  const request = { roleArn: ROLE.replace('arn:aws:', 'arn:aws-cn:'), providers: [{ arn: cn, clientIds: ['sts.amazonaws.com'] }] };

  expect(evaluate(statement({ Principal: { Federated: cn } }), request).verdict).toBe('allowed');
  expect(evaluate(statement(), request).verdict).toBe('denied');
});

test('a role with a path', () => {
  expect(evaluate(statement(), { roleArn: 'arn:aws:iam::123456789012:role/apps/team/reader' }).verdict).toBe('allowed');
});

test('an issuer that only a deployment knows is compared as an expression', () => {
  const issuer = unresolved('Cluster.OpenIdConnectIssuerUrl');
  const trustPolicy = JSON.stringify({
    Statement: [{
      Effect: 'Allow', Action: ACTION, Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` }, Condition: { StringEquals: { [`${issuer}:sub`]: SUB } },
    }],
  });
  const verdict = (sub: string) => evaluateWebIdentity({ roleArn: ROLE, trustPolicy, claims: { iss: `https://${issuer}`, sub, aud: 'x' } }).verdict;

  expect([verdict(SUB), verdict('system:serviceaccount:default:other')]).toEqual(['allowed', 'denied']);
});

test('fails when the trust policy is malformed', () => {
  expect(() => evaluate({ Effect: 'allow' })).toThrow("statement 1 has the Effect 'allow'");
});

describe('whatever the policy', () => {
  const effect = fc.constantFrom('Allow', 'Deny');
  const principal = fc.constantFrom<unknown>({ Federated: PROVIDER }, { Federated: 'x' }, '*', { AWS: '123456789012' });
  const action = fc.constantFrom(ACTION, 'sts:*', 'sts:AssumeRole');
  const value = fc.constantFrom(SUB, 'system:serviceaccount:default:*', 'x');
  const operator = fc.constantFrom('StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike');
  const condition = fc.dictionary(operator, value.map(each => ({ [`${HOST_PATH}:sub`]: each })), { maxKeys: 2 });
  const anyStatement = fc.record({ Effect: effect, Principal: principal, Action: action, Condition: condition });
  const statements = fc.array(anyStatement, { minLength: 1, maxLength: 4 });

  test('agrees with an oracle that knows only these policies', () => {
    const holds = (op: string, wanted: string) => {
      const matches = op.endsWith('Like') ? new RegExp(`^${wanted.replaceAll('*', '.*')}$`).test(SUB) : wanted === SUB;
      return matches !== op.includes('Not');
    };
    fc.assert(fc.property(statements, list => {
      const applying = list.filter(each => each.Action !== 'sts:AssumeRole'
        && (each.Principal === '*' || (each.Principal as { Federated?: string }).Federated === PROVIDER)
        && Object.entries(each.Condition).every(([op, block]) => holds(op, Object.values(block)[0])));
      const expected = applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');

      expect(evaluate(list).verdict).toBe(expected ? 'allowed' : 'denied');
    }), { numRuns: 1000 });
  });

  test('the order of statements does not matter', () => {
    fc.assert(fc.property(statements, list => expect(evaluate([...list].reverse()).verdict).toBe(evaluate(list).verdict)));
  });

  test('a further Deny never allows more, a further Allow never less', () => {
    fc.assert(fc.property(statements, fc.record({ Principal: principal, Action: action, Condition: condition }), (list, more) => {
      const before = evaluate(list).verdict;
      if (before === 'denied') {
        expect(evaluate([...list, { ...more, Effect: 'Deny' }]).verdict).toBe('denied');
      } else {
        expect(evaluate([...list, { ...more, Effect: 'Allow' }]).verdict).toBe('allowed');
      }
    }));
  });
});
