import { Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { assertOneRole } from '../role-arn-check';

/** Fails unless it looks like the name of a cluster: `*` in it would mean every cluster. */
export function validateClusterName(clusterName: string): string {
  return validated(clusterName, /^[0-9A-Za-z][\w-]{0,99}$/, 'the name of a cluster: 1 to 100 letters, digits, dashes and underscores');
}

/** As `validateClusterName`, where the name is part of a condition's key: IAM takes no reference there. */
export function validateLiteralClusterName(clusterName: string): string {
  if (Token.isUnresolved(clusterName)) {
    throw new Error(`clusterName ${clusterName} is known only at deployment, and the key of a condition has to be known at synth; `
      + "give the cluster a name ('production'), and pass it here as well");
  }
  return validateClusterName(clusterName);
}

/** Fails unless it looks like the id of a VPC. */
export function validateVpcId(vpcId: string): string {
  return validated(vpcId, /^vpc-[0-9a-f]{8,17}$/, 'the id of a VPC, such as vpc-0123456789abcdef0');
}

/** Fails unless all look like ids of file systems of FSx. */
export function validateFileSystemIds(ids: readonly string[]): readonly string[] {
  return ids.map(id => validated(id, /^fs-[0-9a-f]{8,17}$/, 'the id of a file system, such as fs-0123456789abcdef0'));
}

/**
 * Fails unless all look like ARNs of one kind.
 *
 * @param kind the beginning of the last part: `workspace/`
 */
export function validateArns(arns: readonly string[], service: string, kind: string): readonly string[] {
  const pattern = new RegExp(`^arn:[^:]+:${service}:[^:]*:[^:]*:${kind}.+$`);
  return arns.map(arn => validated(arn, pattern, `an ARN of ${service} (arn:PARTITION:${service}:REGION:ACCOUNT:${kind}…)`));
}

/** Fails unless all look like names, of secrets or parameters. */
export function validateNames(names: readonly string[]): readonly string[] {
  return names.map(name => validated(name, /^[\w/.*?+=@-]+$/, 'a name, with * for any characters; an ARN is not a name'));
}

/** Fails unless names of objects can begin so. */
export function validatePrefixes(prefixes: readonly string[]): readonly string[] {
  return prefixes.map(prefix => validated(prefix, /^[^/*?$][^*?$]*$/, 'what names of objects begin with: no slash at the beginning, and no wildcard'));
}

/** Fails unless records can have these names. */
export function validateRecords(names: readonly string[]): readonly string[] {
  return names.map(name => validated(name, /^[a-z0-9_*.-]*[a-z0-9_*-]$/, 'the name of a record as IAM compares it: lower case, without a dot at the end'));
}

/** Fails unless namespaces of metrics are named: a wildcard would be taken for itself. */
export function validateMetricNamespaces(namespaces: readonly string[]): readonly string[] {
  return namespaces.map(namespace => validated(namespace, /^[\w.\-/#: ]{1,255}$/, 'a namespace of metrics: 1 to 255 letters, digits, blanks and .-_/#:'));
}

/** Fails if Karpenter had no role to give to nodes, or any of several: whoever may start an instance with a role may do what it may. */
export function validateNodeRoles(nodeRoles: readonly IRole[]): readonly IRole[] {
  if (nodeRoles.length === 0) {
    throw new Error('nodeRoles is empty, and Karpenter has to give its instances a role; pass the role of the nodes');
  }
  nodeRoles.forEach(assertOneRole);
  return nodeRoles;
}

function validated(value: string, pattern: RegExp, what: string): string {
  if (!Token.isUnresolved(value) && !pattern.test(value)) {
    throw new Error(`'${value}' is not ${what}`);
  }
  return value;
}
