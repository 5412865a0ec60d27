import { readable } from '../unresolved';
import { type Check, evaluateCondition, nameOf } from './condition';
import type { RequestContext } from './context';
import type { Principal, Selection, Statement } from './document';
import { matchesText } from './operators';
import { all, any, not, type Truth } from './truth';

/** A request as a statement sees it. */
export interface Request {
  /** Such as `sts:AssumeRole`. */
  readonly action: string;
  /** The ARN of the role to assume. */
  readonly resource: string;
  readonly context: RequestContext;
  /** Whether a principal of a trust policy is the caller. Identity policies have none. */
  matchesPrincipal(principal: Principal): Check;
}

/** One part of a statement against the request. */
export interface StatementCheck extends Check {
  /** What was compared: `action`, `principal`, `resource`, or the condition key as people call it (`sub`, `aud`, `sts:ExternalId`). */
  readonly about: string;
}

/** A statement against the request. */
export interface StatementResult {
  /** Place in the policy, from 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: Statement['effect'];
  /** Whether the statement applies to the request. */
  readonly applies: Truth;
  /** Each part that was compared; of a statement about other actions only that. */
  readonly checks: readonly StatementCheck[];
}

/** A statement for people: its Sid, or its place. */
export function statementName({ sid, index }: Pick<StatementResult, 'sid' | 'index'>): string {
  return sid ? `statement '${sid}'` : `statement ${index + 1}`;
}

/** Compares every part of a statement with the request. */
export function evaluateStatement(statement: Statement, variables: boolean, request: Request): StatementResult {
  const { index, sid, effect } = statement;
  const checks = checksOf(statement, variables, request);
  return { index, ...sid === undefined ? {} : { sid }, effect, applies: all(checks.map(({ truth }) => truth)), checks };
}

function checksOf(statement: Statement, variables: boolean, request: Request): StatementCheck[] {
  if (statement.effect === 'unknown') {
    return [{ about: 'statement', truth: 'unknown', reason: 'what the statement says is known only at deployment' }];
  }
  const action = { about: 'action', ...checkSelection('action', statement.actions, request.action, true) };
  if (action.truth === 'no') {
    return [action];
  }
  return [
    action,
    ...statement.principal ? [{ about: 'principal', ...request.matchesPrincipal(statement.principal) }] : [],
    ...statement.resources ? [{ about: 'resource', ...checkSelection('resource', statement.resources, request.resource, false) }] : [],
    ...statement.conditions.map(condition => ({ about: nameOf(condition.key), ...evaluateCondition(condition, variables, request.context) })),
  ];
}

function checkSelection(what: string, { negated, patterns }: Selection, value: string, ignoreCase: boolean): Check {
  const listed = any(patterns.map(pattern => !ignoreCase && pattern.includes('${') ? 'unknown' : matchesText(value, pattern, ignoreCase)));
  const truth = negated ? not(listed) : listed;
  const list = patterns.map(readable).join(', ');
  const reason = {
    yes: negated ? `the ${what} ${value} is not among those left out (${list})` : `it covers the ${what} ${value}`,
    no: negated ? `it leaves the ${what} ${value} out` : `it is about the ${what} ${list}, not ${value}`,
    unknown: `whether it covers the ${what} ${value} is not known here (${list})`,
  }[truth];
  return { truth, reason };
}
