import { frozen } from './pods';
import { podTemplatePaths, podTemplatesIn, replacedAt } from '../../../src/k8s/webhook/pod-templates';

const SPEC = { containers: [{ name: 'main' }] };
const TEMPLATE = { metadata: { labels: { app: 'web' } }, spec: SPEC };

describe('podTemplatePaths', () => {
  test.each<[string, string, string]>([
    ['Pod', 'v1', ''],
    ['PodTemplate', 'v1', 'template'],
    ['ReplicationController', 'v1', 'spec.template'],
    ['Deployment', 'apps/v1', 'spec.template'],
    ['StatefulSet', 'apps/v1', 'spec.template'],
    ['DaemonSet', 'apps/v1', 'spec.template'],
    ['ReplicaSet', 'apps/v1', 'spec.template'],
    ['Deployment', 'extensions/v1beta1', 'spec.template'],
    ['Job', 'batch/v1', 'spec.template'],
    ['CronJob', 'batch/v1', 'spec.jobTemplate.spec.template'],
    ['CronJob', 'batch/v1beta1', 'spec.jobTemplate.spec.template'],
  ])('of %s %s is "%s"', (kind, apiVersion, path) => {
    expect(podTemplatePaths(kind, apiVersion).map(found => found.join('.'))).toEqual([path]);
  });

  test.each([
    ['ConfigMap', 'v1'], ['Service', 'v1'], ['Pod', 'metrics.k8s.io/v1beta1'], ['Job', 'batch.volcano.sh/v1alpha1'], ['Deployment', 'v1'], ['CronJob', 'apps/v1'],
    ['pod', 'v1'], ['Rollout', 'argoproj.io/v1alpha1'], ['List', 'v1'], ['constructor', 'v1'], ['', ''],
  ])('of %s %s is nowhere', (kind, apiVersion) => {
    expect(podTemplatePaths(kind, apiVersion)).toEqual([]);
  });

  test.each<[string, string, Record<string, string>, string[]]>([
    ['Rollout', 'argoproj.io/v1alpha1', { Rollout: 'spec.template' }, ['spec.template']],
    ['Rollout', 'argoproj.io/v1alpha1', { 'argoproj.io/Rollout': 'spec.template' }, ['spec.template']],
    ['Rollout', 'example.com/v1', { 'argoproj.io/Rollout': 'spec.template' }, []],
    ['Job', 'batch.volcano.sh/v1alpha1', { 'batch.volcano.sh/Job': 'spec.tasks.*.template' }, ['spec.tasks.*.template']],
    ['Job', 'batch/v1', { 'batch.volcano.sh/Job': 'spec.tasks.*.template' }, ['spec.template']],
    ['Job', 'x.io/v1', { 'Job': 'a', 'x.io/Job': 'b' }, ['b']],
    ['Pod', 'v1', { '/Pod': 'spec.other' }, ['spec.other']],
    ['toString', 'v1', {}, []],
  ])('of %s %s with %j is %j', (kind, apiVersion, extra, paths) => {
    expect(podTemplatePaths(kind, apiVersion, extra).map(found => found.join('.'))).toEqual(paths);
  });

  test.each(['', '.', 'spec.', '.spec', 'spec..template'])('fails when %j is to be a path', path => {
    expect(() => podTemplatePaths('Rollout', 'argoproj.io/v1', { Rollout: path }))
      .toThrow(`'${path}' is not a path to the pod template of Rollout; keys and dots are expected, and * for every item: 'spec.template'`);
  });
});

describe('podTemplatesIn', () => {
  test('finds a Pod itself', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', ...TEMPLATE };
    expect(podTemplatesIn(pod)).toEqual([{ path: [], template: pod }]);
  });

  test('finds the template of a CronJob', () => {
    const object = { apiVersion: 'batch/v1', kind: 'CronJob', spec: { jobTemplate: { spec: { template: TEMPLATE } } } };
    expect(podTemplatesIn(object)).toEqual([{ path: ['spec', 'jobTemplate', 'spec', 'template'], template: TEMPLATE }]);
  });

  test('finds every item of a list and every value of a map', () => {
    const extra = { Many: 'spec.*.*.template' };
    const object = { apiVersion: 'x/v1', kind: 'Many', spec: { list: [{ template: TEMPLATE }, { other: 1 }, null], map: { 'a.b': { template: TEMPLATE } } } };
    expect(podTemplatesIn(object, extra).map(({ path }) => path)).toEqual([['spec', 'list', 0, 'template'], ['spec', 'map', 'a.b', 'template']]);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['text', 'text'],
    ['a list', []],
    ['an object without a kind', { apiVersion: 'v1' }],
    ['a kind that is no text', { apiVersion: 'v1', kind: 1 }],
    ['an apiVersion that is missing', { kind: 'Pod', ...TEMPLATE }],
    ['a pod without a spec', { apiVersion: 'v1', kind: 'Pod' }],
    ['a spec that is a list', { apiVersion: 'v1', kind: 'Pod', spec: [] }],
    ['a template that is null', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: null } }],
    ['a Deployment with the template of a CronJob', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { jobTemplate: { spec: { template: TEMPLATE } } } }],
  ])('finds nothing in %s', (_what, object) => {
    expect(podTemplatesIn(object)).toEqual([]);
  });
});

describe('replacedAt', () => {
  test('gives a copy, and keeps what is not on the way', () => {
    const object = frozen({ a: { list: [{ x: 1, y: [] }, { x: 2 }] }, b: {} });
    const replaced = replacedAt(object, ['a', 'list', 0, 'x'], 'new') as typeof object;
    expect(replaced).toEqual({ a: { list: [{ x: 'new', y: [] }, { x: 2 }] }, b: {} });
    expect(replaced.b).toBe(object.b);
    expect(replaced.a.list[1]).toBe(object.a.list[1]);
    expect(object.a.list[0].x).toBe(1);
  });

  test('replaces the whole at no path', () => expect(replacedAt({ a: 1 }, [], 'new')).toBe('new'));
});
