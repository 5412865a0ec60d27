import { type IPodSelector, Namespaces, NetworkPolicy, NetworkPolicyIpBlock, type ResourceProps } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { markMetadataProtection } from './node-role-fallback';

/** Properties of a `MetadataProtection`. */
export interface MetadataProtectionProps extends ResourceProps {
  /**
   * The pods: a workload of cdk8s-plus, or any by labels: `Pods.select(chart, 'Batch', { labels: { app: 'batch' } })`.
   *
   * @default - all pods of the namespace
   */
  readonly pods?: IPodSelector;
}

/** The metadata service of EC2, for a machine of its own. */
const IPV4 = '169.254.169.254/32';
const IPV6 = 'fd00:ec2::254/128';

/**
 * Keeps pods from the metadata service of their node, so that none gets the role of the node when its own credentials are misconfigured: it fails instead.
 *
 * A `kplus.NetworkPolicy` like any other, for outgoing traffic. Everything else stays open: DNS, pods, the internet, and the EKS Pod Identity agent (`169.254.170.23`, `fd00:ec2::23`).
 *
 * Needs a network plug-in that enforces policies. Policies add up: another one that lets the same pods out to everywhere opens the way again.
 * Pods in the network of their node (`hostNetwork`) are beyond all policies.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
 */
export class MetadataProtection extends NetworkPolicy {
  constructor(scope: Construct, id: string, props: MetadataProtectionProps = {}) {
    const { pods, ...rest } = props;
    super(scope, id, { ...rest, selector: pods });
    this.addEgressRule(NetworkPolicyIpBlock.ipv4(this, 'Ipv4', '0.0.0.0/0', [IPV4]));
    this.addEgressRule(NetworkPolicyIpBlock.ipv6(this, 'Ipv6', '::/0', [IPV6]));
    // for plug-ins that count only addresses outside of the cluster as IP blocks, such as Cilium
    this.addEgressRule(Namespaces.all(this, 'AllNamespaces'));
    markMetadataProtection(this.apiObject);
  }
}
