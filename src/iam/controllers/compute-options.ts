import type { IAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import type { ITargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** What the AWS Load Balancer Controller may do. */
export interface LoadBalancerControllerOptions {
  /**
   * The name of the cluster: load balancers, target groups and security groups are made, changed and removed only with it in the tag `elbv2.k8s.aws/cluster`.
   *
   * Not narrowed are listeners and their rules, which need not carry the tag, targets (of target groups that others made, too), web ACLs and protections, and
   * rules of security groups, for which there is `vpcId`.
   *
   * @default - whatever carries the tag
   */
  readonly clusterName?: string;

  /**
   * The id of the VPC (`vpc-…`): only its security groups are changed.
   *
   * @default - every security group gets rules, since those of nodes and pods do not carry the tag
   */
  readonly vpcId?: string;

  /**
   * Whether it associates web ACLs with load balancers (`enableWaf`, `enableWafv2`).
   *
   * @default true
   */
  readonly waf?: boolean;

  /**
   * Whether it protects load balancers with AWS Shield Advanced (`enableShield`).
   *
   * @default true
   */
  readonly shield?: boolean;

  /**
   * Whether listeners authenticate with Amazon Cognito.
   *
   * @default true
   */
  readonly cognito?: boolean;
}

/** What the AWS Load Balancer Controller may do where it only registers targets. */
export interface TargetGroupBindingOptions {
  /**
   * The target groups that TargetGroupBindings name.
   *
   * @default - every target group
   */
  readonly targetGroups?: ITargetGroup[];

  /**
   * The id of the VPC (`vpc-…`): only its security groups get rules.
   *
   * @default - every security group
   */
  readonly vpcId?: string;
}

/** What the Cluster Autoscaler may do. */
export interface ClusterAutoscalerOptions {
  /**
   * The name of the cluster, literal: it is in the key of a tag. Only groups with the tag `k8s.io/cluster-autoscaler/NAME` are scaled, as managed node
   * groups have it.
   *
   * @default - every group with the tag `k8s.io/cluster-autoscaler/enabled`
   */
  readonly clusterName?: string;

  /**
   * The groups to scale, by name instead of by tags.
   *
   * @default - by tags
   */
  readonly autoScalingGroups?: IAutoScalingGroup[];
}

/** What Karpenter may do. */
export interface KarpenterOptions {
  /** The name of the cluster, literal: it is in the keys of tags. */
  readonly clusterName: string;

  /** The roles of nodes, one at least: Karpenter gives them to instances. */
  readonly nodeRoles: IRole[];

  /**
   * The queue with interruption events (`settings.interruptionQueue`); with its key, if it has one.
   *
   * @default - none: interruptions are not handled
   */
  readonly interruptionQueue?: IQueue;

  /**
   * Keys that volumes of nodes are encrypted with.
   *
   * @default - none: keys of AWS need no permission
   */
  readonly volumeKeys?: IKey[];
}

/** What the AWS Node Termination Handler may do in queue-processor mode. */
export interface NodeTerminationHandlerOptions {
  /** The queue with the events; with its key, if it has one. */
  readonly queue: IQueue;

  /**
   * The groups whose lifecycle actions it completes.
   *
   * @default - every group
   */
  readonly autoScalingGroups?: IAutoScalingGroup[];
}

/** What the VPC CNI plug-in may do. */
export interface VpcCniOptions {
  /**
   * The name of the cluster, literal: it is in the key of a tag. The plug-in has to be told it (`CLUSTER_NAME`), and nodes carry `kubernetes.io/cluster/NAME: owned`.
   *
   * @default - every network interface and instance
   */
  readonly clusterName?: string;

  /**
   * The id of the VPC (`vpc-…`): interfaces are made in its subnets only.
   *
   * @default - every subnet
   */
  readonly vpcId?: string;
}

/** What the AWS Gateway API Controller may do. */
export interface GatewayApiControllerOptions {
  /**
   * The ARNs of the service networks, which are there already; those of other accounts, shared with this one, too.
   *
   * @default - every service network of the account, and it makes and removes some
   */
  readonly serviceNetworkArns?: string[];

  /**
   * The id of the VPC (`vpc-…`): only it is associated with service networks, and has target groups.
   *
   * @default - every VPC
   */
  readonly vpcId?: string;

  /**
   * Whether it subscribes to access logs (`AccessLogPolicy`), in log groups and delivery streams.
   *
   * @default false, unless there are buckets for them
   */
  readonly accessLogs?: boolean;

  /**
   * Buckets that access logs go to: CloudWatch changes their policies.
   *
   * @default - none
   */
  readonly accessLogBuckets?: IBucket[];
}
