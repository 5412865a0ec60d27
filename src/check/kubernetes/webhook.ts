/**
 * What the pod identity webhook reads and writes.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export const PREFIX = 'eks.amazonaws.com/';

/** Annotations of a service account. */
export const ANNOTATION = {
  ROLE_ARN: `${PREFIX}role-arn`,
  AUDIENCE: `${PREFIX}audience`,
  TOKEN_EXPIRATION: `${PREFIX}token-expiration`,
  REGIONAL_STS: `${PREFIX}sts-regional-endpoints`,
} as const;

/** Annotation of a pod: the containers, with commas between them, that get nothing. */
export const SKIP_CONTAINERS = `${PREFIX}skip-containers`;

/** Label of a pod that is left alone. */
export const SKIP_LABEL = `${PREFIX}skip-pod-identity-webhook`;

/** What tokens are asked for, unless an annotation says otherwise. */
export const DEFAULT_AUDIENCE = 'sts.amazonaws.com';

/** Where the token is mounted. */
export const TOKEN_MOUNT = '/var/run/secrets/eks.amazonaws.com/serviceaccount';

/** The shortest life of a token that the API server takes, and the longest that a cluster gives, in seconds. */
export const TOKEN_SECONDS = { min: 600, max: 86400 } as const;
