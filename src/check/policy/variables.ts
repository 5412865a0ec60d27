import { type Pattern, patternOf, Wildcard } from '../../identity/string-like';
import { isUnresolved } from '../unresolved';
import type { RequestContext } from './context';

/** A value of a policy with its variables filled in. */
export type Expansion =
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  /** A variable without a value in this request: IAM may drop the whole statement. */
  | { readonly kind: 'missing'; readonly variable: string }
  | { readonly kind: 'unknown'; readonly why: string };

const SPECIAL = ['*', '?', '$'];
const WITH_DEFAULT = /^([^,]+), '([^']*)'$/;

/**
 * Fills in `${key}`, `${key, 'default'}` and the literal `${*}`, `${?}`, `${$}`. What a variable stands for is taken to the letter: a `*` in it
 * is no wildcard.
 *
 * @param enabled whether the policy's version knows variables
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function expandVariables(text: string, enabled: boolean, context: RequestContext): Expansion {
  if (!enabled || !text.includes('${')) {
    return { kind: 'pattern', pattern: patternOf(text) };
  }
  const [before, ...rest] = text.split('${');
  const pattern: Array<string | Wildcard> = [...patternOf(before)];
  for (const part of rest) {
    const end = part.indexOf('}');
    if (end < 0) {
      return { kind: 'unknown', why: `'${text}' has a '\${' without its '}'` };
    }
    const value = valueOf(part.slice(0, end), context);
    if (typeof value !== 'string') {
      return value;
    }
    pattern.push(...Array.from(value), ...patternOf(part.slice(end + 1)));
  }
  return { kind: 'pattern', pattern };
}

function valueOf(variable: string, context: RequestContext): string | Expansion {
  if (SPECIAL.includes(variable)) {
    return variable;
  }
  const [, key, fallback] = WITH_DEFAULT.exec(variable) ?? [undefined, variable];
  const found = context.lookup(key.trim());
  switch (found.kind) {
    case 'absent': return fallback ?? { kind: 'missing', variable: key };
    case 'unknown': return { kind: 'unknown', why: `what '\${${variable}}' stands for is not known here` };
    case 'present': return found.values.length === 1 && !isUnresolved(found.values[0])
      ? found.values[0]
      : { kind: 'unknown', why: `'\${${variable}}' does not stand for one value` };
  }
}
