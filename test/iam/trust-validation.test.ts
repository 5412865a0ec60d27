import { Annotations as CdkAnnotations, App, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ACCOUNT, ENV, HOST_PATH, literalIssuer, literalProvider, OTHER_ACCOUNT, READER, stackIn } from './helpers';
import { ClusterOidcProvider, type IClusterOidcProvider, ServiceAccountSubject } from '../../src';
import { assertSameAccount, validateTrust, warnAboutPatterns } from '../../src/iam/trust-validation';

describe('whom to trust', () => {
  test('is completed by the default audience', () => {
    const stack = stackIn();
    const provider = literalProvider(stack, 1);

    expect(validateTrust('Stack/Role', { providers: [provider], serviceAccounts: [READER] })).toEqual({
      providers: [{ arn: provider.oidcProviderArn, hostPath: provider.issuer.hostPath }], subjects: [READER], audience: 'sts.amazonaws.com',
    });
  });

  test('has each provider once', () => {
    const stack = stackIn();
    const [first, second] = [literalProvider(stack, 1), literalProvider(stack, 2)];

    const { providers } = validateTrust('Stack/Role', { providers: [first, second, first], serviceAccounts: [READER] });
    expect(providers.map(({ arn }) => arn)).toEqual([first.oidcProviderArn, second.oidcProviderArn]);
  });

  test('does not change when the list that was passed does', () => {
    const serviceAccounts = [READER];
    const { subjects } = validateTrust('Stack/Role', { providers: [literalProvider(stackIn())], serviceAccounts });

    serviceAccounts.push(ServiceAccountSubject.anyInNamespace('jobs'));

    expect(subjects).toEqual([READER]);
  });

  test('fails when there is no provider', () => {
    expect(() => validateTrust('Stack/Role', { providers: [], serviceAccounts: [READER] }))
      .toThrow('Stack/Role has no provider: without one nobody can assume it; pass providers: [new ClusterOidcProvider(…)], one a cluster');
  });

  test('fails when there is no service account', () => {
    expect(() => validateTrust('Stack/Role', { providers: [literalProvider(stackIn())], serviceAccounts: [] }))
      .toThrow('Stack/Role has no service account: without a subject every pod of the cluster could assume it; '
        + "pass serviceAccounts: [ServiceAccountSubject.of('namespace', 'name')]");
  });

  test.each(['', '*', 'a b'])('fails when the audience is %j', audience => {
    expect(() => validateTrust('Stack/Role', { providers: [literalProvider(stackIn())], serviceAccounts: [READER], audience }))
      .toThrow(`'${audience}' is not an audience`);
  });
});

describe('the audience', () => {
  function trustWith(audiences: string[] | undefined, audience?: string) {
    const provider = ClusterOidcProvider.fromIssuer(stackIn(), 'Provider', { issuer: literalIssuer(), audiences });
    return () => validateTrust('Stack/Role', { providers: [provider], serviceAccounts: [READER], audience });
  }

  test.each([
    ['is the default and listed', ['sts.amazonaws.com'], undefined],
    ['is one of several', ['a', 'b'], 'b'],
    ['cannot be checked: the provider does not say', undefined, 'b'],
    ['cannot be checked: a listed one is a token', ['a', Aws.STACK_NAME], 'b'],
    ['cannot be checked: it is a token', ['a'], Aws.STACK_NAME],
  ])('%s', (_, audiences, audience) => {
    expect(trustWith(audiences, audience)).not.toThrow();
  });

  test.each([
    ['the default is not listed', ['mine'], undefined, "the audience 'sts.amazonaws.com', and its provider Stack/Provider lists [\"mine\"]"],
    ['an own one is not listed', ['sts.amazonaws.com'], 'mine', "the audience 'mine', and its provider Stack/Provider lists [\"sts.amazonaws.com\"]"],
    ['the case differs', ['Mine'], 'mine', 'lists ["Mine"]'],
    ['the provider lists none', [], 'mine', 'lists []'],
  ])('fails when %s', (_, audiences, audience, message) => {
    expect(trustWith(audiences, audience)).toThrow(message);
    expect(trustWith(audiences, audience)).toThrow('STS would refuse them; add the audience to the provider, or take one of the listed');
  });

  test('fails when only one of the providers does not list it', () => {
    const stack = stackIn();
    const first = ClusterOidcProvider.fromIssuer(stack, 'First', { issuer: literalIssuer(), audiences: ['mine'] });
    const second = ClusterOidcProvider.fromIssuer(stack, 'Second', { issuer: literalIssuer(), audiences: ['yours'] });

    expect(() => validateTrust('Stack/Role', { providers: [first, second], serviceAccounts: [READER], audience: 'mine' })).toThrow('its provider Stack/Second lists');
  });
});

describe('the account of a provider', () => {
  function providers(stack: Stack): Record<string, IClusterOidcProvider> {
    return {
      same: literalProvider(stack, 1),
      scope: ClusterOidcProvider.fromIssuer(stack, 'Scope', { issuer: literalIssuer() }),
      other: literalProvider(stack, 2, OTHER_ACCOUNT),
      otherInAnyPartition: ClusterOidcProvider.fromOidcProviderArn(stack, 'Any', `arn:${Aws.PARTITION}:iam::${OTHER_ACCOUNT}:oidc-provider/${HOST_PATH}`),
      token: ClusterOidcProvider.fromOidcProviderArn(stack, 'Token', new CfnParameter(stack, 'Arn').valueAsString),
    };
  }

  test.each(['same', 'scope', 'token'])('may be the one of the role (%s)', which => {
    const provider = providers(stackIn())[which];

    expect(() => assertSameAccount('Stack/Role', ACCOUNT, [provider])).not.toThrow();
  });

  test('cannot be checked where that of the role is not known', () => {
    const stack = new Stack(new App(), 'Stack');

    expect(() => assertSameAccount('Stack/Role', stack.account, Object.values(providers(stack)))).not.toThrow();
  });

  test.each([['other', 'Provider2'], ['otherInAnyPartition', 'Any']])('fails when it is another (%s)', (which, id) => {
    const { same, [which]: provider } = providers(stackIn());

    expect(() => assertSameAccount('Stack/Role', ACCOUNT, [same, provider])).toThrow(
      `Stack/Role is in account 111111111111 and its provider Stack/${id} in account 222222222222, where AWS does not look; `
      + 'make a ClusterOidcProvider for the same issuer in the account of the role');
  });

  test('fails when the provider is made in a stack of another account', () => {
    const app = new App();
    const elsewhere = new Stack(app, 'Elsewhere', { env: { ...ENV, account: OTHER_ACCOUNT } });
    const provider = new ClusterOidcProvider(elsewhere, 'Provider', { issuer: literalIssuer() });

    expect(() => assertSameAccount('Stack/Role', ACCOUNT, [provider])).toThrow('its provider Elsewhere/Provider in account 222222222222');
  });
});

describe('patterns', () => {
  test('are warned about, each by name, under an id that can be acknowledged', () => {
    const stack = stackIn();
    const subjects = [READER, ServiceAccountSubject.anyInNamespace('jobs'), ServiceAccountSubject.matching('team-?', 'deployer')];

    warnAboutPatterns(CdkAnnotations.of(stack), subjects);

    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cdk-irsa:wildcardSubject'));
    expect(warnings.map(({ entry }) => String(entry.data).replace(/;.*/, ''))).toEqual([
      "trusts every service account that matches 'jobs/*', those that somebody makes later included",
      "trusts every service account that matches 'team-?/deployer', those that somebody makes later included",
    ]);
  });

  test('exact subjects are not warned about', () => {
    const stack = stackIn();
    warnAboutPatterns(CdkAnnotations.of(stack), [READER]);

    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});
