import type { Duration } from 'aws-cdk-lib';
import type { CommonRoleProps } from './common-role-props';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** What every role can be told that is assumed with the token of a service account. */
export interface TokenRoleOptions extends CommonRoleProps {
  /**
   * The audience that tokens must have.
   *
   * @default - `sts.amazonaws.com`
   */
  readonly audience?: string;

  /**
   * How long a session may last: 1 to 12 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;
}

/** What every role for service accounts can be told, one by one, in shards, or in the accounts of an organization. */
export interface IrsaRoleOptions extends TokenRoleOptions {
  /** The service accounts that may assume the role, in each of the clusters. */
  readonly serviceAccounts: ServiceAccountSubject[];
}
