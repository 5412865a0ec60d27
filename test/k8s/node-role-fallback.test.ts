import { type App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { newApp, newRole, newStack, synth } from './helpers';
import { plainDeployment } from './injection-world';
import { IrsaServiceAccount, Manifests, MetadataProtection, WebIdentityInjection } from '../../src';

let stack: Stack;
beforeEach(() => {
  stack = newStack(newApp());
});

function chartIn(asked = true): Chart {
  const manifests = new Manifests(stack, 'Manifests');
  if (asked) {
    manifests.warnOfNodeRoleFallback();
  }
  return manifests.addChart('chart', { namespace: 'default' });
}

/** The texts of our warnings. */
function warnings(): string[] {
  synth(stack.node.root as App);
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cdk-irsa:nodeRoleFallback')).map(({ entry }) => String(entry.data));
}

test('a workload whose service account these manifests do not have', () => {
  plainDeployment(chartIn());
  expect(warnings()).toEqual([expect.stringContaining("chart/Plain: main runs as the service account 'reader', which these manifests do not have: AWS SDKs silently take the role of the node; "
    + 'give the service account a role, or keep the pods from the metadata service by MetadataProtection')]);
});

test('a workload whose service account has no role', () => {
  const chart = chartIn();
  new kplus.Deployment(chart, 'Web', { serviceAccount: new kplus.ServiceAccount(chart, 'Bare', { metadata: { name: 'bare' } }), containers: [{ name: 'a', image: 'x' }, { name: 'b', image: 'x', portNumber: 1 }] });
  expect(warnings()).toEqual([expect.stringContaining("chart/Web/Resource: a, b run as the service account 'bare', which gives them no role")]);
});

test('init containers and sidecars too', () => {
  const chart = chartIn();
  const web = new kplus.Deployment(chart, 'Web', { containers: [{ name: 'main', image: 'x', envVariables: { AWS_ACCESS_KEY_ID: kplus.EnvValue.fromValue('x') } }] });
  web.addInitContainer({ name: 'init', image: 'x' });
  expect(warnings()).toEqual([expect.stringContaining("chart/Web/Resource: init runs as the service account 'default'")]);
});

test('nobody, unless asked', () => {
  plainDeployment(chartIn(false));
  expect(warnings()).toEqual([]);
});

describe('no workload', () => {
  test('with a role by its service account', () => {
    const chart = chartIn();
    new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
    plainDeployment(chart);
    expect(warnings()).toEqual([]);
  });

  test('into which credentials are injected', () => {
    const chart = chartIn();
    WebIdentityInjection.into(plainDeployment(chart), { role: newRole(stack) });
    expect(warnings()).toEqual([]);
  });

  test('with a Pod Identity association', () => {
    new CfnPodIdentityAssociation(stack, 'Association', { clusterName: 'c', namespace: 'default', serviceAccount: 'reader', roleArn: 'arn:aws:iam::111122223333:role/x' });
    plainDeployment(chartIn());
    expect(warnings()).toEqual([]);
  });

  test('that a MetadataProtection keeps from the metadata service', () => {
    const chart = chartIn();
    plainDeployment(chart);
    new MetadataProtection(chart, 'Protection');
    expect(warnings()).toEqual([]);
  });

  test.each(['AWS_ACCESS_KEY_ID', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_EC2_METADATA_DISABLED'])('that sets %s itself', name => {
    new kplus.Deployment(chartIn(), 'Web', { containers: [{ image: 'x', envVariables: { [name]: kplus.EnvValue.fromValue('x') } }] });
    expect(warnings()).toEqual([]);
  });
});

test('a MetadataProtection of other pods, or of another namespace, keeps nobody else', () => {
  const chart = chartIn();
  plainDeployment(chart);
  new MetadataProtection(chart, 'Others', { pods: kplus.Pods.select(chart, 'Pods', { labels: { app: 'Others' } }) });
  new MetadataProtection(chart, 'Elsewhere', { metadata: { namespace: 'other' } });
  expect(warnings()).toHaveLength(1);
});

test('containers that the webhook skips, although the service account has a role', () => {
  const chart = chartIn();
  const account = new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
  const web = new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ name: 'main', image: 'x' }, { name: 'proxy', image: 'x', portNumber: 1 }] });
  web.podMetadata.addAnnotation('eks.amazonaws.com/skip-containers', 'proxy');
  expect(warnings()).toEqual([expect.stringContaining('chart/Web/Resource: proxy runs as')]);
});

test('pods that the webhook leaves alone by their label', () => {
  const chart = chartIn();
  const account = new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
  const web = new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ name: 'main', image: 'x' }] });
  web.podMetadata.addLabel('eks.amazonaws.com/skip-pod-identity-webhook', '');
  expect(warnings()).toHaveLength(1);
});
