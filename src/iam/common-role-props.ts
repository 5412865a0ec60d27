import type { IManagedPolicy, PolicyDocument } from 'aws-cdk-lib/aws-iam';

/** What the roles of this package have in common with `iam.Role`, whomever they trust. */
export interface CommonRoleProps {
  /**
   * A description, 1,000 characters at most.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * The IAM path, beginning and ending with a slash.
   *
   * @default /
   */
  readonly path?: string;

  /**
   * Managed policies attached to the role; more by `addManagedPolicy`.
   *
   * @default - none
   */
  readonly managedPolicies?: IManagedPolicy[];

  /**
   * Policies written into the role itself, by name.
   *
   * @default - none; grants make an `AWS::IAM::Policy` of their own
   */
  readonly inlinePolicies?: { [name: string]: PolicyDocument };

  /**
   * The managed policy that limits what the role may be granted.
   *
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;
}
