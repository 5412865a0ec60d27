import { Arn, type CfnResource, Lazy, type Stack, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { roleResource } from './deploy-before';
import { foldedText } from './folded-text';
import { partitionOf } from '../identity/pseudo-parameters';
import { ROLE_ARN } from '../identity/role-arn-pattern';
import { templateProperty } from '../identity/template-property';

/**
 * How the template of a stack names a role: by reference in the role's own stack, by a literal name in all others.
 *
 * Two roles of a chain name each other, the caller's policy the callee and the callee's trust policy the caller. References both ways would be a
 * cycle between their stacks; literals leave it to us which stack goes first. Fails where synth does not know the role's name or account.
 */
export function roleArnIn(stack: Stack, role: IRole): string {
  if (role.stack === stack || !Token.isUnresolved(role.roleArn)) {
    return role.roleArn;
  }
  assertAccountKnown(stack, role);
  const resource = roleResource(role);
  if (!resource) {
    return role.roleArn;
  }
  if (stack.environment !== role.stack.environment) {
    haveCdkNameIt(stack, role);
  }
  const produce = () => role.stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: nameFor(stack, role, resource) });
  produce();
  // aspects may rename the role until the template is written
  return Lazy.uncachedString({ produce });
}

/** The ARN of a role as people read it, where synth knows it. */
export function literalRoleArn(role: IRole): string | undefined {
  if (!Token.isUnresolved(role.roleArn)) {
    return role.roleArn;
  }
  const resource = roleResource(role);
  const folded = foldedText(role.stack, role.roleArn);
  if (!resource && ROLE_ARN.test(folded)) {
    return folded;
  }
  const resourceName = resource && roleResourceName(resource);
  const partition = partitionOf(role.stack.region);
  return resourceName && partition && !Token.isUnresolved(role.stack.account)
    ? Arn.format({ service: 'iam', region: '', account: role.stack.account, partition, resource: 'role', resourceName })
    : undefined;
}

/** Path and name of a role, as its ARN ends, where its template has them as literals. */
export function roleResourceName(resource: CfnResource): string | undefined {
  const name = templateProperty(resource, 'RoleName');
  const path = templateProperty(resource, 'Path') ?? '/';
  return typeof name === 'string' && typeof path === 'string' ? `${path}${name}`.replace(/^\//, '') : undefined;
}

function assertAccountKnown(stack: Stack, role: IRole): void {
  if (Token.isUnresolved(role.env.account) !== Token.isUnresolved(stack.account)) {
    throw new Error(`${stack.node.path} has to name ${role.node.path}, and only one of their stacks has an account, so that nobody knows whether it is the same; `
      + 'pass env: { account, region } to both stacks');
  }
}

/** A role with `PhysicalName.GENERATE_IF_NEEDED` gets its name when another environment asks for its ARN; any other without a name fails. */
function haveCdkNameIt(stack: Stack, role: IRole): void {
  try {
    stack.resolve(role.roleArn);
  } catch {
    // what is missing is said better elsewhere
  }
}

function nameFor(stack: Stack, role: IRole, resource: CfnResource): string {
  const name = roleResourceName(resource);
  if (name === undefined) {
    throw new Error(`${stack.node.path} has to name ${role.node.path}, which has no name before it is deployed; `
      + 'give it a roleName, or make it a ChainedRole in a stack with account and region');
  }
  return name;
}
