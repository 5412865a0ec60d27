import { Token } from 'aws-cdk-lib';

/**
 * The audience that the pod identity webhook asks tokens for, the same in every partition.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export const DEFAULT_AUDIENCE = 'sts.amazonaws.com';

/** Longest client id that IAM takes. */
const MAX_AUDIENCE_LENGTH = 255;

/** Fails unless IAM takes the audience as a client id of a provider; tokens pass. */
export function validateAudience(audience: string): string {
  if (!Token.isUnresolved(audience) && (audience.length === 0 || audience.length > MAX_AUDIENCE_LENGTH || /[\s*?$]/.test(audience))) {
    throw new Error(`'${audience}' is not an audience: 1 to ${MAX_AUDIENCE_LENGTH} characters without white space or wildcards; leave it out for ${DEFAULT_AUDIENCE}`);
  }
  return audience;
}
