import { type App, CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-eks';
import { ApiObject } from 'cdk8s';
import {
  ACCOUNT, deployedLength, deployedTrust, HOST_PATH, type Json, literalProvider, OTHER_ACCOUNT, PROVIDER_ARN, READER, renderedTrust, stackIn,
  type Statement,
} from './helpers';
import {
  AwsConfigFile, ClusterOidcProvider, IrsaRole, type IrsaRoleProps, IrsaServiceAccount, Manifests, OidcIssuer, PodIdentityAssociation, RoleChain,
  ServiceAccountSubject, WebIdentityInjection,
} from '../../src';
import { evaluatePodIdentity } from '../../src/check/pod-identity';
import { evaluateWebIdentity } from '../../src/check/web-identity';
import { podIdentityStatements } from '../../src/iam/pod-identity-statements';

const CLUSTER = `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/production`;
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/reader`;
const of = ServiceAccountSubject.of;

function roleIn(stack: Stack, props: Partial<IrsaRoleProps> = {}): IrsaRole {
  return new IrsaRole(stack, 'Role', {
    podIdentity: true, podIdentityClusterArns: [CLUSTER], serviceAccounts: [READER], ...props, providers: props.providers ?? [literalProvider(stack)],
  });
}

function trustOf(stack: Stack): { Statement: Statement[] } {
  return deployedTrust(renderedTrust(stack), { 'Ref:AWS::Partition': 'aws' });
}

/** The service accounts of those that a role of ours lets in by EKS Pod Identity. */
function allowed(stack: Stack, names: readonly string[], clusterArn = CLUSTER): string[] {
  const trustPolicy = trustOf(stack);
  return names.filter(each => {
    const [namespace, serviceAccount] = each.split('/');
    return evaluatePodIdentity({ roleArn: ROLE_ARN, trustPolicy, clusterArn, namespace, serviceAccount }).verdict === 'allowed';
  });
}

test('both ways are open for the same service account', () => {
  const stack = stackIn();
  const provider = ClusterOidcProvider.fromOidcProviderArn(stack, 'Provider', PROVIDER_ARN);
  roleIn(stack, { providers: [provider] });

  const trustPolicy = trustOf(stack);
  const byToken = (sub: string) => evaluateWebIdentity({ roleArn: ROLE_ARN, trustPolicy, claims: { iss: `https://${HOST_PATH}`, sub, aud: ['sts.amazonaws.com'] } }).verdict;
  expect([byToken('system:serviceaccount:default:reader'), byToken('system:serviceaccount:default:writer')]).toEqual(['allowed', 'denied']);
  expect(allowed(stack, ['default/reader', 'default/writer'])).toEqual(['default/reader']);
});

test('a trust policy without podIdentity stays what it was', () => {
  const stack = stackIn();
  roleIn(stack, { podIdentity: undefined, podIdentityClusterArns: undefined });

  expect(JSON.stringify(trustOf(stack))).not.toContain('pods.eks');
});

test.each<[string, ServiceAccountSubject[], string[]]>([
  ['names in two namespaces, and no combination of them', [of('a', 'x'), of('b', 'y')], ['a/x', 'b/y']],
  ['the same names in two namespaces', [of('a', 'x'), of('a', 'y'), of('b', 'y'), of('b', 'x')], ['a/x', 'a/y', 'b/x', 'b/y']],
  ['a pattern beside a name', [of('a', 'x'), ServiceAccountSubject.anyInNamespace('c')], ['a/x', 'c/x', 'c/y']],
  ['a pattern of both', [ServiceAccountSubject.matching('b*', '?')], ['b/x', 'b/y']],
])('lets in %s', (_, serviceAccounts, expected) => {
  const stack = stackIn();
  roleIn(stack, { serviceAccounts });

  expect(allowed(stack, ['a/x', 'a/y', 'b/x', 'b/y', 'c/x', 'c/y', 'd/xx'])).toEqual(expected);
});

test('an issuer and a cluster that are known only at deployment', () => {
  const stack = stackIn();
  const cluster = new CfnCluster(stack, 'Cluster', { roleArn: 'arn:aws:iam::111111111111:role/cluster', resourcesVpcConfig: { subnetIds: [] } });
  const issuer = OidcIssuer.fromUrl(cluster.attrOpenIdConnectIssuerUrl);
  const role = roleIn(stack, { podIdentityClusterArns: [], providers: [new ClusterOidcProvider(stack, 'Provider', { issuer })] });
  new PodIdentityAssociation(stack, 'Association', { clusterName: cluster.ref, role });

  const trust = deployedTrust(renderedTrust(stack), name => ({
    'Cluster.OpenIdConnectIssuerUrl': `https://${HOST_PATH}`, 'Ref:Cluster': 'production', 'Ref:AWS::Partition': 'aws',
  })[name] ?? PROVIDER_ARN);
  expect(trust.Statement).toHaveLength(2);
  expect(trust.Statement).toContainEqual({
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: {
      StringEquals: {
        'aws:SourceAccount': ACCOUNT,
        'aws:RequestTag/eks-cluster-arn': CLUSTER,
        'aws:RequestTag/kubernetes-namespace': 'default',
        'aws:RequestTag/kubernetes-service-account': 'reader',
      },
      ArnEquals: { 'aws:SourceArn': CLUSTER },
    },
  });
});

test('without providers only EKS Pod Identity gets the role', () => {
  const stack = stackIn();
  roleIn(stack, { providers: [] });

  expect(trustOf(stack).Statement.map(({ Principal }) => Principal)).toEqual([{ Service: 'pods.eks.amazonaws.com' }]);
});

describe('the size of the trust policy', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => of(`namespace-${n}`, `name-${n}`));

  test('counts the statements of EKS Pod Identity: the most that fit do, and one more fails', () => {
    const lengths: number[] = [];
    for (let count = 1; count < 20; count++) {
      const stack = stackIn();
      roleIn(stack, { providers: [], serviceAccounts: many(count) });
      try {
        lengths.push(deployedLength(renderedTrust(stack) as Json, { 'Ref:AWS::Partition': 'aws' }));
      } catch (error) {
        expect((error as Error).message).toMatch(/trust policy is \d+ characters long and IAM takes 2048 \(white space not counted\): \d+ of them are for EKS Pod Identity/);
        break;
      }
    }
    const [last, step] = [lengths.at(-1)!, lengths[1] - lengths[0]];
    expect(last).toBeLessThanOrEqual(2048);
    expect(last + step).toBeGreaterThan(2048);
  });

  test('of a cluster that gets its name at deployment is counted with the longest name', () => {
    const stack = stackIn();
    const name = new CfnParameter(stack, 'Cluster').valueAsString;
    const role = roleIn(stack, { podIdentityClusterArns: [], providers: [] });
    new PodIdentityAssociation(stack, 'Association', { clusterName: name, role });

    expect(role._podIdentity!.clusterLength(stack.resolve(name))).toEqual({ min: 1, max: 100 });
    expect(role._podIdentity!.clusterLength({ Ref: 'Other' })).toBeUndefined();
  });
});

describe('fails when', () => {
  test.each<[string, Partial<IrsaRoleProps>, string]>([
    ['a cluster is no ARN', { podIdentityClusterArns: ['production'] }, "has 'production' among its podIdentityClusterArns, which is not the ARN of a cluster"],
    ['a cluster is in another account', { podIdentityClusterArns: [CLUSTER.replace(ACCOUNT, OTHER_ACCOUNT)] }, "EKS Pod Identity gives pods roles of the cluster's account only"],
    ['clusters are given and Pod Identity is off', { podIdentity: false }, 'has podIdentityClusterArns, and EKS Pod Identity may not assume it; set podIdentity: true'],
    ['session tags are given and Pod Identity is off', { podIdentity: undefined, podIdentityClusterArns: undefined, podIdentitySessionTags: true }, 'has podIdentitySessionTags'],
    ['nobody could assume it', { podIdentity: false, podIdentityClusterArns: undefined, providers: [] }, 'has no provider: without one nobody can assume it'],
  ])('%s', (_, props, message) => {
    expect(() => roleIn(stackIn(), props)).toThrow(message);
  });

  test('a service account is annotated with a role that takes no tokens', () => {
    const stack = stackIn();
    const role = roleIn(stack, { providers: [] });

    expect(() => new IrsaServiceAccount(new Manifests(stack, 'Manifests').addChart('chart'), 'ServiceAccount', { role }))
      .toThrow('which EKS Pod Identity alone may assume: STS would refuse the tokens');
  });

  test('a config file has the token in a profile of a role that takes none', () => {
    const stack = stackIn();
    const chain = new RoleChain(stack, 'Chain', { role: roleIn(stack, { providers: [] }) });

    expect(() => AwsConfigFile.fromRoleChain(chain)).toThrow('Stack/Chain begins with Stack/Role, which EKS Pod Identity alone may assume');
  });

  test('a pod gets tokens for a role that takes none', () => {
    const stack = stackIn();
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    const role = roleIn(stack, { providers: [] });
    const pod = new ApiObject(chart, 'Pod', { apiVersion: 'v1', kind: 'Pod', spec: { serviceAccountName: 'reader', containers: [{ name: 'main', image: 'x:1' }] } });
    WebIdentityInjection.into(pod, { role });

    expect(() => (stack.node.root as App).synth()).toThrow('which trusts no token of any service account');
  });
});

test.each([{ name: 'reader' }, { namespace: 'default' }, { namespace: '', name: 'reader' }])('fails when the pods of a statement are %j: it would be for more of them', wrong => {
  const subject = { isPattern: false, ...wrong } as ServiceAccountSubject;
  expect(() => podIdentityStatements({ account: ACCOUNT, clusterArns: CLUSTER, sessionTags: true, subjects: [READER, subject] }))
    .toThrow('a trust policy that does not say whose pods it is for was about to be written');
});
