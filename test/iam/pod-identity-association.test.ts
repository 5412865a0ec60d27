import { App, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnCluster, CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ACCOUNT, deploy, ENV, type Json, literalProvider, OTHER_ACCOUNT, READER, resourcesOf, stackIn } from './helpers';
import { ChainedRole, IrsaRole, type IrsaRoleProps, PodIdentityAssociation, type PodIdentityAssociationProps, ServiceAccountSubject } from '../../src';
import { evaluatePodIdentity } from '../../src/check/pod-identity';

const CLUSTER_ARN = `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/production`;
const WRITER = ServiceAccountSubject.of('default', 'writer');

function roleIn(stack: Stack, props: Partial<IrsaRoleProps> = {}, id = 'Role'): IrsaRole {
  return new IrsaRole(stack, id, { podIdentity: true, serviceAccounts: [READER], providers: [], ...props });
}

function associate(scope: Construct, props: Partial<PodIdentityAssociationProps> & Pick<PodIdentityAssociationProps, 'role'>, id = 'Association'): PodIdentityAssociation {
  return new PodIdentityAssociation(scope, id, { clusterName: 'production', ...props });
}

function associationOf(stack: Stack): Record<string, Json> {
  return resourcesOf(stack, 'AWS::EKS::PodIdentityAssociation')[0].Properties;
}

/** The trust policy of the first role of a stack, as IAM gets it. */
function trustOf(stack: Stack, name?: string): unknown {
  const role = resourcesOf(stack, 'AWS::IAM::Role').find(({ Properties: { RoleName } }) => name === undefined || RoleName === name)!;
  return deploy(role.Properties.AssumeRolePolicyDocument, given => given === 'Ref:AWS::Partition' ? 'aws' : given.startsWith('Ref:') ? 'production' : `arn:aws:iam::${ACCOUNT}:role/x`);
}

describe('an association', () => {
  test('is one resource, with namespace and name from the role', () => {
    const stack = stackIn();
    const association = associate(stack, { role: roleIn(stack) });

    expect(association.subject).toBe(READER);
    expect(associationOf(stack)).toEqual({
      ClusterName: 'production', Namespace: 'default', ServiceAccount: 'reader', RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] },
    });
    expect(Object.keys((Template.fromStack(stack).toJSON() as { Resources: object }).Resources)).toHaveLength(2);
  });

  test('takes the service account from a role that names it twice', () => {
    const stack = stackIn();
    expect(associate(stack, { role: roleIn(stack, { serviceAccounts: [READER, ServiceAccountSubject.of('default', 'reader')] }) }).subject).toBe(READER);
  });

  test('lets EKS in for its service account in its cluster, and nobody else', () => {
    const stack = stackIn();
    associate(stack, { role: roleIn(stack) });

    const ask = (clusterArn: string, namespace: string, serviceAccount: string, sessionTags = true) => evaluatePodIdentity({
      roleArn: `arn:aws:iam::${ACCOUNT}:role/reader`, trustPolicy: trustOf(stack), clusterArn, namespace, serviceAccount, sessionTags,
    }).verdict;
    expect(ask(CLUSTER_ARN, 'default', 'reader')).toBe('allowed');
    expect(ask(CLUSTER_ARN, 'default', 'writer')).toBe('denied');
    expect(ask(CLUSTER_ARN, 'other', 'reader')).toBe('denied');
    expect(ask(CLUSTER_ARN.replace('production', 'staging'), 'default', 'reader')).toBe('denied');
    expect(ask(CLUSTER_ARN.replace('eu-west-1', 'eu-west-2'), 'default', 'reader')).toBe('denied');
    expect(ask(CLUSTER_ARN, 'default', 'reader', false)).toBe('denied');
  });

  test('of several clusters and service accounts: each cluster stands once in the trust policy', () => {
    const stack = stackIn();
    const role = roleIn(stack, { serviceAccounts: [READER, WRITER], podIdentityClusterArns: [CLUSTER_ARN] });
    associate(stack, { role, subject: READER });
    associate(stack, { role, subject: WRITER }, 'Writer');
    associate(stack, { role, subject: WRITER, clusterName: 'staging' }, 'Staging');

    expect(trustOf(stack)).toMatchObject({
      Statement: [{ Condition: { ArnEquals: { 'aws:SourceArn': [CLUSTER_ARN, CLUSTER_ARN.replace('production', 'staging')] } } }],
    });
  });

  test('takes a cluster of the same stack, whose name is known only at deployment', () => {
    const stack = stackIn();
    const cluster = new CfnCluster(stack, 'Cluster', { roleArn: 'arn:aws:iam::111111111111:role/cluster', resourcesVpcConfig: { subnetIds: [] } });
    associate(stack, { role: roleIn(stack, { providers: [literalProvider(stack)] }), clusterName: cluster.ref });

    expect(associationOf(stack).ClusterName).toEqual({ Ref: 'Cluster' });
    expect(JSON.stringify(trustOf(stack))).toContain(CLUSTER_ARN);
  });

  test('without session tags, with a session policy', () => {
    const stack = stackIn();
    const sessionPolicy = new PolicyDocument({ statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::reports/*'] })] });
    associate(stack, { role: roleIn(stack, { podIdentitySessionTags: false }), sessionTags: false, sessionPolicy });

    expect(associationOf(stack)).toMatchObject({ DisableSessionTags: true });
    expect(JSON.parse(associationOf(stack).Policy as string)).toEqual({
      Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }],
    });
    const ask = (clusterArn: string) => evaluatePodIdentity({
      roleArn: `arn:aws:iam::${ACCOUNT}:role/reader`, trustPolicy: trustOf(stack), clusterArn, namespace: 'default', serviceAccount: 'reader', sessionTags: false,
    }).verdict;
    expect(ask(CLUSTER_ARN)).toBe('allowed');
    expect(ask(CLUSTER_ARN.replace('production', 'staging'))).toBe('denied');
  });

  test('with a session policy whose statements come later', () => {
    const stack = stackIn();
    const sessionPolicy = new PolicyDocument();
    associate(stack, { role: roleIn(stack, { podIdentitySessionTags: false }), sessionTags: false, sessionPolicy });
    sessionPolicy.addStatements(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::reports/*'] }));

    expect(associationOf(stack).Policy).toContain('s3:GetObject');
  });

  test.each([
    ['an imported role', (stack: Stack) => Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ACCOUNT}:role/made-before`)],
    ['a plain role that trusts the service', (stack: Stack) => {
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('pods.eks.amazonaws.com') });
      role.assumeRolePolicy!.addStatements(new PolicyStatement({ actions: ['sts:TagSession'], principals: [new ServicePrincipal('pods.eks.amazonaws.com')] }));
      return role;
    }],
  ])('takes %s, with a subject', (_, role) => {
    const stack = stackIn();
    associate(stack, { role: role(stack), subject: READER });

    expect(associationOf(stack)).toMatchObject({ Namespace: 'default', ServiceAccount: 'reader' });
  });

  test.each([['cn-north-1', 'aws-cn'], ['us-gov-west-1', 'aws-us-gov'], ['eusc-de-east-1', 'aws-eusc']])('in %s names clusters of the partition %s', region => {
    const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region } });
    associate(stack, { role: roleIn(stack) });

    const rendered = JSON.stringify(resourcesOf(stack, 'AWS::IAM::Role')[0]);
    expect(rendered).toContain('"Service":"pods.eks.amazonaws.com"');
    expect(rendered).toContain(`{"Ref":"AWS::Partition"},":eks:${region}:${ACCOUNT}:cluster/production"`);
  });
});

describe('a target role', () => {
  test('in another account: permission, trust for these pods only, and the order of the stacks', () => {
    const app = new App();
    const [stack, other] = [stackIn(app), stackIn(app, 'Other', { env: { ...ENV, account: OTHER_ACCOUNT } })];
    const [role, targetRole] = [roleIn(stack, { roleName: 'reader' }), new ChainedRole(other, 'Target', { roleName: 'reports' })];
    associate(stack, { role, targetRole });

    expect(associationOf(stack).TargetRoleArn).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${OTHER_ACCOUNT}:role/reports`]] });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: Match.anyValue() }] },
    });
    expect(trustOf(other)).toEqual({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': CLUSTER_ARN, 'aws:RequestTag/kubernetes-namespace': 'default', 'aws:RequestTag/kubernetes-service-account': 'reader',
          },
        },
      }],
    });
    expect(other.dependencies).toEqual([stack]);
  });

  test('without session tags is told the pods by the external id', () => {
    const app = new App();
    const [stack, other] = [stackIn(app), stackIn(app, 'Other', { env: { ...ENV, account: OTHER_ACCOUNT } })];
    associate(stack, { role: roleIn(stack, { podIdentitySessionTags: false }), sessionTags: false, targetRole: new ChainedRole(other, 'Target') });

    expect(trustOf(other)).toMatchObject({
      Statement: [{ Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': `eu-west-1/${ACCOUNT}/production/default/reader` } } }],
    });
  });

  test('that is imported: its owner is told what to add', () => {
    const stack = stackIn();
    associate(stack, { role: roleIn(stack, { roleName: 'reader' }), targetRole: Role.fromRoleArn(stack, 'Target', `arn:aws:iam::${OTHER_ACCOUNT}:role/reports`) });

    const [{ entry: { data } }] = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(data).toContain('role/reports is not made here: its owner has to add to its trust policy: ');
    expect(data).toContain(`"aws:RequestTag/eks-cluster-arn":"${CLUSTER_ARN}","aws:RequestTag/kubernetes-namespace":"default"`);
    expect(data).toContain(`"Principal":{"AWS":"arn:aws:iam::${ACCOUNT}:role/reader"}`);
  });
});

describe('fails when', () => {
  test.each<[string, (stack: Stack) => void, string]>([
    ['the role is not for Pod Identity', stack => associate(stack, { role: roleIn(stack, { podIdentity: false, providers: [literalProvider(stack)] }) }), 'set podIdentity: true on the role'],
    ['the role does not name the service account', stack => associate(stack, { role: roleIn(stack), subject: WRITER }),
      'Stack/Association is for default/writer, which Stack/Role does not name (it names default/reader)'],
    ['the role names several, and none is chosen', stack => associate(stack, { role: roleIn(stack, { serviceAccounts: [READER, WRITER] }) }), 'could be for any of those that Stack/Role names'],
    ['the subject is a pattern', stack => associate(stack, { role: roleIn(stack), subject: ServiceAccountSubject.anyInNamespace('default') }), "its subject 'default/*' is a pattern"],
    ['an imported role comes without a subject', stack => associate(stack, { role: Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ACCOUNT}:role/x`) }), 'which does not say whom it is for; pass subject'],
    ['the role is in another account', stack => associate(stack, { role: Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${OTHER_ACCOUNT}:role/x`), subject: READER }),
      `its role Stack/Role in account ${OTHER_ACCOUNT}: EKS gives pods roles of the cluster's account only; make a role here, and pass the other one as targetRole`],
    ['session tags are off and the role compares them', stack => associate(stack, { role: roleIn(stack), sessionTags: false }), 'or set podIdentitySessionTags: false on the role'],
    ['there are a session policy and session tags', stack => associate(stack, { role: roleIn(stack), sessionPolicy: new PolicyDocument() }), 'EKS takes one of the two; set sessionTags: false'],
    ['the target role is the role itself', stack => {
      const role = roleIn(stack);
      associate(stack, { role, targetRole: role });
    }, 'would assume itself'],
    ...['', 'my cluster', '-x', 'x'.repeat(101), CLUSTER_ARN].map((clusterName): [string, (stack: Stack) => void, string] => [
      `the cluster is called '${clusterName.slice(0, 12)}'`, stack => associate(stack, { role: roleIn(stack), clusterName }), 'which is not the name of a cluster',
    ]),
  ])('%s', (_, make, message) => {
    expect(() => make(stackIn())).toThrow(message);
  });

  test('a cluster of another stack than the role has no name before it is deployed', () => {
    const app = new App();
    const [stack, roles] = [stackIn(app), stackIn(app, 'Roles')];
    const cluster = new CfnCluster(stack, 'Cluster', { roleArn: 'arn:aws:iam::111111111111:role/cluster', resourcesVpcConfig: { subnetIds: [] } });

    expect(() => associate(stack, { role: roleIn(roles), clusterName: cluster.ref })).toThrow('so that each stack would wait for the other; give the cluster a name');
  });

  test.each<[string, (stack: Stack) => void, string]>([
    ['a plain role does not trust the service', stack => associate(stack, { role: new Role(stack, 'Role', { assumedBy: new AccountRootPrincipal() }), subject: READER }),
      'does not trust pods.eks.amazonaws.com with sts:AssumeRole and sts:TagSession'],
    ['a plain role lets the service tag no session', stack => associate(stack, { role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('pods.eks.amazonaws.com') }), subject: READER }),
      'does not trust pods.eks.amazonaws.com with sts:TagSession: EKS could not assume it'],
    ['a service account has two associations', stack => {
      const role = roleIn(stack);
      associate(stack, { role });
      associate(stack, { role }, 'Again');
    }, 'default/reader has two associations in the cluster production, this and Stack/Again'],
    ['somebody else makes the second', stack => {
      associate(stack, { role: roleIn(stack) });
      new CfnPodIdentityAssociation(stack, 'Theirs', { clusterName: 'production', namespace: 'default', serviceAccount: 'reader', roleArn: `arn:aws:iam::${ACCOUNT}:role/x` });
    }, 'this and Stack/Theirs, and EKS takes one'],
    ['no cluster is known', stack => void roleIn(stack), 'podIdentity is on, and no cluster is known in which: make a PodIdentityAssociation with this role'],
    ['a session policy has no statements, which CDK leaves out: everything would be allowed', stack => {
      associate(stack, { role: roleIn(stack, { podIdentitySessionTags: false }), sessionTags: false, sessionPolicy: new PolicyDocument() });
    }, 'the sessionPolicy of Stack/Association has no statements'],
    ['a session policy is too long', stack => {
      const sessionPolicy = new PolicyDocument({ statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${'x'.repeat(2000)}/*`] })] });
      associate(stack, { role: roleIn(stack, { podIdentitySessionTags: false }), sessionTags: false, sessionPolicy });
    }, 'characters long, and EKS takes 2048'],
  ])('%s', (_, make, message) => {
    const app = new App();
    make(stackIn(app));

    expect(() => app.synth()).toThrow(message);
  });
});

test('the same service account may have an association in each Stage and cluster', () => {
  const app = new App();
  for (const [stageId, clusterName] of [['Blue', 'blue'], ['Green', 'green']]) {
    const stack = new Stack(new Stage(app, stageId), 'Stack', { env: ENV });
    associate(stack, { role: roleIn(stack), clusterName });
  }

  expect(() => app.synth()).not.toThrow();
});
