import { type AssumeRoleRequest, type Caller, evaluateAssumeRole } from '../../src/check/assume-role';
import { unresolved } from '../../src/check/unresolved';

const FROM = 'arn:aws:iam::111111111111:role/apps/from';
const SAME = 'arn:aws:iam::111111111111:role/to';
const OTHER = 'arn:aws:iam::222222222222:role/to';
const ROOT = 'arn:aws:iam::111111111111:root';

const GRANT = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] };

function trust(principal: unknown, changes: object = {}): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...changes }] };
}

function evaluate(roleArn: string, trustPolicy: unknown, caller: Partial<Caller> = {}, request: Partial<AssumeRoleRequest> = {}) {
  return evaluateAssumeRole({ roleArn, trustPolicy, caller: { arn: FROM, identityPolicies: [GRANT], ...caller }, ...request });
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
describe('who a trust policy names, for a role of another account that may assume', () => {
  test.each<[unknown, string]>([
    [{ AWS: FROM }, 'allowed'],
    [{ AWS: [OTHER, FROM] }, 'allowed'],
    [{ AWS: ROOT }, 'allowed'],
    [{ AWS: '111111111111' }, 'allowed'],
    [{ AWS: '*' }, 'allowed'],
    ['*', 'allowed'],
    [{ AWS: 'arn:aws:sts::111111111111:assumed-role/from/session' }, 'allowed'],
    [{ AWS: [], Service: 'ec2.amazonaws.com' }, 'denied'],
    [{ AWS: 'arn:aws:sts::111111111111:assumed-role/from/other' }, 'denied'],
    [{ AWS: 'arn:aws:sts::111111111111:assumed-role/from/*' }, 'denied'],
    [{ AWS: 'arn:aws:iam::111111111111:role/from' }, 'denied'],
    [{ AWS: 'arn:aws:iam::111111111111:role/apps/FROM' }, 'denied'],
    [{ AWS: 'arn:aws:iam::111111111111:role/*' }, 'denied'],
    [{ AWS: 'arn:aws:iam::222222222222:role/apps/from' }, 'denied'],
    [{ AWS: 'arn:aws:iam::222222222222:root' }, 'denied'],
    [{ AWS: '222222222222' }, 'denied'],
    [{ AWS: 'arn:aws-cn:iam::111111111111:root' }, 'denied'],
    [{ AWS: 'arn:aws:iam::111111111111:user/from' }, 'denied'],
    [{ AWS: 'AROAEXAMPLEEXAMPLE123' }, 'denied'],
    [{ Service: 'ec2.amazonaws.com' }, 'denied'],
    [{ Federated: 'arn:aws:iam::222222222222:oidc-provider/x' }, 'denied'],
    [{ AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } }, 'unknown'],
    [{ Ref: 'Principal' }, 'unknown'],
  ])('%j: %s', (principal, verdict) => {
    expect(evaluate(OTHER, trust(principal), { sessionName: 'session' }).verdict).toBe(verdict);
  });

  test('a session of the role, when the name of the session is not known', () => {
    expect(evaluate(OTHER, trust({ AWS: 'arn:aws:sts::111111111111:assumed-role/from/session' })).verdict).toBe('unknown');
  });

  test.each([
    [{ AWS: 'arn:aws:iam::111111111111:role/any/path/from' }, 'allowed'],
    [{ AWS: 'arn:aws:iam::111111111111:role/other' }, 'denied'],
    [{ AWS: 'arn:aws:sts::111111111111:assumed-role/from/s' }, 'allowed'],
  ])('a caller that is known by its session: %j: %s', (principal, verdict) => {
    expect(evaluate(OTHER, trust(principal), { arn: 'arn:aws:sts::111111111111:assumed-role/from/s' }).verdict).toBe(verdict);
  });

  test.each([
    [{ AWS: 'arn:aws:iam::111111111111:user/me' }, 'allowed'],
    [{ AWS: 'arn:aws:iam::111111111111:user/Me' }, 'denied'],
    [{ AWS: '111111111111' }, 'allowed'],
  ])('a user: %j: %s', (principal, verdict) => {
    expect(evaluate(OTHER, trust(principal), { arn: 'arn:aws:iam::111111111111:user/me' }).verdict).toBe(verdict);
  });

  test.each([
    [{ AWS: FROM }, 'unknown'],
    [{ AWS: '222222222222' }, 'unknown'],
  ])('a Deny with NotPrincipal %j: %s', (NotPrincipal, verdict) => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*' }, { Effect: 'Deny', NotPrincipal, Action: '*' }] };

    expect(evaluate(OTHER, policy).verdict).toBe(verdict);
  });

  test.each([
    ['AROAEXAMPLEEXAMPLE123', 'that is the id of a role or user that was deleted'],
    ['arn:aws:iam::111111111111:role/*', 'a principal takes no wildcards inside an ARN'],
    ['arn:aws:iam::222222222222:role/apps/from', ': account differs'],
    ['arn:aws:iam::111111111111:role/from', ': path differs'],
    ['arn:aws:iam::111111111111:role/apps/form', ': name differs'],
  ])('%s: says %s', (name, words) => {
    expect(evaluate(OTHER, trust({ AWS: name })).reason).toContain(words);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
describe('both sides', () => {
  const NONE = [{ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }];
  const DENY = [GRANT, { Statement: [{ Effect: 'Deny', Action: 'sts:*', Resource: '*' }] }];
  const MAYBE = [GRANT, { Statement: [{ Effect: 'Deny', Action: 'sts:*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }] }];

  test.each<[string, string, unknown, readonly unknown[] | undefined, string]>([
    ['another account, both allow', OTHER, { AWS: FROM }, [GRANT], 'allowed'],
    ['another account, the caller may not', OTHER, { AWS: FROM }, NONE, 'denied'],
    ['another account, the caller has no policies', OTHER, { AWS: FROM }, [], 'denied'],
    ['another account, the trust policy does not', OTHER, { AWS: OTHER }, [GRANT], 'denied'],
    ['another account, everyone is trusted and the caller may not', OTHER, '*', NONE, 'denied'],
    ['another account, the caller is denied', OTHER, { AWS: FROM }, DENY, 'denied'],
    ['another account, the caller may be denied', OTHER, { AWS: FROM }, MAYBE, 'unknown'],
    ['another account, the policies are not known', OTHER, { AWS: FROM }, undefined, 'unknown'],
    ['another account, the policies are not known and the trust policy does not', OTHER, { AWS: OTHER }, undefined, 'denied'],
    ['the same account, the trust policy names the role', SAME, { AWS: FROM }, NONE, 'allowed'],
    ['the same account, the trust policy names the role, which has no policies', SAME, { AWS: FROM }, [], 'allowed'],
    ['the same account, everyone is trusted', SAME, '*', NONE, 'allowed'],
    ['the same account, the trust policy names the account', SAME, { AWS: ROOT }, NONE, 'denied'],
    ['the same account, the trust policy names the account, and the role may', SAME, { AWS: ROOT }, [GRANT], 'allowed'],
    ['the same account, the trust policy names account and role', SAME, { AWS: [ROOT, FROM] }, NONE, 'allowed'],
    ['the same account, the role is denied', SAME, { AWS: FROM }, DENY, 'denied'],
    ['the same account, the role may be denied', SAME, { AWS: FROM }, MAYBE, 'unknown'],
    ['the same account, the policies are not known', SAME, { AWS: FROM }, undefined, 'allowed'],
    ['the same account, the account is trusted, the policies are not known', SAME, { AWS: ROOT }, undefined, 'unknown'],
  ])('%s', (_, roleArn, principal, identityPolicies, verdict) => {
    expect(evaluate(roleArn, trust(principal), { identityPolicies }).verdict).toBe(verdict);
  });

  test('a denial says whose policy, and what STS answers', () => {
    expect(evaluate(OTHER, trust({ AWS: FROM }), { identityPolicies: NONE, sessionName: 's' })).toMatchObject({
      reason: `in the policies of ${FROM}, no statement allows sts:AssumeRole`,
      error: { code: 'AccessDenied', message: `User: arn:aws:sts::111111111111:assumed-role/from/s is not authorized to perform: sts:AssumeRole on resource: ${OTHER}` },
    });
  });

  test.each<[object, string]>([
    [{ Resource: OTHER }, 'allowed'],
    [{ Resource: [SAME, OTHER] }, 'allowed'],
    [{ Resource: 'arn:aws:iam::*:role/t?' }, 'allowed'],
    [{ Resource: 'arn:aws:iam::222222222222:role/TO' }, 'denied'],
    [{ Resource: SAME }, 'denied'],
    [{ NotResource: SAME }, 'allowed'],
    [{ NotResource: OTHER }, 'denied'],
    [{ Resource: { Ref: 'Role' } }, 'unknown'],
    [{ Resource: `arn:aws:iam::222222222222:role/${unresolved('Name')}` }, 'unknown'],
    [{ Resource: `arn:aws:iam::333333333333:role/${unresolved('Name')}` }, 'denied'],
    [{ Resource: 'arn:aws:iam::222222222222:role/${aws:PrincipalTag/team}' }, 'unknown'],
    [{ Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': '222222222222' } } }, 'allowed'],
    [{ Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': '333333333333' } } }, 'denied'],
  ])('the caller may by %j: %s', (changes, verdict) => {
    const identityPolicies = [JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...changes }] })];

    expect(evaluate(OTHER, trust({ AWS: FROM }), { identityPolicies }).verdict).toBe(verdict);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-sts and …/reference_policies_condition-keys.html
describe('conditions on the caller', () => {
  type Case = [object, Partial<Caller>, Partial<AssumeRoleRequest>, string];
  const org = (id: string) => ({ StringEquals: { 'aws:PrincipalOrgID': id } });
  const external = (id: string) => ({ StringEquals: { 'sts:ExternalId': id } });

  test.each<Case>([
    [external('secret'), {}, { externalId: 'secret' }, 'allowed'],
    [external('secret'), {}, { externalId: 'Secret' }, 'denied'],
    [external('secret'), {}, {}, 'denied'],
    [{ StringNotEquals: { 'sts:ExternalId': 'bad' } }, {}, {}, 'allowed'],
    [{ Null: { 'sts:ExternalId': 'true' } }, {}, {}, 'allowed'],
    [org('o-1'), { organizationId: 'o-1' }, {}, 'allowed'],
    [org('o-1'), { organizationId: 'o-2' }, {}, 'denied'],
    [org('o-1'), { organizationId: null }, {}, 'denied'],
    [org('o-1'), {}, {}, 'unknown'],
    [{ ArnEquals: { 'aws:PrincipalArn': FROM } }, {}, {}, 'allowed'],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/apps/*' } }, {}, {}, 'allowed'],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/ops/*' } }, {}, {}, 'denied'],
    [{ StringLike: { 'aws:PrincipalArn': '*:role/apps/*' } }, {}, {}, 'allowed'],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/*' } }, { arn: 'arn:aws:sts::111111111111:assumed-role/from/s' }, {}, 'unknown'],
    [{ StringEquals: { 'aws:PrincipalAccount': '111111111111' } }, {}, {}, 'allowed'],
    [{ StringEquals: { 'aws:PrincipalAccount': '222222222222' } }, {}, {}, 'denied'],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'blue' } }, { tags: { team: 'blue' } }, {}, 'allowed'],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'blue' } }, { tags: {} }, {}, 'denied'],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'blue' } }, {}, {}, 'unknown'],
    [{ StringEquals: { 'aws:PrincipalType': 'AssumedRole' } }, {}, {}, 'allowed'],
    [{ StringLike: { 'sts:RoleSessionName': '${aws:username}' } }, {}, { sessionName: 'matjac' }, 'denied'],
    [{ StringLike: { 'sts:RoleSessionName': '${aws:username}' } }, { arn: 'arn:aws:iam::111111111111:user/matjac' }, { sessionName: 'matjac' }, 'allowed'],
    [{ StringLike: { 'sts:RoleSessionName': '${aws:username}' } }, { arn: 'arn:aws:iam::111111111111:user/other' }, { sessionName: 'matjac' }, 'denied'],
    [{ StringLike: { 'sts:RoleSessionName': 'web-*' } }, {}, {}, 'unknown'],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, {}, {}, 'unknown'],
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, {}, { context: { 'aws:SourceIp': '10.0.0.1' } }, 'allowed'],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b' } }, {}, {}, 'denied'],
    [{ Bool: { 'aws:PrincipalIsAWSService': 'false' } }, {}, {}, 'allowed'],
    [{ DateLessThan: { 'aws:CurrentTime': '2024-06-01T00:00:00Z' } }, {}, { now: new Date('2024-05-01') }, 'allowed'],
  ])('%j, caller %j, request %j: %s', (Condition, caller, request, verdict) => {
    expect(evaluate(OTHER, trust('*', { Condition }), caller, request).verdict).toBe(verdict);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required: the example of that page
describe('session tags', () => {
  const user = 'arn:aws:iam::123456789012:user/test-session-tags';
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AllowIamUserAssumeRole',
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: user },
        Condition: { StringLike: { 'aws:RequestTag/Project': '*', 'aws:RequestTag/Department': '*' }, StringEquals: { 'sts:ExternalId': 'Example987' } },
      },
      {
        Sid: 'AllowPassSessionTagsAndTransitive',
        Effect: 'Allow',
        Action: 'sts:TagSession',
        Principal: { AWS: user },
        Condition: {
          'StringEquals': { 'aws:RequestTag/Department': ['Engineering', 'Marketing'] },
          'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': ['Project', 'Department'] },
        },
      },
    ],
  };
  const request = { externalId: 'Example987', tags: { Project: 'Automation', Department: 'Engineering' }, transitiveTagKeys: ['Project'] };

  test.each<[string, Partial<AssumeRoleRequest>, string]>([
    ['as the page has them', {}, 'allowed'],
    ['without transitive ones', { transitiveTagKeys: undefined }, 'allowed'],
    ['with one transitive that may not', { transitiveTagKeys: ['CostCenter'] }, 'denied'],
    ['without the external id', { externalId: undefined }, 'denied'],
    ['with another department', { tags: { ...request.tags, Department: 'Sales' } }, 'denied'],
    ['without a project', { tags: { Department: 'Marketing' } }, 'denied'],
    ['with no tags at all', { tags: {} }, 'denied'],
  ])('%s: %s', (_, changes, verdict) => {
    const decision = evaluateAssumeRole({ caller: { arn: user }, roleArn: 'arn:aws:iam::123456789012:role/my-role-example', trustPolicy, ...request, ...changes });

    expect(decision.verdict).toBe(verdict);
  });

  test('need sts:TagSession on both sides', () => {
    const tags = { team: 'blue' };
    const both = { Action: ['sts:AssumeRole', 'sts:TagSession'] };
    const may = [{ Statement: [{ Effect: 'Allow', Resource: '*', ...both }] }];

    expect(evaluate(OTHER, trust('*', both), { identityPolicies: may }, { tags }).verdict).toBe('allowed');
    expect(evaluate(OTHER, trust('*'), { identityPolicies: may }, { tags }).verdict).toBe('denied');
    expect(evaluate(OTHER, trust('*', both), {}, { tags }).verdict).toBe('denied');
  });

  test('a source identity needs sts:SetSourceIdentity', () => {
    const request_ = { sourceIdentity: 'DiegoRamirez' };

    expect(evaluate(SAME, trust({ AWS: FROM }), {}, request_).verdict).toBe('denied');
    expect(evaluate(SAME, trust({ AWS: FROM }, { Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }), {}, request_).verdict).toBe('allowed');
  });
});

describe('what STS refuses before it asks a policy', () => {
  test('a role ARN that is none', () => {
    expect(evaluate('to', trust('*'))).toMatchObject({ verdict: 'denied', error: { code: 'ValidationError', message: 'Request ARN is invalid' } });
  });

  test('another partition', () => {
    expect(evaluate(OTHER.replace('arn:aws:', 'arn:aws-cn:'), trust('*'))).toMatchObject({ verdict: 'denied', error: { code: 'AccessDenied' } });
  });

  test('the root user', () => {
    expect(evaluate(OTHER, trust('*'), { arn: ROOT })).toMatchObject({ verdict: 'denied', error: { message: 'Roles may not be assumed by root accounts.' } });
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html#iam-term-role-chaining
  test.each([[3600, FROM, 'allowed'], [3601, FROM, 'denied'], [43200, 'arn:aws:iam::111111111111:user/me', 'allowed']])('a session of %i seconds for %s: %s', (durationSeconds, arn, verdict) => {
    expect(evaluate(OTHER, trust('*'), { arn }, { durationSeconds }).verdict).toBe(verdict);
  });

  test('fails when the caller is no ARN', () => {
    expect(() => evaluate(OTHER, trust('*'), { arn: 'me' })).toThrow("'me' is not an ARN");
  });

  test('fails when a policy of the caller is malformed', () => {
    expect(() => evaluate(OTHER, trust('*'), { identityPolicies: [{ Statement: [] }] })).toThrow('the policy has no Statement');
  });
});
