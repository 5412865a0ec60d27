import { checkText, rulesIn } from './inputs';
import { evaluatePodIdentity, type PodIdentityRequest } from '../../src/check/pod-identity';
import { unresolved } from '../../src/check/unresolved';

const CLUSTER = 'arn:aws:eks:eu-west-1:111122223333:cluster/production';
const SCOPED = {
  StringEquals: {
    'aws:SourceAccount': '111122223333',
    'aws:RequestTag/eks-cluster-arn': CLUSTER,
    'aws:RequestTag/kubernetes-namespace': 'apps',
    'aws:RequestTag/kubernetes-service-account': 'web',
  },
  ArnEquals: { 'aws:SourceArn': CLUSTER },
};

function evaluate(statement: object = {}, request: Partial<PodIdentityRequest> = {}) {
  return evaluatePodIdentity({
    roleArn: 'arn:aws:iam::111122223333:role/web',
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'], Condition: SCOPED, ...statement }],
    },
    clusterArn: CLUSTER,
    namespace: 'apps',
    serviceAccount: 'web',
    ...request,
  });
}

test('is allowed by a policy for the service account, the cluster and the account', () => {
  expect(evaluate().verdict).toBe('allowed');
});

test('is allowed by a policy without conditions', () => {
  expect(evaluate({ Condition: undefined }, { namespace: 'any', serviceAccount: 'other' }).verdict).toBe('allowed');
});

test.each<[string, object, Partial<PodIdentityRequest>, string]>([
  ['another service account', {}, { serviceAccount: 'job' }, 'aws:RequestTag/kubernetes-service-account is job, the policy wants web'],
  ['another namespace', {}, { namespace: 'jobs' }, 'aws:RequestTag/kubernetes-namespace is jobs, the policy wants apps'],
  ['another cluster', {}, { clusterArn: CLUSTER.replace('production', 'staging') }, 'the policy wants arn:aws:eks:eu-west-1:111122223333:cluster/production'],
  ['no session tags', {}, { sessionTags: false }, 'the request has no aws:RequestTag/eks-cluster-arn'],
  ['a policy for another service', { Principal: { Service: 'ec2.amazonaws.com' } }, {}, 'the policy trusts Service ec2.amazonaws.com, and not pods.eks.amazonaws.com'],
  ['a policy for an OIDC provider', { Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com' } }, {}, 'and not pods.eks.amazonaws.com'],
  ['a policy without sts:TagSession', { Action: 'sts:AssumeRole' }, {}, 'no statement allows sts:TagSession'],
  ['a Deny', { Effect: 'Deny' }, {}, 'statement 1 denies it'],
  ['a cluster of another account', {}, { clusterArn: CLUSTER.replace('111122223333', '444455556666') }, "EKS gives pods roles of the cluster's account only"],
])('is denied with %s', (_, statement, request, reason) => {
  const decision = evaluate(statement, request);

  expect(decision.verdict).toBe('denied');
  expect(decision.reason).toContain(reason);
});

test.each<[string, object, Partial<PodIdentityRequest>]>([
  ['a tag that is different for each pod', { Condition: { StringLike: { 'aws:RequestTag/kubernetes-pod-name': 'web-*' } } }, {}],
  ['everyone as principal', { Principal: '*' }, {}],
  ['a cluster that is known only at deployment', {}, { clusterArn: `arn:aws:eks:eu-west-1:111122223333:cluster/${unresolved('Cluster')}` }],
])('is unknown, never allowed, with %s', (_, statement, request) => {
  expect(evaluate(statement, request).verdict).toBe('unknown');
});

test('without session tags needs no sts:TagSession', () => {
  expect(evaluate({ Action: 'sts:AssumeRole', Condition: { ArnEquals: { 'aws:SourceArn': CLUSTER } } }, { sessionTags: false }).verdict).toBe('allowed');
});

describe('in templates', () => {
  const both = (use: string, subject = 'system:serviceaccount:apps:web'): string => `Resources:
  Web:
    Type: AWS::IAM::Role
    Properties:
      RoleName: web
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.example.com" }
            Action: sts:AssumeRoleWithWebIdentity
            Condition: { StringEquals: { oidc.example.com:aud: sts.amazonaws.com, oidc.example.com:sub: "${subject}" } }
          - Effect: Allow
            Principal: { Service: pods.eks.amazonaws.com }
            Action: [sts:AssumeRole, sts:TagSession]
${use}
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: web, namespace: apps }
automountServiceAccountToken: false
`;
  const ASSOCIATION = '  Association: { Type: "AWS::EKS::PodIdentityAssociation", Properties: { ClusterName: production, Namespace: apps, ServiceAccount: web, RoleArn: !GetAtt Web.Arn } }';
  const ADDON = (properties: string) => `  Addon: { Type: "AWS::EKS::Addon", Properties: { AddonName: aws-ebs-csi-driver, ClusterName: production, ${properties} } }`;

  test('a role without annotation is not left over when EKS gives it to the service account', () => {
    expect(rulesIn(both(''))).toEqual(['role-unused']);
    expect(rulesIn(both(ASSOCIATION))).toEqual([]);
  });

  test.each([
    ['as its role', 'ServiceAccountRoleArn: !GetAtt Web.Arn'],
    ['by an association', 'PodIdentityAssociations: [{ ServiceAccount: web, RoleArn: !GetAtt Web.Arn }]'],
  ])('nor when an add-on has it %s', (_, properties) => {
    const { findings, notChecked } = checkText(both(ADDON(properties)));
    expect({ findings, notChecked }).toEqual({ findings: [], notChecked: [] });
  });

  test.each([
    ['in an account that is known', { account: '111122223333', region: 'eu-west-1' }],
    ['in any account and region', {}],
  ])('what the two say is decided %s', (_, place) => {
    expect(checkText(both(ASSOCIATION).replaceAll('111122223333', '${AWS::AccountId}'), place).notChecked).toEqual([]);
  });

  test('a role that no template has is not checked', () => {
    const { findings, notChecked } = checkText(both(ASSOCIATION.replace('!GetAtt Web.Arn', 'arn:aws:iam::444455556666:role/theirs')));
    expect(findings.map(({ rule }) => rule)).toEqual(['role-unused']);
    expect(notChecked).toMatchObject([{ what: 'whether arn:aws:iam::444455556666:role/theirs trusts EKS Pod Identity: no template has it' }]);
  });
});
