import { viaService } from './key-usage';
import { actionsOf, allow, type ControllerData, scopedTo, type StatementData, when } from './policy-data';

/** What the Mountpoint for Amazon S3 CSI driver is scoped by. */
export interface S3CsiScope {
  readonly bucketArns?: readonly string[];
  readonly directoryBucketArns?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly readOnly?: boolean;
  readonly keyArns?: readonly string[];
}

/**
 * The Mountpoint for Amazon S3 CSI driver: objects of some buckets, below some prefixes.
 *
 * @see https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md#iam-permissions
 */
export function s3Csi(scope: S3CsiScope): ControllerData {
  const { directoryBucketArns = [], readOnly = false, keyArns = [] } = scope;
  if (!scope.bucketArns?.length && directoryBucketArns.length === 0) {
    throw new Error('the CSI driver of S3 is given no bucket to mount; pass buckets or directoryBucketArns');
  }
  if (scope.prefixes && !scope.bucketArns?.length) {
    throw new Error('prefixes are for buckets, and there are directory buckets only, which are mounted as a whole; leave prefixes out');
  }
  return {
    name: 'Mountpoint for Amazon S3 CSI driver',
    serviceAccounts: [['kube-system', 's3-csi-driver-sa']],
    sources: [
      { url: 'https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md#iam-permissions', version: '0398a86' },
      { url: 'https://docs.aws.amazon.com/eks/latest/userguide/s3-csi-create.html', version: '2026' },
    ],
    statements: [
      ...buckets(scope, readOnly),
      ...when(directoryBucketArns.length > 0, allow('S3CsiSessions', ['s3express:CreateSession'], directoryBucketArns,
        readOnly ? { StringEquals: { 's3express:SessionMode': 'ReadOnly' } } : undefined)),
      ...when(keyArns.length > 0, allow('S3CsiKeys', actionsOf('kms', 'Decrypt', ...(readOnly ? [] : ['GenerateDataKey'])), keyArns,
        { StringLike: { 'kms:ViaService': viaService('s3') } })),
    ],
  };
}

function buckets({ bucketArns = [], prefixes }: S3CsiScope, readOnly: boolean): StatementData[] {
  const below = scopedTo('prefixes', prefixes, ['']);
  const objects = bucketArns.flatMap(arn => below.map(prefix => `${arn}/${prefix}*`));
  return when(bucketArns.length > 0,
    allow('S3CsiList', ['s3:ListBucket'], bucketArns, prefixes && { StringLike: { 's3:prefix': below.map(prefix => `${prefix}*`) } }),
    allow('S3CsiObjects', actionsOf('s3', 'GetObject', ...(readOnly ? [] : ['AbortMultipartUpload', 'DeleteObject', 'PutObject'])), objects));
}
