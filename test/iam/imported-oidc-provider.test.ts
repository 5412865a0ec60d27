import { App, Aws, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnOIDCProvider, OidcProviderNative, OpenIdConnectProvider } from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, ENV, HOST_PATH, ISSUER_URL, literalIssuer, OTHER_ACCOUNT, PROVIDER_ARN, resourcesOf, stackIn } from './helpers';
import { ClusterOidcProvider, OidcIssuer } from '../../src';
import { importedIssuer } from '../../src/iam/imported-oidc-provider';

describe('the issuer in an ARN', () => {
  test.each([
    ['aws', HOST_PATH],
    ['aws-cn', 'oidc.eks.cn-north-1.amazonaws.com.cn/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-us-gov', 'oidc.eks.us-gov-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-eusc', 'oidc.eks.eusc-de-east-1.amazonaws.eu/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-iso', 'oidc.eks.us-iso-east-1.c2s.ic.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-iso-b', 'oidc.eks.us-isob-east-1.sc2s.sgov.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-iso-e', 'oidc.eks.eu-isoe-west-1.cloud.adc-e.uk/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws-iso-f', 'oidc.eks.us-isof-south-1.csp.hci.ic.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['aws', 'issuer.example.com'],
    ['aws', 's3.eu-west-1.amazonaws.com/bucket/oidc-provider/a'],
  ])('of partition %s is what follows oidc-provider/: %s', (partition, hostPath) => {
    expect(importedIssuer(`arn:${partition}:iam::${ACCOUNT}:oidc-provider/${hostPath}`)).toMatchObject({ url: `https://${hostPath}`, hostPath, _isToken: false });
  });

  test.each([
    ['partition', `arn:${Aws.PARTITION}:iam::${ACCOUNT}:oidc-provider/${HOST_PATH}`],
    ['account', `arn:aws:iam::${Aws.ACCOUNT_ID}:oidc-provider/${HOST_PATH}`],
    ['both', `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${HOST_PATH}`],
  ])('is literal where the %s is a token', (_, arn) => {
    expect(importedIssuer(arn)).toMatchObject({ hostPath: HOST_PATH, _isToken: false });
  });

  test.each([
    ['the whole ARN', Fn.importValue('Arn'), [1, { 'Fn::Split': [':oidc-provider/', { 'Fn::ImportValue': 'Arn' }] }]],
  ])('is a token where %s is one', (_, arn, expected) => {
    const issuer = importedIssuer(arn);

    expect(issuer._isToken).toBe(true);
    expect(new Stack().resolve(issuer.hostPath)).toEqual({ 'Fn::Select': expected });
  });

  test('is a token where the tail is one', () => {
    const issuer = importedIssuer(`arn:aws:iam::${ACCOUNT}:oidc-provider/${Fn.importValue('HostPath')}`);

    expect(issuer._isToken).toBe(true);
    expect(new Stack().resolve(issuer.hostPath)).toEqual({ 'Fn::ImportValue': 'HostPath' });
  });

  test.each([
    ['empty', ''],
    ['no ARN', HOST_PATH],
    ['the ARN of a role', `arn:aws:iam::${ACCOUNT}:role/reader`],
    ['the ARN of a SAML provider', `arn:aws:iam::${ACCOUNT}:saml-provider/${HOST_PATH}`],
    ['without account', `arn:aws:iam:::oidc-provider/${HOST_PATH}`],
    ['with a region', `arn:aws:iam:eu-west-1:${ACCOUNT}:oidc-provider/${HOST_PATH}`],
    ['of an account with 11 digits', `arn:aws:iam::${ACCOUNT.slice(1)}:oidc-provider/${HOST_PATH}`],
    ['without issuer', `arn:aws:iam::${ACCOUNT}:oidc-provider/`],
    ['preceded by a blank', ` ${PROVIDER_ARN}`],
  ])('fails when the ARN is %s', (_, arn) => {
    expect(() => importedIssuer(arn)).toThrow(`'${arn}' is not the ARN of an OIDC provider: arn:PARTITION:iam::ACCOUNT:oidc-provider/HOST/PATH is expected`);
  });

  test.each(['/a', 'a b', 'host/a/', 'https://host/a', '*', 'host/*'])('fails when the ARN ends with %j, which is no issuer', tail => {
    expect(() => importedIssuer(`arn:aws:iam::${ACCOUNT}:oidc-provider/${tail}`)).toThrow(`issuer URL 'https://${tail}'`);
  });

  test('fails when the issuer is no issuer and the account is a token', () => {
    expect(() => importedIssuer(`arn:aws:iam::${Aws.ACCOUNT_ID}:oidc-provider/host/*`)).toThrow("issuer URL 'https://host/*'");
  });
});

describe('imported by ARN', () => {
  test('has ARN and issuer by all of their names, and makes no resource', () => {
    const stack = stackIn();
    const provider = ClusterOidcProvider.fromOidcProviderArn(stack, 'Provider', PROVIDER_ARN);

    expect(provider).toMatchObject({
      oidcProviderArn: PROVIDER_ARN,
      oidcProviderIssuer: HOST_PATH,
      openIdConnectProviderArn: PROVIDER_ARN,
      openIdConnectProviderIssuer: HOST_PATH,
      oidcProviderRef: { oidcProviderArn: PROVIDER_ARN },
      audiences: undefined,
    });
    expect(provider.issuer.url).toBe(ISSUER_URL);
    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')).toEqual([]);
  });

  test.each([
    ['the ARN', PROVIDER_ARN.replace(ACCOUNT, OTHER_ACCOUNT)],
    ['the ARN, whatever the partition', `arn:${Aws.PARTITION}:iam::${OTHER_ACCOUNT}:oidc-provider/${HOST_PATH}`],
    ['the ARN, whatever the tail', `arn:aws:iam::${OTHER_ACCOUNT}:oidc-provider/${Fn.importValue('HostPath')}`],
  ])('is in the account of %s', (_, arn) => {
    expect(ClusterOidcProvider.fromOidcProviderArn(stackIn(), 'Provider', arn).env.account).toBe(OTHER_ACCOUNT);
  });

  test('is in the account of the scope where the ARN does not tell', () => {
    expect(ClusterOidcProvider.fromOidcProviderArn(stackIn(), 'Provider', Fn.importValue('Arn')).env.account).toBe(ACCOUNT);
  });

  test('fails when the ARN is none', () => {
    expect(() => ClusterOidcProvider.fromOidcProviderArn(stackIn(), 'Provider', HOST_PATH)).toThrow(`'${HOST_PATH}' is not the ARN of an OIDC provider`);
  });
});

describe('imported by issuer', () => {
  test('has the ARN that follows from issuer and account, and makes no resource', () => {
    const stack = stackIn();
    const provider = ClusterOidcProvider.fromIssuer(stack, 'Provider', { issuer: literalIssuer(), audiences: ['mine'] });

    expect(stack.resolve(provider.oidcProviderArn)).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${ACCOUNT}:oidc-provider/${HOST_PATH}`]] });
    expect(provider.audiences).toEqual(['mine']);
    expect(provider.env.account).toBe(ACCOUNT);
    expect(resourcesOf(stack, 'AWS::IAM::OIDCProvider')).toEqual([]);
  });

  test('in an agnostic stack the account is that of the deployment', () => {
    const stack = new Stack(new App(), 'Stack');
    const provider = ClusterOidcProvider.fromIssuer(stack, 'Provider', { issuer: literalIssuer() });

    expect(stack.resolve(provider.oidcProviderArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, `:oidc-provider/${HOST_PATH}`]],
    });
  });

  test('does not say which audiences are listed, unless told', () => {
    expect(ClusterOidcProvider.fromIssuer(stackIn(), 'Provider', { issuer: literalIssuer() }).audiences).toBeUndefined();
  });

  test('fails when an audience is none', () => {
    expect(() => ClusterOidcProvider.fromIssuer(stackIn(), 'Provider', { issuer: literalIssuer(), audiences: ['a', 'b*'] })).toThrow("'b*' is not an audience");
  });

  test('fails when a deploy-time issuer is of another environment', () => {
    const app = new App();
    const origin = new Stack(app, 'Origin', { env: ENV });
    const issuer = OidcIssuer.fromUrl(new CfnParameter(origin, 'Url').valueAsString);
    const other = new Stack(app, 'Other', { env: { ...ENV, account: OTHER_ACCOUNT } });

    expect(() => ClusterOidcProvider.fromIssuer(other, 'Provider', { issuer }))
      .toThrow('Other/Provider (aws://222222222222/eu-west-1) uses an issuer that is known only when Origin');
  });
});

describe("around a provider of CDK's", () => {
  test('takes the issuer as the resource was given it, where that is literal', () => {
    const stack = stackIn();
    const native = new OidcProviderNative(stack, 'Native', { url: ISSUER_URL });
    const provider = ClusterOidcProvider.fromOidcProvider(native);

    expect(provider.issuer).toMatchObject({ url: ISSUER_URL, _isToken: false });
    expect(stack.resolve(provider.oidcProviderArn)).toEqual(stack.resolve(native.oidcProviderArn));
  });

  test('takes the issuer from the ARN, where nothing else has it', () => {
    const stack = stackIn();
    const custom = new OpenIdConnectProvider(stack, 'Custom', { url: ISSUER_URL });
    const provider = ClusterOidcProvider.fromOpenIdConnectProvider(custom);

    expect(provider.issuer._isToken).toBe(true);
    expect(stack.resolve(provider.issuer.hostPath)).toEqual({
      'Fn::Select': [1, { 'Fn::Split': [':oidc-provider/', stack.resolve(custom.openIdConnectProviderArn) as unknown] }],
    });
  });

  test('takes the issuer from the literal ARN of an imported provider', () => {
    const custom = OpenIdConnectProvider.fromOpenIdConnectProviderArn(stackIn(), 'Custom', PROVIDER_ARN);

    expect(ClusterOidcProvider.fromOpenIdConnectProvider(custom)).toMatchObject({ oidcProviderArn: PROVIDER_ARN, oidcProviderIssuer: HOST_PATH });
  });

  test('is made once, however often it is asked for', () => {
    const native = new OidcProviderNative(stackIn(), 'Native', { url: ISSUER_URL });

    expect(ClusterOidcProvider.fromOidcProvider(native) === ClusterOidcProvider.fromOidcProvider(native)).toBe(true);
  });

  test('adds no resource', () => {
    const stack = stackIn();
    ClusterOidcProvider.fromOidcProvider(new OidcProviderNative(stack, 'Native', { url: ISSUER_URL }));

    expect(stack.node.findAll().filter(node => node instanceof CfnOIDCProvider)).toHaveLength(1);
  });

  test('is in the account and region of the other', () => {
    const app = new App();
    const elsewhere = new Stack(app, 'Elsewhere', { env: { account: OTHER_ACCOUNT, region: 'us-east-1' } });
    const native = new OidcProviderNative(elsewhere, 'Native', { url: ISSUER_URL });

    expect(ClusterOidcProvider.fromOidcProvider(native).env).toEqual({ account: OTHER_ACCOUNT, region: 'us-east-1' });
  });

  test.each([
    ['OpenIdConnectProvider', (stack: Stack, arn: string) => ClusterOidcProvider.fromOpenIdConnectProvider(
      OpenIdConnectProvider.fromOpenIdConnectProviderArn(stack, 'Theirs', arn))],
    ['OidcProviderNative', (stack: Stack, arn: string) => ClusterOidcProvider.fromOidcProvider(OidcProviderNative.fromOidcProviderArn(stack, 'Theirs', arn))],
  ])('is in the account of the ARN that %s was imported with', (_, provider) => {
    expect(provider(stackIn(), PROVIDER_ARN.replace(ACCOUNT, OTHER_ACCOUNT)).env.account).toBe(OTHER_ACCOUNT);
  });

  test('one of ours stays itself, its audiences known', () => {
    const provider = new ClusterOidcProvider(stackIn(), 'Provider', { issuer: literalIssuer(), audiences: ['mine'] });

    expect(ClusterOidcProvider.fromOidcProvider(provider) === provider).toBe(true);
    expect(ClusterOidcProvider.fromOidcProvider(provider).audiences).toEqual(['mine']);
  });
});
