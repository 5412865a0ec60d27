import { ebsCsi } from './ebs-csi';
import { efsCsi, efsCsiNode } from './efs-csi';
import { fsxLustreCsi, fsxOpenZfsCsi } from './fsx-csi';
import { arnsOfKeys } from './key-arns';
import { s3Csi } from './s3-csi';
import { validateArns, validateClusterName, validateFileSystemIds, validatePrefixes } from './scope-validation';
import type { EbsCsiOptions, EfsCsiNodeOptions, EfsCsiOptions, FsxLustreCsiOptions, FsxOpenZfsCsiOptions, S3CsiOptions, VeleroOptions } from './storage-options';
import { velero } from './velero';
import { ifGiven } from '../../identity/assume-role-parameters';

/** Controllers of volumes and backups, by what their users pass: constructs become ARNs, and bring the keys that they know. */
export const storage = {
  ebsCsi: ({ clusterName, keys }: EbsCsiOptions) =>
    ebsCsi({ clusterName: ifGiven(clusterName, validateClusterName), keyArns: arnsOfKeys(...keys ?? []) }),

  efsCsi: ({ fileSystems }: EfsCsiOptions) => efsCsi({ fileSystemArns: fileSystems?.map(({ fileSystemArn }) => fileSystemArn) }),

  efsCsiNode: ({ fileSystems, rootAccess }: EfsCsiNodeOptions) =>
    efsCsiNode({ fileSystemArns: fileSystems?.map(({ fileSystemArn }) => fileSystemArn), rootAccess }),

  fsxLustreCsi: ({ buckets }: FsxLustreCsiOptions) => fsxLustreCsi({ bucketArns: buckets?.map(({ bucketArn }) => bucketArn) }),

  fsxOpenZfsCsi: ({ fileSystemIds }: FsxOpenZfsCsiOptions) => fsxOpenZfsCsi({ fileSystemIds: ifGiven(fileSystemIds, validateFileSystemIds) }),

  s3Csi: ({ buckets = [], directoryBucketArns = [], prefixes, readOnly, keys = [] }: S3CsiOptions) => s3Csi({
    bucketArns: buckets.map(({ bucketArn }) => bucketArn),
    directoryBucketArns: validateArns(directoryBucketArns, 's3express', 'bucket/'),
    prefixes: ifGiven(prefixes, validatePrefixes),
    readOnly,
    keyArns: arnsOfKeys(...buckets.map(({ encryptionKey }) => encryptionKey), ...keys),
  }),

  velero: ({ buckets, keys = [], volumeSnapshots, volumeKeys = [] }: VeleroOptions) => velero({
    bucketArns: buckets.map(({ bucketArn }) => bucketArn),
    keyArns: arnsOfKeys(...buckets.map(({ encryptionKey }) => encryptionKey), ...keys),
    volumeSnapshots,
    volumeKeyArns: arnsOfKeys(...volumeKeys),
  }),
};
