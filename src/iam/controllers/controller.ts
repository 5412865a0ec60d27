import { type IGrantable, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { compute } from './compute-controllers';
import type {
  ClusterAutoscalerOptions, GatewayApiControllerOptions, KarpenterOptions, LoadBalancerControllerOptions, NodeTerminationHandlerOptions,
  TargetGroupBindingOptions, VpcCniOptions,
} from './compute-options';
import type { ControllerData } from './policy-data';
import { addStatements, policyStatements } from './policy-statements';
import { service } from './service-controllers';
import type {
  CertManagerControllerOptions, CloudWatchObservabilityOptions, ExternalDnsOptions, ExternalSecretsOptions, ImageBuilderOptions, PrometheusOptions,
} from './service-options';
import { storage } from './storage-controllers';
import type { EbsCsiOptions, EfsCsiNodeOptions, EfsCsiOptions, FsxLustreCsiOptions, FsxOpenZfsCsiOptions, S3CsiOptions, VeleroOptions } from './storage-options';
import { validateRegion } from '../../identity/assume-role-parameters';
import { ServiceAccountSubject } from '../../identity/service-account-subject';

/**
 * A well-known controller, and what it has to be allowed, and no more: scoped by what is passed, from what AWS or its makers document.
 *
 * For `ControllerRole`, or for roles of other kinds by `addTo` and `policyDocument`.
 */
export class Controller {
  /**
   * The AWS Load Balancer Controller: `kube-system/aws-load-balancer-controller`.
   *
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
   */
  public static awsLoadBalancerController(options: LoadBalancerControllerOptions = {}): Controller {
    return new Controller(compute.awsLoadBalancerController(options));
  }

  /**
   * The AWS Load Balancer Controller where others make load balancers and target groups: `kube-system/aws-load-balancer-controller`.
   *
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
   */
  public static targetGroupBinding(options: TargetGroupBindingOptions = {}): Controller {
    return new Controller(compute.targetGroupBinding(options));
  }

  /**
   * The Cluster Autoscaler: `kube-system/cluster-autoscaler`.
   *
   * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
   */
  public static clusterAutoscaler(options: ClusterAutoscalerOptions = {}): Controller {
    return new Controller(compute.clusterAutoscaler(options));
  }

  /**
   * Karpenter, version 1: `kube-system/karpenter`.
   *
   * @see https://karpenter.sh/docs/reference/cloudformation/
   */
  public static karpenter(options: KarpenterOptions): Controller {
    return new Controller(compute.karpenter(options));
  }

  /**
   * ExternalDNS with Route 53: `external-dns/external-dns`.
   *
   * @see https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/
   */
  public static externalDns(options: ExternalDnsOptions = {}): Controller {
    return new Controller(service.externalDns(options));
  }

  /**
   * cert-manager, for DNS01 challenges with Route 53: `cert-manager/cert-manager`.
   *
   * @see https://cert-manager.io/docs/configuration/acme/dns01/route53/
   */
  public static certManager(options: CertManagerControllerOptions = {}): Controller {
    return new Controller(service.certManager(options));
  }

  /**
   * The EBS CSI driver: `kube-system/ebs-csi-controller-sa`.
   *
   * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverEKSClusterScopedPolicy.html
   */
  public static ebsCsi(options: EbsCsiOptions = {}): Controller {
    return new Controller(storage.ebsCsi(options));
  }

  /**
   * The controller of the EFS CSI driver: `kube-system/efs-csi-controller-sa`.
   *
   * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEFSCSIDriverPolicy.html
   */
  public static efsCsi(options: EfsCsiOptions = {}): Controller {
    return new Controller(storage.efsCsi(options));
  }

  /**
   * The pods of the EFS CSI driver on the nodes: `kube-system/efs-csi-node-sa`. They need a role where volumes are mounted with IAM (`mountOptions: [iam]`).
   *
   * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
   */
  public static efsCsiNode(options: EfsCsiNodeOptions = {}): Controller {
    return new Controller(storage.efsCsiNode(options));
  }

  /**
   * The FSx for Lustre CSI driver: `kube-system/fsx-csi-controller-sa`.
   *
   * @see https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/master/docs/install.md
   */
  public static fsxLustreCsi(options: FsxLustreCsiOptions = {}): Controller {
    return new Controller(storage.fsxLustreCsi(options));
  }

  /**
   * The FSx for OpenZFS CSI driver: `kube-system/fsx-openzfs-csi-controller-sa`.
   *
   * @see https://github.com/kubernetes-sigs/aws-fsx-openzfs-csi-driver/blob/main/docs/example-iam-policy.json
   */
  public static fsxOpenZfsCsi(options: FsxOpenZfsCsiOptions = {}): Controller {
    return new Controller(storage.fsxOpenZfsCsi(options));
  }

  /**
   * The Mountpoint for Amazon S3 CSI driver: `kube-system/s3-csi-driver-sa`. Pods with roles of their own (`authenticationSource: pod`) get the policy by `addTo`.
   *
   * @see https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md#iam-permissions
   */
  public static s3Csi(options: S3CsiOptions): Controller {
    return new Controller(storage.s3Csi(options));
  }

  /**
   * The VPC CNI plug-in in clusters with IPv4: `kube-system/aws-node`.
   *
   * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md
   */
  public static vpcCni(options: VpcCniOptions = {}): Controller {
    return new Controller(compute.vpcCni(options));
  }

  /**
   * The VPC CNI plug-in in clusters with IPv6: `kube-system/aws-node`.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html
   */
  public static vpcCniIpv6(): Controller {
    return new Controller(compute.vpcCniIpv6());
  }

  /**
   * External Secrets with Secrets Manager and Parameter Store: `external-secrets/external-secrets`.
   *
   * @see https://external-secrets.io/latest/provider/aws-secrets-manager/
   */
  public static externalSecrets(options: ExternalSecretsOptions): Controller {
    return new Controller(service.externalSecrets(options));
  }

  /**
   * The AWS Node Termination Handler in queue-processor mode: `kube-system/aws-node-termination-handler`.
   *
   * @see https://github.com/aws/aws-node-termination-handler
   */
  public static nodeTerminationHandler(options: NodeTerminationHandlerOptions): Controller {
    return new Controller(compute.nodeTerminationHandler(options));
  }

  /**
   * Velero with its plug-in for AWS: `velero/velero`.
   *
   * @see https://github.com/vmware-tanzu/velero-plugin-for-aws#set-permissions-for-velero
   */
  public static velero(options: VeleroOptions): Controller {
    return new Controller(storage.velero(options));
  }

  /**
   * A Prometheus server or collector that writes to Amazon Managed Service for Prometheus: `prometheus/amp-iamproxy-ingest-service-account`.
   *
   * @see https://docs.aws.amazon.com/prometheus/latest/userguide/set-up-irsa.html
   */
  public static prometheusIngest(options: PrometheusOptions = {}): Controller {
    return new Controller(service.prometheusIngest(options));
  }

  /**
   * A program that queries Amazon Managed Service for Prometheus: `prometheus/amp-iamproxy-query-service-account`.
   *
   * @see https://docs.aws.amazon.com/prometheus/latest/userguide/set-up-irsa.html
   */
  public static prometheusQuery(options: PrometheusOptions = {}): Controller {
    return new Controller(service.prometheusQuery(options));
  }

  /**
   * The CloudWatch Observability add-on: `amazon-cloudwatch/cloudwatch-agent`.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html
   */
  public static cloudWatchObservability(options: CloudWatchObservabilityOptions = {}): Controller {
    return new Controller(service.cloudWatchObservability(options));
  }

  /**
   * The AWS Gateway API Controller, for VPC Lattice: `aws-application-networking-system/gateway-api-controller`.
   *
   * @see https://www.gateway-api-controller.eks.aws.dev/latest/guides/deploy/
   */
  public static gatewayApiController(options: GatewayApiControllerOptions = {}): Controller {
    return new Controller(compute.gatewayApiController(options));
  }

  /**
   * A builder of images that pulls from and pushes to Amazon ECR: `image-builder/image-builder`.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
   */
  public static imageBuilder(options: ImageBuilderOptions = {}): Controller {
    return new Controller(service.imageBuilder(options));
  }

  /** The name, as its makers write it. */
  public readonly name: string;

  /** The service accounts that it usually runs as. */
  public readonly serviceAccounts: ServiceAccountSubject[];

  /** The documents that its permissions are taken from, each with its version. */
  public readonly sources: string[];

  private constructor(private readonly data: ControllerData, private readonly region?: string) {
    this.name = data.name;
    this.serviceAccounts = data.serviceAccounts.map(([namespace, name]) => ServiceAccountSubject.of(namespace, name));
    this.sources = data.sources.map(({ url, version }) => `${url} (${version})`);
  }

  /** The same controller in a cluster of another region than that of the role's stack. */
  public inRegion(region: string): Controller {
    return new Controller(this.data, validateRegion(region));
  }

  /**
   * Allows a role, or several, what the controller needs: for roles that are no `ControllerRole`.
   *
   * @param grantee a role, or `IrsaRoleShards`; fails if its policies cannot be changed
   */
  public addTo(grantee: IGrantable): void {
    addStatements(grantee, this.data, this.region);
  }

  /**
   * What the controller has to be allowed as a document, for `inlinePolicies` or a managed policy.
   *
   * @param scope what the policy is part of: partition, region and account are literal then, where they are known. Leave it out for
   * roles in the accounts of an organization
   */
  public policyDocument(scope?: IConstruct): PolicyDocument {
    return new PolicyDocument({ statements: policyStatements(this.data.statements, scope, this.region) });
  }
}
