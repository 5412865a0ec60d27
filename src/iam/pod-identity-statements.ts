import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { POD_IDENTITY_ACTIONS, POD_IDENTITY_SERVICE, requestTag, SESSION_TAG } from '../identity/pod-identity';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** What of a pod's request to EKS Pod Identity a trust policy compares. Any part may be a token, but for the subjects. */
export interface PodIdentityRequest {
  /** The account of role and cluster. */
  readonly account: string;
  /** The clusters: one ARN or several, or what renders to that. */
  readonly clusterArns: unknown;
  readonly subjects: readonly ServiceAccountSubject[];
  /** Whether the session has tags: without them nothing in the request says whose pod it is. */
  readonly sessionTags: boolean;
}

/**
 * The statements that let EKS Pod Identity in, for pods of these clusters and service accounts only.
 *
 * Namespace and name are two tags, so one list of each would let in every combination: namespaces share a statement where they have the same
 * names, and a pattern has its own.
 */
export function podIdentityStatements(request: PodIdentityRequest): PolicyStatement[] {
  if (!request.sessionTags) {
    return [statement(request, {})];
  }
  const { subjects } = request;
  // CDK leaves a condition without a value out of the template
  if (subjects.some(({ namespace, name }) => !namespace || !name)) {
    throw new Error("a trust policy that does not say whose pods it is for was about to be written; pass serviceAccounts: [ServiceAccountSubject.of('namespace', 'name')]");
  }
  const exact = grouped(subjects.filter(({ isPattern }) => !isPattern)).map(([namespaces, names]) => statement(request, {
    StringEquals: tags(request, { [SESSION_TAG.NAMESPACE]: oneOrList(namespaces), [SESSION_TAG.SERVICE_ACCOUNT]: oneOrList(names) }),
  }));
  const patterns = subjects.filter(({ isPattern }) => isPattern).map(({ namespace, name }) => statement(request, {
    StringEquals: tags(request, {}),
    StringLike: tags(undefined, { [SESSION_TAG.NAMESPACE]: namespace, [SESSION_TAG.SERVICE_ACCOUNT]: name }),
  }));
  return [...exact, ...patterns];
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function statement({ account, clusterArns }: PodIdentityRequest, conditions: Conditions): PolicyStatement {
  return new PolicyStatement({
    actions: [...POD_IDENTITY_ACTIONS],
    principals: [new ServicePrincipal(POD_IDENTITY_SERVICE)],
    conditions: {
      ...conditions,
      StringEquals: { 'aws:SourceAccount': account, ...conditions.StringEquals },
      ArnEquals: { 'aws:SourceArn': clusterArns },
    },
  });
}

function tags(request: PodIdentityRequest | undefined, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const all = { ...request ? { [SESSION_TAG.CLUSTER_ARN]: request.clusterArns } : {}, ...values };
  return Object.fromEntries(Object.entries(all).map(([tag, value]) => [requestTag(tag), value]));
}

/** Namespaces with the same names of service accounts, and these names. */
function grouped(subjects: readonly ServiceAccountSubject[]): Array<[namespaces: string[], names: string[]]> {
  const namesOf = new Map<string, Set<string>>();
  for (const { namespace, name } of subjects) {
    namesOf.set(namespace, (namesOf.get(namespace) ?? new Set()).add(name));
  }
  const groups = new Map<string, [string[], string[]]>();
  for (const [namespace, names] of namesOf) {
    const sorted = [...names].sort();
    const [namespaces] = groups.get(sorted.join()) ?? [[]];
    groups.set(sorted.join(), [[...namespaces, namespace], sorted]);
  }
  return [...groups.values()];
}

/** IAM counts the brackets, and reads a single value the same. */
export function oneOrList(values: readonly string[]): string | string[] {
  return values.length === 1 ? values[0] : [...values];
}
