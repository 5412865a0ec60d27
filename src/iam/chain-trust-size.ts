import { Annotations } from 'aws-cdk-lib';
import type { IRole, Role } from 'aws-cdk-lib/aws-iam';
import { IrsaRole } from './irsa-role';
import { trustPolicyQuota } from './quotas';
import { literalRoleArn } from './role-arn-elsewhere';
import { ENVELOPE_LENGTH, HOW_TO_RAISE, intrinsicLengths, type Length, trustPolicyLength } from './trust-policy-size';

/** Has a role that chains lead to fail at synth where its trust policy gets too long for IAM. */
export function guardTrustSize(callee: Role, caller: IRole): void {
  const callers = CALLERS.get(callee);
  if (callers) {
    callers.add(caller);
    return;
  }
  CALLERS.set(callee, new Set([caller]));
  // an IrsaRole counts what it trusts by itself
  if (!IrsaRole.isIrsaRole(callee)) {
    callee.node.addValidation({ validate: () => validateSize(callee) });
  }
}

/** Which roles come to a role, in all chains of all apps. */
const CALLERS = new WeakMap<IRole, Set<IRole>>();

function validateSize(callee: Role): string[] {
  const { stack, assumeRolePolicy } = callee;
  const callers = [...CALLERS.get(callee)!];
  const quota = trustPolicyQuota(callee);
  const { min, max } = trustPolicyLength(stack.resolve(stack.toJsonString(assumeRolePolicy)), lengthsIn(callee, callers));
  if (min <= quota && max > quota) {
    Annotations.of(callee).addWarningV2('cdk-irsa:trustPolicyMayExceedQuota',
      `trust policy will be ${min} to ${max} characters long, and IAM takes ${quota}: what it comes to depends on names that CloudFormation gives`);
  }
  const each = Math.ceil((min - ENVELOPE_LENGTH) / callers.length);
  return min > quota
    ? [`trust policy is ${min} characters long and IAM takes ${quota} (white space not counted): ${callers.length} ${callers.length === 1 ? 'role comes' : 'roles come'} here by chains, `
      + `with about ${each} characters each, and about ${Math.floor((quota - ENVELOPE_LENGTH) / each)} would fit. Have them assume a role that they share, and that one this, or ${HOW_TO_RAISE}`]
    : [];
}

/** Of a role in the same stack the template has a reference only, and synth mostly knows what that comes to. */
function lengthsIn({ stack }: Role, callers: readonly IRole[]): (intrinsic: unknown) => Length {
  const references = new Map(callers.flatMap(caller => {
    const length = literalRoleArn(caller)?.length;
    return length === undefined ? [] : [[JSON.stringify(stack.resolve(caller.roleArn)), { min: length, max: length }] as const];
  }));
  const others = intrinsicLengths(stack, []);
  return intrinsic => references.get(JSON.stringify(intrinsic)) ?? others(intrinsic);
}
