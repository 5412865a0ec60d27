import { App, Aspects, Aws, CfnParameter, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnRole, ManagedPolicy, PermissionsBoundary, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App as KubernetesApp, Chart } from 'cdk8s';
import { deployedTrust, ENV, expectPinned, type JsonObject, literalIssuer, OTHER_ACCOUNT, READER, resourcesOf } from './helpers';
import {
  CdkTokenResolver, IrsaServiceAccount, Manifests, OrganizationOidcProvider, type OrganizationRole, type OrganizationRoleOptions,
  ServiceAccountSubject,
} from '../../src';
import { knownTrust } from '../../src/iam/known-trust';

function role(options: Partial<OrganizationRoleOptions> = {}, stackProps: StackProps = { env: ENV }, delegatedAdmin = false) {
  const stack = new Stack(new App(), 'Stack', stackProps);
  const provider = new OrganizationOidcProvider(stack, 'Cluster', { issuer: literalIssuer(), organizationalUnitIds: ['ou-ab12-c3d4e5f6'], delegatedAdmin });
  return { stack, provider, reader: provider.addRole('Reader', { serviceAccounts: [READER], ...options }) };
}

/** The role in the template of the StackSet. */
function rendered(stack: Stack): JsonObject {
  const [{ Properties: { TemplateBody: body } }] = resourcesOf(stack, 'AWS::CloudFormation::StackSet');
  const { Resources: resources } = JSON.parse(body as string) as { Resources: Record<string, { Type: string; Properties: JsonObject }> };
  return Object.values(resources).find(({ Type: type }) => type === 'AWS::IAM::Role')!.Properties;
}

function policy(resource: string): PolicyDocument {
  return new PolicyDocument({ statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: [resource] })] });
}

function annotationOf(account: OrganizationRole, id = OTHER_ACCOUNT): string {
  const chart = new Chart(new KubernetesApp({ resolvers: [new CdkTokenResolver()] }), 'chart', { namespace: 'default' });
  new IrsaServiceAccount(chart, 'ServiceAccount', { role: account.roleIn(id) });
  const [{ metadata }] = chart.toJson() as { metadata: { annotations: Record<string, string> } }[];
  return metadata.annotations['eks.amazonaws.com/role-arn'];
}

test('trusts its service accounts through the provider of its account, and nobody else', () => {
  const { stack } = role({ serviceAccounts: [READER, ServiceAccountSubject.of('jobs', 'worker')] });
  const document = rendered(stack).AssumeRolePolicyDocument;
  const trust = deployedTrust(document, name => name.endsWith('.Arn') ? 'PROVIDER' : undefined);

  expectPinned(trust);
  expect(trust.Statement).toHaveLength(1);
  expect(trust.Statement[0].Principal).toEqual({ Federated: 'PROVIDER' });
});

describe('the name', () => {
  test('is known at synth, and the one in the template', () => {
    const { stack, reader } = role();

    expect(reader.roleName).toMatch(/^Stack-Cluster-Reader-[0-9a-f]{10}$/);
    expect(rendered(stack).RoleName).toBe(reader.roleName);
  });

  // frozen: a change would replace the roles of every account
  test.each([
    ['with an environment', { env: ENV }, 'Stack-Cluster-Reader-278ac28dc5'],
    ['without an environment', {}, 'Stack-Cluster-Reader-221eed39e2'],
  ])('%s never changes', (_, props, name) => {
    expect(role({}, props).reader.roleName).toBe(name);
  });

  test('may be given', () => {
    const { stack, reader } = role({ roleName: 'reader', path: '/pods/' });

    expect(rendered(stack)).toMatchObject({ RoleName: 'reader', Path: '/pods/' });
    expect(reader.roleArnIn(OTHER_ACCOUNT)).toBe(`arn:aws:iam::${OTHER_ACCOUNT}:role/pods/reader`);
  });

  test.each([['with blank'], [''], ['a'.repeat(65)]])('fails when it is %j', roleName => {
    expect(() => role({ roleName })).toThrow(`'${roleName}' (${roleName.length} characters) is not a role name`);
  });
});

describe('roleArnIn', () => {
  test.each([
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('in %s is of the partition %s', (region, partition) => {
    const { reader } = role({}, { env: { ...ENV, region } });

    expect(reader.roleArnIn(OTHER_ACCOUNT)).toBe(`arn:${partition}:iam::${OTHER_ACCOUNT}:role/${reader.roleName}`);
  });

  test.each([['22222222222'], ['abc'], ['']])('fails with %j', account => {
    expect(() => role().reader.roleArnIn(account)).toThrow(`'${account}' is not an account: 12 digits are expected`);
  });

  test('fails for the management account, which StackSets leave out', () => {
    expect(() => role().reader.roleArnIn(ENV.account)).toThrow(
      `Stack/Cluster/Reader is not in account ${ENV.account}: a StackSet does not reach the management account of the organization; make a ClusterOidcProvider and an IrsaRole there`);
  });

  test('takes the account of a delegated administrator, which is a member like any other', () => {
    expect(role({}, { env: ENV }, true).reader.roleArnIn(ENV.account)).toContain(`::${ENV.account}:role/`);
  });
});

describe('what a role may do', () => {
  test('is said by inline policies, in which Aws.ACCOUNT_ID is the account that the role is in', () => {
    const { stack } = role({ inlinePolicies: { read: policy(`arn:${Aws.PARTITION}:s3:::data-${Aws.ACCOUNT_ID}/*`) } });

    expect(rendered(stack).Policies).toEqual([{
      PolicyName: 'read',
      PolicyDocument: expect.objectContaining({
        Statement: [{
          Action: 's3:GetObject',
          Effect: 'Allow',
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::data-', { Ref: 'AWS::AccountId' }, '/*']] },
        }],
      }) as unknown,
    }]);
  });

  test('is said by managed policies and limited by a boundary', () => {
    const { stack } = role({
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')],
      permissionsBoundary: ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'),
      maxSessionDuration: Duration.hours(2),
      description: 'reads',
    });

    expect(rendered(stack)).toMatchObject({ MaxSessionDuration: 7200, Description: 'reads' });
    expect(JSON.stringify(rendered(stack).ManagedPolicyArns)).toContain(':iam::aws:policy/ReadOnlyAccess');
    expect(JSON.stringify(rendered(stack).PermissionsBoundary)).toContain(':iam::aws:policy/PowerUserAccess');
  });

  test.each([
    ['a bucket in an inline policy', (stack: Stack) => ({ inlinePolicies: { read: policy(new Bucket(stack, 'Bucket').bucketArn) } }), 'Stack/Bucket/Resource (Arn)'],
    ['a parameter of the stack', (stack: Stack) => ({ inlinePolicies: { read: policy(new CfnParameter(stack, 'Arn').valueAsString) } }), 'Stack/Arn (Ref)'],
    ['a managed policy of the stack', (stack: Stack) => ({
      managedPolicies: [new ManagedPolicy(stack, 'Policy', { document: policy('*') })],
    }), 'Stack/Policy/Resource (Ref)'],
    ['a boundary of the stack', (stack: Stack) => ({
      permissionsBoundary: new ManagedPolicy(stack, 'Policy', { document: policy('*') }),
    }), 'Stack/Policy/Resource (Ref)'],
  ])('fails with %s, which other accounts do not have', (_, options, what) => {
    const { stack, provider } = role({}, {});

    expect(() => provider.addRole('Other', { serviceAccounts: [READER], ...options(stack) })).toThrow(
      `Stack/Cluster/Other refers to ${what}, which the accounts of the organization do not have; use literal names and ARNs, with Aws.ACCOUNT_ID`);
  });

  test('fails when a reference comes in later', () => {
    const document = policy('*');
    const { stack } = role({ inlinePolicies: { read: document } }, {});
    document.addStatements(new PolicyStatement({ actions: ['s3:PutObject'], resources: [new Bucket(stack, 'Bucket').bucketArn] }));

    expect(() => Template.fromStack(stack)).toThrow('Stack/Cluster/Template refers to resources of another stack, which the accounts it is deployed to do not have');
  });
});

describe('in a manifest', () => {
  test('the annotation is the ARN in the account', () => {
    const { reader } = role();

    expect(annotationOf(reader)).toBe(reader.roleArnIn(OTHER_ACCOUNT));
  });

  test('without an environment, the partition is filled in after deployment', () => {
    const { stack, reader } = role({}, {});
    const chart = new Manifests(stack, 'Manifests').addChart('reader', { namespace: 'default' });
    new IrsaServiceAccount(chart, 'ServiceAccount', { role: reader.roleIn(OTHER_ACCOUNT) });

    const [{ Value: value }] = Object.values(Template.fromStack(stack).findOutputs('*'));

    expect(JSON.stringify(value)).toMatch(/Ref-AWS-Partition-[0-9a-f]+=",\{"Ref":"AWS::Partition"\}/);
  });

  test('the service account has to be one that the role trusts', () => {
    const { reader } = role({ serviceAccounts: [READER, ServiceAccountSubject.of('default', 'writer')] });
    const chart = new Chart(new KubernetesApp(), 'chart', { namespace: 'default' });
    const make = (subject?: ServiceAccountSubject) => new IrsaServiceAccount(chart, String(subject), { role: reader.roleIn(OTHER_ACCOUNT), subject });

    expect(() => make(ServiceAccountSubject.of('default', 'other'))).toThrow(
      'is default/other, which Stack/Cluster/Reader/222222222222 does not trust (it trusts default/reader, default/writer)');
    expect(() => make()).toThrow('could be any of those that Stack/Cluster/Reader/222222222222 trusts');
    expect(() => make(READER)).not.toThrow();
  });

  test('the audience has to be the one that the role trusts', () => {
    const { reader } = role();
    const chart = new Chart(new KubernetesApp(), 'chart', { namespace: 'default' });

    expect(() => new IrsaServiceAccount(chart, 'ServiceAccount', { role: reader.roleIn(OTHER_ACCOUNT), audience: 'other' })).toThrow(
      "asks for tokens with the audience 'other', and Stack/Cluster/Reader/222222222222 trusts 'sts.amazonaws.com'");
  });
});

describe('roleIn', () => {
  test('is one role an account', () => {
    const { reader } = role();

    expect(reader.roleIn(OTHER_ACCOUNT)).toBe(reader.roleIn(OTHER_ACCOUNT));
    expect(reader.roleIn('333333333333')).not.toBe(reader.roleIn(OTHER_ACCOUNT));
    expect(knownTrust(reader.roleIn(OTHER_ACCOUNT))?.serviceAccounts).toEqual([READER]);
  });

  test('is a principal for the policy of a bucket', () => {
    const { stack, reader } = role();
    new Bucket(stack, 'Bucket').grantRead(reader.roleIn(OTHER_ACCOUNT));
    const template = Template.fromStack(stack);

    expect(JSON.stringify(template.findResources('AWS::S3::BucketPolicy'))).toContain(`"Principal":{"AWS":"${reader.roleArnIn(OTHER_ACCOUNT)}"}`);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('what aspects do to the role', () => {
  const rename = (change: (role: CfnRole) => void) => ({ visit: (node: unknown) => { if (node instanceof CfnRole) { change(node); } } });

  test.each<[string, (role: CfnRole) => void, string]>([
    ['another name', each => { each.roleName = 'other'; }, "the role is '/other' in the template, and manifests have '/reader'"],
    ['another path', each => { each.path = '/team/'; }, "the role is '/team/reader' in the template, and manifests have '/reader'"],
    ['an override', each => each.addPropertyOverride('RoleName', 'x'), "the role is '/x' in the template, and manifests have '/reader'"],
  ])('fails with %s, which manifests do not have', (_, change, message) => {
    const { stack } = role({ roleName: 'reader' });
    Aspects.of(stack.node.root).add(rename(change));

    expect(() => Template.fromStack(stack)).toThrow(message);
  });

  test('passes with anything else', () => {
    const { stack } = role({ roleName: 'reader' });
    Aspects.of(stack.node.root).add(rename(each => { each.description = 'changed'; }));

    expect(rendered(stack).Description).toBe('changed');
  });

  test('fails when Role.customizeRoles leaves it to others: StackSets are not deployed by hand', () => {
    const app = new App();
    Role.customizeRoles(app);
    const stack = new Stack(app, 'Stack', { env: ENV });
    const provider = new OrganizationOidcProvider(stack, 'Cluster', { issuer: literalIssuer(), organizationalUnitIds: ['ou-ab12-c3d4e5f6'] });
    provider.addRole('Reader', { serviceAccounts: [READER], roleName: 'reader' });

    expect(() => app.synth()).toThrow("the role is not in the template, and manifests have '/reader'");
  });
});

describe('policies of the account that the stack is in', () => {
  const byName = (stack: Stack) => ManagedPolicy.fromManagedPolicyName(stack, 'Policy', 'team/limits');
  const FOREIGN = `Stack/Cluster/Template has a role with 'arn:aws:iam::${ENV.account}:policy/team/limits', which the accounts it is deployed to do not have; `
    + 'make it one of theirs: ManagedPolicy.fromManagedPolicyArn(this, id, `arn:aws:iam::${Aws.ACCOUNT_ID}:policy/team/limits`)';

  test.each<[string, (stack: Stack) => Partial<OrganizationRoleOptions>]>([
    ['a managed policy', stack => ({ managedPolicies: [byName(stack)] })],
    ['a boundary', stack => ({ permissionsBoundary: byName(stack) })],
  ])('fail as %s by name', (_, options) => {
    const { stack, provider } = role();
    provider.addRole('Other', { serviceAccounts: [READER], ...options(stack) });

    expect(() => Template.fromStack(stack)).toThrow(/has a role with 'arn:[^']*:iam::\d{12}:policy\/team\/limits', which the accounts it is deployed to do not have/);
  });

  test('fail as the boundary of all roles of the app', () => {
    const { stack } = role();
    PermissionsBoundary.of(stack.node.root).apply(ManagedPolicy.fromManagedPolicyArn(stack, 'Policy', `arn:aws:iam::${ENV.account}:policy/team/limits`));

    expect(() => Template.fromStack(stack)).toThrow(FOREIGN);
  });

  test('pass as those of the account that the role is in', () => {
    const { stack, provider } = role();
    const policyArn = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:policy/team/limits`;
    provider.addRole('Other', { serviceAccounts: [READER], permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Policy', policyArn) });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

test.each(['reader', 'READER'])('a second role of the name %s fails', roleName => {
  const { provider } = role({ roleName: 'reader' });

  expect(() => provider.addRole('Second', { serviceAccounts: [READER], roleName })).toThrow(
    `Stack/Cluster/Second has the roleName '${roleName}', which is that of Stack/Cluster/Reader (IAM does not tell case apart); give it another`);
});
