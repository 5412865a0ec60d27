import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { CfnAddon, CfnCluster, CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AddonConflicts, EksAddon, type EksAddonOptions, type IrsaRole, PodIdentityAssociation } from '../../../src';
import { check } from '../../../src/check/check';
import { evaluatePodIdentity } from '../../../src/check/pod-identity';
import type { TemplateInput } from '../../../src/check/template/template-input';
import { evaluateWebIdentity } from '../../../src/check/web-identity';
import { ACCOUNT, deployedTrust, type JsonObject, literalProvider, OTHER_ACCOUNT, resourcesOf, stackIn } from '../helpers';

const ON_PRODUCTION = { clusterName: 'production' };
const WITH_PODS = { ...ON_PRODUCTION, podIdentity: true };
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/addon`;
const CLUSTER_ARN = `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/production`;
const BUCKET = 'arn:aws:s3:::data';

type Make = (stack: Stack, options: EksAddonOptions) => EksAddon;

/** Each add-on with the service accounts that EKS's documentation has it run as, the first of which calls AWS in any case. */
const ADDONS: ReadonlyArray<[addonName: string, make: Make, namespace: string, ...names: string[]]> = [
  ['aws-ebs-csi-driver', (stack, options) => EksAddon.ebsCsi(stack, 'Addon', options), 'kube-system', 'ebs-csi-controller-sa'],
  ['aws-efs-csi-driver', (stack, options) => EksAddon.efsCsi(stack, 'Addon', options), 'kube-system', 'efs-csi-controller-sa', 'efs-csi-node-sa'],
  ['aws-mountpoint-s3-csi-driver', (stack, options) => EksAddon.mountpointS3(stack, 'Addon', { ...options, buckets: [Bucket.fromBucketArn(stack, 'Bucket', BUCKET)] }),
    'kube-system', 's3-csi-driver-sa'],
  ['vpc-cni', (stack, options) => EksAddon.vpcCni(stack, 'Addon', options), 'kube-system', 'aws-node'],
  ['amazon-cloudwatch-observability', (stack, options) => EksAddon.cloudWatchObservability(stack, 'Addon', options), 'amazon-cloudwatch', 'cloudwatch-agent'],
];

function addonOf(stack: Stack): JsonObject {
  return resourcesOf(stack, 'AWS::EKS::Addon')[0].Properties;
}

function trustOf(stack: Stack): unknown {
  return deployedTrust(resourcesOf(stack, 'AWS::IAM::Role')[0].Properties.AssumeRolePolicyDocument, { 'Ref:AWS::Partition': 'aws' });
}

describe.each(ADDONS)('%s', (addonName, make, namespace, ...names) => {
  test('with a provider has its role as the role of the add-on, for its own service accounts', () => {
    const stack = stackIn();
    const provider = literalProvider(stack);
    const addon = make(stack, { ...ON_PRODUCTION, provider });

    expect(addon.addonName).toBe(addonName);
    expect(addonOf(stack)).toEqual({
      AddonName: addonName, ClusterName: 'production', ServiceAccountRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^AddonRole/), 'Arn'] },
    });
    const ask = (name: string) => evaluateWebIdentity({
      roleArn: ROLE_ARN,
      trustPolicy: trustOf(stack),
      claims: { iss: provider.issuer.url, sub: `system:serviceaccount:${namespace}:${name}`, aud: ['sts.amazonaws.com'] },
    }).verdict;
    expect([...names, 'default'].map(ask)).toEqual([...names.map(() => 'allowed'), 'denied']);
  });

  test('with Pod Identity has an association of the add-on', () => {
    const stack = stackIn();
    make(stack, WITH_PODS);

    const association = { ServiceAccount: names[0], RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^AddonRole/), 'Arn'] } };
    expect(addonOf(stack)).toEqual({ AddonName: addonName, ClusterName: 'production', PodIdentityAssociations: [association] });
    const ask = (serviceAccount: string) => evaluatePodIdentity({
      roleArn: ROLE_ARN, trustPolicy: trustOf(stack), clusterArn: CLUSTER_ARN, namespace, serviceAccount,
    }).verdict;
    expect([names[0], 'default'].map(ask)).toEqual(['allowed', 'denied']);
  });

  test('is understood by check', () => {
    const stack = stackIn();
    make(stack, WITH_PODS);

    const source = { file: 'Stack.template.json', document: 0 };
    const template = { source, value: Template.fromStack(stack).toJSON(), stackName: 'Stack', account: ACCOUNT, region: 'eu-west-1' } as unknown as TemplateInput;
    expect(check({ templates: [template], manifests: [] })).toMatchObject({ findings: [], notChecked: [] });
  });

  test('waits for its role, which may do something', () => {
    const stack = stackIn();
    make(stack, WITH_PODS);

    const [{ Properties: { Policies } }] = resourcesOf(stack, 'AWS::IAM::Role');
    const Statement: unknown = expect.arrayContaining([expect.objectContaining({ Effect: 'Allow' })]);
    expect(Policies).toEqual([{ PolicyName: addonName, PolicyDocument: { Version: '2012-10-17', Statement } }]);
    expect(resourcesOf(stack, 'AWS::EKS::Addon')[0].DependsOn).toEqual([expect.stringMatching(/^AddonRole/)]);
  });
});

test('with both, an association and the role of the add-on', () => {
  const stack = stackIn();
  EksAddon.ebsCsi(stack, 'Addon', { ...WITH_PODS, provider: literalProvider(stack) });

  expect(addonOf(stack)).toMatchObject({ ServiceAccountRoleArn: expect.anything(), PodIdentityAssociations: [{ ServiceAccount: 'ebs-csi-controller-sa' }] });
});

test('settings get to EKS as it takes them', () => {
  const stack = stackIn();
  EksAddon.ebsCsi(stack, 'Addon', {
    ...WITH_PODS,
    addonVersion: 'v1.50.1-eksbuild.1',
    configurationValues: { controller: { replicaCount: 1 } },
    resolveConflicts: AddonConflicts.OVERWRITE,
    preserveOnDelete: true,
  });

  expect(addonOf(stack)).toMatchObject({
    AddonVersion: 'v1.50.1-eksbuild.1', ConfigurationValues: '{"controller":{"replicaCount":1}}', ResolveConflicts: 'OVERWRITE', PreserveOnDelete: true,
  });
});

describe('permissions are for', () => {
  test.each<[string, Make, RegExp]>([
    ['the keys of volumes', (stack, options) => EksAddon.ebsCsi(stack, 'Addon', {
      ...options, keys: [Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/volumes`)],
    }), /:key\/volumes/],
    ['volumes of any driver', (stack, options) => EksAddon.ebsCsi(stack, 'Addon', options), /^(?!.*cluster-name":"production").*"ec2:ResourceTag\/ebs.csi.aws.com\/cluster":"true"/],
    ['volumes of the cluster', (stack, options) => EksAddon.ebsCsi(stack, 'Addon', { ...options, clusterScoped: true }), /"ec2:ResourceTag\/ebs.csi.aws.com\/cluster-name":"production"/],
    ['reading', (stack, options) => EksAddon.mountpointS3(stack, 'Addon', { ...options, readOnly: true, buckets: [Bucket.fromBucketArn(stack, 'Bucket', BUCKET)] }),
      /^(?!.*s3:(Put|Delete)).*s3:GetObject/],
    ['a file system', (stack, options) => EksAddon.efsCsi(stack, 'Addon', {
      ...options, fileSystems: [FileSystem.fromFileSystemAttributes(stack, 'Files', { fileSystemId: 'fs-1', securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1') })],
    }), /file-system\/fs-1/],
    ['the VPC', (stack, options) => EksAddon.vpcCni(stack, 'Addon', { ...options, vpcId: 'vpc-12345678' }), /vpc\/vpc-12345678/],
    ['IPv6', (stack, options) => EksAddon.vpcCni(stack, 'Addon', { ...options, ipv6: true }), /ec2:AssignIpv6Addresses/],
    ['the logs of the cluster', (stack, options) => EksAddon.cloudWatchObservability(stack, 'Addon', options), /\/aws\/containerinsights\/production\//],
  ])('%s', (_, make, expected) => {
    const stack = stackIn();
    make(stack, WITH_PODS);

    expect(JSON.stringify(resourcesOf(stack, 'AWS::IAM::Role')[0].Properties.Policies)).toMatch(expected);
  });
});

test('EFS with IAM mounts: the pods on the nodes have the role too', () => {
  const stack = stackIn();
  EksAddon.efsCsi(stack, 'Addon', { ...WITH_PODS, mountWithIam: true });

  expect(addonOf(stack)).toMatchObject({ PodIdentityAssociations: [{ ServiceAccount: 'efs-csi-controller-sa' }, { ServiceAccount: 'efs-csi-node-sa' }] });
  expect(JSON.stringify(resourcesOf(stack, 'AWS::IAM::Role'))).toContain('elasticfilesystem:ClientMount');
});

test('a cluster of the same stack, in any account and region', () => {
  const stack = new Stack(new App(), 'Stack');
  const cluster = new CfnCluster(stack, 'Cluster', { roleArn: `arn:aws:iam::${ACCOUNT}:role/cluster`, resourcesVpcConfig: { subnetIds: [] } });
  EksAddon.cloudWatchObservability(stack, 'Addon', { clusterName: cluster.ref, podIdentity: true });

  Template.fromStack(stack).hasResourceProperties('AWS::EKS::Addon', { ClusterName: { Ref: 'Cluster' }, PodIdentityAssociations: Match.anyValue() });
});

test('the same add-on in another cluster, and another service account in the same', () => {
  const app = new App();
  const stack = stackIn(app);
  EksAddon.ebsCsi(stack, 'Blue', { clusterName: 'blue', podIdentity: true });
  EksAddon.ebsCsi(stack, 'Green', { clusterName: 'green', podIdentity: true });
  EksAddon.efsCsi(stack, 'Efs', { clusterName: 'blue', podIdentity: true });

  expect(() => app.synth()).not.toThrow();
});

describe('fails at synth when', () => {
  const driver = { clusterName: 'production', namespace: 'kube-system', serviceAccount: 'ebs-csi-controller-sa', roleArn: ROLE_ARN };

  test.each<[string, (stack: Stack, role: IrsaRole) => unknown, string]>([
    ['there is an association beside it', (stack, role) => new PodIdentityAssociation(stack, 'Beside', { clusterName: 'production', role }),
      'kube-system/ebs-csi-controller-sa has two associations in the cluster production, this and Stack/Addon/Resource, and EKS takes one'],
    ['somebody else makes it', stack => new CfnPodIdentityAssociation(stack, 'Beside', driver), 'in the cluster production, this and Stack/Beside, and EKS takes one; leave one of them out'],
    ['the cluster has it already', stack => EksAddon.ebsCsi(stack, 'Again', WITH_PODS), 'the add-on aws-ebs-csi-driver is twice in the cluster production, this and Stack/Again/Resource, and EKS takes one'],
    ['somebody else has it there', stack => new CfnAddon(stack, 'Again', { clusterName: 'production', addonName: 'aws-ebs-csi-driver' }), 'this and Stack/Again, and EKS takes one'],
  ])('%s', (_, make, message) => {
    const app = new App();
    const stack = stackIn(app);
    const { role } = EksAddon.ebsCsi(stack, 'Addon', WITH_PODS);
    make(stack, role);

    expect(() => app.synth()).toThrow(message);
  });
});

describe('fails when', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['it would have the role of the nodes', stack => EksAddon.ebsCsi(stack, 'Addon', ON_PRODUCTION), 'so that the add-on would take the role of its nodes'],
    ['the cluster has no name', stack => EksAddon.ebsCsi(stack, 'Addon', { clusterName: CLUSTER_ARN, podIdentity: true }), 'which is not the name of a cluster'],
    ['the provider is in another account', stack => EksAddon.ebsCsi(stack, 'Addon', { ...ON_PRODUCTION, provider: literalProvider(stack, 1, OTHER_ACCOUNT) }),
      'make a ClusterOidcProvider for the same issuer in the account of the role'],
    ['there is no bucket to mount', stack => EksAddon.mountpointS3(stack, 'Addon', { ...WITH_PODS, buckets: [] }), 'is given no bucket to mount'],
    ['root access comes without IAM mounts', stack => EksAddon.efsCsi(stack, 'Addon', { ...WITH_PODS, rootAccess: true, mountWithIam: false }), 'mountWithIam is off'],
    ['an IPv6 cluster gets a VPC', stack => EksAddon.vpcCni(stack, 'Addon', { ...WITH_PODS, ipv6: true, vpcId: 'vpc-12345678' }), 'leave vpcId out'],
  ])('%s', (_, make, message) => {
    expect(() => make(stackIn())).toThrow(message);
  });
});
