import { Token } from 'aws-cdk-lib';
import type { CfnRole, IRole } from 'aws-cdk-lib/aws-iam';
import { type ChainHop, trustPolicy } from './chain-hop';
import { roleResource } from './deploy-before';
import { assertOneRole } from './role-arn-check';
import { literalRoleArn } from './role-arn-elsewhere';
import { partitionOf } from '../identity/pseudo-parameters';
import { isLookupDummy } from '../identity/role-arn-pattern';

/** Fails where one role cannot come to assume the other, whatever their policies say. */
export function assertPossible({ caller, callee }: ChainHop): void {
  // a policy may name all roles of an account, a trust policy may not, and nobody can assume them
  assertOneRole(caller);
  assertOneRole(callee);
  const arns = [caller, callee].map(literalRoleArn);
  if (caller === callee || (arns[0] !== undefined && arns[0] === arns[1])) {
    throw new Error(`${caller.node.path} would assume itself; it has its permissions already`);
  }
  const [from, to] = [caller, callee].map(role => isLookupDummy(role.roleArn) ? undefined : partition(role));
  if (from !== undefined && to !== undefined && from !== to) {
    throw new Error(`${caller.node.path} is in the partition ${from} and ${callee.node.path} in ${to}: STS of one knows no roles of the other; `
      + 'begin a chain of its own in that partition');
  }
}

/** Fails where roles would wait for each other at deployment: each has to exist before a trust policy can name it. */
export function assertNoCircle({ caller, callee }: ChainHop): void {
  const [first, second] = [roleResource(caller), roleResource(callee)];
  if (!first || !second || !trustPolicy(callee)) {
    return;
  }
  if (waitsFor(first, second)) {
    throw new Error(`${callee.node.path} is assumed on the way to ${caller.node.path} already: each of the two roles would have to exist before the other; `
      + 'leave one direction out');
  }
  PREDECESSORS.set(second, (PREDECESSORS.get(second) ?? new Set()).add(first));
}

/** Which roles have to exist before a role, in all chains of all apps. */
const PREDECESSORS = new WeakMap<CfnRole, Set<CfnRole>>();

function waitsFor(role: CfnRole, other: CfnRole): boolean {
  return role === other || [...PREDECESSORS.get(role) ?? []].some(predecessor => waitsFor(predecessor, other));
}

function partition(role: IRole): string | undefined {
  return Token.isUnresolved(role.roleArn) ? partitionOf(role.stack.region) : role.roleArn.split(':')[1];
}
