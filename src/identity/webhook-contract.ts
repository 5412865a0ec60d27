/**
 * What the pod identity webhook reads and writes. Knows nothing of CDK, so that commands that use it start fast.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */

/** What the names of annotations begin with, before the slash, unless the webhook is told another. */
export const ANNOTATION_PREFIX = 'eks.amazonaws.com';

/** Annotations of a ServiceAccount that the webhook reads. */
export const WEBHOOK_ANNOTATION = {
  ROLE_ARN: 'eks.amazonaws.com/role-arn',
  AUDIENCE: 'eks.amazonaws.com/audience',
  TOKEN_EXPIRATION: 'eks.amazonaws.com/token-expiration',
  REGIONAL_STS: 'eks.amazonaws.com/sts-regional-endpoints',
} as const;

/** Annotation of a pod: the containers, with commas between them, that get nothing. */
export const SKIP_CONTAINERS = 'eks.amazonaws.com/skip-containers';

/** Pods with this label never get to the webhook, whatever its value is. */
export const SKIP_LABEL = 'eks.amazonaws.com/skip-pod-identity-webhook';

/** Folder of the token in containers, unless the webhook is told another. */
export const TOKEN_FOLDER = '/var/run/secrets/eks.amazonaws.com/serviceaccount';

/** File name of a token in its folder. */
export const TOKEN_FILE = 'token';

/** The shortest life of a token that the API server takes, and the longest that a cluster gives, in seconds. */
export const TOKEN_SECONDS = { min: 600, max: 86400 } as const;
