import { App, type CfnResource, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as eksv2 from 'aws-cdk-lib/aws-eks-v2';
import { OidcProviderNative } from 'aws-cdk-lib/aws-iam';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ACCOUNT, deployedTrust, ENV, HOST_PATH, ISSUER_URL, type Json, OTHER_ACCOUNT, PROVIDER_ARN, READER, stackIn, type TrustPolicy,
} from './helpers';
import { ClusterOidcProvider, type IClusterOidcProvider, IrsaRole, OidcIssuer, ServiceAccountSubject } from '../../src';

/** What a literal issuer gives. */
const TRUST: TrustPolicy = {
  Version: '2012-10-17',
  Statement: [{
    Action: 'sts:AssumeRoleWithWebIdentity',
    Effect: 'Allow',
    Principal: { Federated: PROVIDER_ARN },
    Condition: {
      StringEquals: {
        [`${HOST_PATH}:aud`]: 'sts.amazonaws.com',
        [`${HOST_PATH}:sub`]: ['system:serviceaccount:default:reader', 'system:serviceaccount:default:writer'],
      },
    },
  }, {
    Action: 'sts:AssumeRoleWithWebIdentity',
    Effect: 'Allow',
    Principal: { Federated: PROVIDER_ARN },
    Condition: { StringEquals: { [`${HOST_PATH}:aud`]: 'sts.amazonaws.com' }, StringLike: { [`${HOST_PATH}:sub`]: 'system:serviceaccount:jobs:*' } },
  }],
};

function l1Cluster(stack: Stack): eks.CfnCluster {
  return new eks.CfnCluster(stack, 'Cluster', { roleArn: `arn:aws:iam::${ACCOUNT}:role/cluster`, resourcesVpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] } });
}

function v1Cluster(stack: Stack): eks.Cluster {
  const kubectlLayer = LayerVersion.fromLayerVersionArn(stack, 'Kubectl', `arn:aws:lambda:eu-west-1:${ACCOUNT}:layer:kubectl:1`);
  return new eks.Cluster(stack, 'Cluster', { version: eks.KubernetesVersion.V1_34, kubectlLayer, defaultCapacity: 0 });
}

function v2Cluster(stack: Stack): eksv2.Cluster {
  return new eksv2.Cluster(stack, 'Cluster', { version: eksv2.KubernetesVersion.V1_34, defaultCapacityType: eksv2.DefaultCapacityType.NODEGROUP, defaultCapacity: 0 });
}

/** Where the URL of a cluster of the same app comes from. */
const CLUSTERS: [string, (stack: Stack) => string][] = [
  ['an L1 cluster', stack => l1Cluster(stack).attrOpenIdConnectIssuerUrl],
  ['a cluster of aws-eks', stack => v1Cluster(stack).clusterOpenIdConnectIssuerUrl],
  ['a cluster of aws-eks-v2', stack => v2Cluster(stack).clusterOpenIdConnectIssuerUrl],
];

function providerOf(stack: Stack, url: string): IClusterOidcProvider {
  return new ClusterOidcProvider(stack, 'Provider', { issuer: OidcIssuer.fromUrl(url) });
}

function roleIn(stack: Stack, providers: IClusterOidcProvider[]): IrsaRole {
  const serviceAccounts = [READER, ServiceAccountSubject.anyInNamespace('jobs'), ServiceAccountSubject.of('default', 'writer')];
  return new IrsaRole(stack, 'ReaderRole', { providers, serviceAccounts });
}

/** The trust policy of the reader's role, as it stands in the template. */
function renderedTrustOf(role: IrsaRole): Json {
  const stack = Stack.of(role);
  const resources = Template.fromStack(stack).toJSON().Resources as Record<string, { Properties: Record<string, Json> }>;
  return resources[stack.getLogicalId(role.node.defaultChild as CfnResource)].Properties.AssumeRolePolicyDocument;
}

/** The trust policy as IAM gets it: URLs and ARNs are told apart by their logical names. */
function deployedTrustOf(role: IrsaRole): TrustPolicy {
  return deployedTrust(renderedTrustOf(role), name => {
    switch (true) {
      case name === 'Ref:AWS::Partition': return 'aws';
      case name.includes('OpenIdConnectIssuerUrl'): return ISSUER_URL;
      case name.includes('Provider'): return PROVIDER_ARN;
      default: return undefined;
    }
  });
}

/** The values that a stack exports, by export name. */
function exportsOf(stack: Stack): Record<string, unknown> {
  const outputs = (Template.fromStack(stack).toJSON().Outputs ?? {}) as Record<string, { Export?: { Name: string }; Value: unknown }>;
  return Object.fromEntries(Object.values(outputs).flatMap(({ Export, Value }) => Export ? [[Export.Name, Value]] : []));
}

function importsIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
}

describe.each(CLUSTERS)('the issuer of %s', (_, urlOf) => {
  test('in the same stack: provider and role are all that is added', () => {
    const bare = stackIn();
    urlOf(bare);
    const stack = stackIn();
    const role = roleIn(stack, [providerOf(stack, urlOf(stack))]);
    new Bucket(stack, 'Bucket').grantRead(role);

    expect(deployedTrustOf(role)).toEqual(TRUST);
    const types = (of: Stack) => Object.values(Template.fromStack(of).toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect(types(stack).sort()).toEqual([...types(bare), 'AWS::IAM::OIDCProvider', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::S3::Bucket'].sort());
  });

  test.each<['cluster' | 'role']>([['cluster'], ['role']])('in a sibling stack, with the provider beside the %s: exported, imported and deployed in order', beside => {
    const app = new App();
    const owner = stackIn(app, 'Owner');
    const consumer = stackIn(app, 'Consumer');
    const role = roleIn(consumer, [providerOf(beside === 'cluster' ? owner : consumer, urlOf(owner))]);

    expect(deployedTrustOf(role)).toEqual(TRUST);
    const imports = importsIn(renderedTrustOf(role));
    expect(imports.length).toBeGreaterThan(0);
    expect(Object.keys(exportsOf(owner))).toEqual(expect.arrayContaining(imports));
    expect(Object.values(exportsOf(owner))).toContainEqual({ 'Fn::GetAtt': [expect.any(String), 'OpenIdConnectIssuerUrl'] });
    expect(consumer.dependencies).toEqual([owner]);
  });

  test('in the parent of a nested stack: passed down as a parameter', () => {
    const parent = stackIn();
    const nested = new NestedStack(parent, 'Nested');
    const role = roleIn(nested, [providerOf(parent, urlOf(parent))]);

    expect(deployedTrustOf(role)).toEqual(TRUST);
    const parameters = Object.keys(Template.fromStack(nested).toJSON().Parameters as object);
    const passed = Object.values(Template.fromStack(parent).findResources('AWS::CloudFormation::Stack'))
      .flatMap(resource => Object.entries(((resource as { Properties: { Parameters?: Record<string, unknown> } }).Properties.Parameters ?? {})))
      .filter(([name]) => parameters.includes(name)).map(([, value]) => value);
    expect(passed).toHaveLength(parameters.length);
    expect(passed).toContainEqual({ 'Fn::GetAtt': [expect.any(String), 'OpenIdConnectIssuerUrl'] });
  });

  test('in a nested stack of the parent: passed up as an output', () => {
    const parent = stackIn();
    const nested = new NestedStack(parent, 'Nested');
    const role = roleIn(parent, [providerOf(nested, urlOf(nested))]);

    expect(deployedTrustOf(role)).toEqual(TRUST);
    const outputs = Object.values(Template.fromStack(nested).toJSON().Outputs as Record<string, { Value: unknown }>).map(({ Value }) => Value);
    expect(outputs).toContainEqual({ 'Fn::GetAtt': [expect.any(String), 'OpenIdConnectIssuerUrl'] });
    expect(JSON.stringify(renderedTrustOf(role))).toContain('Outputs.');
  });

  test('inside a Stage: exported and imported there', () => {
    const app = new App();
    const stage = new Stage(app, 'Prod', { env: ENV });
    const owner = new Stack(stage, 'Owner');
    const consumer = new Stack(stage, 'Consumer');
    const role = roleIn(consumer, [providerOf(consumer, urlOf(owner))]);
    app.synth();

    expect(deployedTrustOf(role)).toEqual(TRUST);
    expect(Object.keys(exportsOf(owner))).toEqual(expect.arrayContaining(importsIn(renderedTrustOf(role))));
    expect(consumer.dependencies).toEqual([owner]);
  });
});

describe('nested stacks of one parent', () => {
  test('one has the cluster, the other the role', () => {
    const parent = stackIn();
    const owner = new NestedStack(parent, 'Owner');
    const consumer = new NestedStack(parent, 'Consumer');
    const role = roleIn(consumer, [providerOf(consumer, l1Cluster(owner).attrOpenIdConnectIssuerUrl)]);

    expect(deployedTrustOf(role)).toEqual(TRUST);
  });

  test('an agnostic parent serves as well', () => {
    const parent = new Stack(new App(), 'Stack');
    const nested = new NestedStack(parent, 'Nested');
    const role = roleIn(nested, [providerOf(parent, l1Cluster(parent).attrOpenIdConnectIssuerUrl)]);

    expect(deployedTrustOf(role)).toEqual(TRUST);
  });
});

test('in agnostic sibling stacks: exported and imported', () => {
  const app = new App();
  const owner = new Stack(app, 'Owner');
  const role = roleIn(new Stack(app, 'Consumer'), [providerOf(owner, l1Cluster(owner).attrOpenIdConnectIssuerUrl)]);

  expect(deployedTrustOf(role)).toEqual(TRUST);
  expect(Object.keys(exportsOf(owner))).toEqual(expect.arrayContaining(importsIn(renderedTrustOf(role))));
});

describe("providers of CDK's own clusters", () => {
  const NATIVE = { '@aws-cdk/aws-eks:useNativeOidcProvider': true };

  test.each<[string, Record<string, unknown>, (stack: Stack) => IClusterOidcProvider]>([
    ['aws-eks, a custom resource', {}, stack => ClusterOidcProvider.fromOpenIdConnectProvider(v1Cluster(stack).openIdConnectProvider)],
    ['aws-eks, native', NATIVE, stack => ClusterOidcProvider.fromOpenIdConnectProvider(v1Cluster(stack).openIdConnectProvider)],
    ['aws-eks-v2, native', NATIVE, stack => ClusterOidcProvider.fromOpenIdConnectProvider(v2Cluster(stack).openIdConnectProvider)],
    ['iam.OidcProviderNative', {}, stack => ClusterOidcProvider.fromOidcProvider(
      new OidcProviderNative(stack, 'NativeProvider', { url: l1Cluster(stack).attrOpenIdConnectIssuerUrl, clientIds: ['sts.amazonaws.com'] }))],
  ])('%s: in the same stack, in a sibling and in a nested one', (_, context, providerIn) => {
    const app = new App({ context });
    const owner = stackIn(app, 'Owner');
    const provider = providerIn(owner);
    const roles = [owner, stackIn(app, 'Consumer'), new NestedStack(owner, 'Nested')].map(stack => roleIn(stack, [provider]));

    expect(roles.map(deployedTrustOf)).toEqual([TRUST, TRUST, TRUST]);
  });

  test('two roles share one', () => {
    const stack = stackIn(new App({ context: NATIVE }));
    const cluster = v2Cluster(stack);
    const providers = [0, 1].map(() => ClusterOidcProvider.fromOpenIdConnectProvider(cluster.openIdConnectProvider));
    providers.forEach((provider, n) => new IrsaRole(stack, `Role${n}`, { providers: [provider], serviceAccounts: [READER] }));

    expect(providers[0] === providers[1]).toBe(true);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::OIDCProvider', 1);
  });

  test("fails when one of ours is made beside the cluster's own", () => {
    const stack = stackIn(new App({ context: NATIVE }));
    const cluster = v2Cluster(stack);
    ClusterOidcProvider.fromOpenIdConnectProvider(cluster.openIdConnectProvider);
    providerOf(stack, cluster.clusterOpenIdConnectIssuerUrl);

    expect(() => Template.fromStack(stack)).toThrow(/is made twice .*and at Stack\/Cluster\/OidcProviderNative/);
  });
});

describe('a Lazy that turns out literal', () => {
  test('gives a readable object', () => {
    const stack = stackIn();
    const role = roleIn(stack, [providerOf(stack, Lazy.string({ produce: () => ISSUER_URL }))]);

    expect(renderedTrustOf(role)).toHaveProperty('Statement');
    expect(deployedTrustOf(role)).toEqual(TRUST);
  });

  test('is checked like any literal', () => {
    const stack = stackIn();
    roleIn(stack, [providerOf(stack, Lazy.string({ produce: () => `${ISSUER_URL}/` }))]);

    expect(() => Template.fromStack(stack)).toThrow('ends with a slash, and the issuer in a token does not; remove the slash');
  });
});

describe('fails when a deploy-time issuer is used in', () => {
  const consumers: [string, (app: App) => Stack][] = [
    ['another account', app => new Stack(app, 'Consumer', { env: { ...ENV, account: OTHER_ACCOUNT } })],
    ['another region', app => new Stack(app, 'Consumer', { env: { ...ENV, region: 'us-east-1' } })],
    ['another Stage', app => new Stack(new Stage(app, 'Stage', { env: ENV }), 'Consumer')],
  ];
  const OURS = /uses an issuer that is known only when Owner .*a deploy-time value stays in its account, region and Stage; use OidcIssuer\.fromLookup or the literal URL/;

  test.each(consumers)('%s, by a provider there', (_, consumer) => {
    const app = new App();
    const url = l1Cluster(stackIn(app, 'Owner')).attrOpenIdConnectIssuerUrl;

    expect(() => providerOf(consumer(app), url)).toThrow(OURS);
  });

  test.each(consumers)('%s, by an import there', (_, consumer) => {
    const app = new App();
    const issuer = OidcIssuer.fromUrl(l1Cluster(stackIn(app, 'Owner')).attrOpenIdConnectIssuerUrl);

    expect(() => ClusterOidcProvider.fromIssuer(consumer(app), 'Provider', { issuer })).toThrow(OURS);
  });

  test.each(consumers.slice(1))('%s, by a role with a provider of the owner', (_, consumer) => {
    const app = new App();
    const owner = stackIn(app, 'Owner');
    const provider = providerOf(owner, l1Cluster(owner).attrOpenIdConnectIssuerUrl);

    expect(() => roleIn(consumer(app), [provider])).toThrow(OURS);
  });

  test('another account, by a role with a provider of the owner: the provider would have to be there too', () => {
    const app = new App();
    const owner = stackIn(app, 'Owner');
    const provider = providerOf(owner, l1Cluster(owner).attrOpenIdConnectIssuerUrl);

    expect(() => roleIn(consumers[0][1](app), [provider])).toThrow('Consumer/ReaderRole is in account 222222222222 and its provider Owner/Provider in account 111111111111');
  });

  test.each(consumers.slice(1))("%s, by a role with the cluster's own provider", (_, consumer) => {
    const app = new App();
    const provider = ClusterOidcProvider.fromOpenIdConnectProvider(v1Cluster(stackIn(app, 'Owner')).openIdConnectProvider);

    expect(() => roleIn(consumer(app), [provider])).toThrow(OURS);
  });
});
