import { actionsOf, allow, allowWithoutResource, type ControllerData, namedOrNone, regional, scopedTo, serviceLinkedRole, type StatementData, when } from './policy-data';

/** What the AWS Gateway API Controller is scoped by. */
export interface GatewayApiControllerScope {
  readonly serviceNetworkArns?: readonly string[];
  readonly vpcId?: string;
  readonly accessLogs?: boolean;
  readonly accessLogBucketArns?: readonly string[];
}

/**
 * The AWS Gateway API Controller: services and target groups of VPC Lattice, and some service networks.
 *
 * The document of the controller has `vpc-lattice:*` on everything; here is what its managers call.
 *
 * @see https://github.com/aws/aws-application-networking-k8s/blob/main/files/controller-installation/recommended-inline-policy.json
 */
export function gatewayApiController(scope: GatewayApiControllerScope = {}): ControllerData {
  const logBuckets = namedOrNone('accessLogBuckets', scope.accessLogBucketArns);
  if (scope.accessLogs === false && logBuckets.length > 0) {
    throw new Error('accessLogBuckets are for access logs, and accessLogs is off; leave one of them out');
  }
  return {
    name: 'AWS Gateway API Controller',
    serviceAccounts: [['aws-application-networking-system', 'gateway-api-controller']],
    sources: [
      { url: 'https://github.com/aws/aws-application-networking-k8s/blob/main/files/controller-installation/recommended-inline-policy.json', version: '9753815' },
      { url: 'https://github.com/aws/aws-application-networking-k8s/blob/main/pkg/aws/services/vpclattice.go', version: '0809b29' },
    ],
    statements: [
      serviceLinkedRole('GatewayApiServiceLinkedRole', 'vpc-lattice.amazonaws.com', 'AWSServiceRoleForVpcLattice'),
      ...reading(scope),
      ...services(scope),
      ...networks(scope),
      ...when(scope.accessLogs || logBuckets.length > 0, ...accessLogs(scope)),
    ],
  };
}

const SERVICES = regional('vpc-lattice', 'service/*');
const TARGET_GROUPS = regional('vpc-lattice', 'targetgroup/*');
const VPC_ASSOCIATIONS = regional('vpc-lattice', 'servicenetworkvpcassociation/*');
const SERVICE_ASSOCIATIONS = regional('vpc-lattice', 'servicenetworkserviceassociation/*');
const SUBSCRIPTIONS = regional('vpc-lattice', 'accesslogsubscription/*');

function reading(scope: GatewayApiControllerScope): StatementData[] {
  return [
    allowWithoutResource('GatewayApiRead', [
      ...actionsOf('ec2', 'DescribeSecurityGroups', 'DescribeSubnets', 'DescribeTags', 'DescribeVpcs'),
      ...actionsOf('vpc-lattice', 'ListAccessLogSubscriptions', 'ListListeners', 'ListRules', 'ListServiceNetworks', 'ListServiceNetworkServiceAssociations',
        'ListServiceNetworkVpcAssociations', 'ListServices', 'ListTagsForResource', 'ListTargetGroups'),
      'tag:GetResources',
    ]),
    // allow nothing by themselves: the tags of a service have to be allowed by it, too
    allowWithoutResource('GatewayApiTagging', ['tag:TagResources', 'tag:UntagResources']),
    allow('GatewayApiTags', ['vpc-lattice:TagResource', 'vpc-lattice:UntagResource'],
      [...networksOf(scope), ...SERVICES, ...TARGET_GROUPS, ...VPC_ASSOCIATIONS, ...SERVICE_ASSOCIATIONS, ...SUBSCRIPTIONS]),
  ];
}

function services({ vpcId }: GatewayApiControllerScope): StatementData[] {
  return [
    allow('GatewayApiServices', actionsOf('vpc-lattice', 'CreateListener', 'CreateRule', 'CreateService', 'DeleteListener', 'DeleteRule', 'DeleteService', 'GetListener',
      'GetRule', 'GetService', 'UpdateListener', 'UpdateRule', 'UpdateService'), SERVICES),
    allow('GatewayApiCreateTargetGroups', ['vpc-lattice:CreateTargetGroup'], TARGET_GROUPS, inVpc(vpcId)),
    allow('GatewayApiTargetGroups', actionsOf('vpc-lattice', 'DeleteTargetGroup', 'DeregisterTargets', 'GetTargetGroup', 'ListTargets', 'RegisterTargets',
      'UpdateTargetGroup'), TARGET_GROUPS),
  ];
}

function networksOf({ serviceNetworkArns }: GatewayApiControllerScope): readonly string[] {
  return scopedTo('serviceNetworkArns', serviceNetworkArns, regional('vpc-lattice', 'servicenetwork/*'));
}

function networks(scope: GatewayApiControllerScope): StatementData[] {
  const { serviceNetworkArns, vpcId } = scope;
  const serviceNetworks = networksOf(scope);
  const associate = actionsOf('vpc-lattice', 'DeleteServiceNetworkVpcAssociation', 'GetServiceNetworkVpcAssociation', 'UpdateServiceNetworkVpcAssociation');
  return [
    allow('GatewayApiNetworks', actionsOf('vpc-lattice', 'GetServiceNetwork', 'UpdateServiceNetwork'), serviceNetworks),
    // networks that are named are there already, and whoever made them removes them
    ...when(serviceNetworkArns === undefined,
      allow('GatewayApiMakeNetworks', actionsOf('vpc-lattice', 'CreateServiceNetwork', 'DeleteServiceNetwork'), serviceNetworks)),
    allow('GatewayApiPolicies', actionsOf('vpc-lattice', 'DeleteAuthPolicy', 'GetAuthPolicy', 'PutAuthPolicy'), [...serviceNetworks, ...SERVICES]),
    allow('GatewayApiJoinVpc', ['vpc-lattice:CreateServiceNetworkVpcAssociation'], VPC_ASSOCIATIONS, inVpc(vpcId)),
    allow('GatewayApiJoinNetworks', ['vpc-lattice:CreateServiceNetworkVpcAssociation'], serviceNetworks),
    allow('GatewayApiVpcAssociations', associate, VPC_ASSOCIATIONS, inVpc(vpcId)),
    allow('GatewayApiJoinServices', ['vpc-lattice:CreateServiceNetworkServiceAssociation'], [...serviceNetworks, ...SERVICES, ...SERVICE_ASSOCIATIONS]),
    allow('GatewayApiServiceAssociations', actionsOf('vpc-lattice', 'DeleteServiceNetworkServiceAssociation', 'GetServiceNetworkServiceAssociation'), SERVICE_ASSOCIATIONS),
  ];
}

function inVpc(vpcId: string | undefined) {
  return vpcId === undefined ? undefined : { StringEquals: { 'vpc-lattice:VpcId': vpcId } };
}

/** CloudWatch's log delivery asks for the policies of what the logs go to, with the rights of whoever subscribes. */
function accessLogs(scope: GatewayApiControllerScope): StatementData[] {
  const { accessLogBucketArns = [] } = scope;
  const logged = [...networksOf(scope), ...SERVICES];
  return [
    serviceLinkedRole('GatewayApiLogRole', 'delivery.logs.amazonaws.com', 'AWSServiceRoleForLogDelivery'),
    allow('GatewayApiSubscribe', ['vpc-lattice:CreateAccessLogSubscription'], [...logged, ...SUBSCRIPTIONS]),
    allow('GatewayApiSubscriptions', actionsOf('vpc-lattice', 'DeleteAccessLogSubscription', 'GetAccessLogSubscription', 'UpdateAccessLogSubscription'), SUBSCRIPTIONS),
    allowWithoutResource('GatewayApiLogDelivery', actionsOf('logs', 'CreateLogDelivery', 'DeleteLogDelivery', 'DescribeLogGroups', 'DescribeResourcePolicies',
      'GetLogDelivery', 'ListLogDeliveries', 'PutResourcePolicy', 'UpdateLogDelivery')),
    allow('GatewayApiLogStreams', ['firehose:TagDeliveryStream'], regional('firehose', 'deliverystream/*')),
    ...when(accessLogBucketArns.length > 0, allow('GatewayApiLogBuckets', ['s3:GetBucketPolicy', 's3:PutBucketPolicy'], accessLogBucketArns)),
  ];
}
