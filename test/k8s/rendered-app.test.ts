import { Token } from 'aws-cdk-lib';
import { ApiObject, type ApiObjectMetadata, App, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { configMap, messageOf } from './helpers';
import { checkWhenRendered, problemsIn, renderObjects } from '../../src/k8s/rendered-app';

describe('renderObjects', () => {
  test('renders every object of every chart, after its patches', () => {
    const app = new App();
    configMap(new Chart(app, 'one'), { a: 'a' }).addJsonPatch(JsonPatch.replace('/data/a', 'patched'));
    configMap(new Chart(app, 'two'), { b: 'b' });

    expect(renderObjects(app).map(({ construct, json }) => [construct.node.path, json.data]))
      .toEqual([['one/Config', { a: 'patched' }], ['two/Config', { b: 'b' }]]);
  });
});

describe('problemsIn', () => {
  test('are none in what may be written', () => {
    const app = new App();
    configMap(new Chart(app, 'chart'), { a: 'a' });

    expect(problemsIn(app, renderObjects(app))).toEqual([]);
  });

  test('name object and path', () => {
    const app = new App();
    configMap(new Chart(app, 'chart'), { a: '${Token[TOKEN.1]}' });

    expect(problemsIn(app, renderObjects(app))).toEqual(["chart/Config: data.a holds a CDK token ('${Token[TOKEN.1]}')"]);
  });
});

describe('the id of an object with a CDK token', () => {
  const problemsOf = (id: string, metadata?: ApiObjectMetadata): string[] => {
    const app = new App();
    const around = new Construct(new Chart(app, 'chart'), id);
    new ApiObject(around, 'Config', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    return problemsIn(app, renderObjects(app));
  };

  test('is found where cdk8s names the object by it: another one with every synth', () => {
    expect(problemsOf(Token.asString({ Ref: 'Queue' }))).toContainEqual(expect.stringMatching(/^the id of an object or of what is around it, '\$\{Token\[TOKEN\.\d+\]\}', holds a CDK token/));
  });

  test('does not matter where the object has a name', () => {
    expect(problemsOf(Token.asString({ Ref: 'Queue' }), { name: 'queue' })).toEqual([]);
  });

  test('may be a word that people write', () => {
    Token.asString({ Ref: 'Queue' });
    expect(problemsOf('csrf-token-token-1')).toEqual([]);
  });
});

describe('checkWhenRendered', () => {
  function leaky(): App {
    const app = new App();
    configMap(new Chart(app, 'chart'), { a: '${Token[TOKEN.1]}' });
    return app;
  }

  test('has cdk8s fail on what must not be written', () => {
    const app = leaky();
    checkWhenRendered(app);

    expect(messageOf(() => app.synthYaml())).toContain("chart/Config: data.a holds a CDK token ('${Token[TOKEN.1]}')");
  });

  test('says a problem once, however often it is asked for', () => {
    const app = leaky();
    checkWhenRendered(app);
    checkWhenRendered(app);

    expect(messageOf(() => app.synthYaml()).match(/holds a CDK token/g)).toHaveLength(1);
  });

  test('leaves an app alone that is checked otherwise', () => {
    const app = leaky();
    checkWhenRendered(app, true);
    checkWhenRendered(app);

    expect(() => app.synthYaml()).not.toThrow();
  });
});
