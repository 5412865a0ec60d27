import type { JsonObject } from '../../check/json';
import type { WellKnownPolicyName } from '../../iam/controllers/well-known-policies';

/** What a ClusterConfig of eksctl says about roles for pods: checked, with defaults filled in, as plain data. */
export interface EksctlCluster {
  readonly name: string;
  readonly region: string;
  /** Whether eksctl makes the cluster's OIDC provider. */
  readonly withOidc: boolean;
  readonly serviceAccounts: readonly EksctlServiceAccount[];
  readonly podIdentityAssociations: readonly EksctlAssociation[];
  /** What the file has besides and stays with eksctl, for people. */
  readonly leftOut: readonly string[];
}

/** What is said of a file that makes no roles for pods. */
export const NO_ACCOUNTS = 'the file has no iam.serviceAccounts and no iam.podIdentityAssociations, so no role is made; is it the right one?';

/** Name and namespace of a service account. */
export interface AccountName {
  readonly namespace: string;
  readonly name: string;
}

/** An entry of `iam.serviceAccounts`. */
export interface EksctlServiceAccount extends AccountName {
  readonly labels: Readonly<Record<string, string>>;
  /** Those that are not the webhook's. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What annotations of the webhook say. @default - nothing */
  readonly regionalSts?: boolean;
  /** What annotations of the webhook say. @default - nothing */
  readonly tokenSeconds?: number;
  /** A role of its own, or one that exists. */
  readonly role: EksctlRole | ExistingRole;
  /** Names in the namespace that may take the role. @default - only this service account */
  readonly subjectPattern?: string;
  /** Whether the service account is left to somebody else. */
  readonly roleOnly: boolean;
  /** What eksctl wrote down of the role that it has made. @default - nothing */
  readonly status?: { readonly roleArn?: string; readonly stackName?: string };
}

/** An entry of `iam.podIdentityAssociations`. */
export interface EksctlAssociation extends AccountName {
  readonly role: EksctlRole | ExistingRole;
  readonly createServiceAccount: boolean;
  /** The role that is assumed by the first one. @default - none */
  readonly targetRoleArn?: string;
  readonly disableSessionTags: boolean;
  /** Tags of the association; its role has the same. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A role that is made. */
export interface EksctlRole {
  /** @default - generated */
  readonly roleName?: string;
  readonly policyArns: readonly string[];
  /** A policy document with a list of statements. @default - none */
  readonly policy?: JsonObject;
  readonly wellKnownPolicies: readonly WellKnownPolicyName[];
  /** ARN of a managed policy. @default - none */
  readonly permissionsBoundary?: string;
  /** Its own tags, and those that `metadata.tags` gives to everything. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A role that is there already. */
export interface ExistingRole {
  readonly arn: string;
}

/** Whether the role is there already. */
export function isExisting(role: EksctlRole | ExistingRole): role is ExistingRole {
  return 'arn' in role;
}

/** A service account as people write it. */
export function nameOf({ namespace, name }: AccountName): string {
  return `${namespace}/${name}`;
}
