import { ApiObject, App, Chart, JsonPatch, Lazy, Names } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { configMap, messageOf, parse } from './helpers';
import { folderName, renderCharts } from '../../src/k8s/chart-files';
import { placeholder, UNRENDERED_ANNOTATION } from '../../src/k8s/placeholder';

function fileNames(app: App): string[] {
  return renderCharts(app).files.map(({ file }) => file);
}

describe('renderCharts', () => {
  test('gives a file a chart, named after it', () => {
    const app = new App();
    configMap(new Chart(app, 'one'), {});
    configMap(new Chart(app, 'two'), {});

    expect(fileNames(app).sort()).toEqual(['one.k8s.yaml', 'two.k8s.yaml']);
  });

  test('gives nothing for an app without charts, and for charts without objects', () => {
    const app = new App();
    expect(renderCharts(app)).toEqual({ files: [], rendered: [] });

    new Chart(app, 'empty');
    expect(renderCharts(app)).toEqual({ files: [], rendered: [] });
  });

  test('writes the objects of a chart into its file, those that others depend on first', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const first = configMap(chart, {}, 'First');
    const second = configMap(chart, {}, 'Second');
    first.addDependency(second);

    const [{ content }] = renderCharts(app).files;

    expect(parse(content).map(({ metadata }) => metadata.name)).toEqual(['second', 'first']);
  });

  test('writes an object that is deep in constructs into the file of its chart', () => {
    const app = new App();
    new kplus.Deployment(new Chart(app, 'chart'), 'Web', { containers: [{ image: 'web:1' }] });

    expect(parse(renderCharts(app).files[0].content).map(({ kind }) => kind)).toEqual(['Deployment']);
  });

  test('takes a chart that is a class of its own', () => {
    class Own extends Chart {
      constructor(app: App) {
        super(app, 'own', { namespace: 'own' });
        configMap(this, { a: 'a' });
      }
    }
    const app = new App();
    new Own(app);

    const [{ file, content }] = renderCharts(app).files;
    expect(file).toBe('own.k8s.yaml');
    expect(parse(content)[0]).toMatchObject({ metadata: { namespace: 'own' }, data: { a: 'a' } });
  });

  test('gives the constructs that the objects come from', () => {
    const app = new App();
    const object = configMap(new Chart(app, 'chart'), { a: 'a' });

    expect(renderCharts(app).rendered.map(({ construct, json }) => [construct.node.path, json.data])).toEqual([[object.node.path, { a: 'a' }]]);
  });

  test('renders lazy values and patches', () => {
    const app = new App();
    configMap(new Chart(app, 'chart'), { a: Lazy.any({ produce: () => 'lazy' }), b: 'b' }).addJsonPatch(JsonPatch.replace('/data/b', 'patched'));

    expect(parse(renderCharts(app).files[0].content)[0].data).toEqual({ a: 'lazy', b: 'patched' });
  });

  test('keeps strings that look like something else in YAML 1.1', () => {
    const data = { a: 'on', b: '0o17', c: '017', d: '1_000', e: 'null', f: '~', g: '1e3', h: '190:20:30', i: 'a\nb', j: ' x', k: '# x', l: '' };
    const app = new App();
    configMap(new Chart(app, 'chart'), data);

    expect(parse(renderCharts(app).files[0].content)[0].data).toEqual(data);
  });

  describe('names files in the order of the charts', () => {
    test('when a chart depends on another', () => {
      const app = new App();
      const [first, second] = [new Chart(app, 'first'), new Chart(app, 'second')];
      configMap(first, {});
      configMap(second, {});
      first.addDependency(second);

      expect(fileNames(app)).toEqual(['0000-second.k8s.yaml', '0001-first.k8s.yaml']);
    });

    test('when an object of a chart depends on one of another', () => {
      const app = new App();
      const one = configMap(new Chart(app, 'first'), {});
      const two = configMap(new Chart(app, 'second'), {});
      one.addDependency(two);

      expect(fileNames(app)).toEqual(['0000-second.k8s.yaml', '0001-first.k8s.yaml']);
    });

    test('when a chart is in another: what is inside comes first, as cdk8s has it', () => {
      const app = new App();
      const outer = new Chart(app, 'outer');
      configMap(outer, { where: 'outer' });
      const inner = new Chart(outer, 'inner');
      configMap(inner, { where: 'inner' });

      const { files } = renderCharts(app);
      expect(files.map(({ file }) => file)).toEqual([`0000-${Names.toDnsLabel(inner)}.k8s.yaml`, '0001-outer.k8s.yaml']);
      expect(files.map(({ content }) => parse(content).map(({ data }) => data))).toEqual([[{ where: 'inner' }], [{ where: 'outer' }]]);
    });

    test('the same each time', () => {
      const app = new App();
      const one = configMap(new Chart(app, 'first'), {});
      configMap(new Chart(app, 'third'), {});
      one.addDependency(configMap(new Chart(app, 'second'), {}));

      expect(fileNames(app)).toEqual(fileNames(app));
    });

    test('and not when none depends on another', () => {
      const app = new App();
      const chart = new Chart(app, 'chart');
      configMap(chart, {}, 'First').addDependency(configMap(chart, {}, 'Second'));

      expect(fileNames(app)).toEqual(['chart.k8s.yaml']);
    });
  });

  describe('marks what has placeholders', () => {
    const value = placeholder('Stack/Role.Arn-01234567', 'string');

    test('by a comment on the file and an annotation that the API server refuses on the object', () => {
      const app = new App();
      configMap(new Chart(app, 'chart'), { a: value });

      const [{ content }] = renderCharts(app).files;
      expect(content).toMatch(/^# Not ready for a cluster[^]*npx cdk-irsa render --outputs outputs\.json/);
      expect(parse(content)[0].metadata.annotations).toEqual({ [UNRENDERED_ANNOTATION]: 'its values are known only after deployment' });
      expect(UNRENDERED_ANNOTATION).toMatch(/ /);
    });

    test('keeping its annotations', () => {
      const app = new App();
      configMap(new Chart(app, 'chart'), { a: value }).metadata.addAnnotation('theirs', 'x');

      expect(parse(renderCharts(app).files[0].content)[0].metadata.annotations).toEqual({ theirs: 'x', [UNRENDERED_ANNOTATION]: expect.any(String) as string });
    });

    test('and not the others of the file', () => {
      const app = new App();
      const chart = new Chart(app, 'chart');
      configMap(chart, { a: value }, 'Waiting');
      configMap(chart, { a: 'a' }, 'Ready');

      expect(parse(renderCharts(app).files[0].content).map(({ metadata }) => [metadata.name, metadata.annotations !== undefined]))
        .toEqual([['waiting', true], ['ready', false]]);
    });

    test('and nothing where there are none', () => {
      const app = new App();
      configMap(new Chart(app, 'chart'), { a: '${NOT_OURS}' });

      expect(renderCharts(app).files[0].content).not.toMatch(/#|cdk-irsa/);
    });
  });

  test('fails when cdk8s finds a chart invalid, naming the object', () => {
    const app = new App();
    new kplus.Deployment(new Chart(app, 'chart'), 'Web');

    expect(messageOf(() => renderCharts(app))).toMatch(/chart\/Web.*PodSpec must have at least 1 container/);
  });

  test('fails when tokens are left, naming object and path of all of them', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    configMap(chart, { a: '${Token[TOKEN.1]}' }, 'One');
    configMap(chart, { a: [{ b: '#{Token[TOKEN.1]}' }] }, 'Two');

    expect(messageOf(() => renderCharts(app)))
      .toBe("manifests cannot be written:\n  chart/One: data.a holds a CDK token ('${Token[TOKEN.1]}')\n  chart/Two: data.a.0.b holds a CDK token ('#{Token[TOKEN.1]}')");
  });

  test('fails when an object cannot be rendered, naming it', () => {
    const app = new App();
    configMap(new Chart(app, 'chart'), { a: 'a' }).addJsonPatch(JsonPatch.test('/data/a', 'other'));

    expect(messageOf(() => renderCharts(app))).toContain("Failed serializing construct at path 'chart/Config'");
  });

  test('fails when charts depend on each other', () => {
    const app = new App();
    const [one, two] = [new Chart(app, 'one'), new Chart(app, 'two')];
    one.addDependency(two);
    two.addDependency(one);

    expect(messageOf(() => renderCharts(app))).toContain('Dependency cycle detected');
  });

  test('looks at every object, as ApiObjects know themselves', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Own', anything: '${Token[TOKEN.1]}' });

    expect(messageOf(() => renderCharts(app))).toContain('chart/Raw: anything holds a CDK token');
  });
});

describe('folderName', () => {
  test.each(['Stack/Manifests', 'Stack', 'my-stack_1.2/Manifests', 'a/b/c'])('is the construct path itself where a file system takes it: %s', path => {
    expect(folderName(path)).toBe(path);
  });

  test.each(['..', '.', '../..', 'Stack/..', 'with space', 'a:b', 'ünïcödé', '日本', 'a\\b', '.hidden', '-dash', 'a*b?', 'x'.repeat(300), 'nul\u0000', 'a\nb'])(
    'replaces what a file system may not take, and adds a hash: %p', path => {
      const folder = folderName(path);

      expect(folder.split('/')).toHaveLength(path.split('/').length);
      for (const name of folder.split('/')) {
        expect(name).toMatch(/^[A-Za-z0-9._-]{1,120}$/);
        expect(name).not.toMatch(/^\.+$/);
      }
      expect(folder).toMatch(/[0-9a-f]{8}$/);
    });

  test('keeps ids apart that differ only in what is replaced', () => {
    expect(new Set(['a:b', 'a b', 'a;b', 'a-b', 'a--b'].map(folderName)).size).toBe(5);
  });

  test('never leads out of the folder, and keeps paths apart', () => {
    const id = fc.string({ unit: 'binary', minLength: 1 }).map(value => value.replace(/\//g, '--'));

    fc.assert(fc.property(fc.array(id, { minLength: 1, maxLength: 4 }), fc.array(id, { minLength: 1, maxLength: 4 }), (one, two) => {
      const folder = folderName(one.join('/'));

      expect(folder.split('/').some(name => name === '..' || name === '.' || name === '' || name.includes('\\'))).toBe(false);
      fc.pre(one.join('/') !== two.join('/'));
      expect(folder).not.toBe(folderName(two.join('/')));
    }));
  });
});
