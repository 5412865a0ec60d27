/**
 * What EKS Pod Identity says to STS when it assumes the role of a service account.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */

/** The service that assumes roles for pods, the same in every partition. */
export const POD_IDENTITY_SERVICE = 'pods.eks.amazonaws.com';

/** What the service does: assume the role, and tag the session. */
export const POD_IDENTITY_ACTIONS = ['sts:AssumeRole', 'sts:TagSession'] as const;

/** The session tags that a trust policy can tell pods apart by. There are three more: `eks-cluster-name`, `kubernetes-pod-name` and `kubernetes-pod-uid`. */
export const SESSION_TAG = {
  CLUSTER_ARN: 'eks-cluster-arn',
  NAMESPACE: 'kubernetes-namespace',
  SERVICE_ACCOUNT: 'kubernetes-service-account',
} as const;

/** The condition key of a session tag while the session is being made. */
export function requestTag(tag: string): string {
  return `aws:RequestTag/${tag}`;
}

/** Longest name of a cluster. */
export const MAX_CLUSTER_NAME_LENGTH = 100;

/** The most characters that EKS takes as the session policy of an association. */
export const MAX_SESSION_POLICY_LENGTH = 2048;

const CLUSTER_NAME = '[0-9A-Za-z][A-Za-z0-9_-]{0,99}';
const CLUSTER_NAME_ONLY = new RegExp(`^${CLUSTER_NAME}$`);
const CLUSTER_ARN = new RegExp(`^arn:[a-z][a-z0-9-]*:eks:[a-z0-9-]+:(\\d{12}):cluster/${CLUSTER_NAME}$`);

/** Whether EKS takes this as the name of a cluster. */
export function isClusterName(value: string): boolean {
  return CLUSTER_NAME_ONLY.test(value);
}

/** The account in the ARN of a cluster; `undefined` for anything else. */
export function accountOfClusterArn(value: string): string | undefined {
  return CLUSTER_ARN.exec(value)?.[1];
}
