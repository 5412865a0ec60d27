import type { PolicyDecision, Verdict } from './policy/decide';

/** The error that STS would answer with. */
export interface StsError {
  /** Such as `AccessDenied`. */
  readonly code: string;
  readonly message: string;
}

/** The answer of one kind of policy to one action. */
export interface AskedPolicy extends PolicyDecision {
  /** The trust policy of the role to assume, or the policies of the caller. */
  readonly policy: 'trust' | 'identity';
  /** Such as `sts:AssumeRole`, or `sts:TagSession` that comes with it. */
  readonly action: string;
}

/** What STS would answer, and why. */
export interface Decision {
  readonly verdict: Verdict;
  /** Why, in one sentence, in lower case and without a full stop. */
  readonly reason: string;
  /** Only of a denial. */
  readonly error?: StsError;
  /** The policies that were asked; none when STS refuses before. */
  readonly policies: readonly AskedPolicy[];
}

/** A denial that no policy is asked for. */
export function refusal(code: string, message: string, reason: string): Decision {
  return { verdict: 'denied', reason, error: { code, message }, policies: [] };
}

/** What several policies say together: each of them has to allow it. */
export function decisionOf(policies: readonly AskedPolicy[], accessDenied: string): Decision {
  const decisive = policies.find(({ verdict }) => verdict === 'denied') ?? policies.find(({ verdict }) => verdict === 'unknown') ?? policies[0];
  const { verdict, reason } = decisive;
  return { verdict, reason, ...verdict === 'denied' ? { error: { code: 'AccessDenied', message: accessDenied } } : {}, policies };
}
