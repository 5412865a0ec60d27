import type { Stack } from 'aws-cdk-lib';
import { anyPartition, foldedText } from './folded-text';
import { isKept } from '../identity/kept-value';
import { isLike } from '../identity/string-like';

/** A statement of a trust policy, as the template has it. */
export interface TrustStatement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** By which names a trust policy may mean a caller. */
export interface Caller {
  /** The stack of the policy. */
  readonly stack: Stack;
  /** Patterns: what synth does not know of an ARN is `*`. */
  readonly arns: readonly string[];
  /** `undefined` where it is known only at deployment. */
  readonly account?: string;
}

/** Whether a statement lets somebody in. */
export type Entry = 'certain' | 'possible' | 'none';

/** Whether a statement lets the caller assume the role without a value for a condition key. */
export function entryOf(statement: TrustStatement, key: string, caller: Caller): Entry {
  if (statement.Effect !== 'Allow' || !isAboutAssumeRole(statement) || asksFor(statement, key)) {
    return 'none';
  }
  const entries = principalsOf(statement, caller).map(principal => entryBy(principal, statement, key, caller));
  return (['certain', 'possible'] as const).find(entry => entries.includes(entry)) ?? 'none';
}

/** Whether a statement denies the role to everybody, or the caller, who brings no value for a condition key. */
export function guards(statement: TrustStatement, key: string, caller: Caller): boolean {
  const all = comparisons(statement);
  const [{ operator, key: compared, values } = { operator: '', key: '', values: [] }] = all;
  const denies = /^stringnot(equals|like)$/.test(operator) ? values.every(isDemanding) : operator === 'null' && String(values[0]) === 'true';
  return statement.Effect === 'Deny' && isAboutAssumeRole(statement) && all.length === 1 && compared === key && denies
    && principalsOf(statement, caller).some(principal => principal === '*' || isNamed(principal, caller));
}

function isAboutAssumeRole({ Action: actions, NotAction: notActions }: TrustStatement): boolean {
  const named = (list: string | string[] = []) => [list].flat().some(action => isLike('sts:assumerole', action.toLowerCase()));
  return notActions === undefined ? named(actions) : !named(notActions);
}

function principalsOf({ Principal: principal, NotPrincipal: notPrincipal }: TrustStatement, { stack }: Caller): string[] {
  // everybody but a few: what IAM advises against is read as everybody
  const values = notPrincipal !== undefined || typeof principal === 'string' ? '*' : (principal as { AWS?: unknown } | undefined)?.AWS ?? [];
  return [values].flat().map(value => anyPartition(foldedText(stack, value)));
}

function entryBy(principal: string, statement: TrustStatement, key: string, caller: Caller): Entry {
  const others = comparisons(statement).filter(comparison => comparison.key !== key);
  const matched = others.map(comparison => matchOf(comparison, caller));
  const account = accountOf(principal);
  const same = isNamed(principal, caller) || account === '*' || account === (caller.account ?? AGNOSTIC_ACCOUNT);
  const possible = same || account !== undefined && caller.account === undefined;
  if (!possible || matched.includes('none')) {
    return 'none';
  }
  return same && matched.every(match => match === 'certain') ? 'certain' : 'possible';
}

function isNamed(principal: string, { arns }: Caller): boolean {
  return arns.some(arn => isLike(principal, arn));
}

/** The account that a principal stands for as a whole; `*` for all. */
function accountOf(principal: string): string | undefined {
  return principal === '*' ? '*' : /^(?:arn:\*:iam::)?(\d{12}|\$\{AWS::AccountId\})(?::root)?$/.exec(principal)?.[1];
}

interface Comparison {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly unknown[];
}

/** Whether a condition on who the caller is holds for this one; any other is for the request to decide. */
function matchOf({ operator, key, values }: Comparison, { stack, arns, account }: Caller): Entry {
  const texts = values.map(value => anyPartition(foldedText(stack, value)));
  if (key === 'aws:principalarn' && /^(string|arn)(equals|like)$/.test(operator)) {
    const certain = texts.some(text => arns.some(arn => isLike(arn, text)));
    return certain ? 'certain' : texts.some(text => arns.some(arn => isLike(text, arn))) ? 'possible' : 'none';
  }
  if (key === 'aws:principalaccount' && /^string(equals|like)$/.test(operator) && account !== undefined) {
    return texts.some(text => isLike(account, text)) ? 'certain' : 'none';
  }
  return 'possible';
}

/** Whether a statement lets in only those who bring a value of this kind. With an `…IfExists`, nobody has to. */
function asksFor(statement: TrustStatement, wanted: string): boolean {
  return comparisons(statement).some(({ operator, key, values }) => key === wanted && /^string(equals|like)$/.test(operator)
    && isKept(values) && values.every(isDemanding));
}

/** Whether a value has a part of its own: neither wildcards alone, nor something that the caller brings along anyway. */
function isDemanding(value: unknown): boolean {
  return typeof value !== 'string' || /[^*?]/.test(value) && !value.includes('${');
}

function comparisons({ Condition: condition = {} }: TrustStatement): Comparison[] {
  return Object.entries(condition).flatMap(([operator, keys]) => Object.entries(keys)
    .map(([key, values]) => ({ operator: operator.toLowerCase(), key: key.toLowerCase(), values: [values].flat() })));
}

const AGNOSTIC_ACCOUNT = '${AWS::AccountId}';
