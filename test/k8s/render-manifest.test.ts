import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { type Manifest, messageOf, parse } from './helpers';
import { placeholder, placeholderNames, UNRENDERED_ANNOTATION, UNRENDERED_COMMENT } from '../../src/k8s/placeholder';
import { renderManifest } from '../../src/k8s/render-manifest';

const NAME = 'Stack/Value.Ref-01234567';
const STRING = placeholder(NAME, 'string');

function values(value: string): Map<string, string> {
  return new Map([[NAME, value]]);
}

/** A ConfigMap as synth writes it. */
function unrendered(data: unknown, annotations: Record<string, string> = {}): string {
  return `${UNRENDERED_COMMENT}${Yaml.stringify({
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', annotations: { ...annotations, [UNRENDERED_ANNOTATION]: 'yes' } }, data,
  })}`;
}

function dataOf(rendered: string): unknown {
  const [manifest] = parse(rendered);
  return manifest.data;
}

describe('renderManifest', () => {
  test('fills a placeholder in, alone and in text', () => {
    expect(dataOf(renderManifest(unrendered({ a: STRING, b: `s3://${STRING}/x` }), values('bucket')))).toEqual({ a: 'bucket', b: 's3://bucket/x' });
  });

  test('fills placeholders in lists and deep in maps', () => {
    expect(dataOf(renderManifest(unrendered({ a: [{ b: [STRING, 'x', STRING] }] }), values('bucket')))).toEqual({ a: [{ b: ['bucket', 'x', 'bucket'] }] });
  });

  test('takes away the annotation that stops kubectl, and the map that is empty then', () => {
    const [manifest] = parse(renderManifest(unrendered({ a: STRING }), values('bucket')));

    expect(manifest.metadata).toEqual({ name: 'a' });
  });

  test('leaves the annotations of others', () => {
    const [manifest] = parse(renderManifest(unrendered({ a: STRING }, { theirs: 'b', filled: STRING }), values('bucket')));

    expect(manifest.metadata.annotations).toEqual({ theirs: 'b', filled: 'bucket' });
  });

  test('takes away the comment that says that the file is not ready', () => {
    expect(renderManifest(unrendered({ a: STRING }), values('bucket'))).not.toContain('#');
  });

  test('gives a manifest without placeholders back to the letter', () => {
    const manifest = '# theirs\nkind:   ConfigMap\ndata: {on: "yes", n: 0o17}   # theirs\n';

    expect(renderManifest(manifest, new Map())).toBe(manifest);
  });

  describe('with several objects in a file', () => {
    const plain = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b' } };
    const waiting = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', annotations: { [UNRENDERED_ANNOTATION]: 'yes' } }, data: { a: STRING } };

    test.each<[string, Array<Record<string, unknown>>]>([
      ['first', [waiting, plain]],
      ['last', [plain, waiting]],
      ['in the middle', [plain, waiting, plain]],
    ])('leaves those that wait for nothing as they are when the one that waits is %s', (_where, objects) => {
      const filled = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'bucket' } };

      expect(parse(renderManifest(Yaml.stringify(...objects), values('bucket')))).toEqual(objects.map(object => object === waiting ? filled : object));
    });

    test('leaves an empty annotation map and a lack of metadata as they are', () => {
      const others = [{ kind: 'A' }, { kind: 'B', metadata: null }, { kind: 'C', metadata: { annotations: null } }, { kind: 'D', metadata: { annotations: 'x' } }];

      expect(parse(renderManifest(Yaml.stringify(waiting, ...others), values('bucket'))).slice(1)).toEqual(others);
    });

    test('passes empty documents over', () => {
      const rendered = renderManifest(`---\n---\n${Yaml.stringify(waiting)}---\n`, values('bucket'));

      expect(parse(rendered).filter(object => (object as Manifest | null) !== null).map(({ data }) => data)).toEqual([{ a: 'bucket' }]);
    });
  });

  test('leaves everything else as it was read, in YAML 1.1', () => {
    const others = '{on: 1, "on": yes, octal: 0777, grouped: 1_000, hex: 0x1F, time: 190:20:30, float: 1.10, nothing: ~, quoted: "0777", text: |\n  a\n   b\n}';
    const manifest = `data:\n  a: "${STRING}"\n  b: ${others.replace(/text: \|\n {2}a\n {3}b\n/, 'text: "a\\n b\\n"')}\n`;

    expect(dataOf(renderManifest(manifest, values('x')))).toEqual({ ...dataOf(manifest) as Record<string, unknown>, a: 'x' });
  });

  test.each([
    'on', 'off', 'yes', 'No', 'y', 'true', 'null', 'Null', '~', '', ' ', '0', '1', '-1', '007', '0o17', '0x1F', '0b11', '1_000', '1e3', '1.0', '.inf', '.nan', '190:20:30',
    '2001-12-14', '2001-12-14t21:59:43.10-05:00', '=', '<<', '!!int 1', '&a', '*a', '- a', 'a: b', 'a #b', '#', '# a', '{a: b}', '[a]', '---', '...', '%YAML 1.2', '@a', '`a`',
    "'", '"', "it's", '"quoted"', '\\', 'a\\nb', 'a\nb', 'a\n\nb\n', '\n', '\n\n', '  leading', 'trailing  ', '\ttab', 'a\r\nb', '\u0000', '\u0007', '\u2028', '\uFEFF', 'é世界𝒳', '|', '>', '?',
    `\${cdk-irsa:${NAME}}`, '${Token[TOKEN.1]}', '$&', 'x'.repeat(10_000), `${'word '.repeat(500)}\n${'word '.repeat(500)}`,
  ])('keeps the value %p a string, to the letter', value => {
    expect(dataOf(renderManifest(unrendered({ a: STRING, b: 'b' }), values(value)))).toEqual({ a: value, b: 'b' });
  });

  test('keeps line breaks as they are, those that the YAML library would fold wrongly too', () => {
    const text = `${'x'.repeat(40)}\n \n\r\t\n`;

    expect(dataOf(renderManifest(unrendered({ a: STRING, b: `in ${STRING}` }), values(text)))).toEqual({ a: text, b: `in ${text}` });
  });

  // no carriage returns in the text around: cdk8s's own writer folds "\n \n\r" so that it reads differently
  test('keeps any value a string, and does not let it change what it stands in', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('\n', ' ', '"', "'", '\\', ':', '#', '-', 'a', '\t') }), (one, other) => {
      const manifest = unrendered({ a: STRING, [`b ${STRING.length}`]: [`${STRING}${other.replace(/\$/g, '')}`], c: 'd' });

      expect(dataOf(renderManifest(manifest, values(one)))).toEqual({ a: one, [`b ${STRING.length}`]: [`${one}${other}`], c: 'd' });
    }));
  });

  test('a rendered manifest has nothing left to render, and rendering it again changes nothing', () => {
    const rendered = renderManifest(unrendered({ a: STRING, b: [placeholder(NAME, 'list')], c: placeholder(NAME, 'number') }), values('1'));

    expect(placeholderNames(rendered)).toEqual([]);
    expect(renderManifest(rendered, new Map())).toBe(rendered);
  });

  describe('numbers', () => {
    test.each([['8080', 8080], ['-1', -1], ['0.5', 0.5], ['1e21', 1e21]])('fills %p in as a number', (text, expected) => {
      expect(dataOf(renderManifest(unrendered({ port: placeholder(NAME, 'number') }), values(text)))).toEqual({ port: expected });
    });

    test('fails when it is none, naming the placeholder and the value', () => {
      expect(messageOf(() => renderManifest(unrendered({ port: placeholder(NAME, 'number') }), values('http'))))
        .toBe(`\${cdk-irsa:number:${NAME}} stands for a number, and the output has 'http'`);
    });
  });

  describe('lists', () => {
    test.each<[string, string[]]>([['a', ['a']], ['a,b,c', ['a', 'b', 'c']], ['', []], ['on,1,~', ['on', '1', '~']]])('fills %p in as a list of strings', (text, expected) => {
      expect(dataOf(renderManifest(unrendered({ subnets: [placeholder(NAME, 'list')] }), values(text)))).toEqual({ subnets: expected });
    });

    test('fills a list in a list of lists in', () => {
      expect(dataOf(renderManifest(unrendered({ subnets: [[placeholder(NAME, 'list')], ['z']] }), values('a,b')))).toEqual({ subnets: [['a', 'b'], ['z']] });
    });

    test('does not fill in what an element of the list has', () => {
      expect(dataOf(renderManifest(unrendered({ subnets: [placeholder(NAME, 'list')] }), values(`a,${STRING}`)))).toEqual({ subnets: ['a', STRING] });
    });
  });

  test('fails when a value is missing, naming it', () => {
    expect(messageOf(() => renderManifest(unrendered({ a: STRING }), new Map()))).toContain(`no value for ${NAME};`);
  });

  test('fails when a list is missing, naming it', () => {
    expect(messageOf(() => renderManifest(unrendered({ a: [placeholder(NAME, 'list')] }), new Map()))).toContain(`no value for ${NAME};`);
  });

  test.each([
    ['lists', `a: ${STRING}\nb:\n  ${'- '.repeat(50_000)}x\n`, 'nested more than 300 levels deep at line 3, column 601'],
    ['lists in brackets', `a: ${STRING}\nb: ${'['.repeat(50_000)}\n`, 'nested more than 300 levels deep at line 2, column 303'],
  ])('fails when %s are nested so deeply that they would end the process', (_, manifest, message) => {
    expect(messageOf(() => renderManifest(manifest, values('x')))).toBe(message);
  });

  test.each([`a: "${STRING}`, `a: [${STRING}`, `a: 1\na: ${STRING}`])('fails when the YAML is malformed: %p', manifest => {
    expect(messageOf(() => renderManifest(manifest, values('x')))).toMatch(/line 1|line 2/);
  });
});
