import { DEFAULT_AUDIENCE } from '../../identity/audience-syntax';
import { WEBHOOK_ANNOTATION } from '../../identity/webhook-contract';
import { fillPlaceholders, placeholderNames } from '../../k8s/placeholder';
import { at, type JsonObject, listOf, objectOf, stringOf } from '../json';
import { below, type Place, type Source } from '../place';
import { readable, unresolved } from '../unresolved';

/** A document of Kubernetes: an object, or a list of objects. */
export interface ManifestInput {
  readonly source: Source;
  readonly value: unknown;
}

/** An object of Kubernetes. */
export interface KubernetesObject {
  readonly place: Place;
  readonly value: JsonObject;
  readonly kind: string;
  readonly name: string;
  /** Opaque where the manifest has none: whoever applies it decides. */
  readonly namespace: string;
}

/** A service account, with what the webhook makes of its annotations. */
export interface ServiceAccount extends KubernetesObject {
  /** @default - the webhook leaves its pods alone */
  readonly roleArn?: string;
  readonly audience: string;
}

/** An object that makes pods. */
export interface Workload extends KubernetesObject {
  readonly serviceAccountName: string;
  readonly podSpec: JsonObject;
  readonly podSpecPlace: Place;
  /** Labels and annotations of the pods. */
  readonly podMetadata: JsonObject;
  readonly podMetadataPlace: Place;
  /** All of them, those that run at its start included. */
  readonly containers: readonly Container[];
}

/** The namespace of an object that names none. */
export const NO_NAMESPACE = unresolved('namespace');

/** Whether a document is of Kubernetes. */
export function isManifest(value: unknown): boolean {
  return typeof at(value, 'kind') === 'string' && typeof at(value, 'apiVersion') === 'string';
}

/** The objects of documents; placeholders of `cdk synth` are filled in as far as templates and outputs say what they stand for. */
export function objectsOf(inputs: readonly ManifestInput[], values: ReadonlyMap<string, string>): KubernetesObject[] {
  return inputs.flatMap(({ source, value }) => objectsIn({ source, path: [] }, values.size > 0 ? filled(value, values) : value));
}

function objectsIn(place: Place, value: unknown): KubernetesObject[] {
  const kind = stringOf(at(value, 'kind'));
  const items = at(value, 'items');
  if (kind?.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item, index) => objectsIn(below(place, 'items', index), item));
  }
  const object = objectOf(value);
  if (!object || kind === undefined || !isManifest(value)) {
    return [];
  }
  const namespace = stringOf(at(value, 'metadata', 'namespace'));
  return [{ place, value: object, kind, name: String(at(value, 'metadata', 'name') ?? ''), namespace: namespace ? namespace : NO_NAMESPACE }];
}

function filled(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return placeholderNames(value).length > 0 && placeholderNames(value).every(name => values.has(name)) ? fillPlaceholders(value, values) : value;
  }
  return Array.isArray(value) ? value.map(each => filled(each, values))
    : objectOf(value) ? Object.fromEntries(Object.entries(value as JsonObject).map(([key, each]) => [key, filled(each, values)])) : value;
}

/** The service accounts among objects. */
export function serviceAccountsOf(objects: readonly KubernetesObject[]): ServiceAccount[] {
  return objects.filter(({ kind }) => kind === 'ServiceAccount').map(object => ({
    ...object,
    roleArn: stringOf(annotation(object, WEBHOOK_ANNOTATION.ROLE_ARN)) || undefined,
    audience: stringOf(annotation(object, WEBHOOK_ANNOTATION.AUDIENCE)) || DEFAULT_AUDIENCE,
  }));
}

/** The value of an annotation, of whatever type. */
export function annotation(object: KubernetesObject, key: string): unknown {
  return at(object.value, 'metadata', 'annotations', key);
}

const TEMPLATE_PATHS: Readonly<Record<string, readonly string[]>> = { Pod: [], PodTemplate: ['template'], CronJob: ['spec', 'jobTemplate', 'spec', 'template'] };

/** The objects that make pods: of Kubernetes, and of others that keep a pod template at the usual place. */
export function workloadsOf(objects: readonly KubernetesObject[]): Workload[] {
  return objects.flatMap(object => {
    const path = Object.hasOwn(TEMPLATE_PATHS, object.kind) ? TEMPLATE_PATHS[object.kind] : ['spec', 'template'];
    const podSpec = objectOf(at(object.value, ...path, 'spec'));
    const podSpecPlace = below(object.place, ...path, 'spec');
    return !podSpec || !Array.isArray(podSpec.containers) ? [] : [{
      ...object,
      serviceAccountName: stringOf(podSpec.serviceAccountName) || stringOf(podSpec.serviceAccount) || 'default',
      podSpec,
      podSpecPlace,
      podMetadata: objectOf(at(object.value, ...path, 'metadata')) ?? {},
      podMetadataPlace: below(object.place, ...path, 'metadata'),
      containers: containersIn(podSpec, podSpecPlace),
    }];
  });
}

/** A container of a pod spec, and where it is. */
export interface Container {
  readonly place: Place;
  readonly name: string;
  readonly value: JsonObject;
  readonly env: ReadonlyMap<string, EnvVariable>;
}

/** A variable; without a value where it comes from elsewhere. */
export interface EnvVariable {
  readonly place: Place;
  readonly value?: string;
}

function containersIn(podSpec: JsonObject, podSpecPlace: Place): Container[] {
  return ['initContainers', 'containers'].flatMap(list => listOf(podSpec[list]).flatMap((each, index) => {
    const value = objectOf(each);
    const place = below(podSpecPlace, list, index);
    return value ? [{ place, name: String(value.name ?? ''), value, env: envOf(value, place) }] : [];
  }));
}

function envOf(container: JsonObject, place: Place): Map<string, EnvVariable> {
  return new Map(listOf(container.env).map((each, index) => [
    String(at(each, 'name')),
    { place: below(place, 'env', index), ...at(each, 'valueFrom') === undefined ? { value: String(at(each, 'value') ?? '') } : {} },
  ]));
}

/** An object for people: `ServiceAccount apps/web`. */
export function title({ kind, namespace, name }: Pick<KubernetesObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${readable(namespace) === '${namespace}' ? '' : `${readable(namespace)}/`}${name}`;
}
