import { parseArn, parseRoleArn } from './arn';
import { type Decision, decisionOf, refusal } from './decision';
import { type RequestContext, requestContext } from './policy/context';
import { decide } from './policy/decide';
import { parsePolicy } from './policy/document';
import { matchesService } from './policy/service-principal';
import { POD_IDENTITY_ACTIONS, POD_IDENTITY_SERVICE, requestTag, SESSION_TAG } from '../identity/pod-identity';

/** EKS Pod Identity assumes the role of an association for one of its pods. */
export interface PodIdentityRequest {
  readonly roleArn: string;
  /** An object, or JSON as a string. */
  readonly trustPolicy: unknown;
  /** The ARN of the cluster. */
  readonly clusterArn: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Whether the session has tags. @default true */
  readonly sessionTags?: boolean;
}

/**
 * Whether EKS Pod Identity gets a role for a pod.
 *
 * Fails when the trust policy is malformed.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function evaluatePodIdentity(request: PodIdentityRequest): Decision {
  const trust = parsePolicy(request.trustPolicy, 'trust');
  const [role, cluster] = [parseRoleArn(request.roleArn), parseArn(request.clusterArn)];
  if (role && cluster && role.account !== cluster.account && /^\d{12}$/.test(cluster.account)) {
    return refusal('InvalidParameterException', 'Cross-account pass role is not allowed',
      `the role is in account ${role.account} and the cluster in account ${cluster.account}, and EKS gives pods roles of the cluster's account only`);
  }
  const context = podContext(request, cluster?.account);
  const actions = request.sessionTags ?? true ? POD_IDENTITY_ACTIONS : POD_IDENTITY_ACTIONS.slice(0, 1);
  return decisionOf(
    actions.map(action => ({
      policy: 'trust',
      action,
      ...decide([trust], {
        action, resource: request.roleArn, context, matchesPrincipal: principal => matchesService(principal, POD_IDENTITY_SERVICE),
      }),
    })),
    `Unable to assume the role ${request.roleArn}`,
  );
}

function podContext({ clusterArn, namespace, serviceAccount, sessionTags = true }: PodIdentityRequest, account: string | undefined): RequestContext {
  const tags = {
    [SESSION_TAG.CLUSTER_ARN]: clusterArn,
    'eks-cluster-name': clusterArn.replace(/^.*:cluster\//, ''),
    [SESSION_TAG.NAMESPACE]: namespace,
    [SESSION_TAG.SERVICE_ACCOUNT]: serviceAccount,
  };
  const keys = [...Object.keys(tags), ...POD_TAGS];
  return requestContext({
    'aws:SourceAccount': account,
    'aws:SourceArn': clusterArn,
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': POD_IDENTITY_SERVICE,
    'aws:SecureTransport': 'true',
    ...sessionTags ? {
      ...Object.fromEntries(Object.entries(tags).map(([tag, value]) => [requestTag(tag), value])), 'aws:TagKeys': keys, 'sts:TransitiveTagKeys': keys,
    } : {},
  }, key => ABSENT.has(key) || key.startsWith('aws:requesttag/') && !(sessionTags && POD_TAGS.some(tag => key === requestTag(tag).toLowerCase())));
}

/** Whatever the pod. */
const POD_TAGS = ['kubernetes-pod-name', 'kubernetes-pod-uid'];

/** Keys of calls that a principal makes for itself. */
const ABSENT = new Set(['aws:principalarn', 'aws:principalaccount', 'aws:username', 'sts:externalid', 'sts:sourceidentity']);
