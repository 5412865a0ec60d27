/**
 * What kiam and kube2iam read.
 *
 * @see https://github.com/uswitch/kiam/blob/master/README.md
 * @see https://github.com/jtblin/kube2iam/blob/master/README.md
 */

/** Annotation of a pod: its role, by name or ARN. On anything else it means nothing. */
export const ROLE = 'iam.amazonaws.com/role';

/** Annotation of a pod: the external id that the role's trust policy asks for. */
export const EXTERNAL_ID = 'iam.amazonaws.com/external-id';

/** Annotation of a pod: what its sessions are called. */
export const SESSION_NAME = 'iam.amazonaws.com/session-name';

/** All annotations of pods. */
export const POD_ANNOTATIONS: readonly string[] = [ROLE, EXTERNAL_ID, SESSION_NAME];

/** Annotation of a namespace that kiam reads: a regular expression for roles. */
export const PERMITTED = 'iam.amazonaws.com/permitted';

/** Annotation of a namespace that kube2iam reads: a list of roles, as JSON. */
export const ALLOWED_ROLES = 'iam.amazonaws.com/allowed-roles';
