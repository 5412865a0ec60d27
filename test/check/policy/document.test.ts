import { parsePolicy } from '../../../src/check/policy/document';
import { isUnresolved, unresolved } from '../../../src/check/unresolved';

const ALLOW = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' };
const GRANT = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };

function trust(statement: object): object {
  return { Version: '2012-10-17', Statement: [{ ...ALLOW, ...statement }] };
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
describe('reads', () => {
  test('a string of JSON', () => {
    expect(parsePolicy(JSON.stringify(trust({})), 'trust')).toEqual(parsePolicy(trust({}), 'trust'));
  });

  test('one statement without a list', () => {
    expect(parsePolicy({ Statement: ALLOW }, 'trust')).toEqual(parsePolicy({ Statement: [ALLOW] }, 'trust'));
  });

  test('one action, principal or value without a list', () => {
    const single = trust({ Principal: { Federated: 'a' }, Condition: { StringEquals: { k: 'v' } } });
    const lists = trust({ Action: ['sts:AssumeRole'], Principal: { Federated: ['a'] }, Condition: { StringEquals: { k: ['v'] } } });

    expect(parsePolicy(single, 'trust')).toEqual(parsePolicy(lists, 'trust'));
  });

  test('numbers and booleans as text', () => {
    const { statements } = parsePolicy(trust({ Condition: { Bool: { 'aws:SecureTransport': true }, NumericEquals: { n: 5 } } }), 'trust');

    expect(statements[0].conditions.map(({ values }) => values)).toEqual([['true'], ['5']]);
  });

  test.each([[undefined, false], ['2008-10-17', false], ['2012-10-17', true]])('version %s: variables %s', (Version, variables) => {
    expect(parsePolicy({ ...Version ? { Version } : {}, Statement: [ALLOW] }, 'trust').variables).toBe(variables);
  });

  test('an identity policy', () => {
    expect(parsePolicy({ Statement: [GRANT] }, 'identity').statements[0].resources).toEqual({ negated: false, patterns: ['*'] });
  });

  test('Not… elements', () => {
    const { statements: [{ actions, principal }] } = parsePolicy({ Statement: { Effect: 'Deny', NotAction: 'a:b', NotPrincipal: { AWS: 'x' } } }, 'trust');

    expect(actions).toEqual({ negated: true, patterns: ['a:b'] });
    expect(principal?.negated).toBe(true);
  });
});

describe('takes what only a deployment knows as unknown', () => {
  test('a statement', () => {
    expect(parsePolicy({ Statement: [{ 'Fn::If': ['A', ALLOW, { Ref: 'AWS::NoValue' }] }] }, 'trust').statements[0].effect).toBe('unknown');
  });

  test('an effect', () => {
    expect(parsePolicy(trust({ Effect: { Ref: 'Effect' } }), 'trust').statements[0].effect).toBe('unknown');
  });

  test.each([
    { Principal: { AWS: { Ref: 'Role' } } },
    { Principal: { Federated: [{ 'Fn::GetAtt': ['Provider', 'Arn'] }] } },
  ])('a principal: %j', statement => {
    const [[name]] = [...parsePolicy(trust(statement), 'trust').statements[0].principal!.names.values()];

    expect(isUnresolved(name)).toBe(true);
  });

  test.each([{ Condition: { Ref: 'C' } }, { Condition: { StringEquals: { 'Fn::If': ['A', {}, {}] } } }, { Condition: unresolved('C') }])('a condition: %j', statement => {
    expect(parsePolicy(trust(statement), 'trust').statements[0].conditions).toHaveLength(1);
  });
});

describe('fails on what IAM refuses', () => {
  test.each<[string, unknown, string]>([
    ['a string that is not JSON', '{', 'the policy is a string that is not JSON'],
    ['null', null, 'a policy is null; an object is expected'],
    ['a list', [], 'a policy is []; an object is expected'],
    ['a number', 5, 'a policy is 5; an object is expected'],
    ['no statement', { Version: '2012-10-17' }, 'the policy has no Statement'],
    ['no statement in the list', { Statement: [] }, 'the policy has no Statement'],
    ['a statement that is text', { Statement: 'x' }, 'statement 1 is "x"; an object is expected'],
    ['another version', { Version: '2012-10-18', Statement: [ALLOW] }, "'2012-10-18' is not a version of the policy language; write 2012-10-17"],
    ['another element', { Statement: [ALLOW], Statements: [] }, "a policy has no element 'Statements'; it takes Version, Id and Statement"],
    ['another element of a statement', { Statement: [{ ...ALLOW, Conditions: {} }] }, "statement 1 has an element 'Conditions' that IAM does not know"],
    ['an effect in lower case', { Statement: [{ ...ALLOW, Effect: 'allow' }] }, "statement 1 has the Effect 'allow'; write Allow or Deny, in this case of letters"],
    ['no effect', { Statement: [{ ...ALLOW, Effect: undefined }] }, "statement 1 has the Effect 'undefined'"],
    ['no action', { Statement: [{ Effect: 'Allow', Principal: '*' }] }, 'statement 1 needs either Action or NotAction'],
    ['Action and NotAction', { Statement: [{ ...ALLOW, NotAction: 'a:b' }] }, 'statement 1 needs either Action or NotAction'],
    ['no principal', { Statement: [{ Effect: 'Allow', Action: 'a:b' }] }, 'statement 1 needs a Principal: who may assume the role'],
    ['a principal of another type', { Statement: [{ ...ALLOW, Principal: { Aws: '*' } }] }, "statement 1 has a Principal of the type 'Aws'; the types are AWS, Federated, Service, CanonicalUser"],
    ['a principal that is a name', { Statement: [{ ...ALLOW, Principal: 'arn:aws:iam::123456789012:root' }] }, 'Principal of statement 1 is "arn:aws:iam::123456789012:root"; an object is expected'],
    ['a resource', { Statement: [{ ...ALLOW, Resource: '*' }] }, "statement 1 has 'Resource', which a trust policy may not have; remove it"],
    ['a condition that is a list', { Statement: [{ ...ALLOW, Condition: [] }] }, 'Condition of statement 1 is []; an object is expected'],
    ['an operator that is text', { Statement: [{ ...ALLOW, Condition: { StringEquals: 'x' } }] }, 'StringEquals of statement 1 is "x"; an object is expected'],
    ['a value that is null', { Statement: [{ ...ALLOW, Condition: { StringEquals: { k: null } } }] }, 'k of statement 1 is null; a string or a list of strings is expected'],
    ['a second statement', { Statement: [ALLOW, { ...ALLOW, Effect: 'Maybe' }] }, "statement 2 has the Effect 'Maybe'"],
  ])('%s', (_, document, message) => {
    expect(() => parsePolicy(document, 'trust')).toThrow(message);
  });

  test('a principal in an identity policy', () => {
    expect(() => parsePolicy({ Statement: [{ ...GRANT, Principal: '*' }] }, 'identity')).toThrow("statement 1 has 'Principal', which an identity policy may not have; remove it");
  });

  test('an identity policy without a resource', () => {
    expect(() => parsePolicy({ Statement: [{ Effect: 'Allow', Action: '*' }] }, 'identity')).toThrow('statement 1 needs either Resource or NotResource');
  });
});
