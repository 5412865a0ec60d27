import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IClusterOidcProvider } from '../cluster-oidc-provider';
import type { EfsCsiNodeOptions, S3CsiOptions } from '../controllers/storage-options';

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
   * Whether only volumes and snapshots with the tag `ebs.csi.aws.com/cluster-name` of this cluster are touched, and attached to its instances. The driver tags
   * what it makes since 1.58; older volumes have to be tagged first, and so do instances that neither EKS nor Karpenter has made.
   *
   * @default false: what carries the tag of any driver
   */
  readonly clusterScoped?: boolean;

  /**
   * Keys that volumes are encrypted with.
   *
   * @default - none: keys of AWS need no permission
   */
  readonly keys?: IKey[];
}

/** The driver of EFS volumes. */
export interface EfsCsiAddonOptions extends EksAddonOptions, EfsCsiNodeOptions {
  /**
   * Whether its pods on the nodes mount with IAM: volumes with the mount option `iam`. With Pod Identity this takes version 3 of the add-on.
   *
   * @default - only if `rootAccess` is set
   * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
   */
  readonly mountWithIam?: boolean;
}

/** Mountpoint for Amazon S3: one bucket at least. */
export interface MountpointS3AddonOptions extends EksAddonOptions, S3CsiOptions {}

/** Networking of pods. */
export interface VpcCniAddonOptions extends EksAddonOptions {
  /**
   * Whether the cluster is an IPv6 one.
   *
   * @default false
   */
  readonly ipv6?: boolean;

  /**
   * The id of the VPC (`vpc-…`): interfaces are made in its subnets only. Not of IPv6, where none are made.
   *
   * @default - every subnet
   */
  readonly vpcId?: string;
}

/** Metrics, logs and traces. */
export interface CloudWatchObservabilityAddonOptions extends EksAddonOptions {
  /**
   * The namespaces of metrics.
   *
   * @default - `ApplicationSignals`, `CWAgent`, `ContainerInsights`, `ContainerInsights/Prometheus`
   */
  readonly metricNamespaces?: string[];
}
