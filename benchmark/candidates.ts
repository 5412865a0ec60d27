/** The ways to give service accounts their roles, each with one grant, as somebody would write them. Runs as plain JavaScript. */
import type { Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks';
import { CfnPolicy, CfnRole, FederatedPrincipal, OidcProviderNative, OpenIdConnectProvider, Role } from 'aws-cdk-lib/aws-iam';
import { type ILayerVersion, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from '../src';

/** Adds `count` service accounts with a grant each to a stack. */
export type Candidate = (stack: Stack, count: number) => void;

const HOST = 'oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643';
const NAMESPACE = 'default';
const WEB_IDENTITY = 'sts:AssumeRoleWithWebIdentity';

/** CDK's own: CfnJson for the trust, and the manifest applied by a Lambda. The cluster exists already: more accounts fit beside it. */
function eksServiceAccount(stack: Stack, count: number): void {
  const provider = new OidcProviderNative(stack, 'Provider', { url: `https://${HOST}`, clientIds: ['sts.amazonaws.com'] });
  const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
    clusterName: 'cluster',
    openIdConnectProvider: OpenIdConnectProvider.fromOpenIdConnectProviderArn(stack, 'Imported', provider.oidcProviderArn),
    kubectlRoleArn: 'arn:aws:iam::111122223333:role/kubectl',
    kubectlLayer: kubectlLayer(stack),
  });
  const bucket = new Bucket(stack, 'Bucket');
  forEach(count, name => bucket.grantRead(cluster.addServiceAccount(name, { name, namespace: NAMESPACE })));
}

function plainRole(stack: Stack, count: number): void {
  const provider = new OidcProviderNative(stack, 'Provider', { url: `https://${HOST}`, clientIds: ['sts.amazonaws.com'] });
  const bucket = new Bucket(stack, 'Bucket');
  forEach(count, name => {
    const role = new Role(stack, name, { assumedBy: new FederatedPrincipal(provider.oidcProviderArn, pinned(name), WEB_IDENTITY) });
    bucket.grantRead(role);
  });
}

function cfnRole(stack: Stack, count: number): void {
  const provider = new OidcProviderNative(stack, 'Provider', { url: `https://${HOST}`, clientIds: ['sts.amazonaws.com'] });
  const bucket = new Bucket(stack, 'Bucket');
  forEach(count, name => {
    const role = new CfnRole(stack, name, {
      assumeRolePolicyDocument: document({ Action: WEB_IDENTITY, Condition: pinned(name), Principal: { Federated: provider.oidcProviderArn } }),
    });
    new CfnPolicy(stack, `${name}-policy`, {
      policyName: `${name}-policy`,
      policyDocument: document({ Action: ['s3:GetBucket*', 's3:GetObject*', 's3:List*'], Resource: [bucket.bucketArn, `${bucket.bucketArn}/*`] }),
      roles: [role.ref],
    });
  });
}

function irsaRole(stack: Stack, count: number): void {
  forEach(count, irsaRoles(stack, OidcIssuer.fromUrl(`https://${HOST}`)));
}

/** As with CDK's own, the cluster is made in the same app: its issuer is known only at deployment. */
function irsaRoleOfNewCluster(stack: Stack, count: number): void {
  forEach(count, irsaRoles(stack, OidcIssuer.fromUrl(eksCluster(stack).clusterOpenIdConnectIssuerUrl)));
}

function irsaRoleAndManifest(stack: Stack, count: number): void {
  const roleOf = irsaRoles(stack, OidcIssuer.fromUrl(`https://${HOST}`));
  const chart = new Manifests(stack, 'Manifests').addChart('accounts', { namespace: NAMESPACE });
  forEach(count, name => new IrsaServiceAccount(chart, name, { role: roleOf(name) }));
}

function chartEach(stack: Stack, count: number): void {
  const roleOf = irsaRoles(stack, OidcIssuer.fromUrl(`https://${HOST}`));
  const manifests = new Manifests(stack, 'Manifests');
  forEach(count, name => new IrsaServiceAccount(manifests.addChart(name, { namespace: NAMESPACE }), 'Account', { role: roleOf(name) }));
}

function manifestsEach(stack: Stack, count: number): void {
  const roleOf = irsaRoles(stack, OidcIssuer.fromUrl(`https://${HOST}`));
  forEach(count, name => {
    const chart = new Manifests(stack, `${name}-manifests`).addChart(name, { namespace: NAMESPACE });
    new IrsaServiceAccount(chart, 'Account', { role: roleOf(name) });
  });
}

/** All of them, by the name they have in the report. */
export const CANDIDATES = {
  'aws-eks ServiceAccount': eksServiceAccount,
  'CfnRole + CfnPolicy': cfnRole,
  'iam.Role': plainRole,
  'IrsaRole': irsaRole,
  'IrsaRole, token issuer': irsaRoleOfNewCluster,
  'IrsaRole + manifest': irsaRoleAndManifest,
  'the same, a chart each': chartEach,
  'the same, a Manifests each': manifestsEach,
} satisfies Record<string, Candidate>;

export type CandidateName = keyof typeof CANDIDATES;

function irsaRoles(stack: Stack, issuer: OidcIssuer): (name: string) => IrsaRole {
  const provider = new ClusterOidcProvider(stack, 'Provider', { issuer });
  const bucket = new Bucket(stack, 'Bucket');
  return name => {
    const role = new IrsaRole(stack, name, { providers: [provider], serviceAccounts: [ServiceAccountSubject.of(NAMESPACE, name)] });
    bucket.grantRead(role);
    return role;
  };
}

function eksCluster(stack: Stack): Cluster {
  return new Cluster(stack, 'Cluster', {
    version: KubernetesVersion.V1_33,
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    }),
    vpcSubnets: [{ subnetType: SubnetType.PRIVATE_WITH_EGRESS }],
    kubectlLayer: kubectlLayer(stack),
    defaultCapacity: 0,
  });
}

/** A reference: packing kubectl into an asset is not what is compared. */
function kubectlLayer(stack: Stack): ILayerVersion {
  return LayerVersion.fromLayerVersionArn(stack, 'Kubectl', 'arn:aws:lambda:eu-west-1:111122223333:layer:kubectl:1');
}

function pinned(name: string): Record<string, Record<string, string>> {
  return { StringEquals: { [`${HOST}:aud`]: 'sts.amazonaws.com', [`${HOST}:sub`]: `system:serviceaccount:${NAMESPACE}:${name}` } };
}

function document(statement: Record<string, unknown>): Record<string, unknown> {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] };
}

function forEach(count: number, make: (name: string) => unknown): void {
  for (let index = 0; index < count; index++) {
    make(`account-${String(index).padStart(3, '0')}`);
  }
}
