import { type App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { newApp, newRole, newStack, synth } from './helpers';
import { plainDeployment, READER_ARN } from './injection-world';
import { AwsConfigFile, AwsConfigMap, AwsProfile, IrsaServiceAccount, Manifests, MetadataProtection, WebIdentityInjection } from '../../src';

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

  test.each(['AWS_ACCESS_KEY_ID', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'])('that sets %s itself', name => {
    new kplus.Deployment(chartIn(), 'Web', { containers: [{ image: 'x', envVariables: { [name]: kplus.EnvValue.fromValue('x') } }] });
    expect(warnings()).toEqual([]);
  });

  test.each(['true', 'TRUE'])('that sets AWS_EC2_METADATA_DISABLED itself: %s', value => {
    new kplus.Deployment(chartIn(), 'Web', { containers: [{ image: 'x', envVariables: { AWS_EC2_METADATA_DISABLED: kplus.EnvValue.fromValue(value) } }] });
    expect(warnings()).toEqual([]);
  });

  test('in which AwsConfigMap chooses a profile', () => {
    const chart = chartIn();
    const role = newRole(stack, 'Role', { roleName: 'reader' });
    const account = new IrsaServiceAccount(chart, 'Account', { role });
    const web = new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ name: 'main', image: 'x' }] });
    const file = AwsConfigFile.of(
      AwsProfile.webIdentity('default', { roleArn: READER_ARN }),
      AwsProfile.assumeRole('second', { roleArn: 'arn:aws:iam::444455556666:role/second', sourceProfile: 'default' }),
    );
    new AwsConfigMap(chart, 'Config', { file }).mountInto(web, { profile: 'second' });
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

test.each(['false', '', '1'])("an AWS_EC2_METADATA_DISABLED of '%s' keeps nobody from the node", value => {
  new kplus.Deployment(chartIn(), 'Web', { containers: [{ image: 'x', envVariables: { AWS_EC2_METADATA_DISABLED: kplus.EnvValue.fromValue(value) } }] });
  expect(warnings()).toHaveLength(1);
});

test('a MetadataProtection does not reach pods in the network of their node', () => {
  const chart = chartIn();
  new kplus.Deployment(chart, 'Web', { hostNetwork: true, containers: [{ image: 'x' }] });
  new MetadataProtection(chart, 'Protection');
  expect(warnings()).toHaveLength(1);
});

describe('a MetadataProtection with another rule', () => {
  const withRule = (peer: (chart: Chart) => kplus.INetworkPolicyPeer, ports?: kplus.NetworkPolicyPort[]): string[] => {
    const chart = chartIn();
    plainDeployment(chart);
    new MetadataProtection(chart, 'Protection').addEgressRule(peer(chart), ports);
    return warnings();
  };

  test.each<[string, (chart: Chart) => kplus.INetworkPolicyPeer]>([
    ['to everywhere', chart => kplus.NetworkPolicyIpBlock.anyIpv4(chart, 'Any')],
    ['to everywhere by IPv6', chart => kplus.NetworkPolicyIpBlock.anyIpv6(chart, 'Any')],
    ['to the metadata service', chart => kplus.NetworkPolicyIpBlock.ipv4(chart, 'Any', '169.254.0.0/16', ['169.254.169.253/32'])],
  ])('%s protects nobody', (_what, peer) => {
    expect(withRule(peer)).toHaveLength(1);
  });

  test('to everywhere on the port of the metadata service protects nobody', () => {
    expect(withRule(chart => kplus.NetworkPolicyIpBlock.anyIpv4(chart, 'Any'), [kplus.NetworkPolicyPort.tcpRange(1, 80)])).toHaveLength(1);
  });

  test.each<[string, (chart: Chart) => kplus.INetworkPolicyPeer]>([
    ['to a range without it', chart => kplus.NetworkPolicyIpBlock.ipv4(chart, 'Any', '10.0.0.0/8')],
    ['to a range but it', chart => kplus.NetworkPolicyIpBlock.ipv4(chart, 'Any', '169.0.0.0/8', ['169.254.169.0/24'])],
    ['to all pods', chart => kplus.Pods.all(chart, 'Any')],
  ])('%s still protects', (_what, peer) => {
    expect(withRule(peer)).toEqual([]);
  });

  test.each([
    ['HTTPS', kplus.NetworkPolicyPort.tcp(443)], ['DNS', kplus.NetworkPolicyPort.udp(53)], ['UDP', kplus.NetworkPolicyPort.udpRange(1, 100)],
  ])('for %s alone still protects', (_what, port) => {
    expect(withRule(chart => kplus.NetworkPolicyIpBlock.anyIpv4(chart, 'Any'), [port])).toEqual([]);
  });
});

test('containers that the webhook skips, although the service account has a role', () => {
  const chart = chartIn();
  const account = new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
  const web = new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ name: 'main', image: 'x' }, { name: 'proxy', image: 'x', portNumber: 1 }] });
  web.podMetadata.addAnnotation('eks.amazonaws.com/skip-containers', 'proxy');
  expect(warnings()).toEqual([expect.stringContaining("chart/Web/Resource: proxy runs as the service account 'reader', which has a role, "
    + 'but the webhook skips them by the annotation or label of their pod: AWS SDKs silently take the role of the node; let the webhook have them, or keep')]);
});

test.each(['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'])('containers that set %s alone, although the service account has a role', name => {
  const chart = chartIn();
  const serviceAccount = new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
  new kplus.Deployment(chart, 'Web', { serviceAccount, containers: [{ name: 'half', image: 'x', envVariables: { [name]: kplus.EnvValue.fromValue('x') } }] });
  expect(warnings()).toEqual([expect.stringContaining("chart/Web/Resource: half runs as the service account 'reader', which has a role, "
    + 'but with one of AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE in env the webhook does not set the other: AWS SDKs silently take the role of the node; set both or none of them, or keep')]);
});

test.each(['AWS_PROFILE', 'AWS_CONFIG_FILE'])('containers that set %s alone, and have no role', name => {
  new kplus.Deployment(chartIn(), 'Web', { containers: [{ name: 'main', image: 'x', envVariables: { [name]: kplus.EnvValue.fromValue('x') } }] });
  expect(warnings()).toHaveLength(1);
});

test('containers of one pod are told their own reasons', () => {
  const chart = chartIn();
  const serviceAccount = new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
  const envVariables = { AWS_ROLE_ARN: kplus.EnvValue.fromValue('x') };
  const containers = [{ name: 'half', image: 'x', envVariables }, { name: 'proxy', image: 'x', portNumber: 1 }, { name: 'fine', image: 'x', portNumber: 2 }];
  const web = new kplus.Deployment(chart, 'Web', { serviceAccount, containers });
  web.podMetadata.addAnnotation('eks.amazonaws.com/skip-containers', 'proxy');
  expect(warnings()).toEqual([expect.stringContaining('half runs as'), expect.stringContaining('proxy runs as')]);
});

test('pods that the webhook leaves alone by their label', () => {
  const chart = chartIn();
  const account = new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
  const web = new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ name: 'main', image: 'x' }] });
  web.podMetadata.addLabel('eks.amazonaws.com/skip-pod-identity-webhook', '');
  expect(warnings()).toHaveLength(1);
});
