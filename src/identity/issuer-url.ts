import { shownValue } from './key-like';

/** Longest URL that IAM takes for an OIDC provider. */
export const MAX_ISSUER_URL_LENGTH = 255;

const SCHEME = 'https://';
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
const PATH = /^(?:\/(?:[A-Za-z0-9._~!$&'()+,;=@-]|%[0-9A-Fa-f]{2})+)*$/;

/**
 * Checks an issuer URL by the rules of IAM's CreateOpenIDConnectProvider and returns it unchanged.
 *
 * Nothing is corrected on the way: the `iss` claim of a token is compared to the letter, so a URL that differs by
 * a trailing slash is another issuer.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
export function validateIssuerUrl(url: string): string {
  const problem = issuerUrlProblem(url);
  if (problem) {
    throw new Error(`issuer URL ${url.startsWith(SCHEME) ? `'${url}'` : shownValue(url)} ${problem}`);
  }
  return url;
}

/** An issuer URL without its scheme: the prefix of condition keys and the tail of the provider's ARN. */
export function hostPathOf(url: string): string {
  return url.slice(SCHEME.length);
}

function issuerUrlProblem(url: string): string | undefined {
  if (/^http:/i.test(url)) {
    return `does not start with ${SCHEME}, and AWS reads no other; publish the issuer over TLS, and have the cluster sign with that URL`;
  }
  if (!url.startsWith(SCHEME)) {
    return `does not start with ${SCHEME}; pass what tokens say in iss (on EKS 'aws eks describe-cluster --query cluster.identity.oidc.issuer')`;
  }
  if (url.length > MAX_ISSUER_URL_LENGTH) {
    return `is ${url.length} characters long, IAM takes ${MAX_ISSUER_URL_LENGTH} at most`;
  }
  if (/\s/.test(url)) {
    return 'contains white space; remove it';
  }
  if (url.includes('?')) {
    return "has a query ('?'), which IAM does not take; remove it";
  }
  if (url.includes('#')) {
    return "has a fragment ('#'), which IAM does not take; remove it";
  }
  if (url.endsWith('/')) {
    return 'ends with a slash, and the issuer in a token does not; remove the slash';
  }
  return hostPathProblem(hostPathOf(url));
}

function hostPathProblem(hostPath: string): string | undefined {
  const slash = hostPath.indexOf('/');
  const host = slash < 0 ? hostPath : hostPath.slice(0, slash);
  const path = slash < 0 ? '' : hostPath.slice(slash);
  if (host.includes('@')) {
    return 'contains user information; remove what is before the @';
  }
  if (host.includes(':')) {
    return `has a port (${host.slice(host.indexOf(':'))}), which IAM does not take; serve the issuer on 443 and leave the port out`;
  }
  if (!HOST.test(host)) {
    return `has '${host}' where a host name is expected (international names as xn--…)`;
  }
  if (DOT_SEGMENT.test(path)) {
    return `has a path ('${path}') with a dot segment, which HTTP clients take out; write the path without it`;
  }
  if (!PATH.test(path)) {
    return `has a path ('${path}') with an empty segment or a character that is not allowed in a URL`;
  }
  return undefined;
}
