import { viaService, volumeKeys } from './key-usage';
import { actionsOf, allow, allowWithoutResource, both, type Conditions, type ControllerData, global, regional, shared, type StatementData, unowned, when } from './policy-data';

/** What Karpenter is scoped by. */
export interface KarpenterScope {
  readonly clusterName: string;
  readonly nodeRoleArns: readonly string[];
  readonly interruptionQueueArn?: string;
  readonly queueKeyArns?: readonly string[];
  readonly volumeKeyArns?: readonly string[];
}

/**
 * Karpenter: instances, launch templates and instance profiles that carry the tags of its cluster.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/
 */
export function karpenter(scope: KarpenterScope): ControllerData {
  const { clusterName, volumeKeyArns } = scope;
  return {
    name: 'Karpenter',
    serviceAccounts: [['kube-system', 'karpenter']],
    sources: [{ url: 'https://karpenter.sh/docs/reference/cloudformation/', version: 'v1.8.8' }],
    statements: [
      ...launching(clusterName),
      ...changing(clusterName),
      ...reading(clusterName),
      ...interruptions(scope),
      ...instanceProfiles(scope),
      ...volumeKeys('Karpenter', 'ec2', volumeKeyArns),
    ],
  };
}

const LAUNCH = ['ec2:CreateFleet', 'ec2:RunInstances'];
const TEMPLATES = regional('ec2', 'launch-template/*');
const INSTANCES = regional('ec2', 'instance/*');
const MADE = regional('ec2', 'fleet/*', 'instance/*', 'launch-template/*', 'network-interface/*', 'spot-instances-request/*', 'volume/*');

/** What a resource, or a request for one, says about whose it is. */
function tagged(where: 'RequestTag' | 'ResourceTag', clusterName: string, kind: string): Conditions {
  return {
    StringEquals: { [`aws:${where}/kubernetes.io/cluster/${clusterName}`]: 'owned' },
    StringLike: { [`aws:${where}/${kind}`]: '*' },
  };
}

function named(clusterName: string): Conditions {
  return { StringEquals: { 'aws:RequestTag/eks:eks-cluster-name': clusterName } };
}

const NODE_POOL = 'karpenter.sh/nodepool';
const NODE_CLASS = 'karpenter.k8s.aws/ec2nodeclass';

function launching(clusterName: string): StatementData[] {
  const requested = both(tagged('RequestTag', clusterName, NODE_POOL), named(clusterName));
  return [
    allow('KarpenterLaunchFrom', LAUNCH, [
      ...unowned('ec2', '${Region}', 'image/*', 'snapshot/*'),
      // placement groups, and the status of instances below: releases after 1.8
      ...shared('ec2', 'capacity-reservation/*', 'placement-group/*', 'security-group/*', 'subnet/*'),
    ]),
    allow('KarpenterLaunchTemplates', LAUNCH, TEMPLATES, tagged('ResourceTag', clusterName, NODE_POOL)),
    allow('KarpenterLaunch', LAUNCH, MADE.filter(arn => !TEMPLATES.includes(arn)), requested),
    allow('KarpenterCreateTemplates', ['ec2:CreateLaunchTemplate'], TEMPLATES, requested),
    allow('KarpenterTagNew', ['ec2:CreateTags'], MADE,
      both(requested, { StringEquals: { 'ec2:CreateAction': ['CreateFleet', 'CreateLaunchTemplate', 'RunInstances'] } })),
  ];
}

function changing(clusterName: string): StatementData[] {
  const owned = tagged('ResourceTag', clusterName, NODE_POOL);
  return [
    allow('KarpenterTag', ['ec2:CreateTags'], INSTANCES, both(owned, {
      'StringEqualsIfExists': { 'aws:RequestTag/eks:eks-cluster-name': clusterName },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['Name', 'eks:eks-cluster-name', 'karpenter.sh/nodeclaim'] },
    })),
    allow('KarpenterDelete', ['ec2:DeleteLaunchTemplate', 'ec2:TerminateInstances'], [...INSTANCES, ...TEMPLATES], owned),
  ];
}

function reading(clusterName: string): StatementData[] {
  return [
    allowWithoutResource('KarpenterDescribe', actionsOf('ec2', 'DescribeAvailabilityZones', 'DescribeCapacityReservations', 'DescribeImages', 'DescribeInstances',
      'DescribeInstanceStatus', 'DescribeInstanceTypeOfferings', 'DescribeInstanceTypes', 'DescribeLaunchTemplates', 'DescribePlacementGroups', 'DescribeSecurityGroups',
      'DescribeSpotPriceHistory', 'DescribeSubnets'), { StringEquals: { 'aws:RequestedRegion': '${Region}' } }),
    allow('KarpenterImages', ['ssm:GetParameter'], unowned('ssm', '${Region}', 'parameter/aws/service/*')),
    allowWithoutResource('KarpenterPrices', ['pricing:GetProducts']),
    allow('KarpenterCluster', ['eks:DescribeCluster'], regional('eks', `cluster/${clusterName}`)),
  ];
}

function interruptions({ interruptionQueueArn, queueKeyArns = [] }: KarpenterScope): StatementData[] {
  return interruptionQueueArn === undefined ? [] : [
    allow('KarpenterInterruptions', actionsOf('sqs', 'DeleteMessage', 'GetQueueUrl', 'ReceiveMessage'), [interruptionQueueArn]),
    ...when(queueKeyArns.length > 0, allow('KarpenterQueueKeys', ['kms:Decrypt'], queueKeyArns, { StringLike: { 'kms:ViaService': viaService('sqs') } })),
  ];
}

function instanceProfiles({ clusterName, nodeRoleArns }: KarpenterScope): StatementData[] {
  const profiles = global('iam', 'instance-profile/*');
  const here = (where: 'RequestTag' | 'ResourceTag') =>
    both(tagged(where, clusterName, NODE_CLASS), { StringEquals: { [`aws:${where}/topology.kubernetes.io/region`]: '${Region}' } });
  const requested = both(here('RequestTag'), named(clusterName));
  return [
    // China's EC2 has a name of its own as well
    allow('KarpenterPassNodeRole', ['iam:PassRole'], nodeRoleArns, { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } }),
    allow('KarpenterCreateProfiles', ['iam:CreateInstanceProfile'], profiles, requested),
    allow('KarpenterTagProfiles', ['iam:TagInstanceProfile'], profiles, both(here('ResourceTag'), requested)),
    allow('KarpenterProfiles', actionsOf('iam', 'AddRoleToInstanceProfile', 'DeleteInstanceProfile', 'RemoveRoleFromInstanceProfile'), profiles, here('ResourceTag')),
    allow('KarpenterReadProfiles', ['iam:GetInstanceProfile'], profiles),
    allowWithoutResource('KarpenterListProfiles', ['iam:ListInstanceProfiles']),
  ];
}
