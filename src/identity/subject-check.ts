import { isNamespaceName, isServiceAccountName } from './kubernetes-names';
import { ServiceAccountSubject } from './service-account-subject';
import { shownAny } from './shown-type';

/**
 * Fails unless it is a list of subjects. Types say so already, and JavaScript, `any` and a run without type check pass by them: what has no claim would leave
 * `sub` out of a trust policy, and let in every pod of a cluster.
 */
export function assertSubjects(user: string, list: unknown): void {
  if (!Array.isArray(list)) {
    throw new Error(`${user} has ${isSubject(list) ? String(list) : shownAny(list)} as serviceAccounts, and a list is expected; `
      + `pass serviceAccounts: [${meant(undefined)}]`);
  }
  // holes too
  Array.from(list as unknown[]).forEach(each => assertSubject(user, 'serviceAccounts', each));
}

/**
 * Fails unless it is a subject, of whatever copy of this package.
 *
 * @param option where it was passed
 */
export function assertSubject(user: string, option: string, value: unknown): void {
  if (!isSubject(value)) {
    throw new Error(`${user} has ${shownAny(value)} in ${option}, which is not a ServiceAccountSubject; pass ${meant(value)}`);
  }
}

/** Whether it says what a subject says, and nothing that our own could not say. */
function isSubject(value: unknown): boolean {
  const { namespace, name, isPattern, claim, includes } = (value ?? {}) as { readonly [Member in keyof ServiceAccountSubject]?: unknown };
  if (typeof namespace !== 'string' || typeof name !== 'string' || typeof isPattern !== 'boolean' || typeof includes !== 'function') {
    return false;
  }
  try {
    return claim === (isPattern ? ServiceAccountSubject.matching(namespace, name) : ServiceAccountSubject.of(namespace, name)).claim;
  } catch {
    return false;
  }
}

/** What somebody would write who meant this: `namespace/name`, or both in an object. */
function meant(value: unknown): string {
  const [namespace, name] = typeof value === 'string'
    ? value.replace(/^system:serviceaccount:/, '').split(/[/:]/)
    : [(value as { namespace?: unknown } | null | undefined)?.namespace, (value as { name?: unknown } | null | undefined)?.name];
  const known = typeof namespace === 'string' && typeof name === 'string' && isNamespaceName(namespace) && isServiceAccountName(name);
  return known ? `ServiceAccountSubject.of('${namespace}', '${name}')` : "ServiceAccountSubject.of('namespace', 'name')";
}
