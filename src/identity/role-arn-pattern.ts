/**
 * What is the ARN of a role, as the pod identity webhook knows it. It injects anything else all the same, and only logs the mismatch.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export const ROLE_ARN = /^arn:aws[a-z0-9-]*:iam::\d{12}:role\/[\w\-/.@+=,]+$/;

/**
 * Whether it is what `Role.fromLookup` has until the CDK CLI has looked the role up and runs the app again: an ARN with a region, and with an account that is not
 * the role's.
 */
export function isLookupDummy(arn: string): boolean {
  return arn.endsWith(':role/DUMMY_ARN');
}
