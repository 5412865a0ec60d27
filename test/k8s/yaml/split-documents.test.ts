import * as fc from 'fast-check';
import { splitDocuments } from '../../../src/k8s/yaml/split-documents';

function texts(stream: string): string[] {
  return splitDocuments(stream).map(({ text }) => text);
}

describe('splitDocuments', () => {
  test.each<[string, string[]]>([
    ['', ['']],
    ['a: 1\n', ['a: 1\n']],
    ['a: 1\n---\nb: 2\n', ['a: 1\n', '---\nb: 2\n']],
    ['---\na: 1\n---\nb: 2\n', ['---\na: 1\n', '---\nb: 2\n']],
    ['---\n---\na: 1\n', ['---\n', '---\na: 1\n']],
    ['a: 1\n---', ['a: 1\n', '---']],
    ['a: 1\r\n--- # b\r\nb: 2\r\n', ['a: 1\r\n', '--- # b\r\nb: 2\r\n']],
    ['a: 1\n...\nb: 2\n', ['a: 1\n...\n', 'b: 2\n']],
    ['a: 1\n...\n---\nb: 2\n', ['a: 1\n...\n', '---\nb: 2\n']],
    ['# no document\n---\na: 1\n', ['# no document\n', '---\na: 1\n']],
    ['%YAML 1.1\n---\na: 1\n', ['%YAML 1.1\n---\na: 1\n']],
    ['# c\n\n%YAML 1.1\n# d\n%TAG ! x\n---\na: 1\n', ['# c\n\n%YAML 1.1\n# d\n%TAG ! x\n---\na: 1\n']],
    ['a: 1\n...\n%YAML 1.1\n---\nb: 2\n', ['a: 1\n...\n', '%YAML 1.1\n---\nb: 2\n']],
    ['a: |\n  ---\n  b\n', ['a: |\n  ---\n  b\n']],
    ['a: |\n  b\n---\nc: 1\n', ['a: |\n  b\n', '---\nc: 1\n']],
    ['----\n', ['----\n']],
    ['a: --- b\n # ---\n', ['a: --- b\n # ---\n']],
    ['\uFEFF---\na: 1\n---\nb: 2\n', ['\uFEFF', '---\na: 1\n', '---\nb: 2\n']],
    ['{"a":1}', ['{"a":1}']],
    ['{"a":1}\n{"b":"}{"}\n', ['{"a":1}', '\n{"b":"}{"}\n']],
    ['{"a":"\\"}"}{"b":{}} ', ['{"a":"\\"}"}', '{"b":{}} ']],
    ['{"a": {\n  "b": 1}}\n\n{"c": 1}\n{"d": 1}', ['{"a": {\n  "b": 1}}', '\n\n{"c": 1}', '\n{"d": 1}']],
    ["{a: '}'}\n", ["{a: '}'}\n"]],
    ['{a: 1}\n{b: 2}\n', ['{a: 1}\n{b: 2}\n']],
    ['{"a":1}\n---\n{"b":1}{"c":1}\n', ['{"a":1}\n', '---\n{"b":1}{"c":1}\n']],
  ])('splits %j', (stream, expected) => {
    expect(texts(stream)).toEqual(expected);
  });

  test('knows the line that each begins on', () => {
    expect(splitDocuments('# a\na: 1\n---\nb: 2\n\n---\nc: 3\n').map(({ line }) => line)).toEqual([1, 3, 6]);
    expect(splitDocuments('{"a":\n1}\n\n{"b":1}').map(({ line }) => line)).toEqual([1, 2]);
  });

  const lines = fc.array(fc.constantFrom('---', '--- # c', '...', '%YAML 1.1', '# c', '', 'a: 1', '  b: "', '{"a":1}', '{', '}', '\uFEFF', '---x', ' ---', '\t', 'x\r', '\u2028---'), { maxLength: 20 });

  test('leaves no byte out and adds none, whatever it gets', () => {
    fc.assert(fc.property(lines, fc.constantFrom('\n', '\r\n'), fc.boolean(), (parts, lineBreak, ended) => {
      const stream = parts.join(lineBreak) + (ended ? lineBreak : '');

      expect(texts(stream).join('')).toBe(stream);
    }));
  });

  test('takes strings of any length', () => {
    const long = `{"a":"${'x{\\"}'.repeat(4_000_000)}"}`;
    const parts = texts(`${long}\n{"b":1}`);

    expect(parts.map(({ length }) => length)).toEqual([long.length, 8]);
  });

  test('takes no longer than its input is long', () => {
    const start = performance.now();
    texts('# c\r\n'.repeat(20_000));
    texts(`%Y\n${'# c\n \n'.repeat(20_000)}x\n---\n`);
    texts('---\n'.repeat(20_000));
    texts(`{${'"a":1,'.repeat(20_000)}`);
    texts(`{"${'\\"'.repeat(50_000)}`);

    expect(performance.now() - start).toBeLessThan(2000);
  });
});
