import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { Document, visit } from 'yaml';
import { rewriteDocument } from '../../../src/k8s/yaml/rewrite-document';
import { readYaml } from '../../../src/k8s/yaml/yaml-source';
import { messageOf } from '../helpers';

interface Style {
  readonly indentSeq: boolean;
  readonly indent: number;
  readonly flow: number;
  readonly comments: boolean;
  readonly windows: boolean;
  readonly ended: boolean;
}
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Change = (value: Record<string, Json[]>) => unknown;

function rewrite(text: string, change: Change): string {
  const source = readYaml(text);
  return rewriteDocument(source, change(source.value as Record<string, Json[]>));
}

const toEnd: Change = value => ({ ...value, list: [...value.list ?? [], { name: 'new', value: 'yes' }] });
const toFront: Change = value => ({ ...value, list: [{ name: 'new', of: ['it'] }, ...value.list ?? []] });
const toMap: Change = value => ({ ...value, new: { a: [1], b: {} } });

describe('rewriteDocument', () => {
  test.each<[string, string, Change, string]>([
    ['a list in lines', 'list:\n- a\n', toEnd, 'list:\n- a\n- name: new\n  value: "yes"\n'],
    ['a list that is indented', 'list:\n    - a\nz: 1\n', toEnd, 'list:\n    - a\n    - name: new\n      value: "yes"\nz: 1\n'],
    ['comments', 'list: # 1\n# 2\n- a # 3\n# 4\nz: 1 # 5\n', toEnd, 'list: # 1\n# 2\n- a # 3\n- name: new\n  value: "yes"\n# 4\nz: 1 # 5\n'],
    ['comments of the last item', 'list:\n- a\n  # more of a\n # and more\n# z\nz: 1\n', toEnd, 'list:\n- a\n  # more of a\n # and more\n- name: new\n  value: "yes"\n# z\nz: 1\n'],
    ['empty lines', 'list:\n\n- a\n\n\nz: 1\n', toEnd, 'list:\n\n- a\n- name: new\n  value: "yes"\n\n\nz: 1\n'],
    ['no line break at the end', 'list:\n- a', toEnd, 'list:\n- a\n- name: new\n  value: "yes"'],
    ['line breaks of Windows', 'list:\r\n- a # b\r\nz: 1\r\n', toEnd, 'list:\r\n- a # b\r\n- name: new\r\n  value: "yes"\r\nz: 1\r\n'],
    ['a literal at the end', 'list:\n- |\n  a\n\n  b\n\nz: 1\n', toEnd, 'list:\n- |\n  a\n\n  b\n- name: new\n  value: "yes"\n\nz: 1\n'],
    ['a literal that keeps line breaks', 'list:\n- |+\n  a\n\n\nz: 1\n', toEnd, 'list:\n- |+\n  a\n\n\n- name: new\n  value: "yes"\nz: 1\n'],
    ['a folded text', 'list:\n- a: >-\n    b\n    c\n  d: "e\n    f"\n', toEnd, 'list:\n- a: >-\n    b\n    c\n  d: "e\n    f"\n- name: new\n  value: "yes"\n'],
    ['a list of lists', 'list:\n- - a\n  - b\n', toEnd, 'list:\n- - a\n  - b\n- name: new\n  value: "yes"\n'],
    ['the mark of the end', '---\nlist:\n- a\n...\n', toEnd, '---\nlist:\n- a\n- name: new\n  value: "yes"\n...\n'],
    ['nothing', 'list:\nz: 1\n', toEnd, 'list:\n- name: new\n  value: "yes"\nz: 1\n'],
    ['nothing with a comment', 'list: # none\nz: 1\n', toEnd, 'list: # none\n- name: new\n  value: "yes"\nz: 1\n'],
    ['nothing, and lists that are indented', 'a:\n  - 1\nlist:\n', toEnd, 'a:\n  - 1\nlist:\n  - name: new\n    value: "yes"\n'],
    ['null', 'list: null # none\n', toEnd, 'list: # none\n- name: new\n  value: "yes"\n'],
    ['a tilde', 'list: ~\n', toEnd, 'list:\n- name: new\n  value: "yes"\n'],
    ['empty brackets', 'list: []\nz: 1\n', toEnd, 'list:\n- name: new\n  value: "yes"\nz: 1\n'],
    ['empty brackets with a comment in them', 'list: [ # c\n  ]\nz: 1\n', toEnd, 'list: [{"name": "new", "value": "yes"} # c\n  ]\nz: 1\n'],
    ['brackets', 'list: [a]\n', toEnd, 'list: [a, {"name": "new", "value": "yes"}]\n'],
    ['brackets with a comma at the end', 'list: [ a, ]\n', toEnd, 'list: [ a, {"name": "new", "value": "yes"} ]\n'],
    ['brackets on lines', 'list: [\n  a, # b\n  c # d\n  ]\n', toEnd, 'list: [\n  a, # b\n  c,\n  {"name": "new", "value": "yes"} # d\n  ]\n'],
    ['braces', '{z: 1, list: []}\n', toEnd, '{z: 1, list: [{"name": "new", "value": "yes"}]}\n'],
    ['braces with nothing in the place', '{list: , z: 1}\n', toEnd, '{list:  [{"name": "new", "value": "yes"}], z: 1}\n'],
    ['braces without the key', '{z: 1}\n', toEnd, '{z: 1, "list": [{"name": "new", "value": "yes"}]}\n'],
    ['JSON', '{"list":["a"]}', toEnd, '{"list":["a", {"name": "new", "value": "yes"}]}'],
    ['JSON on lines', '{\n\t"list": [\n\t\t"a"\n\t]\n}\n', toEnd, '{\n\t"list": [\n\t\t"a",\n\t\t{"name": "new", "value": "yes"}\n\t]\n}\n'],
    ['keys in quotes', '"list":\n- a\n', toEnd, '"list":\n- a\n- name: new\n  value: "yes"\n'],
    ['a key that is there twice', 'list: [a]\nlist:\n- b\n', toEnd, 'list: [a]\nlist:\n- b\n- name: new\n  value: "yes"\n'],
    ['an alias elsewhere', 'a: &a [1]\nb: *a\nlist:\n- c\n', toEnd, 'a: &a [1]\nb: *a\nlist:\n- c\n- name: new\n  value: "yes"\n'],
    ['aliases in it', 'a: &a 1\nlist: # c\n- *a\n', toEnd, 'a: &a 1\nlist: # c\n- *a\n- name: new\n  value: "yes"\n'],
    ['an alias', 'a: &a\n- on # c\nlist: *a\n', toEnd, 'a: &a\n- on # c\nlist: [true, {"name": "new", "value": "yes"}]\n'],
    ['an anchor that is used', 'list: &a # c\n- 0o17\nb: *a\n', toEnd, 'list: &a # c\n- 0o17\n- name: new\n  value: "yes"\nb: [15]\n'],
    ['an anchor that is not used', 'list: &a\n- b\n', toEnd, 'list: &a\n- b\n- name: new\n  value: "yes"\n'],
    ['a merge', 'a: &a {list: [b]}\n<<: *a\n', toEnd, 'a: &a {list: [b]}\n<<: *a\nlist:\n- b\n- name: new\n  value: "yes"\n'],
    ['a list in lines, at the front', 'list: # 1\n# 2\n- a\n', toFront, 'list: # 1\n- name: new\n  of:\n  - it\n# 2\n- a\n'],
    ['an indented list, at the front', 'list:\n\n  # 2\n  - a: 1\n', toFront, 'list:\n\n  - name: new\n    of:\n      - it\n  # 2\n  - a: 1\n'],
    ['brackets, at the front', 'list: [a]\n', toFront, 'list: [{"name": "new", "of": ["it"]}, a]\n'],
    ['brackets on lines, at the front', 'list: [\n  &x a\n]\n', toFront, 'list: [\n  {"name": "new", "of": ["it"]},\n  &x a\n]\n'],
    ['a map', 'z: 1\n# c\n', toMap, 'z: 1\nnew:\n  a:\n  - 1\n  b: {}\n# c\n'],
    ['a map that ends with nothing', 'z: # c\n', toMap, 'z: # c\nnew:\n  a:\n  - 1\n  b: {}\n'],
    ['explicit keys', '? z\n: 1\n', toMap, '? z\n: 1\nnew:\n  a:\n  - 1\n  b: {}\n'],
    ['a map in braces', '{z: 1 # c\n}\n', toMap, '{z: 1, "new": {"a": [1], "b": {}} # c\n}\n'],
  ])('adds to %s', (_what, text, change, expected) => {
    expect(rewrite(text, change)).toBe(expected);
  });

  test('keeps what is further inside before what is further outside where both are added at one place', () => {
    const after = { spec: { c: [{ id: 'a', e: [1, 2], v: [3] }], vol: [4] } };

    expect(rewrite('spec:\n  c:\n  - id: a\n    e:\n    - 1\n', () => after)).toBe('spec:\n  c:\n  - id: a\n    e:\n    - 1\n    - 2\n    v:\n    - 3\n  vol:\n  - 4\n');
  });

  test.each(['on', 'yes', 'N', 'null', '~', '', '0o17', '1_000', '0x1', '.5', '1e3', '190:20:30', '2001-12-14', ' a', 'a ', 'a: b', 'a:', 'a #b', '- a', '*a', '&a', '!a', '%a', '@a', '`a`', '{', '[a]',
    '"', "'", '\\', 'a\nb', '\t', '\u0000', '\u0085', '\u2028', '\u2029', '\uFEFF', '\u007f', 'é世界𝒳', '---', '...', '<<', '=', '|', '>', '?', ':', 'C:\\var\\run', 'true', 'Off', '.inf', 'nan', '__proto__'])('adds the string %p as a string, in lines and in brackets', text => {
    for (const document of ['list:\n- a\n', '{list: [a]}\n', '{"list":["a"]}']) {
      const written = rewrite(document, value => ({ ...value, list: [...value.list, { value: text }] }));

      expect(readYaml(written).value).toEqual({ list: ['a', { value: text }] });
    }
  });

  test('keeps what YAML 1.1 and 1.2 read differently as it is written', () => {
    const rest = 'a: on\nb: "on"\nc: 1_000\nd: "1_000"\ne: 0o17\nf: "0o17"\ng: yes\n"y": n\nn: 1.10\nt: 2001-12-14\nx: 190:20:30\nz: ~\n';

    expect(rewrite(`${rest}list:\n- a\n`, toEnd)).toBe(`${rest}list:\n- a\n- name: new\n  value: "yes"\n`);
  });

  test.each<[string, string, Change]>([
    ['it ends within a block of text', 'list:\n- |\n  a', toEnd],
    ['a value has another', 'a: 1\n', () => ({ a: 2 })],
    ['an item is gone', 'a: [1, 2]\n', () => ({ a: [1] })],
    ['an item is in the middle', 'a: [1, 2]\n', () => ({ a: [1, 3, 2] })],
    ['a list becomes a map', 'a: [1]\n', () => ({ a: { b: 1 } })],
    ['nothing has an anchor', 'a: &x\nb: 1\n', () => ({ a: [1], b: 1 })],
    ['a merge behind it says something else', 'x: &x {a: [1]}\nm:\n  a: [2]\n  <<: *x\n', value => ({ ...value, m: { a: [1, 3] } })],
  ])('fails when %s', (_what, text, change) => {
    expect(() => rewrite(text, change)).toThrow();
  });

  const without: Change = ({ gone, also, ...rest }) => rest;

  test.each<[string, string, string]>([
    ['the first', 'gone: 1\na: 1\n', 'a: 1\n'],
    ['one in the middle', 'a: 1\ngone: 1 # c\nb: 1\n', 'a: 1\nb: 1\n'],
    ['the last', 'a: 1\ngone: 1\n', 'a: 1\n'],
    ['the last without a line break', 'a: 1\ngone: 1', 'a: 1'],
    ['two in a row', 'a: 1\ngone: 1\nalso: 2\nb: 1\n', 'a: 1\nb: 1\n'],
    ['a map', 'a: 1\ngone:\n  b: 1\n  c:\n  - 2\n# z\nd: 1\n', 'a: 1\n# z\nd: 1\n'],
    ['comments in it, which stay', 'a: 1\ngone:\n  # why\n  b: 1\nd: 1\n', 'a: 1\n  # why\nd: 1\n'],
    ['comments above it, which stay', 'a: 1\n# why\ngone: 1\nd: 1\n', 'a: 1\n# why\nd: 1\n'],
    ['a literal', 'a: 1\ngone: |\n  x\n\n  y\nd: 1\n', 'a: 1\nd: 1\n'],
    ['nothing', 'a: 1\ngone:\nd: 1\n', 'a: 1\nd: 1\n'],
    ['a key in quotes', 'a: 1\n"gone": 1\n', 'a: 1\n'],
    ['a key that is there twice', 'gone: 1\na: 1\ngone: 2\n', 'a: 1\n'],
    ['line breaks of Windows', 'gone: 1\r\na: 1\r\nalso:\r\n  # c\r\n  b: 2\r\n', 'a: 1\r\n  # c\r\n'],
    ['braces, first', '{gone: 1, a: 1}\n', '{a: 1}\n'],
    ['braces, last', '{a: 1, gone: 1, also: 2}\n', '{a: 1}\n'],
    ['braces, last, with a comma', '{a: 1, gone: 1, }\n', '{a: 1, }\n'],
    ['braces, between', '{a: 1, gone: 1, b: 2, also: 3, c: 3}\n', '{a: 1, b: 2, c: 3}\n'],
    ['braces, all', '{gone: 1, also: 2}\n', '{}\n'],
    ['JSON on lines', '{\n  "a": 1,\n  "gone": {"x": 1}\n}\n', '{\n  "a": 1\n}\n'],
    ['an anchor that is used elsewhere', 'gone: &g {x: 1}\na: *g\n', 'a: {"x": 1}\n'],
  ])('removes a key: %s', (_what, text, expected) => {
    expect(rewrite(text, without)).toBe(expected);
  });

  test('removes the key behind a dash, and the next one takes its place', () => {
    expect(rewrite('list:\n- gone: 1\n  a: 2\n', ({ list }) => ({ list: [{ a: (list[0] as { a: Json }).a }] }))).toBe('list:\n- a: 2\n');
  });

  test('removes the last key and adds another in its place', () => {
    expect(rewrite('m:\n  a: 1\n  gone: 1 # c\nz: 1\n', value => ({ ...value, m: { a: 1, b: 2 } }))).toBe('m:\n  a: 1\n  b: 2\nz: 1\n');
    expect(rewrite('m: {a: 1, gone: 1}\n', () => ({ m: { a: 1, b: 2 } }))).toBe('m: {a: 1, "b": 2}\n');
  });

  test.each([
    ['plain', 'a: old # c\n', 'a: new # c\n'], ['in quotes', "a: 'old' # c\n", 'a: "new" # c\n'], ['in braces', '{a: old, b: 1}\n', '{a: new, b: 1}\n'], ['in JSON', '{"a": "old"}', '{"a": "new"}'],
  ])('replaces a text: %s', (_what, text, expected) => {
    expect(rewrite(text, value => ({ ...value, a: 'new' }))).toBe(expected);
  });

  test.each<[string, string, Change]>([
    ['the only key behind a dash', 'list:\n- gone: 1\n', value => ({ ...value, list: [{}] })],
    ['a key that is merged in', 'x: &x {gone: 1}\nm: {<<: *x, a: 1}\n', value => ({ ...value, m: { a: 1 } })],
    ['a text in a block', 'a: |-\n  old\n', () => ({ a: 'new' })],
    ['a text with an anchor', 'a: &a old\n', () => ({ a: 'new' })],
    ['a number', 'a: 1\n', () => ({ a: 2 })],
  ])('fails when it would have to remove or replace %s', (_what, text, change) => {
    expect(() => rewrite(text, change)).toThrow(/have to be removed|have to be replaced/);
  });

  test('fails for aliases that stand for too much', () => {
    const text = `a: &a "${'x'.repeat(100_000)}"\nb: [${'*a, '.repeat(20)}]\nc: &c [1]\nlist: *c\n`;

    expect(messageOf(() => rewrite(text, toEnd))).toContain('aliases stand for too much');
  });

  const key = fc.constantFrom('a', 'b', 'name', 'on', 'y', '0o17', '1', '__proto__', 'a b', 'é', '', '#', 'list');
  const leaf = fc.oneof(fc.boolean(), fc.integer(), fc.string({ unit: 'grapheme' }), fc.constantFrom(
    'on', 'yes', '1_000', '0o17', ' x', 'a\nb\n', 'a\n\n b', 'x\n\n', '# c', '- a', "it's",
  ));
  const json = fc.letrec<{ value: Json; map: Record<string, Json>; list: Json[] }>(tie => ({
    value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('map'), tie('list')),
    map: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    list: fc.array(tie('value'), { maxLength: 4 }),
  }));
  const style: fc.Arbitrary<Style> = fc.record({
    indentSeq: fc.boolean(),
    indent: fc.constantFrom(2, 4),
    flow: fc.nat({ max: 20 }),
    comments: fc.boolean(),
    windows: fc.boolean(),
    ended: fc.boolean(),
  });

  /** Written in one of many ways, by the YAML library. */
  function printed(value: unknown, { indentSeq, indent, flow, comments, windows, ended }: Style): string {
    const document = new Document(value, { version: '1.1' });
    let count = 0;
    visit(document, {
      Collection(_key, node) {
        if (flow > 0 && ++count % flow === 0) {
          node.flow = true;
        }
      },
      Scalar(keyOfNode, node) {
        if (comments && keyOfNode !== 'key' && ++count % 3 === 0) {
          node.comment = ' c';
        }
      },
    });
    const text = document.toString({ indentSeq, indent, lineWidth: 0 });
    return (ended ? text : text.replace(/\n$/, '')).replace(/\n/g, windows ? '\r\n' : '\n');
  }

  /** Adds to every list and map that a number picks. */
  function added(value: Json, picks: readonly number[], at = { index: 0 }): Json {
    const pick = picks[at.index++ % picks.length];
    const extra = { name: 'new', yes: ['0o17', { a: '' }] };
    if (Array.isArray(value)) {
      const items = value.map(item => added(item, picks, at));
      return pick === 1 && isDeepStrictEqual(items, value) ? [extra, ...items] : pick === 2 && isDeepStrictEqual(items, value) ? [...items, extra, 'on'] : items;
    }
    if (typeof value === 'object' && value !== null) {
      const map = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, added(item, picks, at)]));
      return pick > 0 ? { ...map, 'added yes': [extra], 'added': 'off' } : map;
    }
    return value;
  }

  test('says exactly what it is asked to, and keeps every character that is not an empty value, however it is written', () => {
    const values = fc.tuple(json.map, json.map).map(([a, b]) => ({ ...a, nested: b, end: 1 }));
    fc.assert(fc.property(values, style, fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 6 }), (value, how, picks) => {
      const text = printed(value, how);
      const source = readYaml(text);
      const after = added(source.value as Json, picks);
      const written = rewriteDocument(source, after);

      expect(readYaml(written).value).toEqual(after);
      expect(isSubsequence(text.replace(/\[ *\]|\{ *\}|[ \r\n]/g, ''), written)).toBe(true);
    }), { numRuns: 300 });
  });
});

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole) {
    at += part.startsWith(character, at) ? character.length : 0;
  }
  return at === part.length;
}
