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
  const ownTag = clusterName === undefined ? {} : { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: 'owned' };
  return {
    name: 'Cluster Autoscaler',
    serviceAccounts: [['kube-system', 'cluster-autoscaler']],
    sources: [
      { url: 'https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md', version: '1.34' },
      { url: 'https://docs.aws.amazon.com/eks/latest/best-practices/cas.html', version: '2026-04' },
    ],
    statements: [
      allowWithoutResource('AutoscalerDescribe', [
        ...actionsOf('autoscaling', 'DescribeAutoScalingGroups', 'DescribeAutoScalingInstances', 'DescribeLaunchConfigurations', 'DescribeScalingActivities', 'DescribeTags'),
        ...actionsOf('ec2', 'DescribeImages', 'DescribeInstanceTypes', 'DescribeLaunchTemplateVersions', 'GetInstanceTypesFromInstanceRequirements'),
      ]),
      allow('AutoscalerNodeGroups', ['eks:DescribeNodegroup'], regional('eks', `nodegroup/${clusterName ?? '*'}/*/*`)),
      allow('AutoscalerScale', actionsOf('autoscaling', 'SetDesiredCapacity', 'TerminateInstanceInAutoScalingGroup'),
        scopedTo('autoScalingGroups', groupArns, regional('autoscaling', 'autoScalingGroup:*:autoScalingGroupName/*')),
        // groups that are named need no tag
        groupArns ? undefined : { StringEquals: { 'aws:ResourceTag/k8s.io/cluster-autoscaler/enabled': 'true', ...ownTag } }),
    ],
  };
}
