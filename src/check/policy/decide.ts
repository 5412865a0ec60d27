import type { Policy } from './document';
import { evaluateStatement, type Request, statementName, type StatementResult } from './statement';
import { all, any } from './truth';

/** What a policy, or STS, says to a request. `unknown` is never to be read as allowed. */
export type Verdict = 'allowed' | 'denied' | 'unknown';

/** The answer of one or several policies, with every statement. */
export interface PolicyDecision {
  readonly verdict: Verdict;
  /** Why, in one sentence, in lower case and without a full stop. */
  readonly reason: string;
  readonly statements: readonly StatementResult[];
}

/**
 * Deny first: an explicit Deny that applies decides, then one Allow is enough, and nothing is allowed by default.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(policies: readonly Policy[], request: Request): PolicyDecision {
  const statements = policies.flatMap(policy => policy.statements.map(statement => evaluateStatement(statement, policy.variables, request)));
  return { ...outcome(statements, request.action), statements };
}

function outcome(statements: readonly StatementResult[], action: string): { verdict: Verdict; reason: string } {
  const denies = statements.filter(({ effect }) => effect === 'Deny');
  const allows = statements.filter(({ effect }) => effect === 'Allow');
  const opaque = statements.filter(({ effect }) => effect === 'unknown');
  const denied = denies.find(({ applies }) => applies === 'yes');
  if (denied) {
    return { verdict: 'denied', reason: `${statementName(denied)} denies it: ${reasons(denied, 'yes')}` };
  }
  const allowed = any([...allows, ...opaque].map(({ applies }) => applies));
  if (allowed === 'no') {
    return { verdict: 'denied', reason: implicitDenial(allows, action) };
  }
  const doubtful = [...denies, ...opaque].find(({ applies }) => applies === 'unknown') ?? allows.find(({ applies }) => applies === 'unknown');
  const sure = allows.find(({ applies }) => applies === 'yes');
  return sure && all([...denies, ...opaque].map(({ applies }) => applies === 'unknown' ? 'unknown' : 'yes')) === 'yes'
    ? { verdict: 'allowed', reason: `${statementName(sure)} allows it` }
    : { verdict: 'unknown', reason: `${statementName(doubtful!)} cannot be decided: ${reasons(doubtful!, 'unknown')}` };
}

function implicitDenial(allows: readonly StatementResult[], action: string): string {
  const nearest = nearestOf(allows);
  return nearest
    ? `${statementName(nearest)} does not apply: ${reasons(nearest, 'no')}`
    : `no statement allows ${action}`;
}

/** The statement that fails in the fewest parts, of those that are about the action at all. */
export function nearestOf(statements: readonly StatementResult[]): StatementResult | undefined {
  const failing = (statement: StatementResult): number => statement.checks.filter(({ truth }) => truth === 'no').length;
  return statements
    .filter(({ checks }) => checks.length > 1)
    .reduce<StatementResult | undefined>((best, each) => best && failing(best) <= failing(each) ? best : each, undefined);
}

function reasons(statement: StatementResult, truth: string): string {
  const parts = statement.checks.filter(check => check.truth === truth && (truth !== 'yes' || check.about !== 'action')).map(({ reason }) => reason);
  return [...new Set(parts)].join('; and ') || 'it applies to every request';
}
