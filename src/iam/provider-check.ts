import type { Stack } from 'aws-cdk-lib';
import type { IClusterOidcProvider } from './cluster-oidc-provider';
import { isKept, shownLost } from '../identity/kept-value';
import { shownAny } from '../identity/shown-type';

/** Fails unless it is a list of our providers, of whatever copy of this package. Types say so already, and JavaScript and `any` pass by them. */
export function assertProviders(user: string, list: unknown): void {
  if (!Array.isArray(list)) {
    throw new Error(`${user} has ${shownAny(list)} as providers, and a list is expected; pass providers: [${NEW}]`);
  }
  for (const provider of Array.from(list as unknown[])) {
    if (!isProvider(provider)) {
      throw new Error(`${user} has ${shownAny(provider)} in providers, which is not a ClusterOidcProvider; pass ${meant(provider)}`);
    }
  }
}

/** What is wrong with issuers when the template is written: what is lazy may come to nothing, and the keys of conditions with it. */
export function issuerProblems(stack: Stack, providers: readonly IClusterOidcProvider[]): string[] {
  return providers.flatMap(({ issuer, oidcProviderArn, node }) => {
    const lost = [issuer.url, oidcProviderArn].map((value): unknown => stack.resolve(value)).filter(value => !isKept(value));
    return lost.length === 0 ? [] : [`the issuer of its provider ${node.path} comes to ${shownLost(lost[0])}, which is none; pass one that has a value in every case`];
  });
}

const NEW = "new ClusterOidcProvider(this, 'Provider', { issuer })";

type Members = { readonly [Member in keyof IClusterOidcProvider]?: unknown };

function isProvider(value: unknown): boolean {
  const { issuer, oidcProviderArn, env, node } = (value ?? {}) as Members;
  const { hostPath, _assertUsableIn: check } = (issuer ?? {}) as { readonly [Member in keyof IClusterOidcProvider['issuer']]?: unknown };
  return isText(oidcProviderArn) && isText(hostPath) && typeof check === 'function' && env !== undefined && node !== undefined;
}

/** What somebody would write who meant this: an ARN, or a provider of CDK's. */
function meant(value: unknown): string {
  const { oidcProviderArn, openIdConnectProviderArn } = (value ?? {}) as Members & { readonly openIdConnectProviderArn?: unknown };
  if (typeof value === 'string' && /^arn:[^:]+:iam::[^:]*:oidc-provider\//.test(value)) {
    return `ClusterOidcProvider.fromOidcProviderArn(this, 'Provider', '${value}')`;
  }
  if (isText(oidcProviderArn)) {
    return 'ClusterOidcProvider.fromOidcProvider(provider)';
  }
  return isText(openIdConnectProviderArn) ? 'ClusterOidcProvider.fromOpenIdConnectProvider(provider)' : NEW;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
