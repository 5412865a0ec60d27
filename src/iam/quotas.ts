import type { Construct } from 'constructs';

/**
 * Characters that IAM takes in a trust policy, white space not counted, unless an account asked for more.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html "Role trust policy length"
 */
export const DEFAULT_TRUST_POLICY_QUOTA = 2048;

/**
 * The most that AWS raises the quota to, on request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html "Role trust policy length"
 */
export const MAX_TRUST_POLICY_QUOTA = 8192;

/**
 * OIDC providers that an account may have, unless it asked for more.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html "OpenId connect providers per account"
 */
export const DEFAULT_PROVIDER_QUOTA = 100;

/**
 * The most that AWS raises the quota to, on request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html "OpenId connect providers per account"
 */
export const MAX_PROVIDER_QUOTA = 700;

/** How long a trust policy may be in the accounts of this app: what the context says that AWS granted. */
export function trustPolicyQuota(scope: Construct): number {
  return quota(scope, 'cdk-irsa:trustPolicyQuota', DEFAULT_TRUST_POLICY_QUOTA, MAX_TRUST_POLICY_QUOTA);
}

/** How many OIDC providers an account of this app may have: what the context says that AWS granted. */
export function providerQuota(scope: Construct): number {
  return quota(scope, 'cdk-irsa:oidcProviderQuota', DEFAULT_PROVIDER_QUOTA, MAX_PROVIDER_QUOTA);
}

function quota(scope: Construct, key: string, fallback: number, max: number): number {
  const context: unknown = scope.node.tryGetContext(key) ?? fallback;
  const value = Number(context);
  if (!Number.isInteger(value) || value < fallback || value > max) {
    throw new Error(`the context ${key} is '${String(context)}'; ${fallback} (the default) to ${max} (the most that AWS grants) is expected`);
  }
  return value;
}
