import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Annotations as CdkAnnotations, App, CfnParameter, CfnResource, Duration, NestedStack, PhysicalName, Stack, type StackProps, Stage, Tags, Token,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, type CfnRole, ManagedPolicy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import fc from 'fast-check';
import {
  ACCOUNT, deployedLength, deployedTrust, ENV, expectPinned, helperTypes, HOST_PATH, issuerUrl, literalIssuer, literalProvider, onlyRole,
  OTHER_ACCOUNT, PROVIDER_ARN, READER, renderedTrust, resourcesOf, stackIn, type Statement,
} from './helpers';
import { ClusterOidcProvider, type IClusterOidcProvider, IrsaRole, type IrsaRoleProps, OidcIssuer, ServiceAccountSubject } from '../../src';

const WRITER = ServiceAccountSubject.of('default', 'writer');
const JOBS = ServiceAccountSubject.anyInNamespace('jobs');

function roleIn(scope: Construct, props: Partial<IrsaRoleProps> = {}, id = 'Role'): IrsaRole {
  return new IrsaRole(scope, id, {
    serviceAccounts: [READER],
    ...props,
    providers: props.providers ?? [ClusterOidcProvider.fromIssuer(scope, `${id}Provider`, { issuer: literalIssuer() })],
  });
}

/** A provider whose issuer is known only at deployment. */
function deployTimeProvider(stack: Stack, id = 'Provider'): IClusterOidcProvider {
  return new ClusterOidcProvider(stack, id, { issuer: OidcIssuer.fromUrl(new CfnParameter(stack, `${id}Url`).valueAsString) });
}

const ISSUERS: [string, (stack: Stack) => IClusterOidcProvider][] = [
  ['literal', stack => new ClusterOidcProvider(stack, 'Provider', { issuer: literalIssuer() })],
  ['deploy-time', stack => deployTimeProvider(stack)],
];

describe('resources', () => {
  test.each(ISSUERS)('with a %s issuer: exactly one role, and no policy as long as nothing is granted', (_, provider) => {
    const stack = stackIn();
    roleIn(stack, { providers: [provider(stack)] });

    expect(Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type).sort())
      .toEqual(['AWS::IAM::OIDCProvider', 'AWS::IAM::Role']);
  });

  test.each(ISSUERS)('with a %s issuer: one policy after several grants, and no helpers', (_, provider) => {
    const stack = stackIn();
    const role = roleIn(stack, { providers: [provider(stack)] });
    new Bucket(stack, 'Bucket').grantRead(role);
    new Queue(stack, 'Queue').grantSendMessages(role);
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['sts:GetCallerIdentity'], resources: ['*'] }));

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    expect(helperTypes(stack)).toEqual([]);
    const [policy] = resourcesOf(stack, 'AWS::IAM::Policy');
    expect(JSON.stringify(policy.Properties)).toMatch(/s3:GetObject.*sqs:SendMessage.*sts:GetCallerIdentity/);
    expect(policy.Properties.Roles).toEqual([{ Ref: stack.getLogicalId(role.node.defaultChild as CfnResource) }]);
  });

  test.each([
    ['with an environment', { env: ENV }],
    ['without one', {}],
  ])('240 roles with a grant each fit into one stack %s', (_, props) => {
    const stack = new Stack(new App(), 'Stack', props);
    const providers = [new ClusterOidcProvider(stack, 'Provider', { issuer: literalIssuer() })];
    const bucket = new Bucket(stack, 'Bucket');
    for (let n = 0; n < 240; n++) {
      bucket.grantRead(roleIn(stack, { providers, serviceAccounts: [ServiceAccountSubject.of('default', `reader-${n}`)] }, `Role${n}`), `${n}/*`);
    }

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 240);
    template.resourceCountIs('AWS::IAM::Policy', 240);
    expect(Object.keys(template.toJSON().Resources as object).length).toBeLessThanOrEqual(500);
    expect(Object.keys((template.toJSON().Outputs ?? {}) as object).length).toBeLessThanOrEqual(200);
  }, 60_000);
});

describe('trust', () => {
  const FIRST: Statement = {
    Action: 'sts:AssumeRoleWithWebIdentity',
    Effect: 'Allow',
    Principal: { Federated: PROVIDER_ARN },
    Condition: { StringEquals: { [`${HOST_PATH}:aud`]: 'sts.amazonaws.com', [`${HOST_PATH}:sub`]: 'system:serviceaccount:default:reader' } },
  };

  test('is a readable object where the issuer is literal', () => {
    const stack = stackIn();
    roleIn(stack, { providers: [ClusterOidcProvider.fromOidcProviderArn(stack, 'Provider', PROVIDER_ARN)] });

    expect(renderedTrust(stack)).toEqual({ Version: '2012-10-17', Statement: [FIRST] });
  });

  test('is a JSON string that comes to the same where the issuer is deploy-time', () => {
    const stack = stackIn();
    const provider = deployTimeProvider(stack);
    roleIn(stack, { providers: [provider] });

    const rendered = renderedTrust(stack);
    expect(Object.keys(rendered as object)).toEqual(['Fn::Join']);
    const providerId = stack.getLogicalId(provider.node.defaultChild as CfnResource);
    expect(deployedTrust(rendered, { 'Ref:ProviderUrl': `https://${HOST_PATH}`, [`${providerId}.Arn`]: PROVIDER_ARN }))
      .toEqual({ Version: '2012-10-17', Statement: [FIRST] });
  });

  test('of a literal and a deploy-time issuer together comes to the same as of two literal ones', () => {
    const stack = stackIn();
    const deployTime = ClusterOidcProvider.fromIssuer(stack, 'DeployTime', { issuer: OidcIssuer.fromUrl(new CfnParameter(stack, 'Url').valueAsString) });
    roleIn(stack, { providers: [literalProvider(stack, 1), deployTime], serviceAccounts: [READER, JOBS, WRITER] });
    const literal = stackIn();
    roleIn(literal, { providers: [literalProvider(literal, 1), literalProvider(literal, 2)], serviceAccounts: [READER, JOBS, WRITER] });

    const trust = deployedTrust(renderedTrust(stack), { 'Ref:Url': issuerUrl(2), 'Ref:AWS::Partition': 'aws' });
    expect(trust).toEqual(deployedTrust(renderedTrust(literal)));
    expectPinned(trust);
  });

  test.each(ISSUERS)('with a %s issuer pins sub and aud, whatever the subjects', (_, provider) => {
    for (const serviceAccounts of [[READER], [READER, WRITER], [JOBS], [JOBS, READER]]) {
      const stack = stackIn();
      const trusted = provider(stack);
      roleIn(stack, { providers: [trusted], serviceAccounts });
      const providerId = stack.getLogicalId(trusted.node.defaultChild as CfnResource);

      expectPinned(deployedTrust(renderedTrust(stack), { 'Ref:ProviderUrl': `https://${HOST_PATH}`, [`${providerId}.Arn`]: PROVIDER_ARN }));
    }
  });

  test('pins an own audience', () => {
    const stack = stackIn();
    const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: literalIssuer(), audiences: ['mine', 'sts.amazonaws.com'] });
    const role = roleIn(stack, { providers: [provider], audience: 'mine' });

    expect(role.audience).toBe('mine');
    expect(deployedTrust(renderedTrust(stack), { [`${providerIdIn(stack)}.Arn`]: PROVIDER_ARN }).Statement[0].Condition)
      .toEqual({ StringEquals: { [`${HOST_PATH}:aud`]: 'mine', [`${HOST_PATH}:sub`]: READER.claim } });
  });

  test.each([
    ['aws', 'eu-west-1', 'oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-cn', 'cn-north-1', 'oidc.eks.cn-north-1.amazonaws.com.cn/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-us-gov', 'us-gov-west-1', 'oidc.eks.us-gov-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-eusc', 'eusc-de-east-1', 'oidc.eks.eusc-de-east-1.amazonaws.eu/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-iso', 'us-iso-east-1', 'oidc.eks.us-iso-east-1.c2s.ic.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-iso-b', 'us-isob-east-1', 'oidc.eks.us-isob-east-1.sc2s.sgov.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-iso-e', 'eu-isoe-west-1', 'oidc.eks.eu-isoe-west-1.cloud.adc-e.uk/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-iso-f', 'us-isof-south-1', 'oidc.eks.us-isof-south-1.csp.hci.ic.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
  ])('in partition %s has the same audience, and no other partition in it', (partition, region, hostPath) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region } });
    const issuer = OidcIssuer.fromUrl(`https://${hostPath}`);
    roleIn(stack, { providers: [ClusterOidcProvider.fromIssuer(stack, 'Provider', { issuer })] });

    expect(deployedTrust(renderedTrust(stack), { 'Ref:AWS::Partition': partition }).Statement).toEqual([{
      ...FIRST,
      Principal: { Federated: `arn:${partition}:iam::${ACCOUNT}:oidc-provider/${hostPath}` },
      Condition: { StringEquals: { [`${hostPath}:aud`]: 'sts.amazonaws.com', [`${hostPath}:sub`]: 'system:serviceaccount:default:reader' } },
    }]);
    expect(JSON.stringify(renderedTrust(stack))).not.toContain('arn:aws');
  });

  test.each(ISSUERS)('with a %s issuer keeps the statements that users add', (_, provider) => {
    const stack = stackIn();
    const trusted = provider(stack);
    const role = roleIn(stack, { providers: [trusted] });
    role.assumeRolePolicy!.addStatements(new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/admin`)] }));

    const values = { 'Ref:ProviderUrl': `https://${HOST_PATH}`, [`${providerIdIn(stack)}.Arn`]: PROVIDER_ARN };
    expect(deployedTrust(renderedTrust(stack), values).Statement.map(({ Action, Principal }) => ({ Action, Principal }))).toEqual([
      { Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: PROVIDER_ARN } },
      { Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/admin` } },
    ]);
  });

  test('has a provider that is passed twice once', () => {
    const stack = stackIn();
    const provider = literalProvider(stack);
    roleIn(stack, { providers: [provider, provider] });

    expect(deployedTrust(renderedTrust(stack)).Statement).toHaveLength(1);
  });

  test('works across regions of an account with a literal issuer', () => {
    const app = new App();
    const provider = new ClusterOidcProvider(stackIn(app, 'Owner'), 'Provider', { issuer: literalIssuer() });
    const consumer = new Stack(app, 'Consumer', { env: { ...ENV, region: 'us-east-1' } });
    roleIn(consumer, { providers: [provider] });

    expect(deployedTrust(renderedTrust(consumer), { 'Ref:AWS::Partition': 'aws' }).Statement).toEqual([FIRST]);
  });
});

describe('properties', () => {
  test('of iam.Role pass through', () => {
    const stack = stackIn();
    const role = roleIn(stack, {
      roleName: 'reader',
      path: '/team/a/',
      description: 'Reads things',
      maxSessionDuration: Duration.hours(12),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')],
      permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', `arn:aws:iam::${ACCOUNT}:policy/boundary`),
      inlinePolicies: { inline: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] })] }) },
    });
    Tags.of(role).add('team', 'a');

    expect(onlyRole(stack)).toMatchObject({
      RoleName: 'reader',
      Path: '/team/a/',
      Description: 'Reads things',
      MaxSessionDuration: 43200,
      ManagedPolicyArns: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/ReadOnlyAccess']] }],
      PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
      Policies: [{ PolicyName: 'inline', PolicyDocument: { Statement: [{ Action: 's3:ListAllMyBuckets', Effect: 'Allow', Resource: '*' }] } }],
      Tags: [{ Key: 'team', Value: 'a' }],
    });
  });

  test('of a deploy-time issuer pass through all the same', () => {
    const stack = stackIn();
    const role = roleIn(stack, { providers: [deployTimeProvider(stack)], path: '/team/', description: 'Reads things', maxSessionDuration: Duration.hours(2) });
    Tags.of(role).add('team', 'a');

    expect(onlyRole(stack)).toMatchObject({ Path: '/team/', Description: 'Reads things', MaxSessionDuration: 7200, Tags: [{ Key: 'team', Value: 'a' }] });
  });

  test('that nobody sets are not in the template', () => {
    const stack = stackIn();
    roleIn(stack);

    expect(Object.keys(onlyRole(stack)).sort()).toEqual(['AssumeRolePolicyDocument', 'RoleName']);
  });

  test('tell whom the role trusts, and do not change with the lists that were passed', () => {
    const stack = stackIn();
    const providers = [literalProvider(stack)];
    const serviceAccounts = [READER];
    const role = roleIn(stack, { providers, serviceAccounts });
    providers.push(literalProvider(stack, 1));
    serviceAccounts.push(WRITER);

    expect(role.providers.map(({ oidcProviderIssuer }) => oidcProviderIssuer)).toEqual([issuerUrl(0).slice('https://'.length)]);
    expect(role.serviceAccounts.map(String)).toEqual(['default/reader']);
    expect(role.audience).toBe('sts.amazonaws.com');
    expect(role.assumeRoleAction).toBe('sts:AssumeRole');
  });

  test('a role of ours is recognised, others are not', () => {
    const stack = stackIn();

    expect(IrsaRole.isIrsaRole(roleIn(stack))).toBe(true);
    expect(IrsaRole.isIrsaRole(new Role(stack, 'Other', { assumedBy: new ArnPrincipal('*') }))).toBe(false);
    expect([undefined, null, 'role', {}].map(it => IrsaRole.isIrsaRole(it))).toEqual([false, false, false, false]);
  });

  test('the ARN stays the CloudFormation reference', () => {
    const stack = stackIn();
    const role = roleIn(stack);

    expect(stack.resolve(role.roleArn)).toEqual({ 'Fn::GetAtt': [stack.getLogicalId(role.node.defaultChild as CfnResource), 'Arn'] });
  });
});

describe('fails when', () => {
  test('there is no provider', () => {
    expect(() => roleIn(stackIn(), { providers: [] })).toThrow('Stack/Role has no provider: without one nobody can assume it');
  });

  test('there is no service account', () => {
    expect(() => roleIn(stackIn(), { serviceAccounts: [] })).toThrow('Stack/Role has no service account: without a subject every pod of the cluster could assume it');
  });

  test('the provider does not list the audience', () => {
    const stack = stackIn();
    const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: literalIssuer() });

    expect(() => roleIn(stack, { providers: [provider], audience: 'mine' }))
      .toThrow("Stack/Role wants tokens for the audience 'mine', and its provider Stack/Provider lists [\"sts.amazonaws.com\"]");
  });

  test('the provider is in another account', () => {
    const app = new App();
    const provider = new ClusterOidcProvider(new Stack(app, 'Owner', { env: { ...ENV, account: OTHER_ACCOUNT } }), 'Provider', { issuer: literalIssuer() });

    expect(() => roleIn(stackIn(app), { providers: [provider] }))
      .toThrow('Stack/Role is in account 111111111111 and its provider Owner/Provider in account 222222222222, where AWS does not look');
  });

  test('the provider was imported with the ARN of another account', () => {
    const stack = stackIn();

    expect(() => roleIn(stack, { providers: [literalProvider(stack, 1, OTHER_ACCOUNT)] })).toThrow('in account 222222222222, where AWS does not look');
  });

  test('nothing is left in the tree of a role that failed', () => {
    const stack = stackIn();
    expect(() => roleIn(stack, { providers: [] })).toThrow();

    expect(stack.node.tryFindChild('Role')).toBeUndefined();
  });
});

describe('wildcards', () => {
  test('are warned about', () => {
    const stack = stackIn();
    roleIn(stack, { serviceAccounts: [READER, JOBS] });

    Annotations.fromStack(stack).hasWarning('/Stack/Role', Match.stringLikeRegexp("^trusts every service account that matches 'jobs/\\*', .*cdk-irsa:wildcardSubject"));
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toHaveLength(1);
  });

  test('are not, once that is acknowledged', () => {
    const stack = stackIn();
    const role = roleIn(stack, { serviceAccounts: [JOBS, ServiceAccountSubject.matching('team-*', 'deployer')] });
    CdkAnnotations.of(role).acknowledgeWarning('cdk-irsa:wildcardSubject');

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('exact subjects are not warned about', () => {
    const stack = stackIn();
    roleIn(stack, { serviceAccounts: [READER, WRITER] });

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('size guard', () => {
  /** A stack whose only role has a trust policy of exactly this many characters. */
  function stackWithTrustOf(length: number, context: Record<string, unknown> = {}, props: StackProps = { env: ENV }): Stack {
    const accounts = (count: number, last: number) => Array.from({ length: count }, (_, n) =>
      ServiceAccountSubject.of('default', `a${n}-`.padEnd(n === count - 1 ? last : 60, 'x')));
    const build = (count: number, last: number) => {
      const stack = new Stack(new App({ context }), 'Stack', props);
      roleIn(stack, { providers: [literalProvider(stack)], serviceAccounts: accounts(count, last) });
      return stack;
    };
    const lengthOf = (count: number, last: number) => {
      const stack = new Stack(new App(), 'Stack', { env: ENV });
      const role = roleIn(stack, { providers: [literalProvider(stack)], serviceAccounts: accounts(count, last) });
      return JSON.stringify(stack.resolve(role.assumeRolePolicy)).length;
    };
    let count = 2;
    while (count < 200 && lengthOf(count + 1, 10) <= length) {
      count++;
    }
    const last = 10 + length - lengthOf(count, 10);
    expect(lengthOf(count, last)).toBe(length);
    return build(count, last);
  }

  test.each([
    ['the default quota', 2048, {}],
    ['the default quota, given', 2048, { 'cdk-irsa:trustPolicyQuota': 2048 }],
    ['a raised quota', 4096, { 'cdk-irsa:trustPolicyQuota': 4096 }],
    ['a raised quota from the command line', 4096, { 'cdk-irsa:trustPolicyQuota': '4096' }],
    ['the highest quota', 8192, { 'cdk-irsa:trustPolicyQuota': 8192 }],
  ])('%s (%d) is enough to the last character, and fails when there is one more', (_, quota, context) => {
    const stack = stackWithTrustOf(quota, context);
    expect(deployedLength(renderedTrust(stack))).toBe(quota);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());

    expect(() => Template.fromStack(stackWithTrustOf(quota + 1, context))).toThrow(
      new RegExp(`\\[Stack/Role\\] trust policy is ${quota + 1} characters long and IAM takes ${quota} \\(white space not counted\\)`));
  });

  test('the message has the arithmetic and the ways out', () => {
    const stack = stackWithTrustOf(3000);

    expect(() => Template.fromStack(stack)).toThrow(/1 cluster of about 29\d\d characters each.*set the context cdk-irsa:trustPolicyQuota to what AWS granted/);
  });

  test.each([2047, 8193, 0, -1, 2048.5, 'many', '', true, {}])('fails when the context is %j', quota => {
    const stack = new Stack(new App({ context: { 'cdk-irsa:trustPolicyQuota': quota } }), 'Stack', { env: ENV });
    roleIn(stack);

    expect(() => Template.fromStack(stack)).toThrow(
      `the context cdk-irsa:trustPolicyQuota is '${String(quota)}'; 2048 (the default) to 8192 (the most that AWS grants) is expected`);
  });

  test('counts what users add', () => {
    const stack = stackWithTrustOf(2000);
    const role = stack.node.findChild('Role') as IrsaRole;
    role.assumeRolePolicy!.addStatements(new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/admin`)] }));

    expect(() => Template.fromStack(stack)).toThrow(/trust policy is 2\d\d\d characters long/);
  });

  test('guards deploy-time issuers too', () => {
    const stack = stackIn();
    const serviceAccounts = Array.from({ length: 40 }, (_, n) => ServiceAccountSubject.of('default', `reader-${n}`.padEnd(40, 'x')));
    roleIn(stack, { providers: [deployTimeProvider(stack)], serviceAccounts });

    expect(() => Template.fromStack(stack)).toThrow(/trust policy is \d{4} characters long and IAM takes 2048/);
  });

  test('warns where an agnostic stack may be just too long, with the range', () => {
    const stack = new Stack(new App(), 'Stack');
    const provider = ClusterOidcProvider.fromIssuer(stack, 'Provider', { issuer: literalIssuer() });
    const base = { providers: [provider] };
    const length = (accounts: ServiceAccountSubject[]) => {
      const other = new Stack(new App(), 'Stack');
      roleIn(other, { providers: [ClusterOidcProvider.fromIssuer(other, 'Provider', { issuer: literalIssuer() })], serviceAccounts: accounts });
      return deployedLength(renderedTrust(other), { 'Ref:AWS::Partition': 'aws', 'Ref:AWS::AccountId': ACCOUNT });
    };
    const accounts = Array.from({ length: 20 }, (_, n) => ServiceAccountSubject.of('default', `a${n}-`.padEnd(40, 'x')));
    const padding = 2046 - length([...accounts, ServiceAccountSubject.of('default', 'z')]);
    const serviceAccounts = [...accounts, ServiceAccountSubject.of('default', 'z'.repeat(1 + padding))];
    expect(length(serviceAccounts)).toBe(2046);
    roleIn(stack, { ...base, serviceAccounts });

    Annotations.fromStack(stack).hasWarning('/Stack/Role', Match.stringLikeRegexp(
      '^trust policy will be 2046 to 2053 characters long, and IAM takes 2048.*cdk-irsa:trustPolicyMayExceedQuota'));
  });

  test('counts what IAM will count, whatever the clusters and subjects', () => {
    const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/);
    const subject = fc.oneof(
      fc.tuple(name, name).map(([namespace, account]) => ServiceAccountSubject.of(namespace, account)),
      name.map(namespace => ServiceAccountSubject.anyInNamespace(namespace)),
    );
    const subjects = fc.array(subject, { minLength: 20, maxLength: 60 });

    fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), subjects, (clusters, serviceAccounts) => {
      const stack = stackIn();
      const role = roleIn(stack, { providers: Array.from({ length: clusters }, (_, n) => literalProvider(stack, n)), serviceAccounts });
      const length = JSON.stringify(stack.resolve(role.assumeRolePolicy)).length;
      fc.pre(length > 2048);
      expect(role.node.validate().join()).toContain(`trust policy is ${length} characters long and IAM takes 2048`);
    }), { numRuns: 30 });
  });
});

describe('name', () => {
  const nameOf = (stack: Stack) => onlyRole(stack).RoleName;

  // FROZEN: computed apart from the code, by python's hashlib
  test.each<[string, string, (app: App) => Construct, string]>([
    ['in a stack', 'Role', app => stackIn(app), 'Stack-Role-ac259f5675'],
    ['below a construct', 'Reader', app => new Construct(stackIn(app), 'Team'), 'Stack-Team-Reader-0435f01ec8'],
    ['in a Stage', 'Role', app => new Stack(new Stage(app, 'Prod', { env: ENV }), 'Stack'), 'Prod-Stack-Role-4bb049c28d'],
    ['in a stack with a name of its own', 'Role', app => new Stack(app, 'Stack', { env: ENV, stackName: 'shop' }), 'shop-Role-03ec7f50ed'],
    ['in a nested stack', 'Role', app => new NestedStack(stackIn(app), 'Nested'), 'Stack-Nested-Role-c78e4f7ca5'],
    ['in another partition', 'Role', app => new Stack(app, 'Stack', { env: { account: ACCOUNT, region: 'cn-north-1' } }), 'Stack-Role-698eedc2c6'],
  ])('%s is frozen: %s', (_, id, scope, expected) => {
    const construct = scope(new App());
    roleIn(construct, {}, id);

    expect(nameOf(Stack.of(construct))).toBe(expected);
  });

  test('does not depend on the issuer', () => {
    const stack = stackIn();
    roleIn(stack, { providers: [deployTimeProvider(stack)] });

    expect(nameOf(stack)).toBe('Stack-Role-ac259f5675');
  });

  test.each([
    ['region', { ...ENV, region: 'us-east-1' }],
    ['account', { ...ENV, account: OTHER_ACCOUNT }],
  ])('differs by %s', (_, env) => {
    const stack = new Stack(new App(), 'Stack', { env });
    roleIn(stack);

    expect(nameOf(stack)).toMatch(/^Stack-Role-[0-9a-f]{10}$/);
    expect(nameOf(stack)).not.toBe('Stack-Role-ac259f5675');
  });

  test('differs for roles with the same id in two stacks', () => {
    const app = new App();
    const [first, second] = [stackIn(app, 'First'), stackIn(app, 'Second')];
    [first, second].forEach(stack => roleIn(stack));

    expect(nameOf(first)).not.toBe(nameOf(second));
  });

  test('differs whatever the case of ids', () => {
    const stack = stackIn();
    ['Role', 'role', 'ROLE'].forEach(id => roleIn(stack, {}, id));

    const names = resourcesOf(stack, 'AWS::IAM::Role').map(({ Properties }) => String(Properties.RoleName).toLowerCase());
    expect(new Set(names).size).toBe(3);
  });

  test('differs for an id with a slash and the path that looks like it', () => {
    const stack = stackIn();
    const providers = [literalProvider(stack)];
    roleIn(stack, { providers }, 'a/b');
    roleIn(new Construct(stack, 'a'), { providers }, 'b');

    const names = resourcesOf(stack, 'AWS::IAM::Role').map(({ Properties }) => Properties.RoleName);
    expect(new Set(names).size).toBe(2);
  });

  test('in a nested stack is that of the top-level stack and the path, not a token', () => {
    const parent = stackIn();
    const nested = new NestedStack(new NestedStack(parent, 'Outer'), 'Inner');
    roleIn(nested);

    expect(nameOf(nested)).toMatch(/^Stack-Outer-Inner-Role-[0-9a-f]{10}$/);
  });

  test.each([
    ['account and region are', {}],
    ['the account is', { env: { region: 'eu-west-1' } }],
    ['the region is', { env: { account: ACCOUNT } }],
  ])('is left to CloudFormation where %s not known', (_, props) => {
    const stack = new Stack(new App(), 'Stack', props);
    roleIn(stack);

    expect(nameOf(stack)).toBeUndefined();
  });

  test('is left to CloudFormation on request', () => {
    const stack = stackIn();
    roleIn(stack, { nameAtSynth: false });

    expect(nameOf(stack)).toBeUndefined();
  });

  test.each(['r', 'r'.repeat(64), 'Reader_1+=,.@-'])('may be given: %s', roleName => {
    const stack = stackIn();
    roleIn(stack, { roleName, nameAtSynth: false });

    expect(nameOf(stack)).toBe(roleName);
  });

  test.each(['', 'r'.repeat(65), 'a/b', 'a b', 'ä'])('fails when %j is given', roleName => {
    expect(() => roleIn(stackIn(), { roleName })).toThrow(`'${roleName}' (${roleName.length} characters) is not a role name: 1 to 64 letters`);
  });

  test('may be a token', () => {
    const stack = stackIn();
    roleIn(stack, { roleName: new CfnParameter(stack, 'Name').valueAsString });

    expect(nameOf(stack)).toEqual({ Ref: 'Name' });
  });

  test('may be generated by CDK when a stack of another environment needs it', () => {
    const app = new App();
    const stack = stackIn(app);
    const role = roleIn(stack, { roleName: PhysicalName.GENERATE_IF_NEEDED });
    const consumer = new Stack(app, 'Consumer', { env: { ...ENV, account: OTHER_ACCOUNT } });
    new CfnResource(consumer, 'Consumer', { type: 'Test::Thing', properties: { Arn: role.roleArn } });

    app.synth();
    expect(nameOf(stack)).toMatch(/^[\w+=,.@-]{1,64}$/);
    expect(JSON.stringify(resourcesOf(consumer, 'Test::Thing')[0].Properties.Arn)).toContain(`:iam::${ACCOUNT}:role/${String(nameOf(stack))}`);
  });

  test('is not generated by CDK when nobody needs it', () => {
    const stack = stackIn();
    roleIn(stack, { roleName: PhysicalName.GENERATE_IF_NEEDED });

    expect(nameOf(stack)).toBeUndefined();
  });

  test('makes the ARN known to a stack of another account', () => {
    const app = new App();
    const role = roleIn(stackIn(app));
    const consumer = new Stack(app, 'Consumer', { env: { ...ENV, account: OTHER_ACCOUNT } });
    new CfnResource(consumer, 'Consumer', { type: 'Test::Thing', properties: { Arn: role.roleArn } });

    expect(resourcesOf(consumer, 'Test::Thing')[0].Properties.Arn).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${ACCOUNT}:role/Stack-Role-ac259f5675`]],
    });
  });

  test('is unique in a stack, whatever its tree', () => {
    const segment = fc.stringMatching(/^[abA/_-]{1,3}$/);
    const tree = fc.array(fc.array(segment, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 12 });
    const scopeAt = (root: Construct, ids: string[]) => ids.reduce<Construct>((parent, it) => {
      const sanitized = it.replace(/\//g, '--');
      return (parent.node.tryFindChild(sanitized) ?? new Construct(parent, it)) as Construct;
    }, root);

    fc.assert(fc.property(tree, paths => {
      const stack = stackIn();
      const providers = [literalProvider(stack)];
      const roles = paths.flatMap(path => {
        const [id, ...ids] = path;
        const scope = scopeAt(stack, ids);
        return scope.node.tryFindChild(id.replace(/\//g, '--')) ? [] : [roleIn(scope, { providers }, id)];
      });
      const names = roles.map(role => String((role.node.findChild('Resource') as CfnRole).roleName).toLowerCase());
      expect(names.some(name => Token.isUnresolved(name))).toBe(false);
      expect(new Set(names).size).toBe(roles.length);
    }), { numRuns: 50 });
  });
});

describe('Role.customizeRoles', () => {
  test.each(ISSUERS)('with a %s issuer: preventSynthesis leaves no role and no policy, and reports what is granted', (_, provider) => {
    const app = new App();
    const stack = stackIn(app);
    Role.customizeRoles(stack);
    new Bucket(stack, 'Bucket').grantRead(roleIn(stack, { providers: [provider(stack)] }));

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(reportOf(app)).toMatch(/\(Stack\/Role\)[^]*s3:GetObject/);
  });

  test('preventSynthesis reports whom the role trusts where the issuer is literal', () => {
    const app = new App();
    const stack = stackIn(app);
    Role.customizeRoles(stack);
    roleIn(stack);

    const report = reportOf(app);
    expect(report).toContain('sts:AssumeRoleWithWebIdentity');
    expect(report).toContain(`"${HOST_PATH}:aud": "sts.amazonaws.com"`);
    expect(report).toContain(`"${HOST_PATH}:sub": "system:serviceaccount:default:reader"`);
  });

  test("preventSynthesis warns that CDK's report has no trust policy where the issuer is deploy-time", () => {
    const stack = stackIn();
    Role.customizeRoles(stack);
    roleIn(stack, { providers: [deployTimeProvider(stack)] });

    Annotations.fromStack(stack).hasWarning('/Stack/Role', Match.stringLikeRegexp('report.*cdk-irsa:'));
  });

  test.each(ISSUERS)('with a %s issuer: the ARN is that of the role made beforehand', (_, provider) => {
    const stack = stackIn();
    Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Role': 'made-before' } });
    const role = roleIn(stack, { providers: [provider(stack)], path: '/team/' });
    new CfnResource(stack, 'Consumer', { type: 'Test::Thing', properties: { Arn: role.roleArn, Name: role.roleName } });

    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
    const { Arn, Name } = resourcesOf(stack, 'Test::Thing')[0].Properties;
    expect(JSON.stringify(Arn)).toMatch(/:role\/(team\/)?made-before/);
    expect(Name).toBe('made-before');
  });

  test.each(ISSUERS)('with a %s issuer: a role that is not customised stays in the template', (_, provider) => {
    const stack = stackIn();
    Role.customizeRoles(stack, { preventSynthesis: false });
    roleIn(stack, { providers: [provider(stack)] });

    const values = { 'Ref:ProviderUrl': `https://${HOST_PATH}`, [`${providerIdIn(stack)}.Arn`]: PROVIDER_ARN };
    expectPinned(deployedTrust(renderedTrust(stack), values));
  });
});

test('a Stage gives its roles names of their own', () => {
  const app = new App();
  const stacks = ['Test', 'Prod'].map(id => new Stack(new Stage(app, id, { env: ENV }), 'Stack'));
  stacks.forEach(stack => roleIn(stack));

  const names = stacks.map(stack => onlyRole(stack).RoleName);
  expect(names).toEqual([expect.stringMatching(/^Test-Stack-Role-/), expect.stringMatching(/^Prod-Stack-Role-/)]);
});

/** The logical id of the provider that a stack makes. */
function providerIdIn(stack: Stack): string {
  return Object.keys(Template.fromStack(stack).findResources('AWS::IAM::OIDCProvider'))[0];
}

function reportOf(app: App): string {
  return readFileSync(join(app.synth().directory, 'iam-policy-report.txt'), 'utf8');
}
