import { actionsOf, allow, allowWithoutResource, type ControllerData, global, namedOrNone, regional, scopedTo, serviceLinkedRole, when } from './policy-data';

/** What the FSx for Lustre CSI driver is scoped by. */
export interface FsxLustreCsiScope {
  readonly bucketArns?: readonly string[];
}

/** What the FSx for OpenZFS CSI driver is scoped by. */
export interface FsxOpenZfsCsiScope {
  readonly fileSystemIds?: readonly string[];
}

const FILE_SYSTEMS = regional('fsx', 'file-system/*');

/**
 * The FSx for Lustre CSI driver: file systems, and the buckets that they are linked to.
 *
 * @see https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/master/docs/install.md
 */
export function fsxLustreCsi({ bucketArns }: FsxLustreCsiScope = {}): ControllerData {
  const buckets = namedOrNone('buckets', bucketArns);
  return {
    name: 'Amazon FSx for Lustre CSI driver',
    serviceAccounts: [['kube-system', 'fsx-csi-controller-sa']],
    sources: [{ url: 'https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/master/docs/install.md', version: '092ae9e (v1.2)' }],
    statements: [
      allowWithoutResource('FsxLustreCsiDescribe', ['fsx:DescribeFileSystems']),
      allow('FsxLustreCsiFileSystems', actionsOf('fsx', 'CreateFileSystem', 'DeleteFileSystem', 'TagResource', 'UpdateFileSystem'), FILE_SYSTEMS),
      serviceLinkedRole('FsxLustreCsiServiceLinkedRole', 'fsx.amazonaws.com', 'AWSServiceRoleForAmazonFSx'),
      ...when(buckets.length > 0,
        allow('FsxLustreCsiBuckets', ['s3:ListBucket'], buckets),
        // FSx makes a role of its own for each file system that is linked to a bucket, with the rights of whoever asks
        allow('FsxLustreCsiBucketRoles', actionsOf('iam', 'AttachRolePolicy', 'CreateServiceLinkedRole', 'PutRolePolicy'),
          global('iam', 'role/aws-service-role/s3.data-source.lustre.fsx.amazonaws.com/*'))),
    ],
  };
}

/**
 * The FSx for OpenZFS CSI driver: file systems, volumes and snapshots; or volumes and snapshots of some file systems.
 *
 * @see https://github.com/kubernetes-sigs/aws-fsx-openzfs-csi-driver/blob/main/docs/example-iam-policy.json
 */
export function fsxOpenZfsCsi({ fileSystemIds }: FsxOpenZfsCsiScope = {}): ControllerData {
  const ids = scopedTo('fileSystemIds', fileSystemIds, ['*']);
  const volumes = regional('fsx', ...ids.map(id => `volume/${id}/*`));
  const snapshots = regional('fsx', 'snapshot/*/*');
  return {
    name: 'Amazon FSx for OpenZFS CSI driver',
    serviceAccounts: [['kube-system', 'fsx-openzfs-csi-controller-sa']],
    sources: [
      { url: 'https://github.com/kubernetes-sigs/aws-fsx-openzfs-csi-driver/blob/main/docs/example-iam-policy.json', version: '5bb9cb9' },
      // it expands file systems, which its example forgets
      { url: 'https://github.com/kubernetes-sigs/aws-fsx-openzfs-csi-driver/blob/main/pkg/cloud/cloud.go', version: '0928d33' },
    ],
    statements: [
      allowWithoutResource('FsxZfsCsiDescribe', actionsOf('fsx', 'DescribeFileSystems', 'DescribeSnapshots', 'DescribeVolumes')),
      ...when(fileSystemIds === undefined,
        allow('FsxZfsCsiFileSystems', actionsOf('fsx', 'CreateFileSystem', 'DeleteFileSystem', 'UpdateFileSystem'), FILE_SYSTEMS),
        serviceLinkedRole('FsxZfsCsiServiceLinkedRole', 'fsx.amazonaws.com', 'AWSServiceRoleForAmazonFSx')),
      allow('FsxZfsCsiVolumes', ['fsx:CreateVolume', 'fsx:DeleteVolume'], volumes),
      allow('FsxZfsCsiRestore', ['fsx:CreateVolume'], snapshots),
      allow('FsxZfsCsiSnapshots', ['fsx:CreateSnapshot'], [...volumes, ...snapshots]),
      allow('FsxZfsCsiDeleteSnapshots', ['fsx:DeleteSnapshot'], snapshots),
      allow('FsxZfsCsiTags', ['fsx:ListTagsForResource', 'fsx:TagResource'], [...regional('fsx', ...ids.map(id => `file-system/${id}`)), ...volumes, ...snapshots]),
    ],
  };
}
