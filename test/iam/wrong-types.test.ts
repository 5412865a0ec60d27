import { type Stack } from 'aws-cdk-lib';
import { CfnOIDCProvider, type IRole, OidcProviderNative, OpenIdConnectProvider, Role } from 'aws-cdk-lib/aws-iam';
import { App as KubernetesApp, Chart } from 'cdk8s';
import { ISSUER_URL, literalIssuer, literalProvider, onlyRole, PROVIDER_ARN, READER, stackIn } from './helpers';
import {
  ClusterOidcProvider, Controller, ControllerRole, EksAddon, IrsaRole, IrsaRoleShards, IrsaServiceAccount, OrganizationOidcProvider,
  PodIdentityAssociation, ServiceAccountPrincipal, type ServiceAccountSubject, TakenOverServiceAccount,
} from '../../src';

// what JavaScript apps, and `any`, pass by the types
const ENTRIES: [string, unknown][] = [
  ['text', ['ns/sa']],
  ['a claim', ['system:serviceaccount:ns:sa']],
  ['namespace and name', [{ namespace: 'ns', name: 'sa' }]],
  ['a right one and a wrong one', [READER, { namespace: 'ns', name: 'sa' }]],
  ['nothing', [undefined]],
];

const TRUSTING: [string, (stack: Stack, serviceAccounts: ServiceAccountSubject[]) => unknown][] = [
  ['IrsaRole', (stack, serviceAccounts) => new IrsaRole(stack, 'Role', { providers: [literalProvider(stack)], serviceAccounts })],
  ['IrsaRole with Pod Identity', (stack, serviceAccounts) => new IrsaRole(stack, 'Role', { providers: [], serviceAccounts, podIdentity: true })],
  ['ServiceAccountPrincipal', (stack, serviceAccounts) => new ServiceAccountPrincipal({ providers: [literalProvider(stack)], serviceAccounts })],
  ['ControllerRole', (stack, serviceAccounts) => new ControllerRole(stack, 'Role', { providers: [literalProvider(stack)], serviceAccounts, controller: Controller.ebsCsi() })],
  ['IrsaRoleShards', (stack, serviceAccounts) => new IrsaRoleShards(stack, 'Shards', { providers: [literalProvider(stack)], serviceAccounts })],
  ['OrganizationOidcProvider.addRole', (stack, serviceAccounts) => organization(stack).addRole('Role', { serviceAccounts })],
];

function organization(stack: Stack): OrganizationOidcProvider {
  return new OrganizationOidcProvider(stack, 'Organization', { issuer: literalIssuer(), organizationalUnitIds: ['ou-ab12-c3d4e5f6'] });
}

describe.each(TRUSTING)('%s', (_, make) => {
  test.each(ENTRIES)('fails when among its service accounts is %s', (__, serviceAccounts) => {
    expect(() => make(stackIn(), serviceAccounts as ServiceAccountSubject[])).toThrow('in serviceAccounts, which is not a ServiceAccountSubject');
  });

  test('fails when it gets one service account instead of a list', () => {
    expect(() => make(stackIn(), READER as unknown as ServiceAccountSubject[])).toThrow('has default/reader as serviceAccounts, and a list is expected');
  });
});

describe('a single subject that is none', () => {
  const wrong = 'ns/sa' as unknown as ServiceAccountSubject;
  const message = "has 'ns/sa' in subject, which is not a ServiceAccountSubject; pass ServiceAccountSubject.of('ns', 'sa')";
  const imported = (stack: Stack): IRole => Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111111111111:role/imported');

  test('fails in an association', () => {
    const stack = stackIn();
    expect(() => new PodIdentityAssociation(stack, 'Association', { clusterName: 'production', role: imported(stack), subject: wrong })).toThrow(message);
  });

  test('fails in a service account', () => {
    const chart = new Chart(new KubernetesApp(), 'chart');
    expect(() => new IrsaServiceAccount(chart, 'ServiceAccount', { role: imported(stackIn()), subject: wrong })).toThrow(message);
  });

  test('fails when shards are asked for it', () => {
    const stack = stackIn();
    const provider = literalProvider(stack);
    const shards = new IrsaRoleShards(stack, 'Shards', { providers: [provider], serviceAccounts: [READER] });
    expect(() => shards.roleFor(provider, wrong)).toThrow("has 'ns/sa' in serviceAccount, which is not a ServiceAccountSubject");
  });
});

describe('a provider', () => {
  type Provider = ClusterOidcProvider;
  const USERS: [string, (stack: Stack, provider: Provider) => unknown][] = [
    ['IrsaRole', (stack, provider) => new IrsaRole(stack, 'Role', { providers: [provider], serviceAccounts: [READER] })],
    ['ServiceAccountPrincipal', (_, provider) => new ServiceAccountPrincipal({ providers: [provider], serviceAccounts: [READER] })],
    ['IrsaRoleShards', (stack, provider) => new IrsaRoleShards(stack, 'Shards', { providers: [provider], serviceAccounts: [READER] })],
    ['TakenOverServiceAccount', (stack, provider) => new TakenOverServiceAccount(stack, 'Reader', { provider })],
    ['EksAddon', (stack, provider) => EksAddon.ebsCsi(stack, 'Addon', { clusterName: 'production', provider })],
  ];
  const WRONG: [string, (stack: Stack) => unknown, string][] = [
    ['its ARN', () => PROVIDER_ARN, `has '${PROVIDER_ARN}' in providers, which is not a ClusterOidcProvider; pass ClusterOidcProvider.fromOidcProviderArn(this, 'Provider', '${PROVIDER_ARN}')`],
    ['the issuer', () => literalIssuer(), "has a LiteralIssuer in providers, which is not a ClusterOidcProvider; pass new ClusterOidcProvider(this, 'Provider', { issuer })"],
    ['the URL', () => ISSUER_URL, "pass new ClusterOidcProvider(this, 'Provider', { issuer })"],
    ['an iam.OidcProviderNative', stack => new OidcProviderNative(stack, 'Theirs', { url: ISSUER_URL }), 'has Stack/Theirs in providers, which is not a ClusterOidcProvider; pass ClusterOidcProvider.fromOidcProvider(provider)'],
    ['an imported iam.OidcProvider', stack => OidcProviderNative.fromOidcProviderArn(stack, 'Theirs', PROVIDER_ARN), 'pass ClusterOidcProvider.fromOidcProvider(provider)'],
    ['an iam.OpenIdConnectProvider', stack => OpenIdConnectProvider.fromOpenIdConnectProviderArn(stack, 'Theirs', PROVIDER_ARN), 'pass ClusterOidcProvider.fromOpenIdConnectProvider(provider)'],
    ['a CfnOIDCProvider', stack => new CfnOIDCProvider(stack, 'Theirs', { url: ISSUER_URL }), "pass new ClusterOidcProvider(this, 'Provider', { issuer })"],
  ];

  describe.each(USERS)('of %s', (_, make) => {
    test.each(WRONG)('fails when it is %s', (__, wrong, message) => {
      const stack = stackIn();
      expect(() => make(stack, wrong(stack) as Provider)).toThrow(message);
    });
  });

  test('fails when it is missing, or no list', () => {
    const stack = stackIn();
    expect(() => new IrsaRole(stack, 'A', { providers: [undefined] as unknown as Provider[], serviceAccounts: [READER] })).toThrow('has undefined in providers');
    expect(() => new IrsaRole(stack, 'B', { serviceAccounts: [READER] } as never)).toThrow(
      "Stack/B has undefined as providers, and a list is expected; pass providers: [new ClusterOidcProvider(this, 'Provider', { issuer })]");
  });

  test('may be of another copy of the package', () => {
    const stack = stackIn();
    const { oidcProviderArn, oidcProviderIssuer, env, node, issuer } = literalProvider(stack);
    const { url, hostPath } = issuer;
    const foreign = { oidcProviderArn, oidcProviderIssuer, env, node, issuer: { url, hostPath, _isToken: false, _assertUsableIn: () => undefined } };
    new IrsaRole(stack, 'Role', { providers: [foreign as never], serviceAccounts: [READER] });
    expect(JSON.stringify(onlyRole(stack).AssumeRolePolicyDocument)).toContain(oidcProviderArn);
  });
});

