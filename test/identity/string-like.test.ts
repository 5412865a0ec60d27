import fc from 'fast-check';
import { isLike } from '../../src/identity/string-like';

test.each([
  ['', '', true],
  ['', '*', true],
  ['', '**', true],
  ['', '?', false],
  ['a', '', false],
  ['a', 'a', true],
  ['a', 'A', false],
  ['abc', '*', true],
  ['abc', 'a*', true],
  ['abc', '*c', true],
  ['abc', 'a*c', true],
  ['abc', 'a*b', false],
  ['abc', '***', true],
  ['abc', '???', true],
  ['abc', '????', false],
  ['abc', '??', false],
  ['abc', '?*', true],
  ['abc', '*?', true],
  ['abc', '?*?*?', true],
  ['abc', '?*?*?*?', false],
  ['aab', '*ab', true],
  ['ababac', '*abac', true],
  ['a.c', 'a.c', true],
  ['abc', 'a.c', false],
  ['a+', 'a+', true],
  ['aa', 'a+', false],
  ['a*c', 'a*c', true],
  ['a\nb', 'a*b', true],
])('%j like %j: %s', (value, pattern, expected) => {
  expect(isLike(value, pattern)).toBe(expected);
});

test('agrees with the definition, tried character by character', () => {
  fc.assert(fc.property(
    fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 8 }),
    (value, pattern) => expect(isLike(value, pattern)).toBe(isLikeByDefinition(value, pattern)),
  ), { numRuns: 5000 });
});

test('a pattern matches what it is made from', () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 4 }), fc.constantFrom('*', '?', '')), { maxLength: 6 }),
    parts => {
      const pattern = parts.map(([text, wildcard]) => text + wildcard).join('');
      const value = parts.map(([text, wildcard]) => text + (wildcard === '*' ? 'abcabc' : wildcard.replace('?', 'x'))).join('');
      expect(isLike(value, pattern)).toBe(true);
    },
  ));
});

test('takes no exponential time, whatever the pattern', () => {
  const started = Date.now();

  expect(isLike('a'.repeat(2000), `${'*a'.repeat(30)}*b`)).toBe(false);
  expect(Date.now() - started).toBeLessThan(2000);
});

/** The definition, as slow as it is plain. */
function isLikeByDefinition(value: string, pattern: string): boolean {
  if (pattern === '') {
    return value === '';
  }
  const rest = pattern.slice(1);
  if (pattern[0] === '*') {
    return Array.from({ length: value.length + 1 }, (_, skipped) => value.slice(skipped)).some(tail => isLikeByDefinition(tail, rest));
  }
  return value !== '' && (pattern[0] === '?' || pattern[0] === value[0]) && isLikeByDefinition(value.slice(1), rest);
}
