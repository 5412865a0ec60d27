import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { indexServiceAccounts, podServiceAccount, type PodServiceAccount } from '../../src/k8s/pod-service-account';

let app: App;
let chart: Chart;
beforeEach(() => {
  app = new App();
  chart = new Chart(app, 'chart', { namespace: 'default' });
});

function account(scope: Chart, name: string, annotations?: Record<string, string>, namespace?: string): ApiObject {
  return new ApiObject(scope, `${name}-${scope.node.children.length}`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, annotations, ...namespace ? { namespace } : {} } });
}

function accountOf(spec: Record<string, unknown>, scope = chart): PodServiceAccount {
  const pod = new ApiObject(scope, `pod-${scope.node.children.length}`, { apiVersion: 'v1', kind: 'Pod' });
  return podServiceAccount(pod, pod.toJson() as Record<string, unknown>, { spec });
}

describe.each([['without an index', () => undefined], ['with an index', () => indexServiceAccounts(app)]])('%s', (_what, index) => {
  test.each<[Record<string, unknown>, string]>([
    [{ serviceAccountName: 'web' }, 'web'],
    [{ serviceAccount: 'old' }, 'old'],
    [{ serviceAccountName: 'web', serviceAccount: 'old' }, 'web'],
    [{ serviceAccountName: '', serviceAccount: 'old' }, 'old'],
    [{ serviceAccountName: null }, 'default'],
    [{}, 'default'],
  ])('a pod with %j runs as %s', (spec, name) => {
    account(chart, name, { a: 'b' });
    index();
    expect(accountOf(spec)).toEqual({ name, namespace: 'default', facts: { name, namespace: 'default', annotations: { a: 'b' } } });
  });

  test('one of another name or namespace is another', () => {
    account(chart, 'web', {}, 'other');
    account(chart, 'webs');
    index();
    expect(accountOf({ serviceAccountName: 'web' }).facts).toBeUndefined();
  });

  test('patches of it count', () => {
    account(chart, 'web', { a: 'b' }).addJsonPatch(JsonPatch.replace('/metadata/annotations', { a: 'c' }));
    index();
    expect(accountOf({ serviceAccountName: 'web' }).facts?.annotations).toEqual({ a: 'c' });
  });

  test('its own chart comes first; others count when they agree', () => {
    const [other, third] = ['other', 'third'].map(id => new Chart(app, id, { namespace: 'default' }));
    account(other, 'web', { a: '1', b: '2' });
    account(third, 'web', { b: '2', a: '1' });
    index();
    expect(accountOf({ serviceAccountName: 'web' }).facts?.annotations).toEqual({ a: '1', b: '2' });
    account(chart, 'web', { a: 'mine' });
    index();
    expect(accountOf({ serviceAccountName: 'web' }).facts?.annotations).toEqual({ a: 'mine' });
  });

  test('fails when others disagree', () => {
    account(new Chart(app, 'other', { namespace: 'default' }), 'web', { a: '1' });
    account(new Chart(app, 'third', { namespace: 'default' }), 'web', { a: '2' });
    index();
    expect(() => accountOf({ serviceAccountName: 'web' })).toThrow('chart/pod-0 runs as default/web, which are two different service accounts in other charts');
  });

  test('one without a namespace belongs to pods without one', () => {
    const nowhere = new Chart(app, 'nowhere');
    account(nowhere, 'web', { a: 'b' });
    index();
    expect(accountOf({ serviceAccountName: 'web' }, nowhere).facts?.annotations).toEqual({ a: 'b' });
    expect(accountOf({ serviceAccountName: 'web' }).facts).toBeUndefined();
  });
});

test('one that came after the index is found', () => {
  indexServiceAccounts(app);
  account(chart, 'web');
  expect(accountOf({ serviceAccountName: 'web' }).facts).toEqual({ name: 'web', namespace: 'default', annotations: {} });
});
