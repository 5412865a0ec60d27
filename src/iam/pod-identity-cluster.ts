import { CfnResource, type Stack, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { isDynamicReference, isKept, shownLost } from '../identity/kept-value';
import { isClusterName } from '../identity/pod-identity';
import { referencesIn } from '../identity/token-references';

/** The ARN of a cluster in the account and region of a stack. */
export function podIdentityClusterArn(stack: Stack, clusterName: string): string {
  return stack.formatArn({ service: 'eks', resource: 'cluster', resourceName: clusterName });
}

/**
 * Fails for a name that is none, and where roles in other stacks would have to name a cluster that has its name only when it is deployed: each
 * stack would wait for the other.
 */
export function assertClusterReachable(user: string, stack: Stack, clusterName: string, roles: readonly IRole[]): void {
  if (!Token.isUnresolved(clusterName)) {
    if (!isClusterName(clusterName)) {
      throw new Error(`${user} has the clusterName '${clusterName}', which is not the name of a cluster: 1 to 100 letters, digits, dashes and underscores, `
        + 'beginning with a letter or digit; an ARN ends in it');
    }
    return;
  }
  const owners = referencesIn(clusterName, stack).map(({ target }) => target);
  // in the stack of the role itself the name is a reference like any other
  for (const role of roles.filter(each => each.stack !== stack && trusts(each))) {
    const elsewhere = role.stack.environment !== stack.environment;
    const owner = elsewhere ? owners[0] : owners.find(({ node }) => node.scopes.includes(stack));
    if (owner) {
      throw new Error(`${user} has a cluster that is made in ${stack.node.path}, and the trust policy of ${role.node.path} in ${role.stack.node.path} has to name it, `
        + 'so that each stack would wait for the other; give the cluster a name and pass that as a literal, or make the association in the stack of the role');
    }
  }
}

/** What is wrong with the name of a cluster that was not known before the template is written. */
export function clusterNameProblems(stack: Stack, clusterName: string): string[] {
  const value: unknown = stack.resolve(clusterName);
  if (!isKept(value)) {
    return [`the clusterName comes to ${shownLost(value)}, so that the cluster would not be named; pass one that has a value in every case`];
  }
  return typeof value === 'string' && !isClusterName(value) && !isDynamicReference(value)
    ? [`the clusterName '${value}' is not the name of a cluster: 1 to 100 letters, digits, dashes and underscores, beginning with a letter or digit`]
    : [];
}

/** Whether the trust policy of a role is made by this app. */
function trusts(role: IRole): boolean {
  return CfnResource.isCfnResource(role.node.defaultChild);
}
