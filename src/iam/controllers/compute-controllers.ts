import { clusterAutoscaler } from './cluster-autoscaler';
import type {
  ClusterAutoscalerOptions, GatewayApiControllerOptions, KarpenterOptions, LoadBalancerControllerOptions, NodeTerminationHandlerOptions,
  TargetGroupBindingOptions, VpcCniOptions,
} from './compute-options';
import { gatewayApiController } from './gateway-api-controller';
import { karpenter } from './karpenter';
import { arnsOfKeys } from './key-arns';
import { loadBalancerController, targetGroupBinding } from './load-balancer-controller';
import { nodeTerminationHandler } from './node-termination-handler';
import { validateArns, validateClusterName, validateLiteralClusterName, validateNodeRoles, validateVpcId } from './scope-validation';
import { vpcCni, vpcCniIpv6 } from './vpc-cni';
import { ifGiven } from '../../identity/assume-role-parameters';

/** Controllers of nodes and networks, by what their users pass: constructs become ARNs. */
export const compute = {
  awsLoadBalancerController: ({ clusterName, vpcId, ...features }: LoadBalancerControllerOptions) =>
    loadBalancerController({ clusterName: ifGiven(clusterName, validateClusterName), vpcId: ifGiven(vpcId, validateVpcId), ...features }),

  targetGroupBinding: ({ targetGroups, vpcId }: TargetGroupBindingOptions) =>
    targetGroupBinding({ targetGroupArns: targetGroups?.map(({ targetGroupArn }) => targetGroupArn), vpcId: ifGiven(vpcId, validateVpcId) }),

  clusterAutoscaler: ({ clusterName, autoScalingGroups }: ClusterAutoscalerOptions) => clusterAutoscaler({
    clusterName: ifGiven(clusterName, validateLiteralClusterName),
    groupArns: autoScalingGroups?.map(({ autoScalingGroupArn }) => autoScalingGroupArn),
  }),

  karpenter: ({ clusterName, nodeRoles, interruptionQueue, volumeKeys }: KarpenterOptions) => karpenter({
    clusterName: validateLiteralClusterName(clusterName),
    nodeRoleArns: validateNodeRoles(nodeRoles).map(({ roleArn }) => roleArn),
    interruptionQueueArn: interruptionQueue?.queueArn,
    queueKeyArns: arnsOfKeys(interruptionQueue?.encryptionMasterKey),
    volumeKeyArns: arnsOfKeys(...volumeKeys ?? []),
  }),

  nodeTerminationHandler: ({ queue, autoScalingGroups }: NodeTerminationHandlerOptions) => nodeTerminationHandler({
    queueArn: queue.queueArn,
    groupArns: autoScalingGroups?.map(({ autoScalingGroupArn }) => autoScalingGroupArn),
    keyArns: arnsOfKeys(queue.encryptionMasterKey),
  }),

  vpcCni: ({ clusterName, vpcId }: VpcCniOptions) =>
    vpcCni({ clusterName: ifGiven(clusterName, validateLiteralClusterName), vpcId: ifGiven(vpcId, validateVpcId) }),

  vpcCniIpv6,

  gatewayApiController: ({ serviceNetworkArns, vpcId, accessLogs, accessLogBuckets }: GatewayApiControllerOptions) => gatewayApiController({
    serviceNetworkArns: ifGiven(serviceNetworkArns, arns => validateArns(arns, 'vpc-lattice', 'servicenetwork/')),
    vpcId: ifGiven(vpcId, validateVpcId),
    accessLogs,
    accessLogBucketArns: accessLogBuckets?.map(({ bucketArn }) => bucketArn),
  }),
};
