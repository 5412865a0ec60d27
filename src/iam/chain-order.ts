import { Stack } from 'aws-cdk-lib';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { type ChainHop, trustPolicy } from './chain-hop';
import { roleResource } from './deploy-before';

/**
 * Fails where stacks would have to be deployed before each other, or nested stacks and resources within a stack. CDK does not see all of
 * these, and says of none which roles they are about.
 */
export function assertInOrder({ caller, callee }: ChainHop): void {
  const [first, second] = [roleResource(caller), roleResource(callee)];
  if (!first || !second || !trustPolicy(callee)) {
    return;
  }
  const [before, after] = deployedUnits(first, second);
  if (before === after) {
    return;
  }
  const reason = whyBefore(after, before);
  if (reason !== undefined) {
    throw new Error(`${caller.node.path} assumes ${callee.node.path}, so ${pathOf(before)} has to be deployed before ${pathOf(after)}, and after it as well: ${reason}. `
      + 'Put one of the roles into a stack of its own');
  }
  const reasons = UNITS_BEFORE.get(after) ?? new Map<IConstruct, string>();
  UNITS_BEFORE.set(after, reasons.set(before, `${caller.node.path} assumes ${callee.node.path}`));
}

/** What has to be deployed before a stack, a nested stack or a role, by the hops of all chains, and why. */
const UNITS_BEFORE = new WeakMap<IConstruct, Map<IConstruct, string>>();

/** What CloudFormation puts into order: two stacks; or, of roles in one stack, these or the nested stacks that have them. */
function deployedUnits(first: CfnRole, second: CfnRole): [IConstruct, IConstruct] {
  const [a, b] = [first, second].map(unitsAround);
  const level = a.findIndex((unit, index) => unit !== b[index]);
  return level < 0 ? [first, second] : [a[level], b[level]];
}

/** A role and what it is deployed in, from the outermost stack to itself. */
function unitsAround(role: CfnRole): IConstruct[] {
  const stacks: Stack[] = [];
  for (let stack: Stack | undefined = role.stack; stack; stack = stack.nestedStackParent) {
    stacks.unshift(stack);
  }
  return [...stacks, role];
}

/** Why a unit is deployed before another, as far as is known by now; `undefined` where it is not. */
function whyBefore(first: IConstruct, second: IConstruct, visited = new Set<IConstruct>()): string | undefined {
  visited.add(second);
  const declared = Stack.isStack(second) ? second.dependencies.map(stack => [stack, `${second.node.path} depends on ${stack.node.path}`] as const) : [];
  for (const [before, reason] of new Map<IConstruct, string>([...declared, ...UNITS_BEFORE.get(second) ?? []])) {
    const rest = before === first ? '' : visited.has(before) ? undefined : whyBefore(first, before, visited);
    if (rest !== undefined) {
      return [reason, rest].filter(Boolean).join(', ');
    }
  }
  return undefined;
}

/** A role's resource is called as people know it: by the path of the role. */
function pathOf(unit: IConstruct): string {
  return Stack.isStack(unit) ? unit.node.path : unit.node.scope!.node.path;
}
