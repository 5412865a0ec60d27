import { App as CdkApp } from 'aws-cdk-lib';
import { ApiObject, App, Chart, Cron, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ENV, messageOf, newApp, newRole, newStack, ROLE_ARN_KEY, synth } from './helpers';
import { CdkTokenResolver, type IrsaRole, IrsaServiceAccount, Manifests, ServiceAccountSubject } from '../../src';

/** Where the same charts may live: all rules hold in each of them. */
const HOMES: Array<[string, (stackScope: ReturnType<typeof newStack>) => { app: App; render: () => string }]> = [
  ['Manifests', stack => {
    const { app } = new Manifests(stack, 'Manifests');
    return { app, render: () => synth(stack.node.root as CdkApp) };
  }],
  ['an own cdk8s app with the resolver', () => {
    const app = new App({ resolvers: [new CdkTokenResolver()] });
    return { app, render: () => app.synthYaml() };
  }],
  ['an own cdk8s app without it', () => {
    const app = new App();
    return { app, render: () => app.synthYaml() };
  }],
];

const WORKLOADS: Array<[string, (spec: Record<string, unknown>) => Record<string, unknown>]> = [
  ['Pod', spec => spec],
  ['Deployment', spec => ({ template: { spec } })],
  ['StatefulSet', spec => ({ template: { spec } })],
  ['DaemonSet', spec => ({ template: { spec } })],
  ['Job', spec => ({ template: { spec } })],
  ['CronJob', spec => ({ jobTemplate: { spec: { template: { spec } } } })],
];

describe.each(HOMES)('in %s', (_home, makeHome) => {
  let app: App;
  let render: () => string;
  let role: IrsaRole;
  let chart: Chart;
  let account: IrsaServiceAccount;
  beforeEach(() => {
    const stack = newStack(newApp());
    role = newRole(stack, 'Role', { roleName: 'reader' });
    ({ app, render } = makeHome(stack));
    chart = new Chart(app, 'chart', { namespace: 'default' });
    account = new IrsaServiceAccount(chart, 'Account', { role });
  });

  test('a workload in the namespace of its service account passes', () => {
    new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ image: 'web:1' }] });
    new kplus.CronJob(chart, 'Nightly', { serviceAccount: account, schedule: Cron.daily(), containers: [{ image: 'web:1' }] });

    expect(render).not.toThrow();
  });

  test('a workload with another service account passes, wherever it is', () => {
    const other = new Chart(app, 'other', { namespace: 'other' });
    new kplus.Deployment(other, 'Web', { serviceAccount: new kplus.ServiceAccount(other, 'Theirs'), containers: [{ image: 'web:1' }] });
    new ApiObject(new Chart(app, 'nowhere'), 'Pod', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName: 'theirs' } });

    expect(render).not.toThrow();
  });

  test('fails when a workload is in another namespace, naming both and the way out', () => {
    const other = new Chart(app, 'other', { namespace: 'other' });
    new kplus.Deployment(other, 'Web', { serviceAccount: account, containers: [{ image: 'web:1' }] });

    expect(messageOf(render)).toContain("other/Web is in the namespace 'other', and its service account default/reader in another; put it into a chart with namespace 'default'");
  });

  test('fails when the metadata of a workload has another namespace', () => {
    new kplus.Pod(chart, 'Web', { metadata: { namespace: 'other' }, serviceAccount: account, containers: [{ image: 'web:1' }] });

    expect(messageOf(render)).toContain("chart/Web is in the namespace 'other'");
  });

  test('fails when a patch moves a workload to another namespace', () => {
    const web = new kplus.Pod(chart, 'Web', { serviceAccount: account, containers: [{ image: 'web:1' }] });
    ApiObject.of(web).addJsonPatch(JsonPatch.replace('/metadata/namespace', 'other'));

    expect(messageOf(render)).toContain("chart/Web is in the namespace 'other'");
  });

  test('fails when a workload of cdk8s-plus has no namespace', () => {
    new kplus.Deployment(new Chart(app, 'nowhere'), 'Web', { serviceAccount: account, containers: [{ image: 'web:1' }] });

    expect(messageOf(render)).toMatch(/nowhere\/Web[\w/]* has no namespace, and its service account is default\/reader; give the chart the namespace 'default'/);
  });

  test.each(WORKLOADS)('fails when a raw %s has no namespace', (kind, spec) => {
    new ApiObject(new Chart(app, 'nowhere'), 'Raw', { apiVersion: 'v1', kind, spec: spec({ serviceAccountName: 'reader' }) });

    expect(messageOf(render)).toContain("nowhere/Raw has no namespace, and its service account is default/reader; give the chart the namespace 'default'");
  });

  test.each(WORKLOADS)('fails when a raw %s that names its service account by the old field has no namespace', (kind, spec) => {
    new ApiObject(new Chart(app, 'nowhere'), 'Raw', { apiVersion: 'v1', kind, spec: spec({ serviceAccount: 'reader' }) });

    expect(messageOf(render)).toContain('nowhere/Raw has no namespace, and its service account is default/reader');
  });

  test('says all problems at once', () => {
    new ApiObject(new Chart(app, 'nowhere'), 'One', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName: 'reader' } });
    new ApiObject(new Chart(app, 'nowhere2'), 'Two', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName: 'reader' } });

    expect(messageOf(render)).toMatch(/nowhere\/One has no namespace[^]*nowhere2\/Two has no namespace/);
  });

  describe('changes after the service account was made', () => {
    test.each<[string, (object: ApiObject) => void]>([
      ['a label', object => object.metadata.addLabel('app', 'web')],
      ['an annotation', object => object.metadata.addAnnotation('example.org/owner', 'team')],
      ['a patch of another field', object => object.addJsonPatch(JsonPatch.add('/automountServiceAccountToken', true))],
      ['a patch that says the same', object => object.addJsonPatch(JsonPatch.replace('/metadata/name', 'reader'))],
    ])('pass: %s', (_change, change) => {
      change(ApiObject.of(account));

      expect(render).not.toThrow();
    });

    test.each<[string, (object: ApiObject) => void, string]>([
      ['the role ARN by an annotation', object => object.metadata.addAnnotation(ROLE_ARN_KEY, 'arn:aws:iam::111122223333:role/other'),
        "rendered with eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/other' instead of 'arn:aws:iam::111122223333:role/reader'"],
      ['the role ARN by a patch', object => object.addJsonPatch(JsonPatch.replace('/metadata/annotations/eks.amazonaws.com~1role-arn', 'evil')),
        "rendered with eks.amazonaws.com/role-arn: 'evil', which is not the ARN of a role"],
      ['the role ARN to nothing, which would turn the webhook off', object => object.metadata.addAnnotation(ROLE_ARN_KEY, ''),
        "rendered with eks.amazonaws.com/role-arn: '', which is not the ARN of a role"],
      ['the role ARN away', object => object.addJsonPatch(JsonPatch.remove('/metadata/annotations')), "eks.amazonaws.com/role-arn: 'undefined'"],
      ['the role ARN to a placeholder', object => object.metadata.addAnnotation(ROLE_ARN_KEY, '${cdk-irsa:Stack/Other.Arn-01234567}'), 'instead of'],
      ['the audience', object => object.metadata.addAnnotation('eks.amazonaws.com/audience', 'other'),
        "rendered with eks.amazonaws.com/audience: 'other' instead of 'undefined': something changes it after the construct; use the props of IrsaServiceAccount"],
      ['the expiration', object => object.metadata.addAnnotation('eks.amazonaws.com/token-expiration', '1'), "eks.amazonaws.com/token-expiration: '1' instead of"],
      ['the endpoint', object => object.metadata.addAnnotation('eks.amazonaws.com/sts-regional-endpoints', 'yes'), "sts-regional-endpoints: 'yes' instead of"],
      ['the name', object => object.addJsonPatch(JsonPatch.replace('/metadata/name', 'other')),
        'is rendered as default/other, and its role trusts default/reader: remove the patch that changes it'],
      ['the namespace', object => object.addJsonPatch(JsonPatch.replace('/metadata/namespace', 'other')), 'is rendered as other/reader, and its role trusts default/reader'],
      ['the namespace away', object => object.addJsonPatch(JsonPatch.remove('/metadata/namespace')), 'is rendered as undefined/reader'],
      ['all metadata away', object => object.addJsonPatch(JsonPatch.remove('/metadata')), 'is rendered as undefined/undefined'],
    ])('fail when they change %s', (_what, change, problem) => {
      change(ApiObject.of(account));

      const message = messageOf(render);
      expect(message).toContain('chart/Account');
      expect(message).toContain(problem);
    });
  });
});

describe('across Manifests', () => {
  test('fails when a workload of other Manifests is in another namespace', () => {
    const stack = newStack(newApp());
    const account = new IrsaServiceAccount(new Manifests(stack, 'Accounts').addChart('accounts', { namespace: 'default' }), 'Account', { role: newRole(stack) });
    new kplus.Pod(new Manifests(stack, 'Workloads').addChart('web', { namespace: 'other' }), 'Web', { serviceAccount: account, containers: [{ image: 'web:1' }] });

    expect(messageOf(() => synth(stack.node.root as CdkApp))).toContain("web/Web is in the namespace 'other', and its service account default/reader in another");
  });

  test('fails when a workload of other Manifests has no namespace', () => {
    const stack = newStack(newApp());
    const account = new IrsaServiceAccount(new Manifests(stack, 'Accounts').addChart('accounts', { namespace: 'default' }), 'Account', { role: newRole(stack) });
    new kplus.Pod(new Manifests(stack, 'Workloads').addChart('web'), 'Web', { serviceAccount: account, containers: [{ image: 'web:1' }] });

    expect(messageOf(() => synth(stack.node.root as CdkApp))).toMatch(/web\/Web[\w/]* has no namespace, and its service account is default\/reader/);
  });

  test('passes when a workload of other Manifests is in the same namespace', () => {
    const stack = newStack(newApp());
    const account = new IrsaServiceAccount(new Manifests(stack, 'Accounts').addChart('accounts', { namespace: 'default' }), 'Account', { role: newRole(stack) });
    new kplus.Pod(new Manifests(stack, 'Workloads').addChart('web', { namespace: 'default' }), 'Web', { serviceAccount: account, containers: [{ image: 'web:1' }] });

    expect(() => synth(stack.node.root as CdkApp)).not.toThrow();
  });
});

describe('warnings in Manifests', () => {
  function warningsWith(addWorkload: (manifests: Manifests, role: IrsaRole) => void): string[] {
    const app = newApp();
    const stack = newStack(app, 'Stack', { env: ENV });
    const role = newRole(stack);
    const manifests = new Manifests(stack, 'Manifests');
    new IrsaServiceAccount(manifests.addChart('accounts', { namespace: 'default' }), 'Account', { role });
    addWorkload(manifests, role);
    return app.synth().getStackByName('Stack').messages.filter(({ level }) => level === 'warning').map(({ id, entry }) => `${id}: ${String(entry.data)}`);
  }

  test.each(WORKLOADS)('say when a raw %s names our service account from a namespace that has none of that name', (kind, spec) => {
    const warnings = warningsWith(manifests => {
      new ApiObject(manifests.addChart('web', { namespace: 'other' }), 'Raw', { apiVersion: 'v1', kind, spec: spec({ serviceAccountName: 'reader' }) });
    });

    expect(warnings).toEqual([expect.stringContaining("web/Raw runs as the service account 'reader' of the namespace 'other', which these manifests do not have") as string]);
    expect(warnings[0]).toMatch(/^\/Stack\/Manifests: /);
    expect(warnings[0]).toContain('[ack: cdk-irsa:serviceAccountNamespace]');
    expect(warnings[0]).toContain('the one with the role Stack/Role is default/reader');
  });

  test('say so too when it is the old field that names it, and not what the new one overrules', () => {
    const warnings = warningsWith(manifests => {
      const chart = manifests.addChart('web', { namespace: 'other' });
      new ApiObject(chart, 'Old', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccount: 'reader' } });
      new ApiObject(chart, 'Empty', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName: '', serviceAccount: 'reader' } });
      new ApiObject(chart, 'Both', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName: 'theirs', serviceAccount: 'reader' } });
    });

    expect(warnings.map(text => /web\/\w+/.exec(text)?.[0])).toEqual(['web/Old', 'web/Empty']);
  });

  test('do not when the namespace has a service account of that name', () => {
    expect(warningsWith(manifests => {
      const chart = manifests.addChart('web', { namespace: 'other' });
      new kplus.ServiceAccount(chart, 'Theirs', { metadata: { name: 'reader' } });
      new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName: 'reader' } });
    })).toEqual([]);
  });

  test('do not when the workload is in our namespace, or has no service account', () => {
    expect(warningsWith(manifests => {
      new ApiObject(manifests.addChart('web', { namespace: 'default' }), 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName: 'reader' } });
      new ApiObject(manifests.addChart('other', { namespace: 'other' }), 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: {} });
    })).toEqual([]);
  });

  test('do not when one role serves the same name in both namespaces', () => {
    expect(warningsWith(manifests => {
      const role = newRole(newStack(manifests.node.root as CdkApp, 'Two'), 'Role', { serviceAccounts: [ServiceAccountSubject.of('other', 'reader')] });
      const chart = manifests.addChart('web', { namespace: 'other' });
      new IrsaServiceAccount(chart, 'Account', { role });
      new ApiObject(chart, 'Raw', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName: 'reader' } });
    })).toEqual([]);
  });
});

describe('a second service account of the same name', () => {
  const second = (chart: Chart, namespace: string) => new kplus.ServiceAccount(chart, 'Second', {
    metadata: { name: 'reader', namespace, annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::666666666666:role/evil' } },
  });

  test.each([['default', true], ['other', false]])('in the namespace %s of the same chart fails: %p', (namespace, fails) => {
    const app = new CdkApp();
    const stack = newStack(app);
    const chart = new Manifests(stack, 'Manifests').addChart('chart');
    const { subject } = new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
    second(chart, namespace === 'default' ? subject.namespace : `${subject.namespace}-other`);

    const message = (() => {
      try {
        return app.synth() && undefined;
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message?.includes('and so is chart/Second/Resource in the same chart; make it once') ?? false).toBe(fails);
  });
});
