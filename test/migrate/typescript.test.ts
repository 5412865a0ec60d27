import * as fc from 'fast-check';
import { ConstructNames } from '../../src/migrate/construct-names';
import { comment, expression, type Printable } from '../../src/migrate/typescript';

function evaluated(code: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return (new Function(`return (${code});`) as () => unknown)();
}

describe('literals', () => {
  test('say what they stand for, whatever that is', () => {
    fc.assert(fc.property(fc.jsonValue(), value => {
      expect(JSON.stringify(evaluated(expression(value as Printable)))).toBe(JSON.stringify(value));
    }));
  });

  test.each<[unknown, string]>([
    ["it's \"so\"", "'it\\'s \"so\"'"],
    ['a\n\\"\u2028\u202e', "'a\\n\\\\\"\\u2028\\u202e'"],
    [{ 'a': 1, 'b-c': [true, null] }, "{ a: 1, 'b-c': [true, null] }"],
    [{}, '{}'],
    [['x'.repeat(120)], `[\n  '${'x'.repeat(120)}',\n]`],
  ])('%j is %s', (value, expected) => {
    expect(expression(value as Printable)).toBe(expected);
  });
});

test.each(['a\nb', 'a\r\nb', 'a\u2028b', 'a\u0085b', 'a\u2029b', 'a\u202eb', 'a\u0000b'])('the comment of %j has one line, in which everything is seen', text => {
  expect(comment([text])).toMatch(/^\/\/ a {1,2}b$/);
});

test('names are there once, whatever their case', () => {
  const names = new ConstructNames('provider');
  expect([names.pascal('apps', 'web-1'), names.pascal('apps-web', '1'), names.pascal('provider'), names.camel('apps', 'b.c'), names.camel('1'), names.camel('APPS', 'bc')])
    .toEqual(['AppsWeb1', 'AppsWeb12', 'Provider2', 'appsBC', '_1', 'aPPSBc2']);
});
