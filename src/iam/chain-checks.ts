import { Token } from 'aws-cdk-lib';
import type { CfnRole, IRole } from 'aws-cdk-lib/aws-iam';
import { type ChainHop, trustPolicy } from './chain-hop';
import { roleResource } from './deploy-before';
import { roleArnIn } from './role-arn-elsewhere';
import { partitionOf } from '../identity/pseudo-parameters';
import { isLike } from '../identity/string-like';

/** Fails where one role cannot come to assume the other, whatever their policies say. */
export function assertPossible({ caller, callee }: ChainHop): void {
  if (caller === callee || (!Token.isUnresolved(caller.roleArn) && caller.roleArn === callee.roleArn)) {
    throw new Error(`${caller.node.path} would assume itself; it has its permissions already`);
  }
  const [from, to] = [caller, callee].map(partition);
  if (from !== undefined && to !== undefined && from !== to) {
    throw new Error(`${caller.node.path} is in the partition ${from} and ${callee.node.path} in ${to}: STS of one knows no roles of the other; `
      + 'begin a chain of its own in that partition');
  }
}

/** Fails where roles would wait for each other at deployment: each has to exist before a trust policy can name it. */
export function assertNoCircle({ caller, callee }: ChainHop): void {
  const [first, second] = [roleResource(caller), roleResource(callee)];
  if (!first || !second) {
    return;
  }
  if (waitsFor(first, second)) {
    throw new Error(`${callee.node.path} is assumed on the way to ${caller.node.path} already: each of the two roles would have to exist before the other; `
      + 'leave one direction out');
  }
  PREDECESSORS.set(second, (PREDECESSORS.get(second) ?? new Set()).add(first));
}

/** Statements that let the caller in without the external id which a hop asks for: it would protect nothing. */
export function waysAroundExternalId(hop: ChainHop): string[] {
  const { caller, callee, conditions } = hop;
  const document = trustPolicy(callee);
  if (conditions.externalId === undefined || !document) {
    return [];
  }
  const { Statement: statements = [] } = (document.toJSON() ?? {}) as { Statement?: TrustStatement[] };
  const callerArns = [roleArnIn(callee.stack, caller), caller.roleArn].map(arn => asText(callee, arn));
  return statements
    .filter(statement => letsIn(statement, callerArns, caller, callee))
    .map(statement => `asks ${caller.node.path} for an external id, and its trust policy lets it in without one, by the statement ${asText(callee, statement)}; `
      + 'give every link between the two the externalId, or make it a ChainedRole, which trusts nobody else');
}

/** Which roles have to exist before a role, in all chains of all apps. */
const PREDECESSORS = new WeakMap<CfnRole, Set<CfnRole>>();

function waitsFor(role: CfnRole, other: CfnRole): boolean {
  return role === other || [...PREDECESSORS.get(role) ?? []].some(predecessor => waitsFor(predecessor, other));
}

function partition(role: IRole): string | undefined {
  return Token.isUnresolved(role.roleArn) ? partitionOf(role.stack.region) : role.roleArn.split(':')[1];
}

interface TrustStatement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly Principal?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

function letsIn(statement: TrustStatement, callerArns: readonly string[], caller: IRole, callee: IRole): boolean {
  const { Effect: effect, Action: actions = [], Principal: principal, Condition: condition = {} } = statement;
  const assume = [actions].flat().some(action => isLike('sts:assumerole', action.toLowerCase()));
  const asked = Object.values(condition).some(keys => Object.keys(keys).some(key => key.toLowerCase() === 'sts:externalid'));
  if (effect !== 'Allow' || !assume || asked) {
    return false;
  }
  const principals = [typeof principal === 'string' ? principal : (principal as { AWS?: unknown } | undefined)?.AWS ?? []].flat()
    .map(value => asText(callee, value));
  return principals.some(value => callerArns.includes(value) || (Object.keys(condition).length === 0 && isWholeAccount(value, caller)));
}

/** Whether a principal stands for everybody, or for all of the caller's account. */
function isWholeAccount(principal: string, caller: IRole): boolean {
  const { account } = caller.env;
  return principal === '"*"' || (!Token.isUnresolved(account) && (principal === `"${account}"` || principal.includes(`:iam::${account}:root`)));
}

function asText(role: IRole, value: unknown): string {
  return JSON.stringify(role.stack.resolve(value));
}
