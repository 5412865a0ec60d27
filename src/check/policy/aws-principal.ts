import { parseArn, parseRoleArn } from '../arn';
import { isUnresolved, readable } from '../unresolved';
import type { Check } from './condition';
import type { Principal } from './document';
import { matchesText } from './operators';
import { any, type Truth } from './truth';

/** What a trust policy may name to trust a caller. */
export type Grant =
  /** The role, the session or the user itself, or everyone. */
  | 'caller'
  /** The account, which leaves it to the account's own policies. */
  | 'account';

/**
 * Whether a trust policy's principal is the caller.
 *
 * @param caller the ARN of a role, of its session, or of a user
 * @param session the ARN of the session, where it is known
 * @param grants which ways of naming the caller count
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function matchesCaller(principal: Principal, caller: string, session: string | undefined, grants: readonly Grant[]): Check {
  const names = principal.names.get('AWS') ?? [];
  const truth = principal.everyone ? 'yes' : any([
    ...names.map(name => matchesName(name, caller, session, grants)),
    ...principal.names.has('unknown') ? ['unknown' as const] : [],
  ]);
  if (principal.negated) {
    return { truth: 'unknown', reason: 'IAM takes no NotPrincipal in trust policies' };
  }
  return { truth, reason: reasonOf(principal, truth, names, caller) };
}

function matchesName(name: string, caller: string, session: string | undefined, grants: readonly Grant[]): Truth {
  if (name === '*') {
    return 'yes';
  }
  if (isUnresolved(name) || isUnresolved(caller)) {
    return matchesText(caller, name, false) === 'yes' ? 'yes' : 'unknown';
  }
  const account = accountOf(name);
  if (account !== undefined) {
    return grants.includes('account') && account.id === parseArn(caller)?.account && (account.partition ?? parseArn(caller)?.partition) === parseArn(caller)?.partition
      ? 'yes' : 'no';
  }
  if (name === caller || name === session) {
    return 'yes';
  }
  return sessionsOf(name, session) ? 'unknown' : isRoleOfSession(name, caller) ? 'yes' : 'no';
}

/** An account as `123456789012` or as the ARN of its root. */
function accountOf(name: string): { id: string; partition?: string } | undefined {
  if (/^\d{12}$/.test(name)) {
    return { id: name };
  }
  const arn = parseArn(name);
  return arn?.service === 'iam' && arn.resource === 'root' ? { id: arn.account, partition: arn.partition } : undefined;
}

/** A policy that names one session, and a caller whose session name is not known. */
function sessionsOf(name: string, session: string | undefined): boolean {
  return session === undefined && parseRoleArn(name)?.session !== undefined;
}

/** A session's ARN lacks the path of its role, but names of roles are unique in an account. */
function isRoleOfSession(name: string, caller: string): boolean {
  const [role, session] = [parseRoleArn(name), parseRoleArn(caller)];
  return session?.session !== undefined && role?.session === undefined
    && role?.name === session.name && role.account === session.account && role.partition === session.partition;
}

function reasonOf(principal: Principal, truth: Truth, names: readonly string[], caller: string): string {
  if (truth === 'yes') {
    return `the policy trusts ${principal.everyone ? 'everyone (*)' : names.filter(name => name === '*' || names.length === 1).join('') || readable(caller)}`;
  }
  if (truth === 'unknown') {
    return `whether the policy trusts ${readable(caller)} is not known here`;
  }
  const others = [...principal.names].filter(([type]) => type !== 'AWS').map(([type, each]) => `${type} ${each.map(readable).join(', ')}`);
  const trusted = [...names.map(readable), ...others].join(' and ');
  return `the caller is ${readable(caller)}, the policy trusts ${trusted}${names.length === 1 ? differenceOf(names[0], caller) : ''}`;
}

function differenceOf(name: string, caller: string): string {
  if (/^A(?:RO|ID)A[A-Z0-9]+$/.test(name)) {
    return ': that is the id of a role or user that was deleted, making it again needs the trust policy to be written again';
  }
  const [is, wants] = [parseArn(caller), parseArn(name)];
  if (!is || !wants) {
    return '';
  }
  if (/[*?]/.test(name)) {
    return ': a principal takes no wildcards inside an ARN; trust the account and compare aws:PrincipalArn';
  }
  const [role, other] = [parseRoleArn(caller), parseRoleArn(name)];
  const differing = [
    ...is.partition === wants.partition ? [] : ['partition'],
    ...is.account === wants.account ? [] : ['account'],
    ...role && other && role.name === other.name ? is.resource === wants.resource ? [] : ['path'] : is.resource === wants.resource ? [] : ['name'],
  ];
  return differing.length === 0 ? '' : `: ${differing.join(' and ')} ${differing.length > 1 ? 'differ' : 'differs'}`;
}
