import { clusterAutoscaler } from './cluster-autoscaler';
import { certManager, externalDns } from './dns';
import { ebsCsi } from './ebs-csi';
import { efsCsi } from './efs-csi';
import { imageBuilder } from './image-builder';
import { loadBalancerController } from './load-balancer-controller';
import type { ControllerData } from './policy-data';

/** What eksctl calls `wellKnownPolicies`, by its names. */
const WELL_KNOWN = {
  imageBuilder: () => imageBuilder(),
  autoScaler: clusterName => clusterAutoscaler({ clusterName }),
  awsLoadBalancerController: clusterName => loadBalancerController({ clusterName }),
  externalDNS: () => externalDns(),
  certManager: () => certManager(),
  ebsCSIController: () => ebsCsi(),
  efsCSIController: () => efsCsi(),
} as const satisfies Record<string, (clusterName?: string) => ControllerData>;

/** The name of a policy that eksctl knows. */
export type WellKnownPolicyName = keyof typeof WELL_KNOWN;

/** Their names, in eksctl's order. */
export const WELL_KNOWN_POLICIES = Object.keys(WELL_KNOWN) as readonly WellKnownPolicyName[];

/**
 * The statements behind a name in `wellKnownPolicies`: ours, which are narrower than eksctl's own.
 *
 * EBS volumes are not scoped by the cluster, since those that there are already need not carry its name.
 *
 * @param clusterName scopes what the controllers' own tags allow to be scoped
 * @see https://eksctl.io/usage/iamserviceaccounts/
 */
export function wellKnownPolicy(name: WellKnownPolicyName, clusterName?: string): ControllerData {
  return WELL_KNOWN[name](clusterName);
}
