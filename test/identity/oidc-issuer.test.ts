import { App, CfnParameter, Fn, Lazy, NestedStack, Stack, type StackProps, Stage } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { OidcIssuer } from '../../src';

const URL = 'https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64';
const ENV = { account: '111111111111', region: 'eu-west-1' };

describe('from a literal URL', () => {
  test('has the URL and what comes after its scheme', () => {
    const issuer = OidcIssuer.fromUrl(URL);

    expect(issuer.url).toBe(URL);
    expect(issuer.hostPath).toBe('oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64');
    expect(issuer._isToken).toBe(false);
  });

  test.each(['', 'http://example.com', `${URL}/`, `${URL}?a`])('fails when the URL is %j', url => {
    expect(() => OidcIssuer.fromUrl(url)).toThrow(`issuer URL '${url}'`);
  });
});

describe('from a token', () => {
  test('lets CloudFormation take the scheme away', () => {
    const stack = new Stack();
    const issuer = OidcIssuer.fromUrl(new CfnParameter(stack, 'Url').valueAsString);

    expect(stack.resolve(issuer.url)).toEqual({ Ref: 'Url' });
    expect(stack.resolve(issuer.hostPath)).toEqual({ 'Fn::Select': [1, { 'Fn::Split': ['//', { Ref: 'Url' }] }] });
    expect(issuer._isToken).toBe(true);
  });

  test('takes literal text around the token', () => {
    const stack = new Stack();
    const issuer = OidcIssuer.fromUrl(`https://example.com/${new CfnParameter(stack, 'Id').valueAsString}`);

    expect(issuer._isToken).toBe(true);
    expect(stack.resolve(issuer.url)).toEqual({ 'Fn::Join': ['', ['https://example.com/', { Ref: 'Id' }]] });
  });

  test('a Lazy that turns out literal has a literal host path', () => {
    const issuer = OidcIssuer.fromUrl(Lazy.string({ produce: () => URL }));

    expect(new Stack().resolve(issuer.hostPath)).toBe(URL.slice('https://'.length));
  });

  test('fails when a Lazy turns out to be no issuer', () => {
    const issuer = OidcIssuer.fromUrl(Lazy.string({ produce: () => `${URL}?a` }));

    expect(() => new Stack().resolve(issuer.hostPath)).toThrow("has a query ('?')");
  });
});

describe('from a host path', () => {
  test('a literal one gives a literal issuer', () => {
    expect(OidcIssuer._fromHostPath(URL.slice('https://'.length))).toMatchObject({ url: URL, _isToken: false });
  });

  test('a token gives a token', () => {
    const stack = new Stack();
    const issuer = OidcIssuer._fromHostPath(new CfnParameter(stack, 'HostPath').valueAsString);

    expect(stack.resolve(issuer.url)).toEqual({ 'Fn::Join': ['', ['https://', { Ref: 'HostPath' }]] });
    expect(stack.resolve(issuer.hostPath)).toEqual({ Ref: 'HostPath' });
    expect(issuer._isToken).toBe(true);
  });

  test('fails when it is no host path', () => {
    expect(() => OidcIssuer._fromHostPath('a b')).toThrow("issuer URL 'https://a b'");
  });
});

test('fails when it is subclassed', () => {
  class Unchecked extends OidcIssuer {
    public readonly url = 'http://example.com';
    public readonly hostPath = '*';
  }

  expect(() => new Unchecked()).toThrow('OidcIssuer cannot be subclassed; use OidcIssuer.fromUrl or OidcIssuer.fromLookup');
});

describe('from a lookup', () => {
  /** Synthesises one lookup and returns what it gave and what it asked for. */
  function lookup(options: { clusterName?: string; context?: Record<string, unknown>; props?: StackProps } = {}) {
    const app = new App();
    Object.entries(options.context ?? {}).forEach(([key, value]) => app.node.setContext(key, value));
    const stack = new Stack(app, 'Stack', options.props ?? { env: ENV });
    const issuer = OidcIssuer.fromLookup(stack, { clusterName: options.clusterName ?? 'prod' });
    return { issuer, stack, missing: app.synth().manifest.missing ?? [] };
  }

  const [{ key: KEY }] = lookup().missing;
  const found = (value: unknown) => lookup({ context: { [KEY]: value } });

  test('asks for the issuer of the cluster in the account and region of the scope', () => {
    const { missing } = lookup();

    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatchObject({
      provider: 'cc-api-provider',
      props: {
        account: '111111111111', region: 'eu-west-1', typeName: 'AWS::EKS::Cluster', exactIdentifier: 'prod', propertiesToReturn: ['OpenIdConnectIssuerUrl'],
      },
    });
  });

  test('has the issuer that was found, and asks no more', () => {
    const { issuer, missing } = found([{ OpenIdConnectIssuerUrl: URL, Identifier: 'prod' }]);

    expect(issuer).toMatchObject({ url: URL, hostPath: URL.slice('https://'.length), _isToken: false });
    expect(missing).toEqual([]);
  });

  test('stands in with a URL of real length until then', () => {
    expect(lookup().issuer.url).toMatch(/^https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/);
    expect(lookup().issuer.url).toHaveLength(URL.length);
    expect(lookup().issuer.url).toBe(lookup().issuer.url);
  });

  test('stands in with another URL for each cluster, region and account', () => {
    const urls = [
      lookup(),
      lookup({ clusterName: 'test' }),
      lookup({ props: { env: { ...ENV, account: '222222222222' } } }),
      lookup({ props: { env: { ...ENV, region: 'us-east-1' } } }),
    ].map(({ issuer }) => issuer.url);

    expect(new Set(urls).size).toBe(urls.length);
  });

  test.each([
    ['cn-north-1', 'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['eusc-de-east-1', 'https://oidc.eks.eusc-de-east-1.amazonaws.eu/id/8BAC8B107DC1292E426FDF456E6A9B64'],
  ])('stands in with a URL of real length in %s too', (region, real) => {
    expect(lookup({ props: { env: { ...ENV, region } } }).issuer.url).toHaveLength(real.length);
  });

  test('looks into the account and region of the scope, not of the app', () => {
    const app = new App();
    const stage = new Stage(app, 'Stage', { env: { account: '222222222222', region: 'us-east-1' } });
    const nested = new NestedStack(new Stack(stage, 'Stack'), 'Nested');

    OidcIssuer.fromLookup(nested, { clusterName: 'prod' });

    const missing = app.synth().getNestedAssembly('assembly-Stage').manifest.missing ?? [];
    expect(missing.map(({ props }) => props)).toEqual([expect.objectContaining({ account: '222222222222', region: 'us-east-1' })]);
  });

  test.each([
    ['an empty list', []],
    ['null in the list', [null]],
    ['no list', { OpenIdConnectIssuerUrl: URL }],
    ['a string', URL],
    ['a cluster without issuer', [{ Identifier: 'prod' }]],
    ['an issuer that is no string', [{ OpenIdConnectIssuerUrl: 1 }]],
  ])('fails when the lookup gives %s', (_, value) => {
    expect(() => found(value)).toThrow(`the lookup of EKS cluster 'prod' gave no OpenIdConnectIssuerUrl: ${JSON.stringify(value)}`);
    expect(() => found(value)).toThrow("remove the entry with 'cdk context --reset', or use OidcIssuer.fromUrl with the literal URL");
  });

  test.each(['', 'http://example.com', `${URL}/`])('fails when the lookup gives %j as the issuer', url => {
    expect(() => found([{ OpenIdConnectIssuerUrl: url }])).toThrow(`issuer URL '${url}'`);
  });

  test('fails when the CLI reports an error', () => {
    const { stack } = found({ $providerError: 'no cluster named prod' });

    Annotations.fromStack(stack).hasError('*', Match.stringLikeRegexp('no cluster named prod'));
  });

  test.each([
    ['the account is not known', { env: { region: 'eu-west-1' } }],
    ['the region is not known', { env: { account: '111111111111' } }],
    ['neither is known', {}],
  ])('fails when %s', (_, props) => {
    expect(() => lookup({ props })).toThrow(
      "OidcIssuer.fromLookup('prod') needs a stack with a concrete environment, and Stack has none; "
      + 'give it env: { account, region }, or use OidcIssuer.fromUrl with the literal URL');
  });

  test('fails when the cluster name is empty', () => {
    expect(() => lookup({ clusterName: '' })).toThrow("OidcIssuer.fromLookup needs a cluster name that is known at synth, got ''");
  });

  test('fails when the cluster name is a token', () => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    const clusterName = new CfnParameter(stack, 'Cluster').valueAsString;

    expect(() => OidcIssuer.fromLookup(stack, { clusterName })).toThrow(/needs a cluster name that is known at synth, got '.*Token.*'/);
    expect(() => OidcIssuer.fromLookup(stack, { clusterName })).toThrow('use OidcIssuer.fromUrl(cluster.clusterOpenIdConnectIssuerUrl)');
  });
});

describe('a deploy-time issuer', () => {
  const app = new App();
  const origin = new Stack(app, 'Origin', { env: ENV });
  const issuer = OidcIssuer.fromUrl(new CfnParameter(origin, 'Url').valueAsString);

  test.each([
    ['its own stack', origin],
    ['a sibling stack', new Stack(app, 'Sibling', { env: ENV })],
    ['a nested stack', new NestedStack(origin, 'Nested')],
  ])('can be used in %s', (_, stack) => {
    expect(() => issuer._assertUsableIn(stack, 'Role')).not.toThrow();
  });

  test.each([
    ['another account', new Stack(app, 'Account', { env: { ...ENV, account: '222222222222' } }), 'aws://222222222222/eu-west-1'],
    ['another region', new Stack(app, 'Region', { env: { ...ENV, region: 'us-east-1' } }), 'aws://111111111111/us-east-1'],
    ['another Stage', new Stack(new Stage(app, 'Stage'), 'Stack', { env: ENV }), 'aws://111111111111/eu-west-1'],
    ['an agnostic stack', new Stack(app, 'Agnostic'), 'aws://unknown-account/unknown-region'],
  ])('fails when it is used in %s', (_, stack, environment) => {
    expect(() => issuer._assertUsableIn(stack, 'Some/Role')).toThrow(
      `Some/Role (${environment}) uses an issuer that is known only when Origin (aws://111111111111/eu-west-1) is deployed, `
      + 'and a deploy-time value stays in its account, region and Stage; use OidcIssuer.fromLookup or the literal URL with OidcIssuer.fromUrl');
  });

  test('fails when only a part of it comes from another account', () => {
    const other = new Stack(app, 'Other', { env: { ...ENV, account: '222222222222' } });
    const mixed = OidcIssuer.fromUrl(Fn.join('', [
      'https://', new CfnParameter(origin, 'Host').valueAsString, '/', new CfnParameter(other, 'Path').valueAsString,
    ]));

    expect(() => mixed._assertUsableIn(origin, 'Some/Role')).toThrow('Some/Role (aws://111111111111/eu-west-1) uses an issuer that is known only when Other');
  });

  test('an import can be used anywhere: nobody knows where it comes from', () => {
    expect(() => OidcIssuer.fromUrl(Fn.importValue('Url'))._assertUsableIn(new Stack(app, 'Importer'), 'Role')).not.toThrow();
  });
});

test('a literal issuer can be used anywhere', () => {
  expect(() => OidcIssuer.fromUrl(URL)._assertUsableIn(new Stack(new Stage(new App(), 'Stage'), 'Stack'), 'Role')).not.toThrow();
});
