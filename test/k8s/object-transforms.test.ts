import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { configMap } from './helpers';
import { coverObjects, objectsBelow, type Transform, transformObjects, untransformed } from '../../src/k8s/object-transforms';

const mark = (text: string): Transform => (_object, json) => ({ ...json, data: { ...json.data as object, mark: text } });

let app: App;
let chart: Chart;
let object: ApiObject;
beforeEach(() => {
  app = new App();
  chart = new Chart(app, 'chart');
  object = configMap(chart, { own: 'x' });
});

const dataOf = (each: ApiObject): unknown => (each.toJson() as { data: unknown }).data;

test('an object is transformed whenever it is rendered, once', () => {
  transformObjects(object, mark('one'));
  coverObjects(app);
  coverObjects(app);
  expect(dataOf(object)).toEqual({ own: 'x', mark: 'one' });
  expect(dataOf(object)).toEqual({ own: 'x', mark: 'one' });
  expect(Testing.synth(chart)[0]).toMatchObject({ data: { own: 'x', mark: 'one' } });
});

test('patches come first, those of later too', () => {
  transformObjects(object, (_object, json) => ({ ...json, data: { seen: json.data } }));
  object.addJsonPatch(JsonPatch.add('/data/late', 'y'));
  expect(dataOf(object)).toEqual({ seen: { own: 'x', late: 'y' } });
});

test('objects that come later are transformed once they are covered', () => {
  transformObjects(chart, mark('chart'));
  const late = configMap(chart, {}, 'Late');
  expect(dataOf(late)).toEqual({});
  coverObjects(app);
  expect(dataOf(late)).toEqual({ mark: 'chart' });
});

test('the closest scope counts, whichever came first', () => {
  transformObjects(object, mark('object'));
  transformObjects(app, mark('app'));
  transformObjects(chart, mark('chart'));
  const other = configMap(new Chart(app, 'other'), {});
  coverObjects(app);
  expect(dataOf(object)).toEqual({ own: 'x', mark: 'object' });
  expect(dataOf(other)).toEqual({ mark: 'app' });
  expect(objectsBelow(app)).toEqual([other]);
  expect(objectsBelow(chart)).toEqual([]);
  expect(objectsBelow(object)).toEqual([object]);
});

test('an object can be had without it', () => {
  transformObjects(object, mark('one'));
  expect(untransformed(object).data).toEqual({ own: 'x' });
  expect(untransformed(configMap(chart, { late: 'y' }, 'Late')).data).toEqual({ late: 'y' });
});

test('a toJson that somebody else has replaced counts as the object', () => {
  object.toJson = () => ({ data: { theirs: 'y' } });
  transformObjects(object, mark('one'));
  expect(dataOf(object)).toEqual({ theirs: 'y', mark: 'one' });
});

test('an app without any stays as it is', () => {
  const before = object.toJson.bind(object);
  coverObjects(app);
  expect(Object.hasOwn(object, 'toJson')).toBe(false);
  expect(object.toJson()).toEqual(before());
});

test('fails when a scope has one already', () => {
  transformObjects(app, mark('one'));
  transformObjects(chart, mark('one'));
  expect(() => transformObjects(chart, mark('two'))).toThrow('chart has an injection already; one of a scope has all options');
  expect(() => transformObjects(app, mark('two'))).toThrow('the app has an injection already');
});
