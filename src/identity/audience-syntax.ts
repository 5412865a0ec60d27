/**
 * The audience that the pod identity webhook asks tokens for, the same in every partition.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export const DEFAULT_AUDIENCE = 'sts.amazonaws.com';

/** Longest client id that IAM takes. */
const MAX_AUDIENCE_LENGTH = 255;

/** What IAM takes as a client id of a provider, in words. */
export const AUDIENCE_SYNTAX = `1 to ${MAX_AUDIENCE_LENGTH} characters without white space or wildcards`;

/** Whether IAM takes the audience as a client id of a provider. */
export function isAudience(audience: string): boolean {
  return audience.length > 0 && audience.length <= MAX_AUDIENCE_LENGTH && !/[\s*?$]/.test(audience);
}
