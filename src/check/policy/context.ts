/** What a request says under a condition key. */
export type ContextValue =
  | { readonly kind: 'present'; readonly values: readonly string[] }
  /** The request certainly has no such key. */
  | { readonly kind: 'absent' }
  /** The request may have the key, and what it says is not known here. */
  | { readonly kind: 'unknown' };

/** The keys and values that conditions and policy variables are compared with. */
export interface RequestContext {
  lookup(key: string): ContextValue;
}

/**
 * A context from what is known, and a rule for the other keys. Names of keys are not case-sensitive.
 *
 * @param known keys and values; `undefined` for a key that is certainly absent
 * @param isAbsent whether a key (in lower case) that is not known is certainly absent from such a request
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function requestContext(known: Record<string, string | readonly string[] | undefined>, isAbsent: (key: string) => boolean): RequestContext {
  const values = new Map(Object.entries(known).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));
  return {
    lookup: key => {
      const name = key.toLowerCase();
      const found = values.get(name);
      if (found !== undefined) {
        // an empty set is what IAM calls null
        return found.length > 0 ? { kind: 'present', values: found } : { kind: 'absent' };
      }
      return { kind: values.has(name) || isAbsent(name) ? 'absent' : 'unknown' };
    },
  };
}
