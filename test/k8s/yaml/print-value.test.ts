import { flowText, indented, listLines, mapLines } from '../../../src/k8s/yaml/print-value';
import { readYaml } from '../../../src/k8s/yaml/yaml-source';

describe('flowText', () => {
  test.each<[unknown, string]>([
    [{ a: [1, { b: 'c' }], d: {} }, '{"a": [1, {"b": "c"}], "d": {}}'],
    ['on', '"on"'],
    [null, 'null'],
    [true, 'true'],
    [12345678901234567890n, '12345678901234567890'],
    [NaN, '.nan'],
    [-Infinity, '-.inf'],
    [Infinity, '.inf'],
    ['a\u0085\u2028\uFEFF\u007f', '"a\\u0085\\u2028\\ufeff\\u007f"'],
  ])('prints %p on one line', (value, expected) => {
    expect(flowText(value)).toBe(expected);
    expect(readYaml(`a: ${expected}\n`).value).toEqual({ a: value });
  });
});

describe('lines', () => {
  const value = { 'name': 'web', 'on': ['yes', { a: { b: 1 }, c: [] }], '': {}, 'path': '/var/run', 'arn': 'arn:aws:iam::1:role/a+b=c,d.@e-f' };

  test.each([0, 2, 4])('say what they are made of, with lists indented by %p', listIndent => {
    expect(readYaml(`${mapLines(Object.entries(value), listIndent).join('\n')}\n`).value).toEqual(value);
    expect(readYaml(`${indented(listLines([value, 'off', [1]], listIndent), 3).join('\n')}\n`).value).toEqual([value, 'off', [1]]);
  });

  test('need no quotes for what everybody reads as a string', () => {
    expect(mapLines(Object.entries(value), 2)).toEqual([
      'name: web', '"on":', '  - "yes"', '  - a:', '      b: 1', '    c: []', '"": {}', 'path: /var/run', 'arn: arn:aws:iam::1:role/a+b=c,d.@e-f',
    ]);
  });
});
