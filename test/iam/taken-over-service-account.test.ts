import { App, aws_eks as eks, aws_eks_v2 as eks2, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IGrantable, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ENV } from './helpers';
import { ClusterOidcProvider, IrsaServiceAccount, Manifests, type ServiceAccountSubject, TakenOverServiceAccount } from '../../src';

// what this is about is deprecated in aws-eks-v2, and says so with a stack trace each time
process.env.JSII_DEPRECATED = 'quiet';

const NAMES = { name: 's3-reader', namespace: 'apps' };

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

type Kind = 'aws-eks' | 'aws-eks-v2';
type Names = Partial<typeof NAMES>;

/** An app with a cluster and a service account of it, in the way of CDK or in ours. */
function resources(kind: Kind, way: 'before' | 'after', names: Names = NAMES): { all: Record<string, Resource>; subject?: ServiceAccountSubject } {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const kubectlLayer = LayerVersion.fromLayerVersionArn(stack, 'Kubectl', 'arn:aws:lambda:eu-west-1:111111111111:layer:kubectl:1');
  const cluster = kind === 'aws-eks'
    ? new eks.Cluster(stack, 'Cluster', { version: eks.KubernetesVersion.V1_33, kubectlLayer, defaultCapacity: 0 })
    : new eks2.Cluster(stack, 'Cluster', { version: eks2.KubernetesVersion.V1_33, kubectlProviderOptions: { kubectlLayer } });
  const bucket = new Bucket(stack, 'Bucket');
  const grant = (grantee: IGrantable) => bucket.grantRead(grantee);
  if (way === 'before') {
    const account = cluster.addServiceAccount('Reader', names);
    grant(account);
    account.role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('job-function/ViewOnlyAccess'));
    account.addToPrincipalPolicy(listsQueues());
    return { all: resourcesOf(stack) };
  }
  const provider = cluster instanceof eks.Cluster
    ? ClusterOidcProvider.fromOpenIdConnectProvider(cluster.openIdConnectProvider)
    : ClusterOidcProvider.fromOpenIdConnectProvider(cluster.openIdConnectProvider);
  const account = new TakenOverServiceAccount(cluster, 'Reader', { provider, ...names });
  grant(account);
  account.role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('job-function/ViewOnlyAccess'));
  expect(account.addToPrincipalPolicy(listsQueues()).statementAdded).toBe(true);
  return { all: resourcesOf(stack), subject: account.subject };
}

function listsQueues(): PolicyStatement {
  return new PolicyStatement({ actions: ['sqs:ListQueues'], resources: ['*'] });
}

function resourcesOf(stack: Stack): Record<string, Resource> {
  return (Template.fromStack(stack).toJSON() as { Resources: Record<string, Resource> }).Resources;
}

describe.each<Kind>(['aws-eks', 'aws-eks-v2'])('instead of a ServiceAccount of %s', kind => {
  const before = resources(kind, 'before').all;
  const { all: after, subject } = resources(kind, 'after');
  const idOf = (all: Record<string, Resource>, type: string) => Object.keys(all).find(id => all[id].Type === type && /^ClusterReader/.test(id))!;

  test('the role is the same for CloudFormation, and only its trust policy changes', () => {
    const id = idOf(before, 'AWS::IAM::Role');
    const { AssumeRolePolicyDocument: old, ...kept } = before[id].Properties;
    const { AssumeRolePolicyDocument: trust, ...same } = after[id].Properties;

    expect(after[id].Type).toBe('AWS::IAM::Role');
    expect(same).toEqual(kept);
    // a change to one of these would replace it
    expect([before, after].flatMap(all => ['RoleName', 'Path'].filter(name => name in all[id].Properties))).toEqual([]);
    expect(trust).not.toEqual(old);
    expect(JSON.stringify(trust)).toContain('system:serviceaccount:apps:s3-reader');
    expect(subject?.toString()).toBe('apps/s3-reader');
  });

  test('its policies stay, whoever attached them', () => {
    const id = idOf(before, 'AWS::IAM::Policy');

    expect(before[id].Properties.PolicyDocument).toMatchObject({ Statement: [{ Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'] }, { Action: 'sqs:ListQueues' }] });
    expect(after[id]).toEqual(before[id]);
  });

  test('its custom resources go, and nothing comes', () => {
    const gone = Object.keys(before).filter(id => !(id in after)).map(id => before[id].Type);

    expect(gone).toEqual(expect.arrayContaining(['Custom::AWSCDKCfnJson', 'Custom::AWSCDK-EKS-KubernetesResource']));
    expect(Object.keys(after).filter(id => !(id in before))).toEqual([]);
  });

  test('the service account that had no name keeps the one that CDK has made', () => {
    const manifest = Object.values(resources(kind, 'before', {}).all).find(({ Type, Properties }) => Type === 'Custom::AWSCDK-EKS-KubernetesResource'
      && JSON.stringify(Properties.Manifest).includes('ServiceAccount'))!;

    const { subject: unnamed } = resources(kind, 'after', {});
    expect(unnamed?.namespace).toBe('default');
    expect(JSON.stringify(manifest.Properties.Manifest)).toContain(`\\\\\\"name\\\\\\":\\\\\\"${unnamed?.name}\\\\\\"`.replaceAll('\\\\\\', '\\'));
  });
});

test('its manifest gets the ARN after deployment', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: ENV });
  const provider = ClusterOidcProvider.fromOidcProviderArn(stack, 'Provider', 'arn:aws:iam::111111111111:oidc-provider/oidc.example.com');
  const { role } = new TakenOverServiceAccount(stack, 'Reader', { provider, ...NAMES });
  const serviceAccount = new IrsaServiceAccount(new Manifests(stack, 'Manifests').addChart('apps'), 'ServiceAccount', { role });

  expect([serviceAccount.metadata.namespace, serviceAccount.name]).toEqual(['apps', 's3-reader']);
  expect(() => app.synth()).not.toThrow();
});

test('fails when the name is none', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const provider = ClusterOidcProvider.fromOidcProviderArn(stack, 'Provider', 'arn:aws:iam::111111111111:oidc-provider/oidc.example.com');

  expect(() => new TakenOverServiceAccount(stack, 'Reader', { provider, name: 'S3_Reader' })).toThrow("'S3_Reader' is not a service account name");
});
