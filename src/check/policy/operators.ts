import { BlockList, isIP } from 'node:net';
import { matchesPattern, type Pattern, patternOf, Wildcard } from '../../identity/string-like';
import { isUnresolved, knownParts } from '../unresolved';
import { type Truth, truthOf } from './truth';

/** A condition operator of IAM, without its `ForAnyValue:`, `ForAllValues:` and `IfExists`. */
export interface Operator {
  /** Whether it holds when nothing matches, a missing key included. */
  readonly negated: boolean;
  /** Whether policy variables work in its values. */
  readonly variables: boolean;
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean;
  /** Whether a value of the request matches one of the policy (before negation). */
  matches(value: string, pattern: Pattern): Truth;
}

/**
 * The operators by name.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...pair('StringEquals', 'StringNotEquals', text(false, equals)),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', text(false, (value, pattern) => equals(value.toLowerCase(), lowerCase(pattern)))),
  ...pair('StringLike', 'StringNotLike', text(true, matchesPattern)),
  ...pair('ArnEquals', 'ArnNotEquals', text(true, matchesArn)),
  ...pair('ArnLike', 'ArnNotLike', text(true, matchesArn)),
  ...pair('NumericEquals', 'NumericNotEquals', ordered(numberOf, difference => difference === 0)),
  ...pair('NumericLessThan', undefined, ordered(numberOf, difference => difference < 0)),
  ...pair('NumericLessThanEquals', undefined, ordered(numberOf, difference => difference <= 0)),
  ...pair('NumericGreaterThan', undefined, ordered(numberOf, difference => difference > 0)),
  ...pair('NumericGreaterThanEquals', undefined, ordered(numberOf, difference => difference >= 0)),
  ...pair('DateEquals', 'DateNotEquals', ordered(dateOf, difference => difference === 0)),
  ...pair('DateLessThan', undefined, ordered(dateOf, difference => difference < 0)),
  ...pair('DateLessThanEquals', undefined, ordered(dateOf, difference => difference <= 0)),
  ...pair('DateGreaterThan', undefined, ordered(dateOf, difference => difference > 0)),
  ...pair('DateGreaterThanEquals', undefined, ordered(dateOf, difference => difference >= 0)),
  ...pair('Bool', undefined, plain((value, wanted) => truthOf(value.toLowerCase() === wanted.toLowerCase()))),
  ...pair('BinaryEquals', undefined, plain((value, wanted) => truthOf(value === wanted))),
  ...pair('IpAddress', 'NotIpAddress', plain(isInRange)),
]);

type Matcher = Pick<Operator, 'matches' | 'variables' | 'wildcards'>;

function pair(name: string, negation: string | undefined, matcher: Matcher): Array<[string, Operator]> {
  return [[name, { ...matcher, negated: false }], ...negation ? [[negation, { ...matcher, negated: true }] as [string, Operator]] : []];
}

/** Strings and ARNs. A part that only a deployment knows may be anything: without it matching too, the answer is no, otherwise unknown. */
function text(wildcards: boolean, matches: (value: string, pattern: Pattern) => boolean | undefined): Matcher {
  return {
    wildcards,
    variables: true,
    matches: (value, pattern) => {
      const wanted = literal(pattern);
      if (isUnresolved(value) || isUnresolved(wanted)) {
        return value === wanted ? 'yes' : couldMatch(value, wildcards ? pattern : Array.from(wanted)) ? 'unknown' : 'no';
      }
      const matched = matches(value, pattern);
      return matched === undefined ? 'unknown' : truthOf(matched);
    },
  };
}

function couldMatch(value: string, pattern: Pattern): boolean {
  if (!isUnresolved(value)) {
    return matchesPattern(value, withHoles(pattern));
  }
  const hasWildcards = pattern.some(element => typeof element !== 'string');
  return hasWildcards || isUnresolved(literal(pattern)) || matchesPattern(literal(pattern), withHoles(Array.from(value)));
}

/** Opaque parts as `*`. */
function withHoles(pattern: Pattern): Pattern {
  const wildcards = pattern.filter(element => typeof element !== 'string');
  // keep true wildcards apart from the characters * and ? while the text is split at its opaque parts
  const marked = pattern.map(element => typeof element === 'string' ? element : '\uE002').join('');
  return knownParts(marked).flatMap(part => part === undefined
    ? [Wildcard.ANY]
    : Array.from(part, character => character === '\uE002' ? wildcards.shift()! : character));
}

/** Operators that know neither variables nor wildcards. */
function plain(matches: (value: string, wanted: string) => Truth): Matcher {
  return {
    wildcards: false,
    variables: false,
    matches: (value, pattern) => {
      const wanted = literal(pattern);
      return isUnresolved(value) || isUnresolved(wanted) || wanted.includes('${') ? 'unknown' : matches(value, wanted);
    },
  };
}

function ordered(parse: (value: string) => number | undefined, holds: (difference: number) => boolean): Matcher {
  return plain((value, wanted) => {
    const [left, right] = [parse(value), parse(wanted)];
    return left === undefined || right === undefined ? 'unknown' : truthOf(holds(left - right));
  });
}

/** The text of a pattern, wildcards as characters. */
export function literal(pattern: Pattern): string {
  return pattern.map(element => element === Wildcard.ANY ? '*' : element === Wildcard.ONE ? '?' : element).join('');
}

function equals(value: string, pattern: Pattern): boolean {
  return value === literal(pattern);
}

function lowerCase(pattern: Pattern): Pattern {
  return pattern.map(element => typeof element === 'string' ? element.toLowerCase() : element);
}

/** Each of the six parts of an ARN for itself: a `*` does not reach over a colon, save in the last. What a pattern of fewer parts matches is not documented. */
function matchesArn(value: string, pattern: Pattern): boolean | undefined {
  const values = value.split(':');
  const patterns = splitAtColons(pattern);
  if (patterns.length < 6) {
    return undefined;
  }
  return values.length >= 6 && patterns.every((each, part) => matchesPattern(part < 5 ? values[part] : values.slice(5).join(':'), each));
}

function splitAtColons(pattern: Pattern): Pattern[] {
  const parts: Array<Array<string | Wildcard>> = [[]];
  for (const element of pattern) {
    if (element === ':' && parts.length < 6) {
      parts.push([]);
    } else {
      parts.at(-1)!.push(element);
    }
  }
  return parts;
}

function numberOf(value: string): number | undefined {
  return /^[+-]?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** ISO 8601 as the W3C profiles it, or seconds since 1970. */
function dateOf(value: string): number | undefined {
  if (/^\d{5,}$/.test(value)) {
    return Number(value) * 1000;
  }
  const date = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?$/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? undefined : date;
}

function isInRange(value: string, range: string): Truth {
  const [address, prefix, ...rest] = range.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  const length = prefix === undefined ? bits : numberOf(prefix) ?? -1;
  if (isIP(address) === 0 || isIP(value) === 0 || rest.length > 0 || !Number.isInteger(length) || length < 0 || length > bits) {
    return 'unknown';
  }
  if (isIP(address) !== isIP(value)) {
    return 'no';
  }
  const list = new BlockList();
  list.addSubnet(address, length, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return truthOf(list.check(value, isIP(value) === 6 ? 'ipv6' : 'ipv4'));
}

/** Whether a pattern of an action or a resource matches: IAM ignores the case of actions, not of resources. */
export function matchesText(value: string, pattern: string, ignoreCase: boolean): Truth {
  const matcher = OPERATORS.get('StringLike')!;
  return ignoreCase ? matcher.matches(value.toLowerCase(), patternOf(pattern.toLowerCase())) : matcher.matches(value, patternOf(pattern));
}
