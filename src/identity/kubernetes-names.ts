/**
 * The naming rules of Kubernetes, as its API server applies them.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */

/** Longest namespace name: an RFC 1123 label. */
export const MAX_NAMESPACE_LENGTH = 63;

/** Longest service account name: an RFC 1123 subdomain. */
export const MAX_SERVICE_ACCOUNT_LENGTH = 253;

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

/** Whether Kubernetes takes this as the name of a namespace (one character is legal). */
export function isNamespaceName(value: string): boolean {
  return value.length <= MAX_NAMESPACE_LENGTH && DNS_LABEL.test(value);
}

/** Whether Kubernetes takes this as the name of a service account (one character is legal). */
export function isServiceAccountName(value: string): boolean {
  return value.length <= MAX_SERVICE_ACCOUNT_LENGTH && DNS_SUBDOMAIN.test(value);
}
