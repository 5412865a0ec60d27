import type { PodTemplate, ServiceAccountFacts } from '../../../src/k8s/webhook/mutate-pod';
import type { Container } from '../../../src/k8s/webhook/pod-template';

export const ROLE = 'arn:aws:iam::111122223333:role/s3-reader';
export const OTHER_ROLE = 'arn:aws:iam::111122223333:role/other';
export const PATH = '/var/run/secrets/eks.amazonaws.com/serviceaccount';
export const FILE = `${PATH}/token`;
export const MOUNT = { name: 'aws-iam-token', mountPath: PATH, readOnly: true };

/** A service account with annotations of the webhook, the role among them unless they say otherwise. */
export function account(annotations: Record<string, string> = {}): ServiceAccountFacts {
  return {
    name: 'reader',
    namespace: 'default',
    annotations: prefixed({ 'role-arn': ROLE, ...annotations }),
  };
}

export function prefixed(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`eks.amazonaws.com/${name}`, value]));
}

/** A pod with one container, unless the spec says otherwise. */
export function pod(spec: Partial<PodTemplate['spec']> = {}, metadata: PodTemplate['metadata'] = {}): PodTemplate {
  return { metadata, spec: { containers: [{ name: 'main', image: 'web:1' }], ...spec } };
}

/** A container of the pod, by its name. */
export function container({ spec }: PodTemplate, name = 'main'): Container {
  const found = [...spec.initContainers ?? [], ...spec.containers ?? []].find(each => each.name === name);
  if (!found) {
    throw new Error(`no container '${name}'`);
  }
  return found;
}

/** The variables of a container as `NAME=VALUE`, in their order. */
export function env(template: PodTemplate, name?: string): string[] {
  return (container(template, name).env ?? []).map(variable => `${variable.name}=${variable.value ?? JSON.stringify(variable.valueFrom)}`);
}

interface Token {
  readonly audience?: string;
  readonly expirationSeconds: number;
  readonly path: string;
}

/** The token in a volume of the pod. */
export function token({ spec }: PodTemplate, volume = 'aws-iam-token'): Token {
  const found = spec.volumes?.find(({ name }) => name === volume) as { projected?: { sources: Array<{ serviceAccountToken: Token }> } } | undefined;
  if (!found?.projected) {
    throw new Error(`no volume '${volume}' with a token`);
  }
  return found.projected.sources[0].serviceAccountToken;
}

/** Freezes everything, so that a change of it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
