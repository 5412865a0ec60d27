import { ALLOWED_ROLES, PERMITTED } from './annotations';
import { globMatches, matchesAny } from './role-expression';
import type { OldRole } from './role-reference';

/** How kiam or kube2iam is started. */
export interface RestrictionOptions {
  /** What names of roles are put behind. */
  readonly baseRoleArn?: string;
  /** Whether kiam takes an expression that matches a part of a role (its version 3, or `--disable-strict-namespace-regexp`). @default false */
  readonly partialMatches?: boolean;
  /** Whether what kube2iam allows are regular expressions (`--namespace-restriction-format=regexp`), not patterns with `*`. @default false */
  readonly allowedRegexps?: boolean;
}

/** Why a namespace does not let its pods have a role; `undefined` where it does, or says nothing. */
export function refusalOf(annotations: Readonly<Record<string, unknown>>, role: OldRole, options: RestrictionOptions): string | undefined {
  const permitted = textOf(annotations, PERMITTED);
  if (permitted !== undefined && !isPermitted(permitted, role, options)) {
    return `${PERMITTED} of its namespace is '${permitted}', which does not match`;
  }
  const allowed = textOf(annotations, ALLOWED_ROLES);
  return allowed !== undefined && !isAllowed(allowed, role, options) ? `${ALLOWED_ROLES} of its namespace is '${allowed}', which does not have it` : undefined;
}

/** Whether a namespace says anything about roles. */
export function hasRules(annotations: Readonly<Record<string, unknown>>): boolean {
  return [PERMITTED, ALLOWED_ROLES].some(key => Object.hasOwn(annotations, key));
}

/** Versions of kiam compare with what the annotation says, the name or the ARN. An empty expression permits nothing. */
function isPermitted(expression: string, { text, pathAndName, arn }: OldRole, { partialMatches = false }: RestrictionOptions): boolean {
  return expression !== '' && matchesAny(partialMatches ? expression : anchored(expression), [text, pathAndName, arn]);
}

/** As kiam puts it together: `a|b` is anchored at one side only. */
function anchored(expression: string): string {
  const [, flag = '', pattern] = /^(\(\?i\))?([^]*)$/.exec(expression)!;
  return `${flag}^${pattern}$`;
}

function isAllowed(list: string, { arn }: OldRole, { baseRoleArn = '', allowedRegexps = false }: RestrictionOptions): boolean {
  return patternsIn(list).some(pattern => {
    const full = pattern.toLowerCase().startsWith('arn:') ? pattern : `${baseRoleArn}${pattern}`;
    return allowedRegexps ? matchesAny(full, [arn]) : globMatches(full, arn);
  });
}

function patternsIn(list: string): string[] {
  try {
    const patterns: unknown = JSON.parse(list);
    if (Array.isArray(patterns) && patterns.every((pattern): pattern is string => typeof pattern === 'string')) {
      return patterns;
    }
  } catch {
    // said below
  }
  throw new Error(`${ALLOWED_ROLES} is '${list}', and a list of texts in JSON is expected, such as ["reader"]`);
}

/** Fails for what kubectl refuses: who knows what was meant, and everything would be permitted without it. */
function textOf(annotations: Readonly<Record<string, unknown>>, key: string): string | undefined {
  if (!Object.hasOwn(annotations, key)) {
    return undefined;
  }
  const value = annotations[key] ?? '';
  if (typeof value !== 'string') {
    throw new Error(`${key} of its namespace is ${JSON.stringify(value)}, and a text is expected; put it into quotes`);
  }
  return value;
}
