import { type Annotations, Token } from 'aws-cdk-lib';
import type { IClusterOidcProvider } from './cluster-oidc-provider';
import { assertProviders } from './provider-check';
import type { Trust, TrustedProvider } from './trust-statements';
import { DEFAULT_AUDIENCE, validateAudience } from '../identity/audience';
import type { ServiceAccountSubject } from '../identity/service-account-subject';
import { assertSubjects } from '../identity/subject-check';

/** What a role or principal is told about whom to trust. */
export interface TrustProps {
  readonly providers: IClusterOidcProvider[];
  readonly serviceAccounts: ServiceAccountSubject[];
  readonly audience?: string;
}

/**
 * Checks whom to trust and completes it: at least one cluster, at least one subject, an audience that every provider lists.
 *
 * @param otherwise whether the role can be assumed without a provider: by EKS Pod Identity
 */
export function validateTrust(user: string, props: TrustProps, otherwise = false): Trust {
  const audience = validateAudience(props.audience ?? DEFAULT_AUDIENCE);
  assertProviders(user, props.providers);
  assertSubjects(user, props.serviceAccounts);
  if (props.providers.length === 0 && !otherwise) {
    throw new Error(`${user} has no provider: without one nobody can assume it; pass providers: [new ClusterOidcProvider(…)], one a cluster`);
  }
  if (props.serviceAccounts.length === 0) {
    throw new Error(`${user} has no service account: without a subject every pod of the cluster could assume it; `
      + "pass serviceAccounts: [ServiceAccountSubject.of('namespace', 'name')]");
  }
  for (const provider of props.providers) {
    assertListed(user, provider, audience);
  }
  const unique = [...new Set(props.providers)];
  return {
    providers: unique.map(trustedProvider),
    subjects: [...props.serviceAccounts],
    audience,
  };
}

/** What a trust policy has to know of a provider. */
export function trustedProvider({ oidcProviderArn, issuer }: IClusterOidcProvider): TrustedProvider {
  return { arn: oidcProviderArn, hostPath: issuer.hostPath };
}

/** A provider lives in the account of the role: one in another account is never asked. */
export function assertSameAccount(user: string, account: string, providers: readonly IClusterOidcProvider[]): void {
  for (const provider of providers) {
    const other = provider.env.account;
    if (!Token.isUnresolved(other) && !Token.isUnresolved(account) && other !== account) {
      throw new Error(`${user} is in account ${account} and its provider ${provider.node.path} in account ${other}, where AWS does not look; `
        + 'make a ClusterOidcProvider for the same issuer in the account of the role');
    }
  }
}

/** A wildcard is a loud call: whoever may make a matching service account can take the role. */
export function warnAboutPatterns(annotations: Annotations, subjects: readonly ServiceAccountSubject[]): void {
  for (const subject of subjects.filter(({ isPattern }) => isPattern)) {
    annotations.addWarningV2('cdk-irsa:wildcardSubject',
      `trusts every service account that matches '${subject}', those that somebody makes later included; `
      + "name the accounts with ServiceAccountSubject.of, or acknowledge it: Annotations.of(…).acknowledgeWarning('cdk-irsa:wildcardSubject')");
  }
}

function assertListed(user: string, provider: IClusterOidcProvider, audience: string): void {
  const { audiences } = provider;
  const known = audiences && !Token.isUnresolved(audience) && !audiences.some(listed => Token.isUnresolved(listed));
  if (known && !audiences.includes(audience)) {
    throw new Error(`${user} wants tokens for the audience '${audience}', and its provider ${provider.node.path} lists ${JSON.stringify(audiences)}: `
      + 'STS would refuse them; add the audience to the provider, or take one of the listed');
  }
}
