import { DEFAULT_AUDIENCE } from '../../identity/audience-syntax';
import { issuerOfProviderArn } from '../arn';
import { nameOf } from '../policy/condition';
import type { Verdict } from '../policy/decide';
import type { Statement } from '../policy/document';
import type { Role } from '../template/roles';
import { askAll, covers, federatedOf, isForEveryone, issuersIn } from '../trust-answer';
import { isUnresolved } from '../unresolved';

/** A token that the trust policy of a role names. */
export interface TrustedToken {
  readonly role: Role;
  /** Without its scheme. @default - known only at deployment, or any */
  readonly issuer?: string;
  /** Whether tokens of every provider are trusted. */
  readonly isAnyIssuer: boolean;
  /** What the policy wants `sub` to be. @default - anything */
  readonly sub?: string;
  readonly isPattern: boolean;
  readonly verdict: Verdict;
  /** What is against it. */
  readonly notes: readonly string[];
}

const ACTION = 'sts:AssumeRoleWithWebIdentity';

/** Stands for an issuer that no policy names. */
const ANY_ISSUER = 'issuer.invalid';
const POSITIVE = /^(?:ForA(?:ny|ll)Values?:)?String(Equals|Like)(?:IgnoreCase)?(?:IfExists)?$/;

/** The tokens that a trust policy names, statement by statement. */
export function trustedTokens(role: Role): TrustedToken[] {
  return typeof role.trust === 'string' ? [] : role.trust.statements.filter(statement => statement.effect !== 'Deny' && covers(statement, ACTION) !== 'no')
    .flatMap(statement => issuers(statement).flatMap(issuer => subjectsIn(statement).map(subject => {
      const isAnyIssuer = issuer === undefined && isForEveryone(statement);
      return { role, issuer, isAnyIssuer, ...subject, ...ask(role, isAnyIssuer ? ANY_ISSUER : issuer, subject, audienceIn(statement)) };
    })));
}

function issuers(statement: Statement): Array<string | undefined> {
  const known = issuersIn(statement);
  const isOpen = federatedOf(statement).some(name => issuerOfProviderArn(name) === undefined && isUnresolved(name));
  return [...new Set([...known, ...isOpen || known.length === 0 && isForEveryone(statement) ? [undefined] : []])];
}

interface Subject {
  readonly sub?: string;
  readonly isPattern: boolean;
  /** Whether wildcards stand where none are. */
  readonly isLiteral?: boolean;
}

function subjectsIn({ conditions }: Statement): Subject[] {
  const { operator = '', values } = conditions.find(({ key, operator: each }) => nameOf(key).toLowerCase() === 'sub' && POSITIVE.test(each)) ?? {};
  const isLike = POSITIVE.exec(operator)?.[1] === 'Like';
  return values?.map(sub => {
    const hasWildcard = /[*?]/.test(sub);
    return { sub, isPattern: hasWildcard || isUnresolved(sub), isLiteral: hasWildcard && !isLike };
  }) ?? [{ isPattern: true }];
}

function audienceIn({ conditions }: Statement): string {
  const audience = conditions.find(({ key, operator }) => nameOf(key).toLowerCase() === 'aud' && POSITIVE.test(operator))?.values[0];
  return audience === undefined || isUnresolved(audience) ? DEFAULT_AUDIENCE : sample(audience);
}

function ask(role: Role, issuer: string | undefined, { sub = 'x', isLiteral }: Subject, audience: string): Pick<TrustedToken, 'verdict' | 'notes'> {
  if (isLiteral) {
    return { verdict: 'denied', notes: ['StringEquals takes wildcards to the letter'] };
  }
  if (issuer === undefined || isUnresolved(sub)) {
    return { verdict: 'unknown', notes: ['the provider or the subject is known only at deployment'] };
  }
  const { verdict, reason } = askAll(role, role.arn, [issuer], { sub: sample(sub), aud: [audience] }).get(issuer)!;
  return { verdict, notes: verdict === 'allowed' ? [] : [reason] };
}

/** One text that a pattern covers. */
function sample(pattern: string): string {
  return pattern.replace(/[*?]/g, 'x');
}
