import { actionsOf, allow, allowWithoutResource, type Conditions, type ControllerData, type PolicySource, regional, shared, type StatementData } from './policy-data';

/** What the VPC CNI plug-in is scoped by. */
export interface VpcCniScope {
  readonly clusterName?: string;
  readonly vpcId?: string;
}

const DOCUMENT: PolicySource = { url: 'https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md', version: '3ecdfeb' };
const DESCRIBE = actionsOf('ec2', 'DescribeInstances', 'DescribeInstanceTypes', 'DescribeNetworkInterfaces', 'DescribeSecurityGroups', 'DescribeSubnets', 'DescribeTags');
const INTERFACES = regional('ec2', 'network-interface/*');

/** The tag of network interfaces that a plug-in has made which was told the name of its cluster. */
const TAG = 'cluster.k8s.amazonaws.com/name';

/**
 * The VPC CNI plug-in with IPv4: network interfaces of one cluster, whose name the plug-in has to be told (`CLUSTER_NAME`), or of any.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md
 */
export function vpcCni({ clusterName, vpcId }: VpcCniScope = {}): ControllerData {
  const ofCluster = (conditions: (name: string) => Conditions) => clusterName === undefined ? undefined : conditions(clusterName);
  const owned = ofCluster(name => ({ StringEquals: { [`aws:ResourceTag/${TAG}`]: name } }));
  return {
    name: 'Amazon VPC CNI plug-in (IPv4)',
    serviceAccounts: [['kube-system', 'aws-node']],
    sources: [DOCUMENT],
    statements: [
      allowWithoutResource('VpcCniDescribe', DESCRIBE),
      allow('VpcCniCreate', ['ec2:CreateNetworkInterface'], INTERFACES, ofCluster(name => ({ StringEquals: { [`aws:RequestTag/${TAG}`]: name } }))),
      createIn(vpcId),
      allow('VpcCniAddresses', actionsOf('ec2', 'AssignPrivateIpAddresses', 'DeleteNetworkInterface', 'UnassignPrivateIpAddresses'), INTERFACES, owned),
      allow('VpcCniInterfaces', ATTACH, INTERFACES, owned),
      allow('VpcCniInstances', ATTACH, regional('ec2', 'instance/*'),
        ofCluster(name => ({ StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${name}`]: 'owned' } }))),
      allow('VpcCniSecurityGroups', ['ec2:ModifyNetworkInterfaceAttribute'], shared('ec2', 'security-group/*')),
      // interfaces without the tag, too: those that instances come with, and those of before the plug-in knew the name
      allow('VpcCniTag', ['ec2:CreateTags'], INTERFACES,
        ofCluster(name => ({ StringEqualsIfExists: { [`aws:ResourceTag/${TAG}`]: name, [`aws:RequestTag/${TAG}`]: name } }))),
    ],
  };
}

/**
 * The VPC CNI plug-in with IPv6: it assigns prefixes to interfaces that are there already, and makes none.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html
 */
export function vpcCniIpv6(): ControllerData {
  return {
    name: 'Amazon VPC CNI plug-in (IPv6)',
    serviceAccounts: [['kube-system', 'aws-node']],
    sources: [DOCUMENT],
    statements: [
      allowWithoutResource('VpcCniIpv6Describe', DESCRIBE),
      allow('VpcCniIpv6Interfaces', ['ec2:AssignIpv6Addresses', 'ec2:CreateTags', 'ec2:ModifyNetworkInterfaceAttribute'], INTERFACES),
      allow('VpcCniIpv6SecurityGroups', ['ec2:ModifyNetworkInterfaceAttribute'], shared('ec2', 'security-group/*')),
    ],
  };
}

const ATTACH = actionsOf('ec2', 'AttachNetworkInterface', 'DetachNetworkInterface', 'ModifyNetworkInterfaceAttribute');

function createIn(vpcId: string | undefined): StatementData {
  const [vpc] = shared('ec2', `vpc/${vpcId ?? ''}`);
  return allow('VpcCniCreateIn', ['ec2:CreateNetworkInterface'], shared('ec2', 'security-group/*', 'subnet/*'),
    vpcId === undefined ? undefined : { ArnEquals: { 'ec2:Vpc': vpc } });
}
