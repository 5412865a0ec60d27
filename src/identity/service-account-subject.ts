import { Token } from 'aws-cdk-lib';
import { isNamespaceName, isServiceAccountName, MAX_NAMESPACE_LENGTH, MAX_SERVICE_ACCOUNT_LENGTH } from './kubernetes-names';
import { isLike } from './string-like';

/**
 * Who a token of a cluster speaks for: the service account in its `sub` claim, or a pattern of several.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
 */
export class ServiceAccountSubject {
  /**
   * Exactly one service account.
   *
   * @param namespace an RFC 1123 label of 1 to 63 characters
   * @param name an RFC 1123 subdomain of 1 to 253 characters
   */
  public static of(namespace: string, name: string): ServiceAccountSubject {
    assertLiteral('namespace', namespace);
    assertLiteral('service account name', name);
    assertNamespace(namespace);
    if (!isServiceAccountName(name)) {
      throw new Error(`'${name}' is not a service account name: 1 to ${MAX_SERVICE_ACCOUNT_LENGTH} lower-case letters, digits, dashes and dots, `
        + 'each part beginning and ending with a letter or digit' + wildcardHint(name));
    }
    return new ServiceAccountSubject(namespace, name, false);
  }

  /**
   * Every service account of a namespace, those that are made later included.
   *
   * Whoever may create a service account or a pod in that namespace can take the role. Roles warn about it
   * (`cdk-irsa:wildcardSubject`).
   */
  public static anyInNamespace(namespace: string): ServiceAccountSubject {
    assertLiteral('namespace', namespace);
    assertNamespace(namespace);
    return new ServiceAccountSubject(namespace, '*', true);
  }

  /**
   * Every service account that matches two patterns, in which `*` stands for any characters and `?` for one.
   *
   * Cannot match every namespace and every name at once. Roles warn about it (`cdk-irsa:wildcardSubject`).
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
   */
  public static matching(namespacePattern: string, namePattern: string): ServiceAccountSubject {
    assertPattern('namespace', namespacePattern, /^[a-z0-9*?-]+$/, MAX_NAMESPACE_LENGTH);
    assertPattern('service account name', namePattern, /^[a-z0-9.*?-]+$/, MAX_SERVICE_ACCOUNT_LENGTH);
    if (ONLY_WILDCARDS.test(namespacePattern) && ONLY_WILDCARDS.test(namePattern)) {
      throw new Error(`'${namespacePattern}' and '${namePattern}' together match every service account of the cluster; name the namespace or the account, `
        + 'at least in part');
    }
    if (!WILDCARD.test(namespacePattern + namePattern)) {
      throw new Error(`'${namespacePattern}' and '${namePattern}' contain no wildcard; use ServiceAccountSubject.of('${namespacePattern}', '${namePattern}')`);
    }
    return new ServiceAccountSubject(namespacePattern, namePattern, true);
  }

  /** The `sub` claim: `system:serviceaccount:NAMESPACE:NAME`. */
  public readonly claim: string;

  private constructor(
    /** The namespace, or a pattern of namespaces. */
    public readonly namespace: string,
    /** The name of the service account, or a pattern of names. */
    public readonly name: string,
    /** Whether this stands for several service accounts: trust policies then use `StringLike`. */
    public readonly isPattern: boolean,
  ) {
    this.claim = `system:serviceaccount:${namespace}:${name}`;
  }

  /** Whether this subject is, or by its pattern includes, the other one. */
  public includes(other: ServiceAccountSubject): boolean {
    return this.isPattern && !other.isPattern
      ? isLike(other.claim, this.claim)
      : this.claim === other.claim;
  }

  /** The subject as people write it: `NAMESPACE/NAME`. */
  public toString(): string {
    return `${this.namespace}/${this.name}`;
  }
}

/** The subjects without those that are there already, by their claims. */
export function distinctSubjects(subjects: readonly ServiceAccountSubject[]): ServiceAccountSubject[] {
  return subjects.filter(({ claim }, index) => subjects.findIndex(other => other.claim === claim) === index);
}

const WILDCARD = /[*?]/;
const ONLY_WILDCARDS = /^[*?.-]+$/;

function assertLiteral(what: string, value: string): void {
  if (Token.isUnresolved(value)) {
    throw new Error(`${what} ${value} is known only at deployment, and the trust policy and the manifest need it at synth; pass a literal`);
  }
}

function assertNamespace(namespace: string): void {
  if (!isNamespaceName(namespace)) {
    throw new Error(`'${namespace}' is not a namespace name: 1 to ${MAX_NAMESPACE_LENGTH} lower-case letters, digits and dashes, `
      + 'beginning and ending with a letter or digit' + wildcardHint(namespace));
  }
}

function assertPattern(what: string, pattern: string, allowed: RegExp, maxLength: number): void {
  assertLiteral(what, pattern);
  if (!allowed.test(pattern) || pattern.length > maxLength) {
    throw new Error(`'${pattern}' is not a pattern of a ${what}: 1 to ${maxLength} of the characters a name may have, and * and ?`);
  }
}

function wildcardHint(value: string): string {
  return WILDCARD.test(value) ? '; for wildcards use ServiceAccountSubject.anyInNamespace or ServiceAccountSubject.matching' : '';
}
