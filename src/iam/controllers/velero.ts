import { viaService, volumeKeys } from './key-usage';
import { actionsOf, allow, allowWithoutResource, type ControllerData, regional, type StatementData, unowned, when } from './policy-data';

/** What Velero is scoped by. */
export interface VeleroScope {
  readonly bucketArns: readonly string[];
  readonly keyArns?: readonly string[];
  readonly volumeSnapshots?: boolean;
  readonly volumeKeyArns?: readonly string[];
}

/**
 * Velero: backups in some buckets, and snapshots of volumes.
 *
 * @see https://github.com/vmware-tanzu/velero-plugin-for-aws#set-permissions-for-velero
 */
export function velero({ bucketArns, keyArns = [], volumeSnapshots = true, volumeKeyArns = [] }: VeleroScope): ControllerData {
  if (bucketArns.length === 0) {
    throw new Error('buckets is empty, and Velero has to put its backups somewhere; pass the bucket of its backup location');
  }
  if (!volumeSnapshots && volumeKeyArns.length > 0) {
    throw new Error('volumeKeys are for snapshots of volumes, and volumeSnapshots is off; leave one of them out');
  }
  return {
    name: 'Velero',
    serviceAccounts: [['velero', 'velero']],
    sources: [{ url: 'https://github.com/vmware-tanzu/velero-plugin-for-aws#set-permissions-for-velero', version: '001662f' }],
    statements: [
      allow('VeleroBuckets', ['s3:ListBucket'], bucketArns),
      allow('VeleroBackups', actionsOf('s3', 'AbortMultipartUpload', 'DeleteObject', 'GetObject', 'ListMultipartUploadParts', 'PutObject', 'PutObjectTagging'),
        bucketArns.map(arn => `${arn}/*`)),
      ...when(keyArns.length > 0, allow('VeleroKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], keyArns, { StringLike: { 'kms:ViaService': viaService('s3') } })),
      ...when(volumeSnapshots, ...snapshots(), ...volumeKeys('VeleroVolume', 'ec2', volumeKeyArns)),
    ],
  };
}

function snapshots(): StatementData[] {
  const volumes = regional('ec2', 'volume/*');
  const taken = unowned('ec2', '${Region}', 'snapshot/*');
  return [
    allowWithoutResource('VeleroDescribe', ['ec2:DescribeSnapshots', 'ec2:DescribeVolumes']),
    allow('VeleroCreate', ['ec2:CreateSnapshot', 'ec2:CreateVolume'], [...volumes, ...taken]),
    allow('VeleroTagNew', ['ec2:CreateTags'], [...volumes, ...taken], { StringEquals: { 'ec2:CreateAction': ['CreateSnapshot', 'CreateVolume'] } }),
    allow('VeleroDelete', ['ec2:DeleteSnapshot'], taken),
  ];
}
