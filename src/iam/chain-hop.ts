import { Stage } from 'aws-cdk-lib';
import { type IRole, type PolicyDocument, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type ChainConditions, permissionToAssume, trustInCaller } from './chain-statements';
import { guardTrustSize } from './chain-trust-size';
import { deployRoleBefore, roleResource } from './deploy-before';
import { roleArnIn } from './role-arn-elsewhere';

/** One role that assumes another, and on what conditions. */
export interface ChainHop {
  readonly caller: IRole;
  readonly callee: IRole;
  readonly conditions: ChainConditions;
}

/** Writes the permission into the caller's policy. Says whether that can be done: an imported role may not be ours to change. */
export function permit({ caller, callee, conditions }: ChainHop): boolean {
  const { policyDependable } = caller.addToPrincipalPolicy(permissionToAssume(roleArnIn(caller.stack, callee), conditions));
  // a role that cannot be changed says all the same that the statement was added; an imported one that can has a policy for it
  return Role.isRole(caller) || Construct.isConstruct(policyDependable);
}

/** Writes the trust into the callee's policy. Says whether that can be done. */
export function trust({ caller, callee, conditions }: ChainHop): boolean {
  const document = trustPolicy(callee);
  if (document) {
    trustInCaller(roleArnIn(callee.stack, caller), conditions).forEach(statement => addPacked(document, statement));
    guardTrustSize(callee as Role, caller);
  }
  return document !== undefined;
}

/**
 * Has the callee deployed after the caller: IAM refuses a trust policy that names a role which does not exist ("Invalid principal in policy").
 * Says whether that can be done: a Stage is deployed by itself.
 */
export function order({ caller, callee }: ChainHop): boolean {
  const resource = trustPolicy(callee) && roleResource(callee);
  const together = Stage.of(callee) === Stage.of(caller);
  if (resource && together && callee.stack !== caller.stack) {
    deployRoleBefore(caller, [resource]);
  }
  return together || !resource || !roleResource(caller);
}

/** The trust policy of a role that this app makes. */
export function trustPolicy(role: IRole): PolicyDocument | undefined {
  return roleResource(role) && (role as Partial<Role>).assumeRolePolicy;
}

/** What chains added to a trust policy, by what it says besides the principals. */
const PACKED = new WeakMap<PolicyDocument, Map<string, PolicyStatement>>();

/** Callers on the same conditions share a statement: IAM counts every character. */
function addPacked(document: PolicyDocument, statement: PolicyStatement): void {
  const packed = PACKED.get(document) ?? new Map<string, PolicyStatement>();
  const key = JSON.stringify([statement.actions, statement.conditions]);
  const known = packed.get(key);
  if (known && !known.frozen) {
    known.addPrincipals(...statement.principals);
    return;
  }
  document.addStatements(statement);
  PACKED.set(document, packed.set(key, statement));
}
