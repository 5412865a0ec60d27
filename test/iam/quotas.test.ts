import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { issuerUrl, OTHER_ACCOUNT } from './helpers';
import { ClusterOidcProvider, OidcIssuer } from '../../src';
import { DEFAULT_PROVIDER_QUOTA, DEFAULT_TRUST_POLICY_QUOTA, MAX_PROVIDER_QUOTA, MAX_TRUST_POLICY_QUOTA, providerQuota, trustPolicyQuota } from '../../src/iam/quotas';

const ENV = { account: '111111111111', region: 'eu-west-1' };

test('the quotas are what AWS documents', () => {
  expect([DEFAULT_TRUST_POLICY_QUOTA, MAX_TRUST_POLICY_QUOTA]).toEqual([2048, 8192]);
  expect([DEFAULT_PROVIDER_QUOTA, MAX_PROVIDER_QUOTA]).toEqual([100, 700]);
});

describe.each([
  ['cdk-irsa:trustPolicyQuota', trustPolicyQuota, 2048, 8192],
  ['cdk-irsa:oidcProviderQuota', providerQuota, 100, 700],
])('%s', (key, quotaOf, fallback, max) => {
  const quota = (value?: unknown) => quotaOf(new Stack(new App({ context: value === undefined ? {} : { [key]: value } }), 'Stack'));

  test.each([[undefined, fallback], [fallback, fallback], [max, max], [String(max), max]])('%j is %d', (value, expected) => {
    expect(quota(value)).toBe(expected);
  });

  test.each([[fallback - 1], [max + 1], [fallback + 0.5], ['many'], [''], [{}]])('fails with %j', value => {
    expect(() => quota(value)).toThrow(`the context ${key} is '${String(value)}'; ${fallback} (the default) to ${max} (the most that AWS grants) is expected`);
  });
});

describe('OIDC providers in one account', () => {
  function providers(stack: Stack, from: number, count: number): void {
    for (let n = from; n < from + count; n++) {
      new ClusterOidcProvider(stack, `Provider${n}`, { issuer: OidcIssuer.fromUrl(issuerUrl(n)) });
    }
  }

  function warnings(stack: Stack): string[] {
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cdk-irsa:oidcProviderQuota')).map(({ id, entry }) => `${id}: ${String(entry.data)}`);
  }

  test('100 are no reason to warn', () => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    providers(stack, 0, 100);

    expect(warnings(stack)).toEqual([]);
  });

  test('101 are, once, whatever stacks, Stages and constructs they are in', () => {
    const app = new App();
    const first = new Stack(app, 'First', { env: ENV });
    const second = new Stack(new Stage(app, 'Stage'), 'Second', { env: { ...ENV, region: 'us-east-1' } });
    providers(first, 0, 50);
    providers(second, 50, 50);
    new CfnResource(first, 'Theirs', { type: 'AWS::IAM::OIDCProvider', properties: { Url: issuerUrl(1000) } });

    expect(warnings(first)).toEqual([
      expect.stringMatching(/^\/First\/Provider0: this app makes 101 OIDC providers in one account, and IAM takes 100, those of others included; raise the quota .*\(L-858F3967\)/),
    ]);
    expect(warnings(second)).toEqual([]);
  });

  test('those of other accounts do not count', () => {
    const app = new App();
    const first = new Stack(app, 'First', { env: ENV });
    providers(first, 0, 60);
    providers(new Stack(app, 'Second', { env: { ...ENV, account: OTHER_ACCOUNT } }), 0, 60);

    expect(warnings(first)).toEqual([]);
  });

  test('a raised quota counts', () => {
    const stack = new Stack(new App({ context: { 'cdk-irsa:oidcProviderQuota': 101 } }), 'Stack', { env: ENV });
    providers(stack, 0, 101);

    expect(warnings(stack)).toEqual([]);
  });
});
