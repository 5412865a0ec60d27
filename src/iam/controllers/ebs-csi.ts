import { volumeKeys } from './key-usage';
import { actionsOf, allow, allowWithoutResource, both, type Conditions, type ControllerData, regional, type StatementData, unowned, when } from './policy-data';

/** What the EBS CSI driver is scoped by. */
export interface EbsCsiScope {
  readonly clusterName?: string;
  readonly keyArns?: readonly string[];
}

const VOLUMES = regional('ec2', 'volume/*');
const SNAPSHOTS = unowned('ec2', '${Region}', 'snapshot/*');
const INSTANCES = regional('ec2', 'instance/*');

/** The tags that say whose a volume is: no request may change them afterwards. */
const OWNERSHIP = ['ebs.csi.aws.com/cluster', 'ebs.csi.aws.com/cluster-name', 'kubernetes.io/created-for/pvc/name'];

/**
 * The EBS CSI driver: volumes and snapshots that carry its tag, of one cluster or of any.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverEKSClusterScopedPolicy.html
 */
export function ebsCsi({ clusterName, keyArns }: EbsCsiScope = {}): ControllerData {
  return {
    name: 'Amazon EBS CSI driver',
    serviceAccounts: [['kube-system', 'ebs-csi-controller-sa']],
    sources: [
      { url: 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverPolicyV2.html', version: 'v1 (2026-04-16)' },
      { url: 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverEKSClusterScopedPolicy.html', version: 'v1 (2026-04-16)' },
      { url: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html', version: '2026' },
    ],
    statements: [
      allowWithoutResource('EbsCsiDescribe', actionsOf('ec2', 'DescribeAvailabilityZones', 'DescribeInstances', 'DescribeInstanceTypes', 'DescribeSnapshots',
        'DescribeTags', 'DescribeVolumes', 'DescribeVolumesModifications', 'DescribeVolumeStatus')),
      ...volumes(tag('aws:RequestTag', clusterName), tag('ec2:ResourceTag', clusterName)),
      // volumes that the plug-in of old made, before CSI: they have no name of a cluster
      ...when(clusterName === undefined, allow('EbsCsiMigratedVolumes', [...USE, 'ec2:CopyVolumes'], VOLUMES,
        { StringLike: { 'ec2:ResourceTag/kubernetes.io/created-for/pvc/name': '*' } })),
      ...instances(clusterName),
      ...tags(tag('ec2:ResourceTag', clusterName)),
      ...volumeKeys('EbsCsi', 'ec2', keyArns),
    ],
  };
}

const USE = actionsOf('ec2', 'AttachVolume', 'DeleteVolume', 'DetachVolume', 'ModifyVolume');

/** With the name of the cluster, whose driver tags what it makes with it; else the tag that every driver uses. */
function tag(key: string, clusterName: string | undefined): Conditions {
  return { StringEquals: clusterName === undefined ? { [`${key}/ebs.csi.aws.com/cluster`]: 'true' } : { [`${key}/ebs.csi.aws.com/cluster-name`]: clusterName } };
}

function volumes(requested: Conditions, owned: Conditions): StatementData[] {
  return [
    allow('EbsCsiCreateVolumes', ['ec2:CopyVolumes', 'ec2:CreateVolume'], VOLUMES, requested),
    allow('EbsCsiCreateSnapshots', ['ec2:CreateSnapshot'], SNAPSHOTS, requested),
    allow('EbsCsiVolumes', [...USE, 'ec2:CopyVolumes', 'ec2:CreateSnapshot'], VOLUMES, owned),
    allow('EbsCsiSnapshots', actionsOf('ec2', 'CreateVolume', 'DeleteSnapshot', 'EnableFastSnapshotRestores', 'LockSnapshot'), SNAPSHOTS, owned),
  ];
}

/** Managed node groups tag their instances, Karpenter does with another key, and any others are tagged by hand. */
function instances(clusterName: string | undefined): StatementData[] {
  const actions = ['ec2:AttachVolume', 'ec2:DetachVolume'];
  return clusterName === undefined
    ? [allow('EbsCsiInstances', actions, INSTANCES)]
    : Object.entries({ Managed: 'eks:cluster-name', Karpenter: 'eks:eks-cluster-name', Tagged: 'ebs.csi.aws.com/cluster-name' }).map(([kind, key]) =>
      allow(`EbsCsi${kind}Instances`, actions, INSTANCES, { StringEquals: { [`ec2:ResourceTag/${key}`]: clusterName } }));
}

function tags(owned: Conditions): StatementData[] {
  return [
    allow('EbsCsiTagNew', ['ec2:CreateTags'], [...VOLUMES, ...SNAPSHOTS], { StringEquals: { 'ec2:CreateAction': ['CopyVolumes', 'CreateSnapshot', 'CreateVolume'] } }),
    allow('EbsCsiTagVolumes', ['ec2:CreateTags', 'ec2:DeleteTags'], VOLUMES,
      both(owned, { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': OWNERSHIP }, 'Null': { 'aws:TagKeys': 'false' } })),
  ];
}
