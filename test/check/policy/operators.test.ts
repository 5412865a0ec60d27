import fc from 'fast-check';
import { literal, matchesText, OPERATORS } from '../../../src/check/policy/operators';
import type { Truth } from '../../../src/check/policy/truth';
import { unresolved } from '../../../src/check/unresolved';
import { patternOf } from '../../../src/identity/string-like';

function compare(operator: string, value: string, wanted: string): Truth {
  return OPERATORS.get(operator)!.matches(value, patternOf(wanted));
}

const DOCUMENTED = [
  'StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike',
  'NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals',
  'DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals',
  'Bool', 'BinaryEquals', 'IpAddress', 'NotIpAddress', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike',
];

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
test('has every operator of the documentation, and no other', () => {
  expect([...OPERATORS.keys()].sort()).toEqual([...DOCUMENTED].sort());
});

test('those with Not in their name are negated, and only those', () => {
  expect([...OPERATORS].filter(([, { negated }]) => negated).map(([name]) => name).sort()).toEqual(DOCUMENTED.filter(name => name.includes('Not')).sort());
});

// …#Conditions_String
test.each<[string, string, string, Truth]>([
  ['StringEquals', 'a', 'a', 'yes'],
  ['StringEquals', 'a', 'A', 'no'],
  ['StringEquals', 'a', 'a ', 'no'],
  ['StringEquals', 'a', '', 'no'],
  ['StringEquals', '', '', 'yes'],
  ['StringEquals', 'ab', 'a*', 'no'],
  ['StringEquals', 'a*', 'a*', 'yes'],
  ['StringEquals', 'ab', 'a?', 'no'],
  ['StringEquals', 'é', 'e\u0301', 'no'],
  ['StringEqualsIgnoreCase', 'Abc', 'aBC', 'yes'],
  ['StringEqualsIgnoreCase', 'Abc', 'abd', 'no'],
  ['StringEqualsIgnoreCase', 'abc', 'A*', 'no'],
  ['StringLike', 'abc', 'a*', 'yes'],
  ['StringLike', 'abc', 'A*', 'no'],
  ['StringLike', 'abc', 'a?c', 'yes'],
  ['StringLike', 'ac', 'a?c', 'no'],
  ['StringLike', 'abc', '*', 'yes'],
  ['StringLike', '', '*', 'yes'],
  ['StringLike', 'abc', 'b', 'no'],
  ['StringLike', 'system:serviceaccount:a:b:app', '*:app', 'yes'],
  ['StringLike', 'x💥y', 'x?y', 'yes'],
])('%s: %j against %j is %s', (operator, value, wanted, truth) => {
  expect(compare(operator, value, wanted)).toBe(truth);
});

// …#Conditions_ARN: each of the six components is checked separately, ArnEquals and ArnLike behave identically
describe.each(['ArnEquals', 'ArnLike'])('%s', operator => {
  test.each<[string, string, Truth]>([
    ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/a', 'yes'],
    ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/A', 'no'],
    ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/*', 'yes'],
    ['arn:aws:iam::123456789012:role/a/b', 'arn:aws:iam::123456789012:role/*', 'yes'],
    ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::*:role/a', 'yes'],
    ['arn:aws:iam::123456789012:role/a', 'arn:*:iam::123456789012:role/a', 'yes'],
    ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::12345678901?:role/a', 'yes'],
    ['arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt', 'arn:aws:someservice:*:111122223333:finance/*', 'no'],
    ['arn:aws:s3:::bucket/a:b', 'arn:aws:s3:::bucket/*', 'yes'],
    ['not-an-arn', 'arn:aws:iam::123456789012:role/*', 'no'],
    ['arn:aws:iam::123456789012:role/a', '*', 'unknown'],
    ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam:*', 'unknown'],
  ])('%j against %j is %s', (value, wanted, truth) => {
    expect(compare(operator, value, wanted)).toBe(truth);
  });
});

test('StringLike matches over colons where ArnLike does not', () => {
  const value = 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt';
  const pattern = 'arn:aws:someservice:*:111122223333:finance/*';

  expect([compare('StringLike', value, pattern), compare('ArnLike', value, pattern)]).toEqual(['yes', 'no']);
});

// …#Conditions_Numeric
test.each<[string, string, string, Truth]>([
  ['NumericEquals', '10', '10', 'yes'],
  ['NumericEquals', '10', '10.0', 'yes'],
  ['NumericEquals', '10', '11', 'no'],
  ['NumericLessThan', '9', '10', 'yes'],
  ['NumericLessThan', '10', '10', 'no'],
  ['NumericLessThanEquals', '10', '10', 'yes'],
  ['NumericGreaterThan', '10', '9', 'yes'],
  ['NumericGreaterThan', '9', '9', 'no'],
  ['NumericGreaterThanEquals', '9', '9', 'yes'],
  ['NumericGreaterThanEquals', '-1', '0', 'no'],
  ['NumericEquals', 'ten', '10', 'unknown'],
  ['NumericEquals', '10', '1*', 'unknown'],
  ['NumericEquals', '10', '', 'unknown'],
])('%s: %j against %j is %s', (operator, value, wanted, truth) => {
  expect(compare(operator, value, wanted)).toBe(truth);
});

// …#Conditions_Date: ISO 8601 by the W3C, or seconds of the epoch
test.each<[string, string, string, Truth]>([
  ['DateEquals', '2024-05-01T12:00:00Z', '2024-05-01T12:00:00Z', 'yes'],
  ['DateEquals', '2024-05-01T12:00:00Z', '2024-05-01T14:00:00+02:00', 'yes'],
  ['DateEquals', '2024-05-01T00:00:00Z', '2024-05-01', 'yes'],
  ['DateEquals', '2024-05-01T12:00:00Z', '1714564800', 'yes'],
  ['DateLessThan', '2024-04-30T23:59:59Z', '2024-05-01T00:00:00Z', 'yes'],
  ['DateLessThan', '2024-05-01T00:00:00Z', '2024-05-01T00:00:00Z', 'no'],
  ['DateLessThanEquals', '2024-05-01T00:00:00Z', '2024-05-01T00:00:00Z', 'yes'],
  ['DateGreaterThan', '2024-05-01T00:00:01Z', '2024-05-01T00:00:00Z', 'yes'],
  ['DateGreaterThanEquals', '2024-05-01T00:00:00.000Z', '2024-05-01T00:00:00Z', 'yes'],
  ['DateGreaterThan', '2024-05-01T00:00:00Z', 'yesterday', 'unknown'],
  ['DateGreaterThan', '2024-05-01T00:00:00Z', '2024-05-01T00:00:00', 'unknown'],
  ['DateGreaterThan', '2024-05-01T00:00:00Z', '2024-13-41', 'unknown'],
])('%s: %j against %j is %s', (operator, value, wanted, truth) => {
  expect(compare(operator, value, wanted)).toBe(truth);
});

// …#Conditions_Boolean, …#Conditions_BinaryEquals
test.each<[string, string, string, Truth]>([
  ['Bool', 'true', 'true', 'yes'],
  ['Bool', 'true', 'false', 'no'],
  ['Bool', 'false', 'False', 'yes'],
  ['Bool', 'true', '${aws:x}', 'unknown'],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', 'yes'],
  ['BinaryEquals', 'QmluYXJ5', 'qmluYXJ5', 'no'],
])('%s: %j against %j is %s', (operator, value, wanted, truth) => {
  expect(compare(operator, value, wanted)).toBe(truth);
});

// …#Conditions_IPAddress: CIDR, /32 when there is no prefix
test.each<[string, string, Truth]>([
  ['203.0.113.7', '203.0.113.0/24', 'yes'],
  ['203.0.114.7', '203.0.113.0/24', 'no'],
  ['203.0.113.7', '203.0.113.7', 'yes'],
  ['203.0.113.8', '203.0.113.7', 'no'],
  ['203.0.113.8', '0.0.0.0/0', 'yes'],
  ['203.0.113.8', '::/0', 'no'],
  ['2001:db8:1234:5678::1', '2001:DB8:1234:5678::/64', 'yes'],
  ['2001:db8:1234:5679::1', '2001:DB8:1234:5678::/64', 'no'],
  ['203.0.113.7', '203.0.113.0/33', 'unknown'],
  ['203.0.113.7', '203.0.113.0/a', 'unknown'],
  ['203.0.113.7', '203.0.113.0/24/1', 'unknown'],
  ['203.0.113.7', '203.0.113.*', 'unknown'],
  ['vpc', '203.0.113.0/24', 'unknown'],
])('IpAddress: %j against %j is %s', (value, wanted, truth) => {
  expect(compare('IpAddress', value, wanted)).toBe(truth);
});

describe('what only a deployment knows', () => {
  const X = unresolved('X');

  test.each<[string, string, string, Truth]>([
    ['StringEquals', X, X, 'yes'],
    ['StringEquals', 'a', X, 'unknown'],
    ['StringEquals', X, 'a', 'unknown'],
    ['StringEquals', X, unresolved('Y'), 'unknown'],
    ['StringEquals', 'ns:web', `ns:${X}`, 'unknown'],
    ['StringEquals', 'other:web', `ns:${X}`, 'no'],
    ['StringEquals', `ns:${X}`, 'other:web', 'no'],
    ['StringEquals', 'ns*', `ns*${X}`, 'unknown'],
    ['StringEquals', 'ns1', `ns*${X}`, 'no'],
    ['StringLike', 'ns:web', `n?:${X}`, 'unknown'],
    ['StringLike', 'zz:web', `n?:${X}`, 'no'],
    ['StringLike', `ns:${X}`, 'ns:*', 'unknown'],
    ['ArnLike', `arn:aws:iam::${X}:role/a`, `arn:aws:iam::${X}:role/a`, 'yes'],
    ['ArnLike', 'arn:aws:iam::123456789012:role/a', `arn:aws:iam::${X}:role/b`, 'no'],
    ['NumericEquals', '1', X, 'unknown'],
    ['Bool', 'true', X, 'unknown'],
  ])('%s: %j against %j is %s', (operator, value, wanted, truth) => {
    expect(compare(operator, value, wanted)).toBe(truth);
  });

  test('a no is never wrong, whatever the deployment puts in', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', ':'), maxLength: 5 });
    fc.assert(fc.property(fc.constantFrom('StringEquals', 'StringLike'), text, text, text, text, (operator, value, before, filling, after) => {
      if (compare(operator, value, `${before}${X}${after}`) === 'no' && !/[*?]/.test(filling)) {
        expect(compare(operator, value, `${before}${filling}${after}`)).toBe('no');
      }
    }), { numRuns: 3000 });
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html: case-insensitive, wildcards
test.each<[string, string, boolean, Truth]>([
  ['sts:AssumeRole', 'sts:AssumeRole', true, 'yes'],
  ['sts:AssumeRole', 'STS:assumerole', true, 'yes'],
  ['sts:AssumeRole', 'sts:*', true, 'yes'],
  ['sts:AssumeRole', '*', true, 'yes'],
  ['sts:AssumeRole', 'sts:Assume*', true, 'yes'],
  ['sts:AssumeRoleWithWebIdentity', 'sts:AssumeRole', true, 'no'],
  ['sts:AssumeRoleWithWebIdentity', 'sts:AssumeRole*', true, 'yes'],
  ['sts:AssumeRole', 'sts:AssumeRol?', true, 'yes'],
  ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/A', false, 'no'],
  ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::*:role/a', false, 'yes'],
])('text %j against %j (case ignored: %s) is %s', (value, pattern, ignoreCase, truth) => {
  expect(matchesText(value, pattern, ignoreCase)).toBe(truth);
});

test('a pattern reads as it was written', () => {
  fc.assert(fc.property(fc.string(), text => expect(literal(patternOf(text))).toBe(text)));
});

test.each(['StringLike', 'ArnLike'])('%s takes no exponential time, whatever the pattern', operator => {
  const started = Date.now();
  const prefix = 'arn:aws:iam::123456789012:';

  expect(compare(operator, prefix + 'a'.repeat(2000), `${prefix}${'*a'.repeat(1000)}*b`)).toBe('no');
  expect(Date.now() - started).toBeLessThan(2000);
});
