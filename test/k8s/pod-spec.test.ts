import { podSpecOf, podTemplateOf } from '../../src/k8s/pod-spec';

const SPEC = { serviceAccountName: 'reader' };

describe('podSpecOf', () => {
  test('of a Pod is its spec', () => {
    expect(podSpecOf({ kind: 'Pod', spec: SPEC })).toEqual(SPEC);
  });

  test.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'Rollout'])('of a %s is that of its template', kind => {
    expect(podSpecOf({ kind, spec: { template: { spec: SPEC } } })).toEqual(SPEC);
  });

  test('of a CronJob is that of the template of its job', () => {
    expect(podSpecOf({ kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec: SPEC } } } } })).toEqual(SPEC);
  });

  test.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['a ConfigMap', { kind: 'ConfigMap', data: { spec: 'x' } }],
    ['a Service', { kind: 'Service', spec: { ports: [] } }],
    ['a Deployment without a template', { kind: 'Deployment', spec: {} }],
    ['a CronJob with the template of a Deployment', { kind: 'CronJob', spec: { template: { spec: SPEC } } }],
    ['a spec that is text', { kind: 'Pod', spec: 'text' }],
    ['a spec that is null', { kind: 'Pod', spec: null }],
    ['a spec that is a list', { kind: 'Pod', spec: [] }],
    ['a template that is a list', { kind: 'Deployment', spec: { template: [] } }],
  ])('of %s is not there', (_what, object) => {
    expect(podSpecOf(object)).toBeUndefined();
  });
});

describe('podTemplateOf', () => {
  const template = { metadata: { labels: { app: 'web' } }, spec: SPEC };

  test('of a Pod is the pod', () => {
    const pod = { kind: 'Pod', ...template };
    expect(podTemplateOf(pod)).toBe(pod);
  });

  test('of others is their template', () => {
    expect(podTemplateOf({ kind: 'Deployment', spec: { template } })).toBe(template);
    expect(podTemplateOf({ kind: 'CronJob', spec: { jobTemplate: { spec: { template } } } })).toBe(template);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a ConfigMap', { kind: 'ConfigMap' }],
    ['a template without a spec', { kind: 'Deployment', spec: { template: { metadata: {} } } }],
    ['a pod whose spec is text', { kind: 'Pod', spec: 'text' }],
  ])('of %s is not there', (_what, object) => {
    expect(podTemplateOf(object)).toBeUndefined();
  });
});
