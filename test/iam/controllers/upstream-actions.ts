import { VARIANTS } from './variants';

/** The actions of a document that a controller's permissions come from, as it was when it was read. */
export interface UpstreamActions {
  /** The widest variant of the controller. */
  readonly variant: typeof VARIANTS[number][0];
  /** One of the controller's sources, with the version: whoever cites a newer one compares its actions. */
  readonly url: string;
  readonly version: string;
  readonly actions: readonly string[];
  /** What we do not allow, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
}

const of = (service: string, names: string): string[] => names.split(' ').map(name => `${service}:${name}`);
const from = (variant: string, url: string, version: string, actions: string[], leftOut: Record<string, string> = {}): UpstreamActions =>
  ({ variant, url, version, actions, leftOut });

const KUBERNETES = 'https://github.com/kubernetes-sigs';
const POLICIES = 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference';
const VPC_CNI = 'https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md';
const OPENZFS = `${KUBERNETES}/aws-fsx-openzfs-csi-driver/blob/main`;
const OPENZFS_ROLES = 'FSx writes the policy of its service-linked role itself; only links of FSx for Lustre to buckets need this';
const NO_ACTION = 'the name of a method of the SDK: there is no such action';
const ON_REQUEST = 'only for PushSecrets whose metadata ask for a resource policy or replicas; grant it where they do';

export const UPSTREAM: readonly UpstreamActions[] = [
  from('loadBalancerController', `${KUBERNETES}/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json`, 'd9c0258, with what v2.14 added', [
    ...of('ec2', 'AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags DeleteSecurityGroup DeleteTags DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones '
      + 'DescribeCoipPools DescribeInstances DescribeInternetGateways DescribeIpamPools DescribeNetworkInterfaces DescribeRouteTables DescribeSecurityGroups DescribeSubnets '
      + 'DescribeTags DescribeVpcPeeringConnections DescribeVpcs GetCoipPoolUsage GetSecurityGroupsForVpc RevokeSecurityGroupIngress'),
    ...of('elasticloadbalancing', 'AddListenerCertificates AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener DeleteLoadBalancer DeleteRule '
      + 'DeleteTargetGroup DeregisterTargets DescribeCapacityReservation DescribeListenerAttributes DescribeListenerCertificates DescribeListeners DescribeLoadBalancerAttributes '
      + 'DescribeLoadBalancers DescribeRules DescribeSSLPolicies DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth DescribeTrustStores '
      + 'ModifyCapacityReservation ModifyIpPools ModifyListener ModifyListenerAttributes ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup ModifyTargetGroupAttributes '
      + 'RegisterTargets RemoveListenerCertificates RemoveTags SetIpAddressType SetRulePriorities SetSecurityGroups SetSubnets SetWebAcl'),
    ...of('iam', 'CreateServiceLinkedRole GetServerCertificate ListServerCertificates'),
    ...of('acm', 'DescribeCertificate ListCertificates'),
    ...of('wafv2', 'AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource'),
    ...of('waf-regional', 'AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource'),
    ...of('shield', 'CreateProtection DeleteProtection DescribeProtection GetSubscriptionState'),
    'cognito-idp:DescribeUserPoolClient',
  ]),
  from('ebsCsi', `${POLICIES}/AmazonEBSCSIDriverPolicyV2.html`, 'v1 (2026-04-16)', of('ec2', 'AttachVolume CopyVolumes CreateSnapshot CreateTags CreateVolume DeleteSnapshot DeleteTags '
    + 'DeleteVolume DescribeAvailabilityZones DescribeInstanceTypes DescribeInstances DescribeSnapshots DescribeVolumeStatus DescribeVolumes DescribeVolumesModifications DetachVolume '
    + 'EnableFastSnapshotRestores LockSnapshot ModifyVolume')),
  from('efsCsi', `${POLICIES}/AmazonEFSCSIDriverPolicy.html`, 'v1 (2023-07-25)', [
    ...of('elasticfilesystem', 'CreateAccessPoint DeleteAccessPoint DescribeAccessPoints DescribeFileSystems DescribeMountTargets TagResource'),
    'ec2:DescribeAvailabilityZones',
  ]),
  from('fsxLustreCsi, with buckets', `${KUBERNETES}/aws-fsx-csi-driver/blob/master/docs/install.md`, '092ae9e (v1.2)', [
    ...of('fsx', 'CreateFileSystem DeleteFileSystem DescribeFileSystems TagResource UpdateFileSystem'), ...of('iam', 'AttachRolePolicy CreateServiceLinkedRole PutRolePolicy'), 's3:ListBucket',
  ]),
  from('fsxOpenZfsCsi', `${OPENZFS}/docs/example-iam-policy.json`, '5bb9cb9', [
    ...of('fsx', 'CreateFileSystem CreateSnapshot CreateVolume DeleteFileSystem DeleteSnapshot DeleteVolume DescribeFileSystems DescribeSnapshots DescribeVolumes ListTagsForResource TagResource'),
    ...of('iam', 'AttachRolePolicy CreateServiceLinkedRole PutRolePolicy'),
  ], { 'iam:AttachRolePolicy': OPENZFS_ROLES, 'iam:PutRolePolicy': OPENZFS_ROLES }),
  from('fsxOpenZfsCsi', `${OPENZFS}/pkg/cloud/cloud.go`, '0928d33', of('fsx', 'CreateFileSystem CreateSnapshot CreateVolume DeleteFileSystem DeleteSnapshot DeleteVolume DescribeFileSystems '
    + 'DescribeSnapshots DescribeVolumes ListTagsForResource UpdateFileSystem')),
  from('karpenter, with all', 'https://karpenter.sh/docs/reference/cloudformation/', 'v1.8.8', [
    ...of('ec2', 'CreateFleet CreateLaunchTemplate CreateTags DeleteLaunchTemplate DescribeCapacityReservations DescribeImages DescribeInstanceTypeOfferings DescribeInstanceTypes DescribeInstances '
      + 'DescribeLaunchTemplates DescribeSecurityGroups DescribeSpotPriceHistory DescribeSubnets RunInstances TerminateInstances'),
    ...of('iam', 'AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile ListInstanceProfiles PassRole RemoveRoleFromInstanceProfile TagInstanceProfile'),
    ...of('sqs', 'DeleteMessage GetQueueUrl ReceiveMessage'),
    'eks:DescribeCluster', 'pricing:GetProducts', 'ssm:GetParameter',
  ]),
  from('vpcCni', VPC_CNI, '3ecdfeb', of('ec2', 'AssignPrivateIpAddresses AttachNetworkInterface CreateNetworkInterface CreateTags DeleteNetworkInterface DescribeInstanceTypes DescribeInstances '
    + 'DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeTags DetachNetworkInterface ModifyNetworkInterfaceAttribute UnassignPrivateIpAddresses')),
  from('vpcCniIpv6', VPC_CNI, '3ecdfeb', of('ec2', 'AssignIpv6Addresses CreateTags DescribeInstanceTypes DescribeInstances DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets '
    + 'DescribeTags ModifyNetworkInterfaceAttribute')),
  from('certManager', 'https://cert-manager.io/docs/configuration/acme/dns01/route53/', '9b815c7 (2024-09-11)',
    of('route53', 'ChangeResourceRecordSets GetChange ListHostedZonesByName ListResourceRecordSets')),
  from('externalDns', 'https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/', 'v0.15',
    of('route53', 'ChangeResourceRecordSets ListHostedZones ListResourceRecordSets ListTagsForResources')),
  from('clusterAutoscaler', 'https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md', '062f28a', [
    ...of('autoscaling', 'DescribeAutoScalingGroups DescribeAutoScalingInstances DescribeLaunchConfigurations DescribeTags SetDesiredCapacity TerminateInstanceInAutoScalingGroup'),
    ...of('ec2', 'DescribeImages DescribeInstanceTypes DescribeLaunchTemplateVersions GetInstanceTypesFromInstanceRequirementsPages'),
    'eks:DescribeNodegroup',
  ], { 'ec2:GetInstanceTypesFromInstanceRequirementsPages': NO_ACTION }),
  from('velero', 'https://github.com/vmware-tanzu/velero-plugin-for-aws#set-permissions-for-velero', '001662f', [
    ...of('ec2', 'CreateSnapshot CreateTags CreateVolume DeleteSnapshot DescribeSnapshots DescribeVolumes'),
    ...of('s3', 'AbortMultipartUpload DeleteObject GetObject ListBucket ListMultipartUploadParts PutObject'),
  ]),
  from('externalSecrets', 'https://external-secrets.io/latest/provider/aws-secrets-manager/', '0153477', of('secretsmanager', 'BatchGetSecretValue CreateSecret DeleteResourcePolicy DeleteSecret '
    + 'DescribeSecret GetResourcePolicy GetSecretValue ListSecretVersionIds ListSecrets PutResourcePolicy PutSecretValue RemoveRegionsFromReplication ReplicateSecretToRegions TagResource'), {
    'secretsmanager:DeleteResourcePolicy': ON_REQUEST,
    'secretsmanager:PutResourcePolicy': ON_REQUEST,
    'secretsmanager:RemoveRegionsFromReplication': ON_REQUEST,
    'secretsmanager:ReplicateSecretToRegions': ON_REQUEST,
  }),
  from('externalSecrets', 'https://external-secrets.io/latest/provider/aws-parameter-store/', '03e06d2',
    of('ssm', 'DescribeParametersWithContext GetParameterWithContext ListTagsForResourceWithContext'),
    { 'ssm:DescribeParametersWithContext': NO_ACTION, 'ssm:GetParameterWithContext': NO_ACTION, 'ssm:ListTagsForResourceWithContext': NO_ACTION }),
  from('nodeTerminationHandler', 'https://github.com/aws/aws-node-termination-handler#5-create-an-iam-role-for-the-pods', '00b210e (v1.18.3)', [
    ...of('autoscaling', 'CompleteLifecycleAction DescribeAutoScalingInstances DescribeTags'), ...of('sqs', 'DeleteMessage ReceiveMessage'), 'ec2:DescribeInstances',
  ]),
];
