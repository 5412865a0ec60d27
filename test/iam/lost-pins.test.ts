import { App, Aws, CfnCondition, CfnDynamicReference, CfnDynamicReferenceService, CfnParameter, Fn, Lazy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, CompositePrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { chainWorld } from './chain-world';
import { ACCOUNT, ISSUER_URL, literalProvider, READER, renderedTrust, stackIn, type TrustPolicy } from './helpers';
import {
  ChainedRole, ClusterOidcProvider, EksAddon, IrsaRole, IrsaRoleShards, OidcIssuer, PodIdentityAssociation, type RoleChainLinkOptions,
  ServiceAccountPrincipal,
} from '../../src';

const nothing = () => Lazy.string({ produce: () => undefined as unknown as string });
/** What CDK makes of a parameter of SSM with `forceDynamicReference`. */
const parameterOfSsm = () => new CfnDynamicReference(CfnDynamicReferenceService.SSM, '/name').toString();
const chosen = (value: string, other: string) => Fn.conditionIf('Condition', value, other).toString();

const PRINCIPAL = (stack: Stack, audience: string) =>
  new ServiceAccountPrincipal({ providers: [literalProvider(stack)], serviceAccounts: [READER], audience });
const AUDIENCE_USERS: [string, (stack: Stack, audience: string) => unknown][] = [
  ['IrsaRole', (stack, audience) => new IrsaRole(stack, 'Role', { providers: [literalProvider(stack)], serviceAccounts: [READER], audience })],
  ['IrsaRole with a deploy-time issuer', (stack, audience) => new IrsaRole(stack, 'Role', {
    providers: [ClusterOidcProvider.fromIssuer(stack, 'Provider', { issuer: OidcIssuer.fromUrl(new CfnParameter(stack, 'Url').valueAsString) })],
    serviceAccounts: [READER],
    audience,
  })],
  ['IrsaRoleShards', (stack, audience) => new IrsaRoleShards(stack, 'Role', { providers: [literalProvider(stack)], serviceAccounts: [READER], audience })],
  ['ServiceAccountPrincipal', (stack, audience) => new Role(stack, 'Role', { assumedBy: PRINCIPAL(stack, audience) })],
  ['a composite principal', (stack, audience) =>
    new Role(stack, 'Role', { assumedBy: new CompositePrincipal(new ServicePrincipal('ec2.amazonaws.com'), PRINCIPAL(stack, audience)) })],
  ['a principal with conditions', (stack, audience) =>
    new Role(stack, 'Role', { assumedBy: PRINCIPAL(stack, audience).withConditions({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }) })],
];

describe.each(AUDIENCE_USERS)('the audience of %s', (_, make) => {
  function trustWith(audience: string): string {
    const stack = stackIn();
    new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
    make(stack, audience);
    return JSON.stringify(renderedTrust(stack));
  }

  test.each([
    ['a lazy value without a value', nothing],
    ['an empty lazy value', () => Lazy.string({ produce: () => '' })],
    ['AWS::NoValue', () => Aws.NO_VALUE],
    ['perhaps AWS::NoValue', () => chosen('mine', Aws.NO_VALUE)],
    ['a lazy empty list', () => Lazy.list({ produce: () => [] }) as unknown as string],
    ['a lazy list', () => Lazy.list({ produce: () => ['a', 'b'] }) as unknown as string],
  ])('fails when it comes to %s: aud would not be pinned', (__, audience) => {
    expect(() => trustWith(audience())).toThrow(/the audience of a trust policy comes to .*, so that aud would not be pinned; pass one that has a value in every case/);
  });

  test('fails when a lazy value is no audience', () => {
    expect(() => trustWith(Lazy.string({ produce: () => 'a b' }))).toThrow("the audience of a trust policy comes to 'a b', which is none: 1 to 255 printable ASCII");
  });

  test.each([
    ['a lazy value', () => Lazy.string({ produce: () => 'mine' }), 'mine'],
    ['one of two', () => chosen('mine', 'yours'), '"Fn::If":["Condition","mine","yours"]'],
    ['known at deployment', () => Aws.STACK_NAME, '"Ref":"AWS::StackName"'],
  ])('may be %s', (__, audience, rendered) => {
    expect(trustWith(audience())).toContain(rendered);
  });
});

test('the message says which role it is', () => {
  const stack = stackIn();
  new IrsaRole(stack, 'Role', { providers: [literalProvider(stack)], serviceAccounts: [READER], audience: nothing() });
  expect(() => renderedTrust(stack)).toThrow('[Stack/Role] the audience of a trust policy comes to undefined');

  const other = stackIn();
  new Role(other, 'Plain', { assumedBy: PRINCIPAL(other, nothing()) });
  expect(() => renderedTrust(other)).toThrow(/in every case \(Resources\/Plain\w+\/Properties\/assumeRolePolicyDocument\/Statement\/0/i);
});

test('a condition that says the same once more leaves the audience what it was', () => {
  const stack = stackIn();
  const audience = nothing();
  const provider = literalProvider(stack);
  const principal = new ServiceAccountPrincipal({ providers: [provider], serviceAccounts: [READER], audience });
  new Role(stack, 'Role', { assumedBy: principal.withConditions({ StringEquals: { [`${provider.issuer.hostPath}:aud`]: audience } }) });

  expect(() => renderedTrust(stack)).toThrow('aud would not be pinned');
});

describe('the clusters of EKS Pod Identity', () => {
  function trustWith(arn: string, podIdentitySessionTags?: boolean, ...more: string[]): TrustPolicy {
    const stack = stackIn();
    new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
    new IrsaRole(stack, 'Role', { providers: [], serviceAccounts: [READER], podIdentity: true, podIdentityClusterArns: [arn, ...more], podIdentitySessionTags });
    return renderedTrust(stack) as unknown as TrustPolicy;
  }
  const cluster = (name: string) => `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/${name}`;

  test.each<[string, () => string, string]>([
    ['nothing', nothing, 'has undefined among the ARNs of its clusters'],
    ['AWS::NoValue', () => Aws.NO_VALUE, 'has {"Ref":"AWS::NoValue"} among the ARNs of its clusters'],
    ['perhaps AWS::NoValue', () => chosen(cluster('a'), Aws.NO_VALUE), 'AWS::NoValue"}]} among the ARNs of its clusters'],
    ['a name that is AWS::NoValue', () => cluster(Aws.NO_VALUE), 'AWS::NoValue"}]]} among the ARNs of its clusters'],
    ['a wildcard', () => Lazy.string({ produce: () => '*' }), "has '*' among its podIdentityClusterArns, which is not the ARN of a cluster"],
    ['all clusters of the account', () => `arn:${Aws.PARTITION}:eks:eu-west-1:${ACCOUNT}:cluster/*`, 'cluster/*\' among the ARNs of its clusters, in which a wildcard stands for other clusters'],
    ['some clusters of the account', () => `arn:${Aws.PARTITION}:eks:eu-west-1:${ACCOUNT}:cluster/team-?`, 'in which a wildcard stands for other clusters'],
    ['a cluster of another account', () => Lazy.string({ produce: () => 'arn:aws:eks:eu-west-1:222222222222:cluster/a' }), 'in account 222222222222'],
  ])('fail when one comes to %s', (_, arn, message) => {
    expect(() => trustWith(arn())).toThrow(message);
    expect(() => trustWith(arn(), false)).toThrow(message);
  });

  test.each<[string, () => string, unknown]>([
    ['a lazy value', () => Lazy.string({ produce: () => cluster('a') }), cluster('a')],
    ['one of two', () => chosen(cluster('a'), cluster('b')), { 'Fn::If': ['Condition', cluster('a'), cluster('b')] }],
    ['looked up by CloudFormation', parameterOfSsm, '{{resolve:ssm:/name}}'],
  ])('may be %s', (_, arn, rendered) => {
    expect(trustWith(arn()).Statement[0].Condition.ArnEquals['aws:SourceArn']).toEqual(rendered);
  });

  test('may be lost where another stays: the condition does', () => {
    const perhaps = chosen(cluster('b'), Aws.NO_VALUE);
    expect(trustWith(cluster('a'), undefined, perhaps).Statement[0].Condition.ArnEquals['aws:SourceArn'])
      .toEqual([cluster('a'), { 'Fn::If': ['Condition', cluster('b'), { Ref: 'AWS::NoValue' }] }]);
    expect(() => trustWith(Aws.NO_VALUE, undefined, perhaps)).toThrow('so that any cluster of the account would do');
  });
});

describe('the name of a cluster', () => {
  const USERS: [string, (stack: Stack, clusterName: string) => unknown][] = [
    ['an association', (stack, clusterName) => new PodIdentityAssociation(stack, 'User', {
      clusterName, role: new IrsaRole(stack, 'Role', { providers: [], serviceAccounts: [READER], podIdentity: true }),
    })],
    ['an association of an imported role', (stack, clusterName) => new PodIdentityAssociation(stack, 'User', {
      clusterName, role: Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ACCOUNT}:role/x`), subject: READER, targetRole: new ChainedRole(stack, 'Target'),
    })],
    ['an add-on', (stack, clusterName) => EksAddon.ebsCsi(stack, 'User', { clusterName, podIdentity: true })],
  ];

  test.each(USERS)('of %s fails when it comes to nothing, or to a wildcard', (_, make) => {
    const synth = (clusterName: string) => {
      const stack = stackIn();
      make(stack, clusterName);
      return () => Template.fromStack(stack);
    };
    expect(synth(nothing())).toThrow('[Stack/User] the clusterName comes to undefined, so that the cluster would not be named; pass one that has a value in every case');
    expect(synth(Aws.NO_VALUE)).toThrow('the clusterName comes to {"Ref":"AWS::NoValue"}');
    expect(synth(Lazy.string({ produce: () => '*' }))).toThrow("the clusterName '*' is not the name of a cluster");
    expect(synth(Lazy.string({ produce: () => 'production' }))).not.toThrow();
    expect(synth(parameterOfSsm())).not.toThrow();
  });
});

describe('an issuer', () => {
  test.each([['undefined', nothing], ['{"Ref":"AWS::NoValue"}', () => Aws.NO_VALUE]])('fails when its URL comes to %s', (shown, url) => {
    const stack = stackIn();
    const provider = ClusterOidcProvider.fromIssuer(stack, 'Provider', { issuer: OidcIssuer.fromUrl(url()) });
    new IrsaRole(stack, 'Role', { providers: [provider], serviceAccounts: [READER] });
    expect(() => renderedTrust(stack)).toThrow(`[Stack/Role] the issuer of its provider Stack/Provider comes to ${shown}, which is none; pass one that has a value in every case`);
  });

  test('fails when the ARN of its provider comes to nothing', () => {
    const stack = stackIn();
    new IrsaRole(stack, 'Role', { providers: [ClusterOidcProvider.fromOidcProviderArn(stack, 'Provider', Aws.NO_VALUE)], serviceAccounts: [READER] });
    expect(() => renderedTrust(stack)).toThrow('the issuer of its provider Stack/Provider comes to');
  });

  test('and an audience may get their values after the roles that use them, in shards too', () => {
    const stack = stackIn();
    let [url, audience] = [] as string[];
    const provider = ClusterOidcProvider.fromIssuer(stack, 'Provider', { issuer: OidcIssuer.fromUrl(Lazy.uncachedString({ produce: () => url })) });
    new IrsaRoleShards(stack, 'Role', { providers: [provider], serviceAccounts: [READER], audience: Lazy.uncachedString({ produce: () => audience }) });
    [url, audience] = [ISSUER_URL, 'mine'];
    expect(JSON.stringify(renderedTrust(stack))).toContain('id/8BAC8B107DC1292E426FDF456E6A9B64:aud":"mine"');
  });
});

describe('a condition of a chain', () => {
  function synth(options: Partial<RoleChainLinkOptions>): () => unknown {
    const { app, a, chain } = chainWorld(new App());
    chain.to(new ChainedRole(a, 'Admin', { roleName: 'admin' }), { profile: 'a', ...options });
    return () => app.synth();
  }

  test.each<[string, Partial<RoleChainLinkOptions>]>([
    ['externalId', { externalId: Aws.NO_VALUE }],
    ['externalId', { externalId: chosen('id-1', Aws.NO_VALUE) }],
    ['organizationId', { organizationId: chosen('o-a1b2c3d4e5', Aws.NO_VALUE) }],
    ['sessionTagKeys', { sessionTagKeys: ['team', Aws.NO_VALUE] }],
  ])('fails when %s comes to nothing', (option, options) => {
    expect(synth(options)).toThrow(`${option} of the link to A/Admin: it comes to`);
    expect(synth(options)).toThrow('so that nothing would be asked for; pass a value in every case, or leave it out');
  });

  test('fails when a tag has no key', () => {
    expect(synth({ sessionTagKeys: [nothing()] })).toThrow("sessionTagKeys of the link to A/Admin: '' is not the key of a session tag");
  });

  test('fails when somebody else gets in on a condition that comes to nothing', () => {
    const { app, a, pod, chain } = chainWorld(new App());
    const assumedBy = new ArnPrincipal(pod.roleArn).withConditions({ StringEquals: { 'sts:ExternalId': chosen('id-1', Aws.NO_VALUE) } });
    chain.to(new Role(a, 'Admin', { roleName: 'admin', assumedBy }), { profile: 'a', externalId: 'id-1' });
    expect(() => app.synth()).toThrow('its trust policy lets it in without one');
  });

  test.each<[string, Partial<RoleChainLinkOptions>]>([
    ['one of two', { externalId: chosen('id-1', 'id-2') }],
    ['known at deployment', { externalId: Aws.STACK_NAME, sessionTagKeys: [Aws.STACK_NAME, Lazy.string({ produce: () => 'team' })] }],
  ])('may be %s', (_, options) => {
    expect(synth(options)).not.toThrow();
  });
});
