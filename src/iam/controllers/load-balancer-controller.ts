import { actionsOf, allow, allowWithoutResource, both, type Conditions, type ControllerData, global, regional, scopedTo, serviceLinkedRole, shared, type StatementData, when } from './policy-data';

/** What the AWS Load Balancer Controller is scoped by. */
export interface LoadBalancerControllerScope {
  readonly clusterName?: string;
  readonly vpcId?: string;
  readonly waf?: boolean;
  readonly shield?: boolean;
  readonly cognito?: boolean;
}

const IDENTITY = { name: 'AWS Load Balancer Controller', serviceAccounts: [['kube-system', 'aws-load-balancer-controller']] } as const;

/**
 * The AWS Load Balancer Controller: load balancers, target groups and security groups that carry its tag, of one cluster or of any.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
 */
export function loadBalancerController(scope: LoadBalancerControllerScope = {}): ControllerData {
  return {
    ...IDENTITY,
    sources: [
      { url: 'https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json', version: 'd9c0258, with what v2.14 added' },
      { url: 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/', version: 'v2.12' },
    ],
    statements: [
      serviceLinkedRole('LbcServiceLinkedRole', 'elasticloadbalancing.amazonaws.com', 'AWSServiceRoleForElasticLoadBalancing'),
      ...describing(),
      ...securityGroups(scope),
      ...loadBalancers(scope),
      ...listeners(),
      ...certificates(),
      ...when(scope.cognito ?? true, allow('LbcUserPools', ['cognito-idp:DescribeUserPoolClient'], regional('cognito-idp', 'userpool/*'))),
      ...when(scope.waf ?? true, ...webAcls()),
      ...when(scope.shield ?? true, ...protections()),
    ],
  };
}

/** What the controller is scoped by when others make the load balancers. */
export interface TargetGroupBindingScope {
  readonly targetGroupArns?: readonly string[];
  readonly vpcId?: string;
}

/**
 * The AWS Load Balancer Controller where others make load balancers and target groups, and it only registers targets.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
 */
export function targetGroupBinding({ targetGroupArns, vpcId }: TargetGroupBindingScope = {}): ControllerData {
  return {
    ...IDENTITY,
    sources: [{ url: 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/', version: 'v2.14' }],
    statements: [
      allowWithoutResource('TgbDescribe', [
        ...actionsOf('ec2', 'DescribeAvailabilityZones', 'DescribeInstances', 'DescribeNetworkInterfaces', 'DescribeSecurityGroups', 'DescribeSubnets',
          'DescribeVpcPeeringConnections', 'DescribeVpcs'),
        ...actionsOf('elasticloadbalancing', 'DescribeTags', 'DescribeTargetGroupAttributes', 'DescribeTargetGroups', 'DescribeTargetHealth'),
      ]),
      allow('TgbTargets', actionsOf('elasticloadbalancing', 'DeregisterTargets', 'RegisterTargets'),
        scopedTo('targetGroups', targetGroupArns, regional('elasticloadbalancing', 'targetgroup/*/*'))),
      ingressRules('TgbIngressRules', vpcId),
    ],
  };
}

/** What the controller makes carries this tag, with the name of the cluster. */
const TAG = 'elbv2.k8s.aws/cluster';

/** The tag is there, and names the cluster if that is known. */
function tagged(where: 'RequestTag' | 'ResourceTag', clusterName: string | undefined): Conditions {
  return clusterName === undefined
    ? { Null: { [`aws:${where}/${TAG}`]: 'false' } }
    : { StringEquals: { [`aws:${where}/${TAG}`]: clusterName } };
}

/** It is tagged, and stays so: the request does not touch the tag. */
function keepsTag(clusterName: string | undefined): Conditions {
  return both(tagged('ResourceTag', clusterName), { Null: { [`aws:RequestTag/${TAG}`]: 'true' } });
}

function describing(): StatementData[] {
  return [
    allowWithoutResource('LbcDescribe', [
      ...actionsOf('ec2', 'DescribeAccountAttributes', 'DescribeAddresses', 'DescribeAvailabilityZones', 'DescribeCoipPools', 'DescribeInstances',
        'DescribeInternetGateways', 'DescribeIpamPools', 'DescribeNetworkInterfaces', 'DescribeRouteTables', 'DescribeSecurityGroups', 'DescribeSubnets',
        'DescribeTags', 'DescribeVpcPeeringConnections', 'DescribeVpcs'),
      ...actionsOf('elasticloadbalancing', 'DescribeCapacityReservation', 'DescribeListenerAttributes', 'DescribeListenerCertificates', 'DescribeListeners',
        'DescribeLoadBalancerAttributes', 'DescribeLoadBalancers', 'DescribeRules', 'DescribeSSLPolicies', 'DescribeTags', 'DescribeTargetGroupAttributes',
        'DescribeTargetGroups', 'DescribeTargetHealth', 'DescribeTrustStores'),
    ]),
    allow('LbcReadPools', ['ec2:GetCoipPoolUsage', 'ec2:GetSecurityGroupsForVpc'], shared('ec2', 'coip-pool/*', 'vpc/*')),
  ];
}

/** Rules of security groups that are not the controller's own, too: those of nodes and pods. */
function ingressRules(sid: string, vpcId: string | undefined): StatementData {
  const [vpc] = shared('ec2', `vpc/${vpcId ?? ''}`);
  return allow(sid, actionsOf('ec2', 'AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress'), regional('ec2', 'security-group/*'),
    vpcId === undefined ? undefined : { ArnEquals: { 'ec2:Vpc': vpc } });
}

function securityGroups({ clusterName, vpcId }: LoadBalancerControllerScope): StatementData[] {
  const groups = regional('ec2', 'security-group/*');
  return [
    ingressRules('LbcIngressRules', vpcId),
    allow('LbcCreateSecurityGroups', ['ec2:CreateSecurityGroup'], groups, tagged('RequestTag', clusterName)),
    allow('LbcCreateSecurityGroupsIn', ['ec2:CreateSecurityGroup'], shared('ec2', `vpc/${vpcId ?? '*'}`)),
    allow('LbcTagNewSecurityGroups', ['ec2:CreateTags'], groups,
      both(tagged('RequestTag', clusterName), { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } })),
    allow('LbcTagSecurityGroups', ['ec2:CreateTags', 'ec2:DeleteTags'], groups, keepsTag(clusterName)),
    allow('LbcDeleteSecurityGroups', ['ec2:DeleteSecurityGroup'], groups, tagged('ResourceTag', clusterName)),
  ];
}

const BALANCERS = regional('elasticloadbalancing', 'loadbalancer/app/*/*', 'loadbalancer/net/*/*');
const TARGET_GROUPS = regional('elasticloadbalancing', 'targetgroup/*/*');
const LISTENERS = regional('elasticloadbalancing', 'listener/app/*/*/*', 'listener/net/*/*/*');
const RULES = regional('elasticloadbalancing', 'listener-rule/app/*/*/*/*', 'listener-rule/net/*/*/*/*');

function loadBalancers({ clusterName }: LoadBalancerControllerScope): StatementData[] {
  const resources = [...BALANCERS, ...TARGET_GROUPS];
  return [
    allow('LbcCreate', actionsOf('elasticloadbalancing', 'CreateLoadBalancer', 'CreateTargetGroup'), resources, tagged('RequestTag', clusterName)),
    allow('LbcTagNew', ['elasticloadbalancing:AddTags'], resources,
      both(tagged('RequestTag', clusterName), { StringEquals: { 'elasticloadbalancing:CreateAction': ['CreateLoadBalancer', 'CreateTargetGroup'] } })),
    allow('LbcTag', actionsOf('elasticloadbalancing', 'AddTags', 'RemoveTags'), resources, keepsTag(clusterName)),
    allow('LbcChange', actionsOf('elasticloadbalancing', 'DeleteLoadBalancer', 'DeleteTargetGroup', 'ModifyCapacityReservation', 'ModifyIpPools',
      'ModifyLoadBalancerAttributes', 'ModifyTargetGroup', 'ModifyTargetGroupAttributes', 'SetIpAddressType', 'SetSecurityGroups', 'SetSubnets'),
    resources, tagged('ResourceTag', clusterName)),
    // target groups that a TargetGroupBinding names may be somebody else's
    allow('LbcTargets', actionsOf('elasticloadbalancing', 'DeregisterTargets', 'RegisterTargets'), TARGET_GROUPS),
  ];
}

/** Listeners and rules do not always carry the tag: older releases made them without. */
function listeners(): StatementData[] {
  return [
    allow('LbcCreateListeners', ['elasticloadbalancing:CreateListener'], BALANCERS),
    allow('LbcListeners', actionsOf('elasticloadbalancing', 'AddListenerCertificates', 'CreateRule', 'DeleteListener', 'ModifyListener', 'ModifyListenerAttributes',
      'RemoveListenerCertificates'), LISTENERS),
    allow('LbcRules', actionsOf('elasticloadbalancing', 'DeleteRule', 'ModifyRule', 'SetRulePriorities'), RULES),
    allow('LbcTagListeners', actionsOf('elasticloadbalancing', 'AddTags', 'RemoveTags'), [...LISTENERS, ...RULES]),
  ];
}

function certificates(): StatementData[] {
  return [
    allowWithoutResource('LbcListCertificates', ['acm:ListCertificates', 'iam:ListServerCertificates']),
    allow('LbcCertificates', ['acm:DescribeCertificate'], regional('acm', 'certificate/*')),
    allow('LbcServerCertificates', ['iam:GetServerCertificate'], global('iam', 'server-certificate/*')),
  ];
}

function webAcls(): StatementData[] {
  const [applications] = BALANCERS;
  return [
    allowWithoutResource('LbcSetWebAcl', ['elasticloadbalancing:SetWebAcl']),
    allow('LbcWebAcls', actionsOf('wafv2', 'AssociateWebACL', 'DisassociateWebACL', 'GetWebACL', 'GetWebACLForResource'),
      [...regional('wafv2', 'regional/webacl/*/*'), applications]),
    allow('LbcClassicWebAcls', actionsOf('waf-regional', 'AssociateWebACL', 'DisassociateWebACL', 'GetWebACL', 'GetWebACLForResource'),
      [...regional('waf-regional', 'webacl/*'), applications]),
  ];
}

function protections(): StatementData[] {
  return [
    allowWithoutResource('LbcShield', ['shield:CreateProtection', 'shield:GetSubscriptionState']),
    allow('LbcProtections', ['shield:DeleteProtection', 'shield:DescribeProtection'], global('shield', 'protection/*')),
  ];
}
