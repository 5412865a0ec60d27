import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IClusterOidcProvider } from '../cluster-oidc-provider';

/** What all add-ons can be told. */
export interface EksAddonOptions {
  /** The name of an EKS cluster in the account and region of the stack: a literal, or `cluster.clusterName`. */
  readonly clusterName: string;

  /**
   * The OIDC provider of the cluster: EKS annotates the add-on's service account with a role that trusts it.
   *
   * @default - none: `podIdentity` has to be on
   */
  readonly provider?: IClusterOidcProvider;

  /**
   * Whether the add-on has its role by EKS Pod Identity. The association belongs to the add-on: it comes and goes with it. With a `provider` too, EKS
   * takes the association where the cluster has the agent.
   *
   * @default false
   * @see https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html
   */
  readonly podIdentity?: boolean;

  /**
   * The version of the add-on, such as `v1.50.1-eksbuild.1`.
   *
   * @default - what EKS installs by default when the add-on is made
   */
  readonly addonVersion?: string;

  /**
   * Settings of the add-on, as `aws eks describe-addon-configuration` lists them.
   *
   * @default - the add-on's own
   */
  readonly configurationValues?: { readonly [key: string]: unknown };

  /**
   * What happens to settings that somebody else has changed in the cluster.
   *
   * @default - `AddonConflicts.NONE`, as CloudFormation has it
   */
  readonly resolveConflicts?: AddonConflicts;

  /**
   * Whether the software stays in the cluster when the add-on is removed from the stack. Its role does not.
   *
   * @default false
   */
  readonly preserveOnDelete?: boolean;
}

/** What EKS does about settings of an add-on that are not its own. */
export enum AddonConflicts {
  /** Fails. */
  NONE = 'NONE',
  /** Sets them back. */
  OVERWRITE = 'OVERWRITE',
  /** Leaves them. */
  PRESERVE = 'PRESERVE',
}

/** The driver of EBS volumes. */
export interface EbsCsiAddonOptions extends EksAddonOptions {
  /**
   * Keys that volumes are encrypted with.
   *
   * @default - none but `aws/ebs`, which needs no permission
   */
  readonly encryptionKeys?: IKey[];
}

/** The driver of EFS volumes. */
export interface EfsCsiAddonOptions extends EksAddonOptions {
  /**
   * The file systems that it may use.
   *
   * @default - all of account and region
   */
  readonly fileSystemArns?: string[];

  /**
   * Whether its pods on the nodes mount with IAM: volumes with the mount option `iam`. With Pod Identity this takes version 3 of the add-on.
   *
   * @default false
   * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
   */
  readonly mountWithIam?: boolean;
}

/** Mountpoint for Amazon S3. */
export interface MountpointS3AddonOptions extends EksAddonOptions {
  /** The buckets that may be mounted: one at least. */
  readonly buckets: IBucket[];

  /**
   * Whether they may be read only.
   *
   * @default false
   */
  readonly readOnly?: boolean;
}

/** Networking of pods. */
export interface VpcCniAddonOptions extends EksAddonOptions {
  /**
   * Whether the cluster is an IPv6 one.
   *
   * @default false
   */
  readonly ipv6?: boolean;

  /**
   * The VPC of the cluster, outside of which no network interface may be made. Only of IPv4.
   *
   * @default - any of account and region
   */
  readonly vpcId?: string;
}
