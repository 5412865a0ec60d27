import fc from 'fast-check';
import { evaluateCondition } from '../../../src/check/policy/condition';
import { requestContext } from '../../../src/check/policy/context';
import type { Truth } from '../../../src/check/policy/truth';
import { unresolved } from '../../../src/check/unresolved';

type Values = string | readonly string[] | undefined;

/** A request with one key; `undefined` for a request without it. Every key that begins with `unknown` may be there. */
function evaluate(operator: string, is: Values, wanted: Values, others: Record<string, Values> = {}, variables = true) {
  const context = requestContext({ key: is, ...others }, name => !name.startsWith('unknown'));
  return evaluateCondition({ operator, key: 'key', values: wanted === undefined ? [] : [wanted].flat() }, variables, context);
}

type Row = [operator: string, is: Values, wanted: Values, truth: Truth];

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html: values are ORed, NORed when negated
describe('several values in the policy', () => {
  test.each<Row>([
    ['StringEquals', 'a', ['a', 'b'], 'yes'],
    ['StringEquals', 'b', ['a', 'b'], 'yes'],
    ['StringEquals', 'c', ['a', 'b'], 'no'],
    ['StringNotEquals', 'a', ['a', 'b'], 'no'],
    ['StringNotEquals', 'c', ['a', 'b'], 'yes'],
    ['StringLike', 'abc', ['x*', 'a*'], 'yes'],
    ['StringNotLike', 'abc', ['x*', 'a*'], 'no'],
    ['StringEquals', 'a', [], 'no'],
    ['StringNotEquals', 'a', [], 'yes'],
    ['ArnNotEquals', 'arn:aws:iam::123456789012:role/a', ['arn:aws:iam::123456789012:role/b', 'arn:aws:iam::123456789012:role/*'], 'no'],
  ])('%s: %j against %j is %s', (operator, is, wanted, truth) => {
    expect(evaluate(operator, is, wanted).truth).toBe(truth);
  });
});

// …/reference_policies_elements_condition_operators.html: "If the key is not present, the values do not match and the condition is false. If the
// policy condition requires that the key is not matched, and the right key is not present, the condition is true."
describe('a key that the request does not have', () => {
  test.each<Row>([
    ['StringEquals', undefined, 'a', 'no'],
    ['StringEqualsIgnoreCase', undefined, 'a', 'no'],
    ['StringLike', undefined, '*', 'no'],
    ['ArnEquals', undefined, 'arn:aws:iam::123456789012:role/*', 'no'],
    ['ArnLike', undefined, 'arn:aws:iam::123456789012:role/*', 'no'],
    ['Bool', undefined, 'false', 'no'],
    ['NumericLessThan', undefined, '10', 'no'],
    ['DateLessThan', undefined, '2030-01-01T00:00:00Z', 'no'],
    ['IpAddress', undefined, '0.0.0.0/0', 'no'],
    ['BinaryEquals', undefined, 'QQ==', 'no'],
    ['StringNotEquals', undefined, 'a', 'yes'],
    ['StringNotEqualsIgnoreCase', undefined, 'a', 'yes'],
    ['StringNotLike', undefined, '*', 'yes'],
    ['ArnNotEquals', undefined, 'arn:aws:iam::123456789012:role/*', 'yes'],
    ['ArnNotLike', undefined, 'arn:aws:iam::123456789012:role/*', 'yes'],
    ['NumericNotEquals', undefined, '10', 'yes'],
    ['DateNotEquals', undefined, '2030-01-01T00:00:00Z', 'yes'],
    ['NotIpAddress', undefined, '0.0.0.0/0', 'yes'],
  ])('%s: %j against %j is %s', (operator, is, wanted, truth) => {
    expect(evaluate(operator, is, wanted).truth).toBe(truth);
  });
});

// …#Conditions_IfExists: "If the key is not present, evaluate the condition element as true"
describe('IfExists', () => {
  test.each<Row>([
    ['StringEqualsIfExists', undefined, 'a', 'yes'],
    ['StringEqualsIfExists', 'a', 'a', 'yes'],
    ['StringEqualsIfExists', 'b', 'a', 'no'],
    ['StringLikeIfExists', undefined, 'a*', 'yes'],
    ['StringLikeIfExists', 'b', 'a*', 'no'],
    ['StringNotEqualsIfExists', undefined, 'a', 'yes'],
    ['StringNotEqualsIfExists', 'a', 'a', 'no'],
    ['ArnEqualsIfExists', undefined, 'arn:aws:iam::123456789012:role/a', 'yes'],
    ['BoolIfExists', undefined, 'true', 'yes'],
    ['BoolIfExists', 'false', 'true', 'no'],
    ['NumericLessThanIfExists', undefined, '10', 'yes'],
    ['IpAddressIfExists', undefined, '10.0.0.0/8', 'yes'],
    ['IpAddressIfExists', '11.0.0.1', '10.0.0.0/8', 'no'],
    ['ForAnyValue:StringEqualsIfExists', undefined, 'a', 'yes'],
    ['ForAllValues:StringEqualsIfExists', undefined, 'a', 'yes'],
    ['ForAnyValue:StringEqualsIfExists', ['b', 'c'], 'a', 'no'],
  ])('%s: %j against %j is %s', (operator, is, wanted, truth) => {
    expect(evaluate(operator, is, wanted).truth).toBe(truth);
  });
});

// …#Conditions_Null: true, the key does not exist; false, it exists and its value is not null. IfExists goes with every operator but this one.
describe('Null', () => {
  test.each<Row>([
    ['Null', undefined, 'true', 'yes'],
    ['Null', undefined, 'false', 'no'],
    ['Null', 'a', 'true', 'no'],
    ['Null', 'a', 'false', 'yes'],
    ['Null', [], 'true', 'yes'],
    ['Null', [], 'false', 'no'],
    ['Null', ['a', 'b'], 'false', 'yes'],
    ['Null', 'a', 'FALSE', 'yes'],
    ['Null', 'a', ['true', 'false'], 'yes'],
    ['Null', '', 'false', 'unknown'],
    ['Null', 'a', 'maybe', 'unknown'],
    ['NullIfExists', 'a', 'false', 'unknown'],
    ['ForAnyValue:Null', 'a', 'false', 'unknown'],
  ])('%s: %j against %j is %s', (operator, is, wanted, truth) => {
    expect(evaluate(operator, is, wanted).truth).toBe(truth);
  });
});

// …/reference_policies_condition-single-vs-multi-valued-context-keys.html and …/reference_policies_condition_examples-multi-valued-context-keys.html
describe('ForAllValues', () => {
  test.each<Row>([
    ['ForAllValues:StringEquals', ['PostDateTime', 'Message'], ['PostDateTime', 'Message', 'Tags'], 'yes'],
    ['ForAllValues:StringEquals', ['PostDateTime', 'UserName'], ['PostDateTime', 'Message', 'Tags'], 'no'],
    ['ForAllValues:StringEquals', 'a', 'a', 'yes'],
    ['ForAllValues:StringEquals', 'b', 'a', 'no'],
    ['ForAllValues:StringEquals', undefined, 'a', 'yes'],
    ['ForAllValues:StringEquals', [], 'a', 'yes'],
    ['ForAllValues:StringEquals', [''], 'a', 'yes'],
    ['ForAllValues:StringEquals', 'a', [], 'no'],
    ['ForAllValues:StringEquals', undefined, [], 'yes'],
    ['ForAllValues:StringLike', ['a1', 'a2'], 'a*', 'yes'],
    ['ForAllValues:StringLike', ['a1', 'b2'], 'a*', 'no'],
    ['ForAllValues:StringNotLike', 'key1:legal', 'key1*', 'no'],
    ['ForAllValues:StringNotLike', ['key1:hr', 'key1:personnel'], 'key1*', 'no'],
    ['ForAllValues:StringNotLike', 'key2:audit', 'key1*', 'yes'],
    ['ForAllValues:StringNotLike', ['key1:hr', 'key2:audit'], 'key1*', 'no'],
    ['ForAllValues:StringNotLike', undefined, 'key1*', 'yes'],
    ['ForAllValues:StringNotEquals', ['a', 'b'], ['c'], 'yes'],
    ['ForAllValues:StringNotEquals', ['a', 'c'], ['c'], 'no'],
    ['ForAllValues:ArnLike', ['arn:aws:iam::123456789012:role/a'], 'arn:aws:iam::123456789012:role/*', 'yes'],
  ])('%s: %j against %j is %s', (operator, is, wanted, truth) => {
    expect(evaluate(operator, is, wanted).truth).toBe(truth);
  });
});

describe('ForAnyValue', () => {
  test.each<Row>([
    ['ForAnyValue:StringEquals', ['ID', 'Message'], ['ID', 'PostDateTime'], 'yes'],
    ['ForAnyValue:StringEquals', ['UserName'], ['ID', 'PostDateTime'], 'no'],
    ['ForAnyValue:StringEquals', undefined, 'a', 'no'],
    ['ForAnyValue:StringEquals', [], 'a', 'no'],
    ['ForAnyValue:StringEquals', [''], '', 'no'],
    ['ForAnyValue:StringLike', ['unauthenticated'], 'unauth*', 'yes'],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], 'a', 'yes'],
    ['ForAnyValue:StringNotEquals', ['a'], 'a', 'no'],
    ['ForAnyValue:StringNotEquals', undefined, 'a', 'no'],
    ['ForAnyValue:StringNotLike', undefined, '*', 'no'],
    ['ForAnyValue:Bool', ['true', 'false'], 'true', 'yes'],
  ])('%s: %j against %j is %s', (operator, is, wanted, truth) => {
    expect(evaluate(operator, is, wanted).truth).toBe(truth);
  });
});

// the documentation asks for set operators there, and does not say what happens without them
describe('several values in the request without a set operator', () => {
  test.each<Row>([
    ['StringEquals', ['a', 'a'], 'a', 'yes'],
    ['StringEquals', ['a', 'b'], ['a', 'b'], 'yes'],
    ['StringEquals', ['a', 'b'], 'c', 'no'],
    ['StringEquals', ['a', 'b'], 'a', 'unknown'],
    ['StringNotEquals', ['a', 'b'], 'c', 'yes'],
    ['StringNotEquals', ['a', 'b'], 'a', 'unknown'],
    ['StringLike', ['a1', 'a2'], 'a*', 'yes'],
  ])('%s: %j against %j is %s', (operator, is, wanted, truth) => {
    expect(evaluate(operator, is, wanted).truth).toBe(truth);
  });

  test('is reported with the way out', () => {
    expect(evaluate('StringEquals', ['a', 'b'], 'a').reason)
      .toBe('key has several values (a, b), and IAM does not say what StringEquals makes of them without ForAnyValue: or ForAllValues:');
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
describe('policy variables', () => {
  const OTHERS = { 'aws:username': 'matjac', 'aws:PrincipalTag/team': 'blue', 'aws:TagKeys': ['a', 'b'], 'star': '*' };

  test.each<Row>([
    ['StringEquals', 'matjac', '${aws:username}', 'yes'],
    ['StringEquals', 'home/matjac/', 'home/${aws:username}/', 'yes'],
    ['StringEquals', 'other', '${aws:username}', 'no'],
    ['StringEquals', 'matjac', '${AWS:USERNAME}', 'yes'],
    ['StringLike', 'matjac-1', '${aws:username}-*', 'yes'],
    ['StringEquals', 'blue', '${aws:PrincipalTag/team}', 'yes'],
    ['StringNotEquals', 'matjac', '${aws:username}', 'no'],
    ['ArnLike', 'arn:aws:iam::123456789012:role/matjac', 'arn:aws:iam::123456789012:role/${aws:username}', 'yes'],
    ['StringLike', '*', '${*}', 'yes'],
    ['StringLike', 'a', '${*}', 'no'],
    ['StringLike', 'a?', 'a${?}', 'yes'],
    ['StringLike', 'ab', 'a${?}', 'no'],
    ['StringEquals', '$', '${$}', 'yes'],
    ['StringEquals', '${aws:username}', '${$}{aws:username}', 'yes'],
    ['StringEquals', '*', '${*}', 'yes'],
    ['StringLike', 'anything', '${star}', 'no'],
    ['StringEquals', 'anonymous', "${aws:userid, 'anonymous'}", 'yes'],
    ['StringEquals', 'matjac', "${aws:username, 'anonymous'}", 'yes'],
    ['StringEquals', 'anonymous', "${aws:username, 'anonymous'}", 'no'],
    ['StringEquals', 'x', "${aws:userid, ''}x", 'yes'],
    ['StringEquals', 'matjac', '${aws:userid}', 'no'],
    ['StringEquals', 'matjac', ['${aws:userid}', 'other'], 'no'],
    ['StringEquals', 'matjac', ['${aws:userid}', 'matjac'], 'unknown'],
    ['StringNotEquals', 'matjac', '${aws:userid}', 'unknown'],
    ['StringEquals', 'a', '${aws:TagKeys}', 'unknown'],
    ['StringEquals', 'a', '${unknown:key}', 'unknown'],
    ['StringEquals', 'a', '${aws:username', 'unknown'],
    ['NumericEquals', '1', '${aws:username}', 'unknown'],
  ])('%s: %j against %j is %s', (operator, is, wanted, truth) => {
    expect(evaluate(operator, is, wanted, OTHERS).truth).toBe(truth);
  });

  test.each<Row>([
    ['StringEquals', 'matjac', '${aws:username}', 'no'],
    ['StringEquals', '${aws:username}', '${aws:username}', 'yes'],
    ['StringLike', '${*}', '${*}', 'yes'],
    ['StringLike', '${anything}', '${*}', 'yes'],
  ])('are text in a policy of 2008: %s: %j against %j is %s', (operator, is, wanted, truth) => {
    expect(evaluate(operator, is, wanted, OTHERS, false).truth).toBe(truth);
  });

  test('a missing one is named', () => {
    expect(evaluate('StringEquals', 'matjac', '${aws:userid}').reason).toBe('the policy has ${aws:userid}, which has no value in this request');
  });
});

describe('what is not known', () => {
  test.each(['StringEquals', 'StringNotEquals', 'StringEqualsIfExists', 'ForAllValues:StringEquals', 'ForAnyValue:StringLike', 'Null', 'Bool'])('%s of such a key is unknown', operator => {
    const context = requestContext({}, () => false);

    expect(evaluateCondition({ operator, key: 'aws:SourceIp', values: ['true'] }, true, context).truth).toBe('unknown');
  });

  test.each(['StringEqual', 'stringequals', 'STRINGLIKE', 'StringMatches', '', 'IfExists', 'ForAnyValue:', 'ForSomeValues:StringEquals', 'StringEqualsIfExistsIfExists', '__proto__', 'constructor'])('the operator %j is reported, not guessed', operator => {
    const { truth, reason } = evaluate(operator, 'a', 'a');

    expect(truth).toBe('unknown');
    expect(reason).toContain(`'${operator}'`);
  });

  test('an operator in another case is reported with its right name', () => {
    expect(evaluate('stringequals', 'a', 'a').reason).toContain("'StringEquals'");
  });

  test('a key that only a deployment knows may be any', () => {
    const context = requestContext({ 'oidc.example.com:sub': 'a' }, () => true);
    const key = `${unresolved('Issuer')}:sub`;

    expect(evaluateCondition({ operator: 'StringEquals', key, values: ['b'] }, true, context).truth).toBe('unknown');
  });

  test('a key of the same expression is the same key', () => {
    const key = `${unresolved('Issuer')}:sub`;
    const context = requestContext({ [key]: 'a' }, () => true);

    expect(evaluateCondition({ operator: 'StringEquals', key, values: ['b'] }, true, context).truth).toBe('no');
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html: key names are not case-sensitive, values are
test.each(['key', 'Key', 'KEY'])('the key %s is found in every case of letters', key => {
  const context = requestContext({ kEy: 'a' }, () => true);

  expect(evaluateCondition({ operator: 'StringEquals', key, values: ['a'] }, true, context).truth).toBe('yes');
  expect(evaluateCondition({ operator: 'StringEquals', key, values: ['A'] }, true, context).truth).toBe('no');
});

test.each(['__proto__', 'constructor', 'toString'])('the key %s is one like any other', key => {
  expect(evaluateCondition({ operator: 'StringEquals', key, values: ['a'] }, true, requestContext({}, () => true)).truth).toBe('no');
});

describe('agrees with the definition of sets', () => {
  const letters = fc.constantFrom('a', 'b', 'c', 'ab');
  const patterns = fc.constantFrom('a', 'b', 'c', 'a*', '*', '?', '*b', 'x');
  const matches = (value: string, pattern: string) => new RegExp(`^${pattern.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(value);

  test.each([
    ['ForAllValues:StringLike', (is: string[], wanted: string[]) => is.every(value => wanted.some(pattern => matches(value, pattern)))],
    ['ForAnyValue:StringLike', (is: string[], wanted: string[]) => is.some(value => wanted.some(pattern => matches(value, pattern)))],
    ['ForAllValues:StringNotLike', (is: string[], wanted: string[]) => !is.some(value => wanted.some(pattern => matches(value, pattern)))],
    ['ForAnyValue:StringNotLike', (is: string[], wanted: string[]) => is.some(value => !wanted.some(pattern => matches(value, pattern)))],
    ['ForAllValues:StringEquals', (is: string[], wanted: string[]) => is.every(value => wanted.includes(value))],
    ['ForAnyValue:StringEquals', (is: string[], wanted: string[]) => is.some(value => wanted.includes(value))],
  ])('%s', (operator, expected) => {
    fc.assert(fc.property(fc.array(letters, { maxLength: 4 }), fc.array(patterns, { maxLength: 4 }), (is, wanted) => {
      expect(evaluate(operator, is, wanted).truth).toBe(expected(is, wanted) ? 'yes' : 'no');
    }), { numRuns: 500 });
  });

  test('a negated operator is the opposite of its positive one where the request has one value', () => {
    const negations = [['StringEquals', 'StringNotEquals'], ['StringLike', 'StringNotLike'], ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase']];
    fc.assert(fc.property(fc.constantFrom(...negations), letters, fc.array(patterns, { maxLength: 4 }), ([positive, negative], is, wanted) => {
      expect(evaluate(negative, is, wanted).truth).toBe(evaluate(positive, is, wanted).truth === 'yes' ? 'no' : 'yes');
    }));
  });
});

describe('says why in the words of a person', () => {
  const SUB = 'oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub';
  const reason = (operator: string, is: string | undefined, ...values: string[]) =>
    evaluateCondition({ operator, key: SUB, values }, true, requestContext({ [SUB]: is }, () => true)).reason;
  const WEB = 'system:serviceaccount:apps:web';

  test.each([
    ['StringEquals', WEB, 'system:serviceaccount:app:web', `sub is ${WEB}, the policy wants system:serviceaccount:app:web: namespace differs`],
    ['StringEquals', WEB, 'system:serviceaccount:apps:api', `sub is ${WEB}, the policy wants system:serviceaccount:apps:api: name differs`],
    ['StringEquals', WEB, 'system:serviceaccount:x:api', `sub is ${WEB}, the policy wants system:serviceaccount:x:api: namespace and name differ`],
    ['StringEquals', WEB, 'system:serviceaccount:web:apps', `sub is ${WEB}, the policy wants system:serviceaccount:web:apps: namespace and name are the wrong way round`],
    ['StringEquals', WEB, 'apps:web', `sub is ${WEB}, the policy wants apps:web: the policy has not the form system:serviceaccount:NAMESPACE:NAME`],
    ['StringEquals', WEB, 'system:serviceaccount:apps:*', `sub is ${WEB}, the policy wants system:serviceaccount:apps:*: StringEquals takes * and ? for themselves; wildcards work with StringLike`],
    ['StringLike', WEB, 'system:serviceaccount:app:*', `sub is ${WEB}, the policy wants system:serviceaccount:app:*`],
    ['StringEquals', WEB, 'system:serviceaccount:Apps:web', `sub is ${WEB}, the policy wants system:serviceaccount:Apps:web: only the case of letters differs`],
    ['StringEquals', WEB, ` ${WEB}`, `sub is ${WEB}, the policy wants  ${WEB}: white space around the value in the policy`],
    ['StringNotEquals', WEB, WEB, `sub is ${WEB}, which the policy excludes (StringNotEquals ${WEB})`],
    ['StringEquals', WEB, WEB, `sub is ${WEB}, as the policy wants (StringEquals ${WEB})`],
    ['StringEquals', undefined, WEB, `the request has no ${SUB}, and StringEquals needs one`],
    ['StringNotEquals', undefined, WEB, `the request has no ${SUB}, which StringNotEquals lets pass`],
    ['Null', undefined, 'false', 'the request has no sub, the policy wants it to be present'],
    ['Null', WEB, 'true', 'the request has a sub, the policy wants it to be absent'],
    ['StringEquals', 'https://sts.amazonaws.com', 'sts.amazonaws.com', 'sub is https://sts.amazonaws.com, the policy wants sts.amazonaws.com: one has https:// in front, the other has not'],
    ['StringEquals', 'sts.amazonaws.com', 'sts.amazonaws.com/', 'sub is sts.amazonaws.com, the policy wants sts.amazonaws.com/: one has a slash at its end, the other has not'],
  ])('%s of %j against %j', (operator, is, wanted, sentence) => {
    expect(reason(operator, is, wanted)).toBe(sentence);
  });

  test('of many values the first are shown', () => {
    expect(reason('StringEquals', 'x', 'a', 'b', 'c', 'd', 'e')).toBe('sub is x, the policy wants a or b or c or 2 more');
  });

  test('of no values it says so', () => {
    expect(reason('StringEquals', 'x')).toBe('sub is x, the policy lists no value');
  });

  test('text of a deployment is shown as an expression', () => {
    expect(reason('StringEquals', WEB, unresolved('Subject'))).toBe(`sub is ${WEB}, and whether that is \${Subject} is not known here`);
  });
});
