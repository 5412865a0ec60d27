import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  AnyPrincipal, CompositePrincipal, type IPrincipal, ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal, PrincipalWithConditions,
} from 'aws-cdk-lib/aws-iam';
import { deployedTrust, expectPinned, issuerUrl, literalProvider, READER, renderedTrust, stackIn, type Statement } from './helpers';
import {
  ClusterOidcProvider, OidcIssuer, ServiceAccountPrincipal, type ServiceAccountPrincipalProps, ServiceAccountSubject,
} from '../../src';

const WRITER = ServiceAccountSubject.of('default', 'writer');
const JOBS = ServiceAccountSubject.anyInNamespace('jobs');
const HOST_PATHS = [0, 1].map(n => issuerUrl(n).slice('https://'.length));
const ARNS = HOST_PATHS.map(hostPath => `arn:aws:iam::111111111111:oidc-provider/${hostPath}`);

const FIRST: Statement = {
  Action: 'sts:AssumeRoleWithWebIdentity',
  Effect: 'Allow',
  Principal: { Federated: ARNS[0] },
  Condition: { StringEquals: { [`${HOST_PATHS[0]}:aud`]: 'sts.amazonaws.com', [`${HOST_PATHS[0]}:sub`]: 'system:serviceaccount:default:reader' } },
};
const SECOND: Statement = {
  ...FIRST,
  Principal: { Federated: ARNS[1] },
  Condition: { StringEquals: { [`${HOST_PATHS[1]}:aud`]: 'sts.amazonaws.com', [`${HOST_PATHS[1]}:sub`]: 'system:serviceaccount:default:reader' } },
};

function principalIn(stack: Stack, props: Partial<ServiceAccountPrincipalProps> = {}): ServiceAccountPrincipal {
  return new ServiceAccountPrincipal({ serviceAccounts: [READER], ...props, providers: props.providers ?? [literalProvider(stack, 0)] });
}

function statementsOf(stack: Stack, assumedBy: IPrincipal): Statement[] {
  new Role(stack, 'Role', { assumedBy });
  return deployedTrust(renderedTrust(stack)).Statement;
}

describe('in a plain iam.Role', () => {
  test('trusts one service account of one cluster', () => {
    const stack = stackIn();

    expect(statementsOf(stack, principalIn(stack))).toEqual([FIRST]);
  });

  test('trusts the same service account of several clusters', () => {
    const stack = stackIn();
    const providers = [literalProvider(stack, 0), literalProvider(stack, 1)];

    expect(statementsOf(stack, principalIn(stack, { providers }))).toEqual([FIRST, SECOND]);
  });

  test('pins an own audience', () => {
    const stack = stackIn();

    expect(statementsOf(stack, principalIn(stack, { audience: 'mine' }))[0].Condition.StringEquals).toMatchObject({ [`${HOST_PATHS[0]}:aud`]: 'mine' });
  });

  test('warns about patterns, at the provider', () => {
    const stack = stackIn();
    statementsOf(stack, principalIn(stack, { serviceAccounts: [READER, JOBS] }));

    Annotations.fromStack(stack).hasWarning('/Stack/Provider0', Match.stringLikeRegexp("matches 'jobs/\\*'.*cdk-irsa:wildcardSubject"));
  });

  test('does not warn about exact subjects', () => {
    const stack = stackIn();
    statementsOf(stack, principalIn(stack));

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('grants go to the role, as with any principal', () => {
    const stack = stackIn();
    const role = new Role(stack, 'Role', { assumedBy: principalIn(stack) });
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'));

    expect(role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })).statementAdded).toBe(true);
  });
});

describe('in composites', () => {
  test('stands beside a service', () => {
    const stack = stackIn();

    expect(statementsOf(stack, new CompositePrincipal(principalIn(stack), new ServicePrincipal('ec2.amazonaws.com')))).toEqual([
      FIRST, { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } },
    ]);
  });

  test('stands after a service, with its own action', () => {
    const stack = stackIn();

    expect(statementsOf(stack, new CompositePrincipal(new ServicePrincipal('ec2.amazonaws.com'), principalIn(stack)))).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } }, FIRST,
    ]);
  });

  test('stands beside its like, of another cluster', () => {
    const stack = stackIn();
    const other = principalIn(stack, { providers: [literalProvider(stack, 1)] });

    expect(statementsOf(stack, new CompositePrincipal(principalIn(stack), other))).toEqual([FIRST, SECOND]);
  });
});

describe('with more conditions', () => {
  test('keeps sub and aud beside a condition of the same operator', () => {
    const stack = stackIn();

    expect(statementsOf(stack, principalIn(stack).withConditions({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }))).toEqual([{
      ...FIRST, Condition: { StringEquals: { ...FIRST.Condition.StringEquals, 'aws:RequestedRegion': 'eu-west-1' } },
    }]);
  });

  test('keeps sub and aud beside a condition of another operator', () => {
    const stack = stackIn();

    expect(statementsOf(stack, principalIn(stack).withConditions({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }))).toEqual([{
      ...FIRST, Condition: { ...FIRST.Condition, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    }]);
  });

  test('still warns about patterns', () => {
    const stack = stackIn();
    statementsOf(stack, principalIn(stack, { serviceAccounts: [JOBS] }).withConditions({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }));

    Annotations.fromStack(stack).hasWarning('/Stack/Provider0', Match.stringLikeRegexp('cdk-irsa:wildcardSubject'));
  });

  test('fails when they are put on several clusters at once, and says that conditions are why', () => {
    const stack = stackIn();
    const principal = principalIn(stack, { providers: [literalProvider(stack, 0), literalProvider(stack, 1)] });

    expect(() => statementsOf(stack, principal.withConditions({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })))
      .toThrow(/ServiceAccountPrincipal needs 2 statements .*withConditions/);
  });
});

test('session tags are allowed in every statement, and sub and aud stay pinned', () => {
  const stack = stackIn();
  const providers = [literalProvider(stack, 0), literalProvider(stack, 1)];

  const Action = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'];
  expect(statementsOf(stack, principalIn(stack, { providers }).withSessionTags())).toEqual([{ ...FIRST, Action }, { ...SECOND, Action }]);
});

describe('as a part of one statement', () => {
  test('brings its conditions along', () => {
    const { principalJson, conditions } = principalIn(stackIn()).policyFragment;

    expect(principalJson).toEqual({ Federated: [ARNS[0]] });
    expect(conditions).toEqual(FIRST.Condition);
  });

  test('a statement made with it pins sub and aud', () => {
    const stack = stackIn();
    const statement = new PolicyStatement({ actions: ['sts:AssumeRoleWithWebIdentity'], principals: [principalIn(stack)] });

    expectPinned(deployedTrust(stack.resolve(new PolicyDocument({ statements: [statement] }))));
  });

  test('brings StringLike along for patterns', () => {
    const { conditions } = principalIn(stackIn(), { serviceAccounts: [JOBS] }).policyFragment;

    expect(conditions).toEqual({
      StringEquals: { [`${HOST_PATHS[0]}:aud`]: 'sts.amazonaws.com' }, StringLike: { [`${HOST_PATHS[0]}:sub`]: 'system:serviceaccount:jobs:*' },
    });
  });

  test('fails when there are several clusters', () => {
    const stack = stackIn();
    const principal = principalIn(stack, { providers: [literalProvider(stack, 0), literalProvider(stack, 1)] });

    expect(() => principal.policyFragment).toThrow('ServiceAccountPrincipal needs 2 statements (one a cluster, patterns apart), and a single one was asked for');
    expect(() => principal.policyFragment).toThrow('make one principal for each cluster');
  });

  test('fails when there are exact subjects and patterns', () => {
    const principal = principalIn(stackIn(), { serviceAccounts: [READER, JOBS] });

    expect(() => principal.policyFragment).toThrow('ServiceAccountPrincipal needs 2 statements');
  });
});

describe('equality', () => {
  test('equal principals have equal strings', () => {
    const stack = stackIn();
    const providers = [literalProvider(stack, 0)];

    expect(principalIn(stack, { providers }).dedupeString()).toBe(principalIn(stack, { providers, audience: 'sts.amazonaws.com' }).dedupeString());
  });

  test.each<[string, (stack: Stack) => Partial<ServiceAccountPrincipalProps>]>([
    ['provider', stack => ({ providers: [literalProvider(stack, 1)] })],
    ['service account', () => ({ serviceAccounts: [WRITER] })],
    ['number of service accounts', () => ({ serviceAccounts: [READER, WRITER] })],
    ['audience', () => ({ audience: 'mine' })],
  ])('another %s makes another string', (_, change) => {
    const stack = stackIn();
    const providers = [literalProvider(stack, 0)];

    expect(principalIn(stack, { providers, ...change(stack) }).dedupeString()).not.toBe(principalIn(stack, { providers }).dedupeString());
  });

  test('differs from principals of other kinds', () => {
    expect(principalIn(stackIn()).dedupeString()).not.toBe(new AnyPrincipal().dedupeString());
  });
});

describe('fails when', () => {
  test('the issuer is known only at deployment: a plain role cannot have it', () => {
    const stack = stackIn();
    const issuer = OidcIssuer.fromUrl(new CfnParameter(stack, 'Url').valueAsString);
    const provider = new ClusterOidcProvider(stack, 'Provider', { issuer });

    expect(() => principalIn(stack, { providers: [provider] })).toThrow('ServiceAccountPrincipal got the provider Stack/Provider, whose issuer is known only at deployment, '
      + 'and a plain iam.Role cannot have it in a condition key; use IrsaRole, which can');
  });

  test('there is no provider', () => {
    expect(() => new ServiceAccountPrincipal({ providers: [], serviceAccounts: [READER] })).toThrow('ServiceAccountPrincipal has no provider');
  });

  test('there is no service account', () => {
    expect(() => principalIn(stackIn(), { serviceAccounts: [] })).toThrow('ServiceAccountPrincipal has no service account');
  });

  test('a provider does not list the audience', () => {
    const stack = stackIn();
    const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: OidcIssuer.fromUrl(issuerUrl(1)) });

    expect(() => principalIn(stack, { providers: [provider], audience: 'mine' })).toThrow("wants tokens for the audience 'mine'");
  });
});

test('does not change when the list that was passed does', () => {
  const stack = stackIn();
  const serviceAccounts = [READER];
  const principal = principalIn(stack, { serviceAccounts });
  serviceAccounts.push(WRITER);

  expect(statementsOf(stack, principal)).toEqual([FIRST]);
});

interface RoleResource {
  readonly Properties: { readonly AssumeRolePolicyDocument: { readonly Statement: Array<{ readonly Condition: unknown }> } };
}

describe('pinned conditions', () => {
  const KEYS = (hostPath: string) => [`${hostPath}:sub`, `${hostPath}:aud`, `${hostPath.toUpperCase()}:SUB`];
  const pinnedIn = (stack: Stack) => new ServiceAccountPrincipal({
    providers: [new ClusterOidcProvider(stack, 'Pinned', { issuer: OidcIssuer.fromUrl('https://pinned.example.org/a') })],
    serviceAccounts: [ServiceAccountSubject.of('default', 'reader')],
  });

  test.each(KEYS('pinned.example.org/a'))('fails when %s would be replaced, in whatever way', key => {
    const condition = { StringEquals: { [key]: 'system:serviceaccount:kube-system:admin' } };
    const stack = new Stack();
    const principal = pinnedIn(stack);

    expect(() => new Role(stack, 'A', { assumedBy: principal.withConditions(condition) })).toThrow(/is pinned to .* and cannot become "system:serviceaccount:kube-system:admin"/);
    expect(() => new Role(stack, 'B', { assumedBy: new PrincipalWithConditions(principal, condition) })).toThrow(/is pinned to/);
  });

  test('other conditions are added', () => {
    const stack = new Stack();
    new Role(stack, 'Role', { assumedBy: pinnedIn(stack).withConditions({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }) });

    const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect((role as RoleResource).Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      StringEquals: { 'pinned.example.org/a:aud': 'sts.amazonaws.com', 'pinned.example.org/a:sub': 'system:serviceaccount:default:reader' },
      IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
    });
  });

  test('fails when its providers are in different accounts', () => {
    const app = new App();
    const providers = ['111111111111', '222222222222'].map(account => new ClusterOidcProvider(
      new Stack(app, `S${account}`, { env: { account, region: 'eu-west-1' } }), 'Provider', { issuer: OidcIssuer.fromUrl('https://pinned.example.org/a') }));

    expect(() => new ServiceAccountPrincipal({ providers, serviceAccounts: [ServiceAccountSubject.of('default', 'reader')] }))
      .toThrow(/is in account 111111111111 and its provider S222222222222\/Provider in account 222222222222/);
  });
});
