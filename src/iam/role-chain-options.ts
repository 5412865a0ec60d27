import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';

/** Properties of a `RoleChain`. */
export interface RoleChainProps {
  /** The role that the pod assumes with its token: an `IrsaRole`, or any role that trusts the service account already. */
  readonly role: IRole;

  /**
   * The profile of that role.
   *
   * @default default
   */
  readonly profile?: string;

  /**
   * The name of sessions, 2 to 64 letters, digits and `_+=,.@-`, unless a link says another: it shows in CloudTrail.
   *
   * @default - each SDK makes one up
   */
  readonly roleSessionName?: string;

  /**
   * The region of calls to AWS, unless a link says another.
   *
   * @default - what the environment says: the webhook of EKS sets `AWS_REGION` and `AWS_DEFAULT_REGION`
   */
  readonly region?: string;
}

/** One role more in a chain. */
export interface RoleChainLinkOptions {
  /** The profile of the role: what `AWS_PROFILE` and `--profile` say. 1 to 128 letters, digits and `_.%@:/+-`. */
  readonly profile: string;

  /**
   * The external id that the role asks for, 2 to 1,224 letters, digits and `_+=,.@:/-`.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
   */
  readonly externalId?: string;

  /**
   * The organisation that the caller has to be in, such as `o-a1b2c3d4e5`.
   *
   * @default - none: the caller's ARN is enough
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
   */
  readonly organizationId?: string;

  /**
   * How long a session lasts: 15 minutes to one hour, which is the most in a chain.
   *
   * @default Duration.hours(1)
   */
  readonly duration?: Duration;

  /**
   * The name of the session, 2 to 64 letters, digits and `_+=,.@-`: it shows in CloudTrail.
   *
   * @default - that of the chain; else each SDK makes one up
   */
  readonly roleSessionName?: string;

  /**
   * The region of calls to AWS with this role.
   *
   * @default - that of the chain; else what the environment says
   */
  readonly region?: string;

  /**
   * Keys of the session tags that the caller may pass, and no others.
   *
   * Config files have no tags: this is for programs that call `AssumeRole` themselves, and for sessions that come with transitive tags.
   *
   * @default - none: sessions are not tagged
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
   */
  readonly sessionTagKeys?: string[];

  /**
   * Whether the caller may set a source identity, or come with one.
   *
   * @default false
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
   */
  readonly sourceIdentity?: boolean;
}
