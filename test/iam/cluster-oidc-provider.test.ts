import { App, CfnParameter, CfnResource, Fn, NestedStack, RemovalPolicy, Stack, Stage, Tags, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnOIDCProvider, OidcProviderNative, OpenIdConnectProvider } from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, ENV, helperTypes, HOST_PATH, ISSUER_URL, issuerUrl, literalIssuer, OTHER_ACCOUNT, resourcesOf, stackIn } from './helpers';
import { ClusterOidcProvider, type ClusterOidcProviderProps, IrsaRole, OidcIssuer, ServiceAccountSubject } from '../../src';

function providerIn(stack: Stack, props: Partial<ClusterOidcProviderProps> = {}): ClusterOidcProvider {
  return new ClusterOidcProvider(stack, 'Provider', { issuer: literalIssuer(), ...props });
}

function properties(props: Partial<ClusterOidcProviderProps> = {}): unknown {
  const stack = stackIn();
  providerIn(stack, props);
  return resourcesOf(stack, 'AWS::IAM::OIDCProvider')[0].Properties;
}

describe('the resource', () => {
  test('is one AWS::IAM::OIDCProvider with URL and default audience, and nothing else', () => {
    const stack = stackIn();
    providerIn(stack);

    expect(Object.values(Template.fromStack(stack).toJSON().Resources as object)).toEqual([{
      Type: 'AWS::IAM::OIDCProvider',
      Properties: { Url: ISSUER_URL, ClientIdList: ['sts.amazonaws.com'] },
    }]);
  });

  test('is the same for a deploy-time issuer: no Lambda, no custom resource', () => {
    const stack = stackIn();
    providerIn(stack, { issuer: OidcIssuer.fromUrl(new CfnParameter(stack, 'Url').valueAsString) });

    expect(Object.values(Template.fromStack(stack).toJSON().Resources as object)).toEqual([{
      Type: 'AWS::IAM::OIDCProvider',
      Properties: { Url: { Ref: 'Url' }, ClientIdList: ['sts.amazonaws.com'] },
    }]);
    expect(helperTypes(stack)).toEqual([]);
  });

  test.each(['eu-west-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1', 'us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'])(
    'lists the same audience in %s', region => {
      const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region } });
      providerIn(stack);

      expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')[0].Properties).toMatchObject({ ClientIdList: ['sts.amazonaws.com'] });
    });

  test('carries tags', () => {
    const stack = stackIn();
    Tags.of(providerIn(stack)).add('team', 'platform');

    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')[0].Properties).toMatchObject({ Tags: [{ Key: 'team', Value: 'platform' }] });
  });

  test('has no deletion policy by default', () => {
    const stack = stackIn();
    providerIn(stack);

    expect(Object.keys(resourcesOf(stack, 'AWS::IAM::OIDCProvider')[0]).sort()).toEqual(['Properties', 'Type']);
  });

  test.each([
    [RemovalPolicy.RETAIN, 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete'],
    [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate'],
  ])('removal policy %s is %s', (removalPolicy, expected) => {
    const stack = stackIn();
    providerIn(stack, { removalPolicy });

    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')[0]).toMatchObject({ DeletionPolicy: expected });
  });
});

describe('attributes', () => {
  test('a literal issuer is known by all of its names', () => {
    const issuer = literalIssuer();
    const provider = providerIn(stackIn(), { issuer });

    expect(provider.issuer).toBe(issuer);
    expect(provider.oidcProviderIssuer).toBe(HOST_PATH);
    expect(provider.openIdConnectProviderIssuer).toBe(HOST_PATH);
    expect(provider.audiences).toEqual(['sts.amazonaws.com']);
  });

  test('the ARN is the CloudFormation reference, by all of its names', () => {
    const stack = stackIn();
    const provider = providerIn(stack);

    const arns = [provider.oidcProviderArn, provider.openIdConnectProviderArn, provider.oidcProviderRef.oidcProviderArn];
    expect(stack.resolve(arns)).toEqual(Array(3).fill({ 'Fn::GetAtt': [stack.getLogicalId(provider.node.defaultChild as CfnOIDCProvider), 'Arn'] }));
  });

  test('a stack in the same environment imports the ARN', () => {
    const app = new App();
    const provider = providerIn(stackIn(app, 'Owner'));
    const consumer = stackIn(app, 'Consumer');
    new CfnResource(consumer, 'Consumer', { type: 'Test::Thing', properties: { Arn: provider.oidcProviderArn } });

    expect(resourcesOf(consumer, 'Test::Thing')[0].Properties.Arn).toHaveProperty(['Fn::ImportValue']);
  });

  test.each([
    ['region', { ...ENV, region: 'us-east-1' }],
    ['account', { ...ENV, account: OTHER_ACCOUNT }],
  ])('a stack in another %s gets an ARN that needs nothing of the first', (_, env) => {
    const app = new App();
    const provider = providerIn(stackIn(app, 'Owner'));
    const consumer = new Stack(app, 'Consumer', { env });
    new CfnResource(consumer, 'Consumer', { type: 'Test::Thing', properties: { Arn: provider.oidcProviderArn } });

    expect(resourcesOf(consumer, 'Test::Thing')[0].Properties.Arn).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${ACCOUNT}:oidc-provider/${HOST_PATH}`]],
    });
    expect(helperTypes(consumer)).toEqual([]);
  });

  test('the audiences that were passed can change without changing ours', () => {
    const audiences = ['mine'];
    const provider = providerIn(stackIn(), { audiences });
    audiences.push('yours');

    expect(provider.audiences).toEqual(['mine']);
    expect(resourcesOf(Stack.of(provider), 'AWS::IAM::OIDCProvider')[0].Properties).toMatchObject({ ClientIdList: ['mine'] });
  });
});

describe('audiences', () => {
  test.each([
    ['an own one', ['mine']],
    ['several', ['mine', 'sts.amazonaws.com']],
    ['100', Array.from({ length: 100 }, (_, n) => `audience-${n}`)],
  ])('may be %s', (_, audiences) => {
    expect(properties({ audiences })).toMatchObject({ ClientIdList: audiences });
  });

  test('may be a token each', () => {
    const stack = stackIn();
    providerIn(stack, { audiences: [new CfnParameter(stack, 'Audience').valueAsString] });

    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')[0].Properties).toMatchObject({ ClientIdList: [{ Ref: 'Audience' }] });
  });

  test.each([0, 101])('fails when there are %d', length => {
    expect(() => properties({ audiences: Array.from({ length }, (_, n) => `audience-${n}`) }))
      .toThrow(`audiences has ${length} entries, and IAM takes 1 to 100; leave it out for sts.amazonaws.com`);
  });

  test.each(['', 'a b', 'sts.*', 'a'.repeat(256)])('fails when one is %j', audience => {
    expect(() => properties({ audiences: ['mine', audience] })).toThrow(`'${audience}' is not an audience`);
  });

  test('fails when the list is a token', () => {
    const stack = stackIn();
    const audiences = new CfnParameter(stack, 'Audiences', { type: 'CommaDelimitedList' }).valueAsList;

    expect(() => providerIn(stack, { audiences })).toThrow('audiences is a list that is known only at deployment; pass a list of strings, which may be tokens each');
  });
});

describe('thumbprints', () => {
  test.each([
    ['one', ['0123456789abcdef0123456789ABCDEF01234567']],
    ['5', Array.from({ length: 5 }, (_, n) => String(n).repeat(40))],
  ])('may be %s', (_, thumbprints) => {
    expect(properties({ thumbprints })).toMatchObject({ ThumbprintList: thumbprints });
  });

  test('may be a token, or a list that is one', () => {
    const stack = stackIn();
    const one = new CfnParameter(stack, 'Thumbprint').valueAsString;
    const list = Fn.split(',', Fn.importValue('Thumbprints'));
    new ClusterOidcProvider(stack, 'One', { issuer: OidcIssuer.fromUrl(issuerUrl(1)), thumbprints: [one] });
    new ClusterOidcProvider(stack, 'List', { issuer: OidcIssuer.fromUrl(issuerUrl(2)), thumbprints: list });

    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider').map(({ Properties }) => Properties.ThumbprintList)).toEqual([
      [{ Ref: 'Thumbprint' }], { 'Fn::Split': [',', { 'Fn::ImportValue': 'Thumbprints' }] },
    ]);
  });

  test('fails when there are 6', () => {
    expect(() => properties({ thumbprints: Array.from({ length: 6 }, (_, n) => String(n).repeat(40)) }))
      .toThrow('thumbprints has 6 entries, and IAM takes 5 at most');
  });

  test.each([
    ['empty', ''],
    ['39 digits', '0'.repeat(39)],
    ['41 digits', '0'.repeat(41)],
    ['not hexadecimal', 'g'.repeat(40)],
    ['with colons', Array(20).fill('00').join(':')],
    ['followed by a line break', '0'.repeat(40) + '\n'],
  ])('fails when one is %s', (_, thumbprint) => {
    expect(() => properties({ thumbprints: ['1'.repeat(40), thumbprint] })).toThrow(`'${thumbprint}' is not a thumbprint: 40 hexadecimal digits without colons are expected`);
  });
});

describe('made twice', () => {
  const twice = /the OIDC provider of https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/8BAC8B107DC1292E426FDF456E6A9B64 is made twice/;
  const second = (stack: Stack) => new ClusterOidcProvider(stack, 'Second', { issuer: literalIssuer() });

  test('fails when it is in one stack, and names account, both places and the way out', () => {
    const stack = stackIn();
    providerIn(stack);
    second(stack);

    const message = messageOf(stack);
    expect(message).toMatch(twice);
    expect(message).toContain('in account 111111111111, here and at Stack/Second/Resource');
    expect(message).toContain('make it once and pass it on, or import it with ClusterOidcProvider.fromIssuer');
  });

  test('fails when an agnostic stack has both, and leaks no token', () => {
    const stack = new Stack(new App(), 'Stack');
    providerIn(stack);
    second(stack);

    expect(messageOf(stack)).toMatch(twice);
    expect(messageOf(stack)).not.toContain('Token[');
  });

  test.each<[string, (app: App) => [Stack, Stack]]>([
    ['two stacks of one account', app => [stackIn(app, 'A'), stackIn(app, 'B')]],
    ['two regions of one account', app => [stackIn(app, 'A'), new Stack(app, 'B', { env: { ...ENV, region: 'us-east-1' } })]],
    ['two Stages', app => [new Stack(new Stage(app, 'A', { env: ENV }), 'Stack'), new Stack(new Stage(app, 'B', { env: ENV }), 'Stack')]],
    ['a Stage and the app', app => [stackIn(app, 'A'), new Stack(new Stage(app, 'B', { env: ENV }), 'Stack')]],
    ['a stack and a nested one', app => [stackIn(app, 'A'), new NestedStack(app.node.findChild('A'), 'Nested')]],
    ['an agnostic stack and a nested one', app => [new Stack(app, 'A'), new NestedStack(app.node.findChild('A'), 'Nested')]],
    ['two nested stacks of an agnostic one', app => {
      const parent = new Stack(app, 'Parent');
      return [new NestedStack(parent, 'A'), new NestedStack(parent, 'B')];
    }],
  ])('fails when it is in %s', (_, stacks) => {
    const app = new App();
    const [one, other] = stacks(app);
    providerIn(one);
    second(other);

    expect(() => app.synth()).toThrow(twice);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    ["CDK's own construct", stack => new OidcProviderNative(stack, 'Theirs', { url: ISSUER_URL })],
    ['a hand-written L1', stack => new CfnOIDCProvider(stack, 'Theirs', { url: ISSUER_URL, clientIdList: ['theirs'] })],
    ['a resource by type name', stack => new CfnResource(stack, 'Theirs', { type: 'AWS::IAM::OIDCProvider', properties: { Url: ISSUER_URL } })],
    ['an override', stack => new CfnOIDCProvider(stack, 'Theirs').addPropertyOverride('Url', ISSUER_URL)],
  ])('fails when the other is %s', (_, make) => {
    const app = new App();
    providerIn(stackIn(app));
    make(stackIn(app, 'Theirs'));

    expect(() => app.synth()).toThrow(twice);
  });

  test('fails when the same deploy-time issuer has two in one stack', () => {
    const stack = stackIn();
    const issuer = OidcIssuer.fromUrl(new CfnParameter(stack, 'Url').valueAsString);
    new ClusterOidcProvider(stack, 'First', { issuer });
    new ClusterOidcProvider(stack, 'Second', { issuer });

    expect(messageOf(stack)).toContain('the OIDC provider of {"Ref":"Url"} is made twice');
  });

  test('fails when the same deploy-time issuer has two in two stacks of one account', () => {
    const app = new App();
    const owner = stackIn(app, 'Owner');
    const issuer = OidcIssuer.fromUrl(new CfnParameter(owner, 'Url').valueAsString);
    new ClusterOidcProvider(owner, 'First', { issuer });
    new ClusterOidcProvider(stackIn(app, 'Other'), 'Second', { issuer });

    expect(() => app.synth()).toThrow('is made twice');
  });

  test('each of the two is told of the other', () => {
    const stack = stackIn();
    providerIn(stack);
    second(stack);

    expect(messageOf(stack)).toContain('here and at Stack/Provider/Resource');
  });
});

describe('is not made twice', () => {
  test.each<[string, (app: App) => [Stack, Stack]]>([
    ['in two accounts', app => [stackIn(app, 'A'), new Stack(app, 'B', { env: { ...ENV, account: OTHER_ACCOUNT } })]],
    ['in two agnostic stacks: they may go to two accounts', app => [new Stack(app, 'A'), new Stack(app, 'B')]],
    ['in an agnostic stack and one with an account', app => [new Stack(app, 'A'), stackIn(app, 'B')]],
    ['in two Stages of two accounts', app => [
      new Stack(new Stage(app, 'A', { env: ENV }), 'Stack'), new Stack(new Stage(app, 'B', { env: { ...ENV, account: OTHER_ACCOUNT } }), 'Stack'),
    ]],
  ])('%s', (_, stacks) => {
    const app = new App();
    stacks(app).forEach(stack => providerIn(stack));

    expect(() => app.synth()).not.toThrow();
  });

  test('for two issuers', () => {
    const stack = stackIn();
    providerIn(stack);
    new ClusterOidcProvider(stack, 'Other', { issuer: OidcIssuer.fromUrl(issuerUrl(1)) });
    new ClusterOidcProvider(stack, 'CaseDiffers', { issuer: OidcIssuer.fromUrl(ISSUER_URL.toLowerCase()) });

    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')).toHaveLength(3);
  });

  test('for two deploy-time issuers', () => {
    const stack = stackIn();
    for (const id of ['First', 'Second']) {
      new ClusterOidcProvider(stack, id, { issuer: OidcIssuer.fromUrl(new CfnParameter(stack, `${id}Url`).valueAsString) });
    }

    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')).toHaveLength(2);
  });

  test('by an import beside it', () => {
    const stack = stackIn();
    providerIn(stack);
    ClusterOidcProvider.fromIssuer(stack, 'Imported', { issuer: literalIssuer() });

    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')).toHaveLength(1);
  });

  test('by a provider of somebody else without URL', () => {
    const stack = stackIn();
    providerIn(stack);
    new CfnOIDCProvider(stack, 'Unfinished');

    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')).toHaveLength(2);
  });
});

describe('fails when a deploy-time issuer is of', () => {
  test.each<[string, (app: App) => Stack]>([
    ['another account', app => new Stack(app, 'Consumer', { env: { ...ENV, account: OTHER_ACCOUNT } })],
    ['another region', app => new Stack(app, 'Consumer', { env: { ...ENV, region: 'us-east-1' } })],
    ['another Stage', app => new Stack(new Stage(app, 'Stage', { env: ENV }), 'Consumer')],
  ])('%s', (_, consumer) => {
    const app = new App();
    const issuer = OidcIssuer.fromUrl(new CfnParameter(stackIn(app, 'Origin'), 'Url').valueAsString);

    expect(() => providerIn(consumer(app), { issuer })).toThrow(/Consumer\/Provider \(aws:.*\) uses an issuer that is known only when Origin .*use OidcIssuer\.fromLookup/);
  });
});

test('the attributes of a deploy-time issuer are tokens', () => {
  const stack = stackIn();
  const provider = providerIn(stack, { issuer: OidcIssuer.fromUrl(new CfnParameter(stack, 'Url').valueAsString) });

  expect(Token.isUnresolved(provider.oidcProviderIssuer)).toBe(true);
  expect(stack.resolve(provider.oidcProviderArn)).toHaveProperty(['Fn::GetAtt']);
});

function messageOf(stack: Stack): string {
  try {
    Template.fromStack(stack);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('beside providers of CDK', () => {
  const URL = 'https://beside.example.org/a';

  test.each<[string, (stack: Stack) => unknown]>([
    ['iam.OpenIdConnectProvider, a custom resource', stack => new OpenIdConnectProvider(stack, 'Other', { url: URL })],
    ['iam.OidcProviderNative', stack => new OidcProviderNative(stack, 'Other', { url: URL })],
    ['a host in other case', stack => new OidcProviderNative(stack, 'Other', { url: 'https://Beside.Example.org/a' })],
  ])('fails when %s makes the same', (_name, other) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
    new ClusterOidcProvider(stack, 'Ours', { issuer: OidcIssuer.fromUrl(URL) });
    other(stack);

    expect(() => Template.fromStack(stack)).toThrow(/the OIDC provider of https:\/\/beside\.example\.org\/a is made twice in account 111111111111/);
  });

  test('the audiences of one that is wrapped are known, and roles are held to them', () => {
    const stack = new Stack();
    const provider = ClusterOidcProvider.fromOidcProvider(new OidcProviderNative(stack, 'Other', { url: URL, clientIds: ['foo'] }));

    expect(provider.audiences).toEqual(['foo']);
    expect(() => new IrsaRole(stack, 'Role', { providers: [provider], serviceAccounts: [ServiceAccountSubject.of('a', 'b')] })).toThrow(/lists \["foo"\]/);
  });
});
