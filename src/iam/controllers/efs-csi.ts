import { actionsOf, allow, allowWithoutResource, type ControllerData, regional, scopedTo } from './policy-data';

/** What the EFS CSI driver is scoped by. */
export interface EfsCsiScope {
  readonly fileSystemArns?: readonly string[];
}

/** What the pods of the EFS CSI driver on the nodes are scoped by. */
export interface EfsCsiNodeScope extends EfsCsiScope {
  readonly rootAccess?: boolean;
}

const FILE_SYSTEMS = regional('elasticfilesystem', 'file-system/*');
const ACCESS_POINTS = regional('elasticfilesystem', 'access-point/*');
const TAG = 'efs.csi.aws.com/cluster';

const DRIVER = { url: 'https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/iam-policy-example.json', version: '8ea8b9d' };

/**
 * The controller of the EFS CSI driver: access points with its tag, in some file systems.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEFSCSIDriverPolicy.html
 */
export function efsCsi({ fileSystemArns }: EfsCsiScope = {}): ControllerData {
  const fileSystems = scopedTo('fileSystems', fileSystemArns, FILE_SYSTEMS);
  return {
    name: 'Amazon EFS CSI driver',
    serviceAccounts: [['kube-system', 'efs-csi-controller-sa']],
    sources: [{ url: 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEFSCSIDriverPolicy.html', version: 'v1 (2023-07-25)' }, DRIVER],
    statements: [
      allowWithoutResource('EfsCsiZones', ['ec2:DescribeAvailabilityZones']),
      allow('EfsCsiDescribe', actionsOf('elasticfilesystem', 'DescribeAccessPoints', 'DescribeFileSystems', 'DescribeMountTargets'), [...fileSystems, ...ACCESS_POINTS]),
      allow('EfsCsiCreate', ['elasticfilesystem:CreateAccessPoint'], fileSystems, { StringEquals: { [`aws:RequestTag/${TAG}`]: 'true' } }),
      allow('EfsCsiTagNew', ['elasticfilesystem:TagResource'], [...fileSystems, ...ACCESS_POINTS],
        { StringEquals: { [`aws:RequestTag/${TAG}`]: 'true', 'elasticfilesystem:CreateAction': 'CreateAccessPoint' } }),
      allow('EfsCsiDelete', ['elasticfilesystem:DeleteAccessPoint'], ACCESS_POINTS, { StringEquals: { [`aws:ResourceTag/${TAG}`]: 'true' } }),
    ],
  };
}

/**
 * The pods of the EFS CSI driver on the nodes, where volumes are mounted with IAM (`mountOptions: [iam]`) or without DNS.
 *
 * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
export function efsCsiNode({ fileSystemArns, rootAccess }: EfsCsiNodeScope = {}): ControllerData {
  const fileSystems = scopedTo('fileSystems', fileSystemArns, FILE_SYSTEMS);
  return {
    name: 'Amazon EFS CSI driver, on the nodes',
    serviceAccounts: [['kube-system', 'efs-csi-node-sa']],
    sources: [{ url: 'https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html', version: '2026' }, DRIVER],
    statements: [
      allowWithoutResource('EfsCsiNodeZones', ['ec2:DescribeAvailabilityZones']),
      allow('EfsCsiNodeMountTargets', ['elasticfilesystem:DescribeMountTargets'], [...fileSystems, ...ACCESS_POINTS]),
      allow('EfsCsiNodeMount', actionsOf('elasticfilesystem', 'ClientMount', 'ClientWrite', ...(rootAccess ? ['ClientRootAccess'] : [])), fileSystems),
    ],
  };
}
