import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Controller, ControllerRole, IrsaRole, IrsaRoleShards, OrganizationOidcProvider, ServiceAccountSubject } from '../../../src';
import { deployedTrust, ENV, expectPinned, type Json, literalIssuer, literalProvider, onlyRole, resourcesOf, stackIn } from '../helpers';

interface Statement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: Json;
  readonly Condition?: Record<string, Record<string, Json>>;
}

/** The statements of the only policy, by their names. */
function allowed(stack: Stack): Record<string, Statement> {
  const policies = resourcesOf(stack, 'AWS::IAM::Policy');
  expect(policies).toHaveLength(1);
  const { Statement: statements } = policies[0].Properties.PolicyDocument as unknown as { Statement: Statement[] };
  return Object.fromEntries(statements.map(statement => [statement.Sid, statement]));
}

test('trusts the usual service account of its controller, and allows what it needs, in one role and one policy', () => {
  const stack = stackIn();
  const zone = HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789ABCDEFGHIJ');
  const role = new ControllerRole(stack, 'Dns', { providers: [literalProvider(stack)], controller: Controller.externalDns({ hostedZones: [zone] }) });

  expect(role).toBeInstanceOf(IrsaRole);
  expect(role.serviceAccounts.map(String)).toEqual(['external-dns/external-dns']);
  expect(role.controller.name).toBe('ExternalDNS');
  const trust = deployedTrust(onlyRole(stack).AssumeRolePolicyDocument);
  expectPinned(trust);
  expect(JSON.stringify(trust)).toContain('"system:serviceaccount:external-dns:external-dns"');
  expect(allowed(stack).ExternalDnsRecords).toEqual({
    Sid: 'ExternalDnsRecords',
    Effect: Effect.ALLOW,
    Action: 'route53:ChangeResourceRecordSets',
    Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':route53:::hostedzone/Z0123456789ABCDEFGHIJ']] }, // CDK's own ARN of the zone
  });
  expect(Object.keys(Template.fromStack(stack).toJSON().Resources as object)).toHaveLength(2);
});

test('trusts other service accounts where the controller runs as them', () => {
  const stack = stackIn();
  const serviceAccounts = [ServiceAccountSubject.of('backup', 'velero-server')];
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'backups');
  const role = new ControllerRole(stack, 'Velero', { providers: [literalProvider(stack)], controller: Controller.velero({ buckets: [bucket] }), serviceAccounts });

  expect(role.serviceAccounts).toEqual(serviceAccounts);
  expect(JSON.stringify(onlyRole(stack))).not.toContain('system:serviceaccount:velero:velero');
});

test('is an IrsaRole like any other: its props apply, and more can be granted', () => {
  const stack = stackIn();
  const role = new ControllerRole(stack, 'Autoscaler', {
    providers: [literalProvider(stack)],
    controller: Controller.clusterAutoscaler({ clusterName: 'production' }),
    roleName: 'autoscaler',
    path: '/platform/',
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')],
  });
  role.addToPolicy(new PolicyStatement({ sid: 'More', actions: ['sqs:ListQueues'], resources: ['*'] }));

  expect(onlyRole(stack)).toMatchObject({ RoleName: 'autoscaler', Path: '/platform/', ManagedPolicyArns: [expect.anything()] });
  expect(Object.keys(allowed(stack))).toEqual(['AutoscalerDescribe', 'AutoscalerNodeGroups', 'AutoscalerScale', 'More']);
});

describe('the same controller twice on one role', () => {
  const providers = (stack: Stack) => [literalProvider(stack)];

  test('of two clusters: each statement has a sid of its own, and what is the same stands once', () => {
    const stack = stackIn();
    const role = new ControllerRole(stack, 'Autoscaler', { providers: providers(stack), controller: Controller.clusterAutoscaler({ clusterName: 'blue' }) });
    Controller.clusterAutoscaler({ clusterName: 'green' }).addTo(role);

    const [{ Properties: { PolicyDocument: document } }] = resourcesOf(stack, 'AWS::IAM::Policy');
    const statements = (document as unknown as { Statement: Statement[] }).Statement;
    expect(statements.map(({ Sid: sid }) => sid)).toEqual(['AutoscalerDescribe', 'AutoscalerNodeGroups', 'AutoscalerScale', 'AutoscalerNodeGroups2', 'AutoscalerScale2']);
    expect(allowed(stack).AutoscalerScale.Condition).toEqual({ Null: { 'aws:ResourceTag/k8s.io/cluster-autoscaler/blue': 'false' } });
    expect(allowed(stack).AutoscalerScale2.Condition).toEqual({ Null: { 'aws:ResourceTag/k8s.io/cluster-autoscaler/green': 'false' } });
  });

  test('of three, and the same again', () => {
    const stack = stackIn();
    const role = new ControllerRole(stack, 'Autoscaler', { providers: providers(stack), controller: Controller.clusterAutoscaler({ clusterName: 'blue' }) });
    ['green', 'red', 'green'].forEach(clusterName => Controller.clusterAutoscaler({ clusterName }).addTo(role));

    expect(Object.keys(allowed(stack)).filter(sid => sid.startsWith('AutoscalerScale'))).toEqual(['AutoscalerScale', 'AutoscalerScale2', 'AutoscalerScale3']);
  });
});

describe('partition, region and account', () => {
  const cluster = () => Controller.cloudWatchObservability({ clusterName: 'production' });

  test.each([
    ['eu-west-1', 'arn:aws:ssm:eu-west-1:111111111111:parameter/AmazonCloudWatch-*'],
    ['cn-north-1', 'arn:aws-cn:ssm:cn-north-1:111111111111:parameter/AmazonCloudWatch-*'],
    ['us-gov-west-1', 'arn:aws-us-gov:ssm:us-gov-west-1:111111111111:parameter/AmazonCloudWatch-*'],
    ['eusc-de-east-1', 'arn:aws-eusc:ssm:eusc-de-east-1:111111111111:parameter/AmazonCloudWatch-*'],
  ])('are literal where they are known: %s', (region, arn) => {
    const stack = stackIn(new App(), 'Stack', { env: { ...ENV, region } });
    cluster().addTo(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('pods.eks.amazonaws.com') }));
    expect(allowed(stack).CloudWatchConfiguration.Resource).toBe(arn);
  });

  test('are those of the deployment where they are not', () => {
    const stack = stackIn(new App(), 'Stack', {});
    cluster().addTo(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('pods.eks.amazonaws.com') }));
    expect(allowed(stack).CloudWatchConfiguration.Resource).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':parameter/AmazonCloudWatch-*']],
    });
  });

  test('are of another region for a cluster in it', () => {
    const stack = stackIn();
    const controller = Controller.karpenter({ clusterName: 'production', nodeRoles: [Role.fromRoleName(stack, 'Nodes', 'nodes')] });
    new ControllerRole(stack, 'Karpenter', { providers: [literalProvider(stack)], controller: controller.inRegion('eu-central-1') });

    const { KarpenterImages: images, KarpenterDescribe: describing } = allowed(stack);
    expect(images.Resource).toBe('arn:aws:ssm:eu-central-1::parameter/aws/service/*');
    expect(describing.Condition).toEqual({ StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } });
    expect(controller.inRegion('eu-central-1').serviceAccounts).toEqual(controller.serviceAccounts);
  });

  test('are those of each account for a role of an organization', () => {
    const stack = stackIn();
    const organization = new OrganizationOidcProvider(stack, 'Organization', { issuer: literalIssuer(), organizationalUnitIds: ['ou-ab12-c3d4e5f6'] });
    const agent = cluster();
    organization.addRole('Agent', { serviceAccounts: agent.serviceAccounts, inlinePolicies: { agent: agent.policyDocument() } });

    const [{ Properties: { TemplateBody: body } }] = resourcesOf(stack, 'AWS::CloudFormation::StackSet');
    expect(body).toContain('{"Ref":"AWS::AccountId"},":parameter/AmazonCloudWatch-*"');
    expect(body).not.toContain(ENV.account);
  });
});

describe('roles of other kinds', () => {
  test('shards are allowed the same, by one policy', () => {
    const stack = stackIn();
    const autoscaler = Controller.clusterAutoscaler();
    const shards = new IrsaRoleShards(stack, 'Shards', { providers: [literalProvider(stack, 1)], serviceAccounts: autoscaler.serviceAccounts });
    autoscaler.addTo(shards);
    expect(Object.keys(allowed(stack))).toContain('AutoscalerScale');
  });

  test('documents go into managed policies', () => {
    const stack = stackIn();
    new ManagedPolicy(stack, 'Policy', { document: Controller.certManager().policyDocument(stack) });
    const [{ Properties: { PolicyDocument: document } }] = resourcesOf(stack, 'AWS::IAM::ManagedPolicy');
    expect(JSON.stringify(document)).toContain('"arn:aws:route53:::change/*"');
  });

  test.each([
    ['a role that was imported as immutable', (stack: Stack) => Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ENV.account}:role/theirs`, { mutable: false })],
    ['a role of another account', (stack: Stack) => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::999999999999:role/theirs')],
  ])('fails when it is %s, which would be allowed nothing', (_, roleIn) => {
    expect(() => Controller.externalDns().addTo(roleIn(stackIn()))).toThrow(
      /^Stack\/Role takes no policies \(imported as immutable, or from another account\), so ExternalDNS would be allowed nothing; give its owner the policyDocument$/);
  });
});

test('keys and roles that refer to each other do not become a cycle', () => {
  const stack = stackIn();
  const bucket = new Bucket(stack, 'Backups', { encryption: BucketEncryption.KMS });
  const role = new ControllerRole(stack, 'Velero', { providers: [literalProvider(stack)], controller: Controller.velero({ buckets: [bucket] }) });
  bucket.encryptionKey!.grantDecrypt(role);
  bucket.encryptionKey!.addToResourcePolicy(new PolicyStatement({ actions: ['kms:Decrypt'], principals: [role], resources: ['*'] }));

  expect(() => Template.fromStack(stack)).not.toThrow();
  expect(allowed(stack).VeleroKeys.Resource).toEqual({ 'Fn::GetAtt': [stack.getLogicalId(bucket.encryptionKey!.node.defaultChild as never), 'Arn'] });
});

test('a key that is known twice is named once', () => {
  const stack = stackIn();
  const key = new Key(stack, 'Key');
  const bucket = new Bucket(stack, 'Backups', { encryptionKey: key });
  const document = Controller.velero({ buckets: [bucket], keys: [key] }).policyDocument(stack);
  const { Statement: statements } = stack.resolve(document) as { Statement: Statement[] };
  expect(statements.find(({ Sid: sid }) => sid === 'VeleroKeys')?.Resource).toEqual({ 'Fn::GetAtt': [expect.stringContaining('Key'), 'Arn'] });
});

test('a document without a scope has pseudo parameters', () => {
  const stack = stackIn();
  expect(JSON.stringify(stack.resolve(Controller.prometheusQuery().policyDocument()))).toContain(JSON.stringify({ Ref: 'AWS::AccountId' }));
});
