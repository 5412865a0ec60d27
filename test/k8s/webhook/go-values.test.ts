import * as fc from 'fast-check';
import { goBoolean, goCsvRecord, goInteger } from '../../../src/k8s/webhook/go-values';

describe('goInteger', () => {
  test.each<[string, number]>([
    ['0', 0], ['600', 600], ['+600', 600], ['-1', -1], ['0600', 600], ['00', 0], ['-0', -0],
    ['9007199254740991', 9007199254740991], ['9223372036854775807', 9223372036854775807], ['-9223372036854775808', -9223372036854775808],
  ])('reads %j', (text, value) => {
    expect(goInteger(text)! + 0).toBe(value + 0);
  });

  test.each(['', ' ', 'abc', '1.5', '1e3', '0x10', '1_000', ' 600', '600 ', '600\n', '+', '--1', '+-1', '9223372036854775808', '-9223372036854775809', '٣', '６００', 'NaN', 'Infinity'])(
    'refuses %j', text => {
      expect(goInteger(text)).toBeUndefined();
    });
});

describe('goBoolean', () => {
  test.each(['1', 't', 'T', 'true', 'TRUE', 'True'])('takes %j for true', text => expect(goBoolean(text)).toBe(true));
  test.each(['0', 'f', 'F', 'false', 'FALSE', 'False'])('takes %j for false', text => expect(goBoolean(text)).toBe(false));
  test.each(['', 'yes', 'no', 'on', 'y', 'tRUE', 'true ', ' true', '2', '-1', 'null'])('ignores %j', text => expect(goBoolean(text)).toBeUndefined());
});

describe('goCsvRecord', () => {
  test.each<[string, string[]]>([
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    ['a, b', ['a', ' b']],
    [' a ,b ', [' a ', 'b ']],
    ['a,', ['a', '']],
    [',', ['', '']],
    ['a,,b', ['a', '', 'b']],
    ['"a"', ['a']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a""b"', ['a"b']],
    ['""', ['']],
    ['"a\nb",c', ['a\nb', 'c']],
    ['a\nb', ['a']],
    ['a\r\nb', ['a']],
    ['\n\na,b\n', ['a', 'b']],
    ['a\r', ['a']],
    ['#a', ['#a']],
    ['ä,容器', ['ä', '容器']],
  ])('reads %j', (text, record) => {
    expect(goCsvRecord(text)).toEqual(record);
  });

  test.each(['', '\n', '\r\n\r\n', 'a"b', 'a,b"', '"a', '"a" ', '"a"b', ' "a"', '"a""'])('has nothing of %j', text => {
    expect(goCsvRecord(text)).toBeUndefined();
  });

  test('reads what a writer of CSV wrote, whatever it is', () => {
    const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    // a carriage return before a line break is dropped, as in Go
    const field = fc.string({ unit: 'grapheme' }).filter(text => !text.includes('\r'));
    fc.assert(fc.property(fc.array(field, { minLength: 1 }), fields => {
      expect(goCsvRecord(fields.map(quote).join(','))).toEqual(fields);
    }));
  });
});
