import type { ApiObject } from 'cdk8s';
import { selects } from './label-selector';
import { reachesMetadata } from './metadata-egress';
import { podServiceAccount } from './pod-service-account';
import { podTemplateOf } from './pod-spec';
import type { RenderedObject } from './rendered-app';
import { mutatePod, type PodTemplate, type ServiceAccountFacts } from './webhook/mutate-pod';
import { type Container, containersIn, hasNamed, isMap, listOf } from './webhook/pod-template';
import { WEBHOOK_ANNOTATION } from '../identity/webhook-contract';

/** The two variables that make credentials of a token. */
const PAIR = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'] as const;

/** All variables of one of these in a container are where SDKs find credentials. */
const ANSWERS: ReadonlyArray<readonly string[]> = [
  PAIR,
  // what the profile says is for the user to know
  ['AWS_PROFILE', 'AWS_CONFIG_FILE'],
  ['AWS_CONTAINER_CREDENTIALS_FULL_URI'],
  ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
  ['AWS_ACCESS_KEY_ID'],
];

const PROTECTIONS = new WeakSet<ApiObject>();

/** Marks a network policy as one that keeps its pods from the metadata service: this file cannot import the class, which imports it. */
export function markMetadataProtection(policy: ApiObject): void {
  PROTECTIONS.add(policy);
}

/**
 * Containers in which SDKs would silently take the role of the node: even with the webhook there are no credentials for them, and nothing keeps them from the
 * metadata service.
 *
 * @param associated whether the service account has a role by an EKS Pod Identity association
 */
export function nodeRoleFallbacks(
  rendered: readonly RenderedObject[],
  associated: (namespace: string | undefined, name: string) => boolean,
): string[] {
  return rendered.flatMap(object => {
    const template = podTemplateOf(object.json);
    if (!template || isProtected(object, template, rendered)) {
      return [];
    }
    const { name, namespace, facts } = podServiceAccount(object.construct, object.json, template);
    const mutated = mutatePod(template, facts ?? { name, annotations: {} });
    const bare = containersIn(mutated).filter(container => !hasAnswer(container));
    if (bare.length === 0 || associated(namespace, name)) {
      return [];
    }
    return [...grouped(bare, container => whyBare(container, facts))].map(([{ why, fix }, names]) =>
      `${object.construct.node.path}: ${names.join(', ')} run${names.length === 1 ? 's' : ''} as the service account '${name}', which ${why}: `
      + `AWS SDKs silently take the role of the node; ${fix}, or keep the pods from the metadata service by MetadataProtection`);
  });
}

function hasAnswer({ env }: Container): boolean {
  return ANSWERS.some(names => names.every(name => hasNamed(listOf(env), name))) || listOf(env).some(asksNoNode);
}

/** SDKs take nothing but `true` for it. */
function asksNoNode(variable: unknown): boolean {
  return isMap(variable) && variable.name === 'AWS_EC2_METADATA_DISABLED' && String(variable.value).toLowerCase() === 'true';
}

interface Reason {
  readonly why: string;
  readonly fix: string;
}

const UNKNOWN_ACCOUNT: Reason = { why: 'these manifests do not have', fix: 'give the service account a role' };
const NO_ROLE: Reason = { why: 'gives them no role', fix: 'give the service account a role' };
const HALF: Reason = { why: `has a role, but with one of ${PAIR.join(' and ')} in env the webhook does not set the other`, fix: 'set both or none of them' };
const SKIPPED: Reason = { why: 'has a role, but the webhook skips them by the annotation or label of their pod', fix: 'let the webhook have them' };

/** Why a container has nothing after the webhook. */
function whyBare({ env }: Container, facts: ServiceAccountFacts | undefined): Reason {
  if (!facts) {
    return UNKNOWN_ACCOUNT;
  }
  if (!facts.annotations[WEBHOOK_ANNOTATION.ROLE_ARN]) {
    return NO_ROLE;
  }
  return hasNamed(listOf(env), ...PAIR) ? HALF : SKIPPED;
}

/** Names of containers by what is said of them. */
function grouped(containers: readonly Container[], reason: (container: Container) => Reason): Map<Reason, string[]> {
  const groups = new Map<Reason, string[]>();
  for (const container of containers) {
    const key = reason(container);
    groups.set(key, [...groups.get(key) ?? [], container.name]);
  }
  return groups;
}

/** Whether policies keep a pod from the metadata service; one in the network of its node is beyond them. */
function isProtected({ json }: RenderedObject, { metadata, spec }: PodTemplate, rendered: readonly RenderedObject[]): boolean {
  if (spec.hostNetwork === true) {
    return false;
  }
  const namespaceOf = (object: Record<string, unknown>): unknown => (object.metadata as { namespace?: unknown } | undefined)?.namespace;
  return rendered.some(policy => PROTECTIONS.has(policy.construct) && namespaceOf(policy.json) === namespaceOf(json)
    && selects((policy.json.spec as { podSelector?: unknown }).podSelector, metadata?.labels ?? {})
    // rules that were added to it can open the way again
    && !reachesMetadata(policy.json.spec));
}
