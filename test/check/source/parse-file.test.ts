import fc from 'fast-check';
import { parseFile } from '../../../src/check/source/parse-file';
import { UnreadableError } from '../../../src/check/source/parsed-document';

function values(text: string | Uint8Array, file = 'f.yaml'): unknown[] {
  return parseFile(typeof text === 'string' ? Buffer.from(text) : text, file).map(({ value }) => value);
}

function position(text: string, path: Array<string | number>, file = 'f.yaml', document = 0): string {
  const { line, column } = parseFile(Buffer.from(text), file)[document].positionOf(path);
  return `${line}:${column}`;
}

describe('what is read', () => {
  test.each<[string, string, unknown[]]>([
    ['nothing', '', []],
    ['blanks and comments', '# x\n\n', []],
    ['empty documents', '---\n---\na: 1\n---\n', [{ a: 1 }]],
    ['several documents', 'a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['JSON', '{"a": [1, "x"]}', [{ a: [1, 'x'] }]],
    ['a list of JSON', '[1]', [[1]]],
    ['a flow mapping that is not JSON', '{a: b}', [{ a: 'b' }]],
    ['a byte order mark', '\uFEFFa: 1', [{ a: 1 }]],
    ['line ends of Windows', 'a: 1\r\nb: 2\r\n', [{ a: 1, b: 2 }]],
    ['a date as text', 'Version: 2012-10-17', [{ Version: '2012-10-17' }]],
    ['anchors', 'a: &x {b: 1}\nc: *x', [{ a: { b: 1 }, c: { b: 1 } }]],
    ['merge keys', 'a: &x {b: 1}\nc:\n  <<: *x\n  d: 2', [{ a: { b: 1 }, c: { b: 1, d: 2 } }]],
    ['tags of others', 'a: !Custom x', [{ a: 'x' }]],
    ['keys of prototypes', '__proto__: 1\nconstructor: 2', [JSON.parse('{"__proto__": 1, "constructor": 2}')]],
    ['keys of prototypes in JSON', '{"__proto__": {"polluted": 1}}', [JSON.parse('{"__proto__": {"polluted": 1}}')]],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('an anchor that many use', () => {
    const text = `a: &x { b: 1 }\nc:\n${'  - *x\n'.repeat(2000)}`;

    expect(values(text)).toEqual([{ a: { b: 1 }, c: new Array(2000).fill({ b: 1 }) }]);
  });

  test('the last of two equal keys, and their place', () => {
    const [first, second] = parseFile(Buffer.from('a: 1\n---\nb:\n  - c: 1\n    d: 2\n    c: 3\n'), 'f.yaml');

    expect(first.problems).toBeUndefined();
    expect(second.value).toEqual({ b: [{ c: 3, d: 2 }] });
    expect(second.problems).toEqual([expect.stringMatching(/^f\.yaml:6:5: has the key 'c' twice in one mapping/)]);
  });

  test('several merge keys', () => {
    expect(parseFile(Buffer.from('a: &x {b: 1}\nc: &y {d: 1}\ne: { <<: *x, <<: *y }'), 'f.yaml')[0].problems).toBeUndefined();
  });

  test('a .json file with a byte order mark', () => {
    expect(values('\uFEFF{"a": 1}', 'f.json')).toEqual([{ a: 1 }]);
  });
});

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
test.each<[string, unknown]>([
  ['!Ref A', { Ref: 'A' }],
  ['!Condition A', { Condition: 'A' }],
  ['!GetAtt A.B', { 'Fn::GetAtt': ['A', 'B'] }],
  ['!GetAtt A.Outputs.B', { 'Fn::GetAtt': ['A', 'Outputs.B'] }],
  ['!GetAtt [A, B]', { 'Fn::GetAtt': ['A', 'B'] }],
  ['!Sub "x${A}"', { 'Fn::Sub': 'x${A}' }],
  ['!Sub ["x${A}", {A: !Ref B}]', { 'Fn::Sub': ['x${A}', { A: { Ref: 'B' } }] }],
  ['!Join ["", [a, !Ref B]]', { 'Fn::Join': ['', ['a', { Ref: 'B' }]] }],
  ['!If [C, !Ref "AWS::NoValue", x]', { 'Fn::If': ['C', { Ref: 'AWS::NoValue' }, 'x'] }],
  ['!Equals [!Ref A, b]', { 'Fn::Equals': [{ Ref: 'A' }, 'b'] }],
  ['!FindInMap [A, !Ref B, c]', { 'Fn::FindInMap': ['A', { Ref: 'B' }, 'c'] }],
  ['!ImportValue x', { 'Fn::ImportValue': 'x' }],
  ['!Transform {Name: x}', { 'Fn::Transform': { Name: 'x' } }],
])('the short form %s', (text, expected) => {
  expect(values(`a: ${text}`)).toEqual([{ a: expected }]);
});

describe('places', () => {
  const yaml = 'a: 1\nb:\n  c: [x, y]\n  "d.e": !Join\n    - ""\n    - - f\n      - !Ref G\n';

  test.each<[Array<string | number>, string]>([
    [[], '1:1'],
    [['a'], '1:1'],
    [['b'], '2:1'],
    [['b', 'c'], '3:3'],
    [['b', 'c', 1], '3:10'],
    [['b', 'd.e'], '4:3'],
    [['b', 'd.e', 'Fn::Join', 1, 1], '7:14'],
    [['b', 'd.e', 'Fn::Join', 1, 1, 'Ref'], '7:14'],
    [['b', 'nothing', 'there'], '2:1'],
    [['a', 0], '1:1'],
  ])('%j in YAML is %s', (path, expected) => {
    expect(position(yaml, path)).toBe(expected);
  });

  test.each<[Array<string | number>, string]>([
    [[], '1:1'],
    [['a'], '2:3'],
    [['a', 1], '2:14'],
    [['a', 1, 'b'], '2:15'],
    [['nothing'], '1:1'],
  ])('%j in JSON is %s', (path, expected) => {
    expect(position('{\n  "a": ["x", {"b": 1}]\n}', path, 'f.json')).toBe(expected);
  });

  test('of later documents are those of the file', () => {
    expect(position('a: 1\n---\n\nb: 2\n', ['b'], 'f.yaml', 1)).toBe('4:1');
  });

  test('behind an alias are those of its anchor', () => {
    expect(position('a: &x\n  b: 1\nc: *x\n', ['c', 'b'])).toBe('2:3');
  });

  test('never fail, whatever the path', () => {
    const [document] = parseFile(Buffer.from(yaml), 'f.yaml');
    fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c', 'd.e', '__proto__', 'constructor'), fc.nat(3))), path => {
      expect(document.positionOf(path).line).toBeGreaterThan(0);
    }));
  });
});

describe('fails with the place', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]', ...Array.from('bcdefghij', (name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[index]}`).join(', ')}]`)].join('\n');
  const deep = (text: string) => text.repeat(20000);

  test.each<[string, string, string, RegExp]>([
    ['an open bracket', 'a: [1,', 'f.yaml', /^f\.yaml:1:\d+: is not YAML: /],
    ['indentation', 'a:\n  b: 1\n c: 2', 'f.yaml', /^f\.yaml:3:1: is not YAML: /],
    ['a tab', 'a:\n\tb: 1', 'f.yaml', /^f\.yaml:2:1: is not YAML: /],
    ['a template of Helm', '{{ if .Values.x }}', 'f.yaml', /^f\.yaml:1:\d+: looks like a Helm template; render it first, with helm template$/],
    ['a second document', 'a: 1\n---\nb: [', 'f.yaml', /^f\.yaml:3:\d+: is not YAML: /],
    ['a key that is no text', '? [a]\n: b', 'f.yaml', /^f\.yaml:1:\d+: is not YAML: /],
    ['an alias of nothing', 'a: *b', 'f.yaml', /^f\.yaml:1:\d+: .*alias.*b$/i],
    ['JSON', '{\n  "a": 1,\n}', 'f.json', /^f\.json:3:1: is not JSON: /],
    ['JSON that ends early', '{"a": ', 'f.json', /^f\.json:1:\d+: is not JSON: /],
    ['YAML that is called JSON', 'a: 1', 'f.json', /^f\.json:1:1: is not JSON: /],
    ['zeros', 'a\0b', 'f.yaml', /^f\.yaml:1:2: is binary, or not in UTF-8$/],
    ['an alias bomb', bomb, 'f.yaml', /^f\.yaml:1:1: repeats more than 100000 values by its anchors/],
    ['an anchor in itself', '&a [*a, *a]', 'f.yaml', /^f\.yaml:1:\d+: is nested more than 200 levels deep, or contains itself$/],
    ['deep lists', deep('['), 'f.yaml', /^f\.yaml:1:\d+: is nested more than 200 levels deep/],
    ['deep mappings', deep('{a: '), 'f.yaml', /^f\.yaml:1:\d+: is nested more than 200 levels deep/],
    // native code of the parser would end the whole process here
    ['deep blocks', deep('- '), 'f.yaml', /^f\.yaml:1:\d+: is nested more than 200 levels deep/],
    ['deep keys', deep('? '), 'f.yaml', /^f\.yaml:1:\d+: is nested more than 200 levels deep/],
    ['deep JSON', `${deep('[')}${deep(']')}`, 'f.json', /^f\.json:1:201: is nested more than 200 levels deep/],
    ['deep JSON without an end', deep('{"a":'), 'f.json', /^f\.json:1:1: is not JSON/],
  ])('for %s', (_, text, file, message) => {
    const started = Date.now();

    expect(() => values(text, file)).toThrow(UnreadableError);
    expect(() => values(text, file)).toThrow(message);
    expect(Date.now() - started).toBeLessThan(10000);
  });

  test('for bytes that are not UTF-8', () => {
    expect(() => values(Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]))).toThrow('f.yaml:1:1: is binary, or not in UTF-8');
  });

  test('for UTF-16', () => {
    expect(() => values(Buffer.from('a: 1', 'utf16le'))).toThrow('is binary, or not in UTF-8');
  });

  test('for whatever cannot be read, and for nothing else', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('[', '{', '- ', '&a ', '*a', '!Ref ', ': ', '\n', ' ', '"', '|', '? ', '---\n', '<<: ') })), text => {
      try {
        values(text);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableError);
      }
    }), { numRuns: 500 });
  });
});

test('many keys take no quadratic time', () => {
  const started = Date.now();

  expect(Object.keys(values(Array.from({ length: 30000 }, (_, index) => `k${index}: 1`).join('\n'))[0] as object)).toHaveLength(30000);
  expect(Date.now() - started).toBeLessThan(10000);
});
