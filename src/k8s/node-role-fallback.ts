import type { ApiObject } from 'cdk8s';
import { selects } from './label-selector';
import { podServiceAccount } from './pod-service-account';
import { podTemplateOf } from './pod-spec';
import type { RenderedObject } from './rendered-app';
import { mutatePod, type PodTemplate } from './webhook/mutate-pod';
import { containersIn, hasNamed, listOf } from './webhook/pod-template';

/** One of these in a container is where SDKs find credentials, or what keeps them from asking the node. */
const ANSWERS = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_ACCESS_KEY_ID', 'AWS_EC2_METADATA_DISABLED'];

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
    const bare = containersIn(mutated).filter(({ env }) => !hasNamed(listOf(env), ...ANSWERS)).map(container => container.name);
    if (bare.length === 0 || associated(namespace, name)) {
      return [];
    }
    const why = facts ? 'gives them no role' : 'these manifests do not have';
    return [`${object.construct.node.path}: ${bare.join(', ')} run${bare.length === 1 ? 's' : ''} as the service account '${name}', which ${why}: `
      + 'AWS SDKs silently take the role of the node; give the service account a role, or keep the pods from the metadata service by MetadataProtection'];
  });
}

function isProtected({ json }: RenderedObject, { metadata }: PodTemplate, rendered: readonly RenderedObject[]): boolean {
  const namespaceOf = (object: Record<string, unknown>): unknown => (object.metadata as { namespace?: unknown } | undefined)?.namespace;
  return rendered.some(policy => PROTECTIONS.has(policy.construct) && namespaceOf(policy.json) === namespaceOf(json)
    && selects((policy.json.spec as { podSelector?: unknown }).podSelector, metadata?.labels ?? {}));
}
