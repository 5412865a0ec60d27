import { BlockList } from 'node:net';
import { App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Manifest } from './helpers';
import { MetadataProtection } from '../../src';

interface Policy {
  readonly podSelector: unknown;
  readonly policyTypes: string[];
  readonly ingress?: unknown;
  readonly egress: Array<{
    readonly ports?: unknown[];
    readonly to?: Array<{ readonly ipBlock?: { cidr: string; except?: string[] } }>;
  }>;
}

let chart: Chart;
beforeEach(() => {
  chart = new Chart(new App(), 'chart', { namespace: 'batch' });
});

function policy(): Policy {
  return (Testing.synth(chart) as Manifest[]).find(({ kind }) => kind === 'NetworkPolicy')!.spec as unknown as Policy;
}

/** Whether a policy lets a packet out to an address outside of the cluster, on any port. */
function letsOut({ egress }: Policy, address: string): boolean {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const inside = (cidr: string): boolean => {
    const [net, bits] = cidr.split('/');
    const list = new BlockList();
    list.addSubnet(net, Number(bits), net.includes(':') ? 'ipv6' : 'ipv4');
    return net.includes(':') === (family === 'ipv6') && list.check(address, family);
  };
  return egress.some(({ to, ports = [] }) => ports.length === 0
    && (!to || to.some(({ ipBlock }) => ipBlock && inside(ipBlock.cidr) && !(ipBlock.except ?? []).some(inside))));
}

describe('lets pods out to', () => {
  test.each([
    ['the internet', '93.184.216.34'], ['the internet by IPv6', '2606:2800:220:1:248:1893:25c8:1946'], ['cluster DNS', '10.96.0.10'], ['DNS of the VPC', '10.0.0.2'], ['DNS of AWS', '169.254.169.253'],
    ['the time of AWS', '169.254.169.123'], ['DNS of the node', '169.254.20.10'], ['the Pod Identity agent', '169.254.170.23'], ['the Pod Identity agent by IPv6', 'fd00:ec2::23'],
    ['the neighbours of the metadata service', '169.254.169.255'], ['its neighbours by IPv6', 'fd00:ec2::253'], ['DNS of AWS by IPv6', 'fd00:ec2::253'],
  ])('%s', (_what, address) => {
    new MetadataProtection(chart, 'Protection');
    expect(letsOut(policy(), address)).toBe(true);
  });

  test('all pods of the cluster, for network plug-ins to which these are no addresses', () => {
    new MetadataProtection(chart, 'Protection');
    expect(policy().egress).toContainEqual(expect.objectContaining({ to: [{ namespaceSelector: {}, podSelector: {} }] }));
  });
});

test.each(['169.254.169.254', 'fd00:ec2::254'])('keeps pods from %s', address => {
  new MetadataProtection(chart, 'Protection');
  expect(letsOut(policy(), address)).toBe(false);
});

test('leaves incoming traffic alone', () => {
  new MetadataProtection(chart, 'Protection');
  expect(policy().policyTypes).toEqual(['Egress']);
  expect(policy().ingress).toBeUndefined();
});

describe('is for', () => {
  test('all pods of the namespace', () => {
    new MetadataProtection(chart, 'Protection');
    expect(policy().podSelector).toEqual({});
    expect((Testing.synth(chart)[0] as Manifest).metadata.namespace).toBe('batch');
  });

  test('a workload', () => {
    const web = new kplus.Deployment(chart, 'Web', { containers: [{ image: 'web:1' }] });
    new MetadataProtection(chart, 'Protection', { pods: web });
    const { template } = (Testing.synth(chart) as Manifest[]).find(({ kind }) => kind === 'Deployment')!.spec as { template: Manifest };
    expect(template.metadata.labels).toMatchObject((policy().podSelector as { matchLabels: Record<string, string> }).matchLabels);
  });

  test('pods by their labels', () => {
    new MetadataProtection(chart, 'Protection', { pods: kplus.Pods.select(chart, 'Batch', { labels: { app: 'batch' } }), metadata: { name: 'no-node-role' } });
    expect(policy().podSelector).toEqual({ matchLabels: { app: 'batch' } });
    expect((Testing.synth(chart)[0] as Manifest).metadata.name).toBe('no-node-role');
  });
});
