import { MAX_ALIASES, readYaml, type YamlError } from '../../../src/k8s/yaml/yaml-source';
import { messageOf } from '../helpers';

function read(text: string): unknown {
  return readYaml(text).value;
}

function errorOf(text: string): YamlError {
  try {
    readYaml(text);
  } catch (error) {
    return error as YamlError;
  }
  throw new Error('no error');
}

describe('readYaml', () => {
  // what kubectl 1.32 printed: kubectl annotate --local -o json
  test.each<[string, unknown]>([
    ['on', true], ['y', true], ['Yes', true], ['off', false], ['n', false], ['NO', false], ['yEs', 'yEs'], ['"on"', 'on'], ["'y'", 'y'], ['!!str on', 'on'],
    ['', null], ['~', null], ['Null', null], ['nULL', 'nULL'], ['=', '='], ['0o17', 15], ['1_000', 1000], ['_1', '_1'], ['e3', 'e3'], ['".5"', '.5'],
    ['!!str 5', '5'], ['!!int "5"', 5], ['!!float 3', 3], ['!!binary YWJj', 'abc'], ['190:20:30', '190:20:30'], ['2001-12-14', '2001-12-14'],
    ['.inf', Infinity], ['-.Inf', -Infinity], ['.NaN', NaN], ['|\n  a\n  b', 'a\nb\n'],
  ])('reads %s as kubectl does', (text, expected) => {
    expect(read(`a: ${text}\n`)).toEqual({ a: expected });
  });

  test('takes the last of keys that are there twice, as kubectl does', () => {
    expect(read('a: 1\nb: 2\na: 3\n')).toEqual({ a: 3, b: 2 });
  });

  test('merges keys in the order of the text, as kubectl does', () => {
    expect(read('m:\n  a: 1\n  b: 2\n  b: 3\n  <<: {a: 9, c: 1}\n  c: 2\n')).toEqual({ m: { a: 9, b: 3, c: 2 } });
    expect(read('x: &x {a: 1, b: 1}\ny: &y {b: 2}\nz:\n  <<: [*x, *y]\n')).toMatchObject({ z: { a: 1, b: 1 } });
    expect(read('"<<": {a: 1}\n')).toEqual({ '<<': { a: 1 } });
  });

  test('keeps the keys of prototypes apart from those of objects', () => {
    const value = read('__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\ntoString: 1\n') as Record<string, unknown>;

    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(value.polluted).toBeUndefined();
  });

  test('reads a directive, whatever version it names', () => {
    expect(read('%YAML 1.2\n---\na: yes\n')).toEqual({ a: true });
  });

  test.each<[string, string, number]>([
    ['a bracket that is not closed', 'a: [1\nb: 2\n', 3],
    ['an indentation that is wrong', 'a:\n  b: 1\n c: 2\n', 12],
    ['a quote that is not closed', 'a: "b\n', 6],
    ['a tab in the place of blanks', 'a:\n\tb: 1\n', 3],
    ['an alias without an anchor', 'a: 1\nb: *nowhere\n', 8],
  ])('fails for %s, and says where', (_what, text, offset) => {
    expect(errorOf(text).message).not.toBe('');
    expect(Math.abs(errorOf(text).offset - offset)).toBeLessThanOrEqual(3);
  });

  test('fails for merging what is no map', () => {
    expect(messageOf(() => read('a: &a [1]\nb:\n  <<: *a\n'))).toContain('<<');
  });

  test('fails for aliases that multiply, within a second', () => {
    const levels = Array.from({ length: 12 }, (_, level) => `a${level}: &a${level} [${Array.from({ length: 10 }, () => level === 0 ? 'x' : `*a${level - 1}`).join(', ')}]`);
    const start = performance.now();

    expect(messageOf(() => read(`${levels.join('\n')}\n`))).toMatch(/alias/i);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('fails for more aliases than anybody needs, and takes those that somebody does', () => {
    const aliases = (count: number): string => `a: &a x\nb: [${Array.from({ length: count }, () => '*a').join(', ')}]\n`;

    expect((read(aliases(500)) as { b: string[] }).b).toHaveLength(500);
    expect(messageOf(() => read(aliases(MAX_ALIASES + 1)))).toContain(`more than ${MAX_ALIASES} aliases`);
  });

  test.each(['[', '{a: ', '[a: ', '- ', '? '])('fails for what is nested without end: %j', level => {
    expect(errorOf(`${level.repeat(30_000)}a\n`)).toMatchObject({ message: 'nested more than 300 levels deep', offset: 300 * level.length });
  });

  test.each([['- ', 'a\n'], ['[', `${']'.repeat(300)}\n`], ['{a: ', `${'}'.repeat(300)}\n`]])('reads 300 levels of %j, and no more', (level, end) => {
    expect(() => read(level.repeat(300) + end)).not.toThrow();
    expect(() => read(level.repeat(301) + end)).toThrow('nested');
  });

  test('reads an anchor that contains itself, and comes to an end', () => {
    expect(read('&a [1, *a]\n')).toHaveLength(2);
  });

  test('fails for a second document that nothing announces', () => {
    expect(errorOf('a: 1\n--- b\n')).toMatchObject({ message: "another document begins without a line '---' before it", offset: 5 });
  });
});
