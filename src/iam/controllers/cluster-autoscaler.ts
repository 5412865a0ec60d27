import { actionsOf, allow, allowWithoutResource, type ControllerData, regional, scopedTo } from './policy-data';

/** What the Cluster Autoscaler is scoped by. */
export interface ClusterAutoscalerScope {
  readonly clusterName?: string;
  readonly groupArns?: readonly string[];
}

/**
 * The Cluster Autoscaler: Auto Scaling groups that carry the tags by which it finds them, as those of managed node groups do.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
 */
export function clusterAutoscaler({ clusterName, groupArns }: ClusterAutoscalerScope = {}): ControllerData {
  const tag = `aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName ?? 'enabled'}`;
  return {
    name: 'Cluster Autoscaler',
    serviceAccounts: [['kube-system', 'cluster-autoscaler']],
    sources: [
      { url: 'https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md', version: '062f28a' },
    ],
    statements: [
      allowWithoutResource('AutoscalerDescribe', [
        ...actionsOf('autoscaling', 'DescribeAutoScalingGroups', 'DescribeAutoScalingInstances', 'DescribeLaunchConfigurations', 'DescribeScalingActivities', 'DescribeTags'),
        ...actionsOf('ec2', 'DescribeImages', 'DescribeInstanceTypes', 'DescribeLaunchTemplateVersions', 'GetInstanceTypesFromInstanceRequirements'),
      ]),
      allow('AutoscalerNodeGroups', ['eks:DescribeNodegroup'], regional('eks', `nodegroup/${clusterName ?? '*'}/*/*`)),
      allow('AutoscalerScale', actionsOf('autoscaling', 'SetDesiredCapacity', 'TerminateInstanceInAutoScalingGroup'),
        scopedTo('autoScalingGroups', groupArns, regional('autoscaling', 'autoScalingGroup:*:autoScalingGroupName/*')),
        // groups that are named need no tag; else it is there, whatever its value: the autoscaler does not look at that
        groupArns ? undefined : { Null: { [tag]: 'false' } }),
    ],
  };
}
