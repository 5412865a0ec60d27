import { CfnRole, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** The resource of a role that this app makes; `undefined` for one that exists, or that `Role.customizeRoles` leaves to others. */
export function roleResource(role: IRole): CfnRole | undefined {
  const { defaultChild } = role.node;
  return defaultChild instanceof CfnRole ? defaultChild : undefined;
}

/** Has constructs that name a role by its ARN deployed after it. */
export function deployRoleBefore(role: IRole, consumers: readonly IConstruct[]): void {
  // the role alone and not its policy, which may itself wait for the consumer
  const resource = roleResource(role);
  if (resource) {
    consumers.forEach(consumer => consumer.node.addDependency(resource));
  }
}
