import type { IFileSystem } from 'aws-cdk-lib/aws-efs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** What the EBS CSI driver may do. */
export interface EbsCsiOptions {
  /**
   * The name of the cluster: only volumes and snapshots with the tag `ebs.csi.aws.com/cluster-name: NAME` are touched, and attached to its instances. The driver
   * tags what it makes since 1.58; older volumes have to be tagged first, and so do instances that neither EKS nor Karpenter has made.
   *
   * @default - what carries the tag of any driver, and volumes of the plug-in before CSI
   */
  readonly clusterName?: string;

  /**
   * Keys that volumes are encrypted with.
   *
   * @default - none: keys of AWS need no permission
   */
  readonly keys?: IKey[];
}

/** What the controller of the EFS CSI driver may do. */
export interface EfsCsiOptions {
  /**
   * The file systems in which it makes access points.
   *
   * @default - every file system
   */
  readonly fileSystems?: IFileSystem[];
}

/** What the pods of the EFS CSI driver on the nodes may do. */
export interface EfsCsiNodeOptions extends EfsCsiOptions {
  /**
   * Whether clients may be root.
   *
   * @default false
   */
  readonly rootAccess?: boolean;
}

/** What the FSx for Lustre CSI driver may do. */
export interface FsxLustreCsiOptions {
  /**
   * Buckets that file systems are linked to (`s3ImportPath`, `s3ExportPath`).
   *
   * @default - none
   */
  readonly buckets?: IBucket[];
}

/** What the FSx for OpenZFS CSI driver may do. */
export interface FsxOpenZfsCsiOptions {
  /**
   * The ids of file systems (`fs-…`), which are there already: it makes volumes and snapshots in them, and no file systems.
   *
   * @default - it makes file systems, too
   */
  readonly fileSystemIds?: string[];
}

/** What the Mountpoint for Amazon S3 CSI driver may do: one bucket at least. */
export interface S3CsiOptions {
  /**
   * The buckets to mount; with their keys, as far as they are known.
   *
   * @default - none
   */
  readonly buckets?: IBucket[];

  /**
   * The ARNs of directory buckets to mount (S3 Express One Zone). They are mounted as a whole: `prefixes` is about the others.
   *
   * @default - none
   */
  readonly directoryBucketArns?: string[];

  /**
   * What the names of objects begin with.
   *
   * @default - all objects
   */
  readonly prefixes?: string[];

  /**
   * Whether objects are only read.
   *
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * Keys of buckets that were imported.
   *
   * @default - those that the buckets know
   */
  readonly keys?: IKey[];
}

/** What Velero may do. */
export interface VeleroOptions {
  /** The buckets of its backup locations; with their keys, as far as they are known. */
  readonly buckets: IBucket[];

  /**
   * Keys of buckets that were imported.
   *
   * @default - those that the buckets know
   */
  readonly keys?: IKey[];

  /**
   * Whether it takes snapshots of EBS volumes.
   *
   * @default true
   */
  readonly volumeSnapshots?: boolean;

  /**
   * Keys that volumes are encrypted with, and snapshots with them. Not without `volumeSnapshots`.
   *
   * @default - none: keys of AWS need no permission
   */
  readonly volumeKeys?: IKey[];
}
