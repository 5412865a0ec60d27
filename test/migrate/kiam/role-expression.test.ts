import { globMatches, matchesAny } from '../../../src/migrate/kiam/role-expression';

describe('expressions', () => {
  test.each<[string, string, boolean]>([
    ['.*', 'a', true], ['a', 'xa', true], ['^a$', 'xa', false], ['^a|b$', 'xb', true], ['(?i)^A$', 'a', true], ['^(?:a|b)$', 'b', true], ['^a/[^/]+$', 'a/b', true], ['', '', true],
    ['arn:aws:iam::\\d{12}:role/x', 'arn:aws:iam::123456789012:role/x', true],
    ['^\\\\e$', '\\e', true], ['^\\[]$', '[]', true], ['^\\.\\/\\-_$', './-_', true], ['^[[a]b$', 'ab', true],
  ])('%s of %s: %p', (expression, text, expected) => {
    expect(matchesAny(expression, ['-', text])).toBe(expected);
  });

  test.each([
    '\\Aa', 'a\\z', '\\Qa\\E', '[[:alpha:]]', '(?P<x>a)', '(?s)a', '\\pL', 'a(?!b)', '\\e?a', '\\x{61}', '\\x61', '\\u0061', '(a)\\1', '\\0', '\\cA', '\\k', '\\é', '[]a]', '[^]', '[^]a]', 'a\\',
  ])('fails when Go and JavaScript do not agree on %s', expression => {
    expect(() => matchesAny(expression, ['a'])).toThrow(`the expression '${expression}' has what Go and JavaScript do not both know`);
  });

  test('fails when one takes for ever', () => {
    expect(() => matchesAny('(a+)+$', [`${'a'.repeat(60)}!`])).toThrow("the expression '(a+)+$' cannot be evaluated: Script execution timed out");
  });

  test('fails when it is none', () => {
    expect(() => matchesAny('(', ['a'])).toThrow("the expression '(' cannot be evaluated: Invalid regular expression");
  });
});

test.each<[string, string, boolean]>([
  ['a', 'a', true], ['a', 'ab', false], ['a*', 'a', true], ['a*', 'ab', true], ['*', '', true], ['*a', 'ba', true], ['a*a', 'a', false], ['a*b*c', 'axbyc', true], ['a*b*c', 'acb', false],
  ['a*bc*c', 'abc', false], ['**', 'x', true], ['a.c', 'abc', false],
])('the pattern %s of %s: %p', (pattern, text, expected) => {
  expect(globMatches(pattern, text)).toBe(expected);
});
