import * as fs from 'node:fs';
import * as path from 'node:path';
import { render } from '../../src/cli/render';
import { MANIFESTS_ARTIFACT } from '../../src/k8s/manifest-files';
import { messageOf, parse, temporaryFolder, tree } from '../k8s/helpers';

const WAITING = 'kind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n    run cdk-irsa render first: "yes"\ndata:\n  a: ${cdk-irsa:Stack/A.Ref-00000000}\n';
const READY = 'kind: Namespace\nmetadata:\n  name: b\n';
const OUTPUTS = { Stack: { CdkIrsaManifestValues0: 'Stack/A.Ref-00000000\nStack/A.Ref-00000000=bucket', Other: 'x' } };

describe('render', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  /** Writes a file below the folder of the test, and gives its path. */
  function file(name: string, content: unknown): string {
    const target = path.join(folder, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
    return target;
  }

  function outputs(content: unknown = OUTPUTS, name = 'outputs.json'): string {
    return file(name, content);
  }

  test('gives one stream of all objects', () => {
    const text = render([file('a.yaml', WAITING), file('b.yaml', READY), file('c.yaml', `${READY}---\n${WAITING}`)], { outputs: [outputs()] });

    expect(parse(text).map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(['ConfigMap/a', 'Namespace/b', 'Namespace/b', 'ConfigMap/a']);
    expect(parse(text)[0].data).toEqual({ a: 'bucket' });
    expect(text).not.toContain('cdk-irsa');
  });

  test.each<[string, string, string]>([
    ['has no line break at its end', 'kind: A', 'kind: B'],
    ['begins with the mark of a document', '---\nkind: A\n', '---\nkind: B\n'],
    ['ends with the mark of a document', 'kind: A\n---\n', 'kind: B\n---\n'],
    ['ends with the mark of the end', 'kind: A\n...\n', 'kind: B\n...\n'],
    ['has line breaks of Windows', 'kind: A\r\n', 'kind: B\r\n'],
    ['has a comment at its end', 'kind: A\n# end', 'kind: B\n# end'],
  ])('keeps objects apart when a file %s', (_what, one, two) => {
    const text = render([file('a.yaml', one), file('b.yaml', two)], { outputs: [outputs()] });

    expect(parse(text).filter(object => (object as unknown) !== null).map(({ kind }) => kind)).toEqual(['A', 'B']);
  });

  test('takes the outputs of several deployments', () => {
    const two = 'kind: A\nmetadata: { annotations: {} }\nspec: { a: "${cdk-irsa:One/A.Ref-00000000}", b: "${cdk-irsa:Two/B.Ref-00000000}" }\n';
    const files = [outputs({ One: { CdkIrsaManifestValues0: 'One/A.Ref-00000000\nOne/A.Ref-00000000=1' } }, '1.json'), outputs({ Two: { CdkIrsaManifestValues0: 'Two/B.Ref-00000000\nTwo/B.Ref-00000000=2' } }, '2.json')];

    expect(parse(render([file('a.yaml', two)], { outputs: files }))[0].spec).toEqual({ a: '1', b: '2' });
  });

  test('fails when several deployments of one stack have different values, naming files and values', () => {
    const files = ['old', 'new'].map(value => outputs({ Stack: { CdkIrsaManifestValues0: `Stack/A.Ref-00000000\nStack/A.Ref-00000000=${value}` } }, `${value}.json`));

    expect(messageOf(() => render([file('a.yaml', WAITING)], { outputs: files })))
      .toBe(`${files.join(' and ')}: together has two values for Stack/A.Ref-00000000: 'old' and 'new'; pass the outputs of one deployment`);
  });

  describe('with an output folder', () => {
    test('writes files as they lie below the input, and says which', () => {
      file('in/deep/a.yaml', WAITING);
      file('in/b.yaml', READY);
      const outputDir = path.join(folder, 'out', 'new');

      const said = render([path.join(folder, 'in')], { outputs: [outputs()], outputDir });

      expect(tree(outputDir)).toEqual(['b.yaml', 'deep/', 'deep/a.yaml']);
      expect(parse(fs.readFileSync(path.join(outputDir, 'deep/a.yaml'), 'utf8'))[0].data).toEqual({ a: 'bucket' });
      expect(fs.readFileSync(path.join(outputDir, 'b.yaml'), 'utf8')).toBe(READY);
      expect(said).toBe(`${path.join(outputDir, 'b.yaml')}\n${path.join(outputDir, 'deep/a.yaml')}\n`);
    });

    test('fails when a manifest would replace itself: it could not be rendered again', () => {
      const input = file('in/a.yaml', WAITING);

      expect(messageOf(() => render([path.join(folder, 'in')], { outputs: [outputs()], outputDir: path.join(folder, 'in') })))
        .toBe(`${input} would replace itself; choose another --output-dir`);
      expect(fs.readFileSync(input, 'utf8')).toBe(WAITING);
    });

    test('replaces a link in the place of a file, and leaves what it points to', () => {
      const victim = file('victim', 'precious');
      fs.mkdirSync(path.join(folder, 'out'));
      fs.symlinkSync(victim, path.join(folder, 'out/a.yaml'));
      render([file('in/a.yaml', WAITING)], { outputs: [outputs()], outputDir: path.join(folder, 'out') });

      expect(fs.readFileSync(victim, 'utf8')).toBe('precious');
      expect(parse(fs.readFileSync(path.join(folder, 'out/a.yaml'), 'utf8'))[0].data).toEqual({ a: 'bucket' });
    });

    test('writes nothing when a file stands in the place of a folder', () => {
      file('in/a.yaml', READY);
      file('in/sub/b.yaml', READY);
      file('out/sub', 'a file');

      expect(() => render([path.join(folder, 'in')], { outputs: [outputs()], outputDir: path.join(folder, 'out') })).toThrow();
      expect(fs.readdirSync(path.join(folder, 'out'))).toEqual(['sub']);
    });

    test('fails when two inputs would be one file, naming both, and writes nothing', () => {
      const inputs = [file('one/a.yaml', WAITING), file('two/a.yaml', READY)];
      const outputDir = path.join(folder, 'out');

      const message = messageOf(() => render(inputs, { outputs: [outputs()], outputDir }));

      expect(message).toContain(inputs[0]);
      expect(message).toContain(inputs[1]);
      expect(tree(outputDir)).toEqual([]);
    });

    test('fails when a value is missing, and writes nothing: all files or none', () => {
      file('in/a.yaml', READY);
      file('in/b.yaml', WAITING);
      const outputDir = path.join(folder, 'out');

      expect(messageOf(() => render([path.join(folder, 'in')], { outputs: [outputs({})], outputDir }))).toContain('no value for Stack/A.Ref-00000000');
      expect(tree(outputDir)).toEqual([]);
    });

    test.each<[string, (outputDir: string) => void, string]>([
      ['a folder stands in the place of a file', outputDir => fs.mkdirSync(path.join(outputDir, 'b.yaml'), { recursive: true }), 'b.yaml'],
      ['the folder is a file', outputDir => fs.writeFileSync(outputDir, 'theirs'), ''],
    ])('fails when %s, naming it, and writes nothing: all files or none', (_what, block, at) => {
      file('in/a.yaml', READY);
      file('in/b.yaml', READY);
      const outputDir = path.join(folder, 'out');
      block(outputDir);
      const before = tree(folder);

      expect(messageOf(() => render([path.join(folder, 'in')], { outputs: [outputs()], outputDir }))).toContain(path.join(outputDir, at));
      expect(tree(folder).filter(entry => entry !== 'outputs.json')).toEqual(before.filter(entry => entry !== 'outputs.json'));
    });
  });

  describe('fails', () => {
    test('when a value is missing, naming file and value', () => {
      const input = file('a.yaml', WAITING);

      expect(messageOf(() => render([input], { outputs: [outputs({})] })))
        .toBe(`${input}: the outputs have no value for Stack/A.Ref-00000000; deploy its stack as it was synthesised, with --outputs-file, and pass that file`);
    });

    test('when the outputs are of an older deployment, which had other values', () => {
      const old = outputs({ Stack: { CdkIrsaManifestValues0: 'Stack/A.Ref-99999999 Stack/Z.Ref-11111111\nStack/A.Ref-99999999=old\nStack/Z.Ref-11111111=z' } });

      expect(messageOf(() => render([file('a.yaml', WAITING)], { outputs: [old] }))).toContain('no value for Stack/A.Ref-00000000');
    });

    test('when the outputs do not exist, naming them', () => {
      const missing = path.join(folder, 'missing.json');

      expect(messageOf(() => render([file('a.yaml', WAITING)], { outputs: [missing] }))).toContain(missing);
    });

    test('when the outputs are a folder, naming it', () => {
      expect(messageOf(() => render([file('a.yaml', WAITING)], { outputs: [folder] }))).toContain(`${folder}: `);
    });

    test.each(['', '{', 'Stack:\n  a: b\n', '[]', 'null', '"text"', '17'])('when the outputs are not what the CDK writes, naming them: %p', content => {
      const given = outputs(content);

      expect(messageOf(() => render([file('a.yaml', WAITING)], { outputs: [given] }))).toContain(`${given}: `);
    });

    test('when a manifest is malformed, naming file and line', () => {
      const input = file('a.yaml', `${WAITING}b: [\n`);

      expect(messageOf(() => render([input], { outputs: [outputs()] }))).toMatch(new RegExp(`^${input}: .*line \\d+`));
    });

    test('when an input does not exist, naming it', () => {
      const missing = path.join(folder, 'missing');

      expect(messageOf(() => render([file('a.yaml', READY), missing], { outputs: [outputs()] }))).toContain(`${missing} does not exist`);
    });

    test('when an index lists a file that is gone, naming it', () => {
      file('cdk.out/manifest.json', { version: '50.0.0', artifacts: { [MANIFESTS_ARTIFACT]: { type: 'none' } } });
      file('cdk.out/manifests/index.json', { version: 1, files: ['M/gone.yaml'] });

      expect(messageOf(() => render([path.join(folder, 'cdk.out')], { outputs: [outputs()] }))).toContain(path.join(folder, 'cdk.out/manifests/M/gone.yaml'));
    });
  });
});
