import type { Duration } from 'aws-cdk-lib';
import type { IManagedPolicy, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** What every role for service accounts can be told, one by one, in shards, or in the accounts of an organization. */
export interface IrsaRoleOptions {
  /** The service accounts that may assume the role, in each of the clusters. */
  readonly serviceAccounts: ServiceAccountSubject[];

  /**
   * The audience that tokens must have.
   *
   * @default - `sts.amazonaws.com`
   */
  readonly audience?: string;

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

  /**
   * How long a session may last: 1 to 12 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;
}
