import { POD_ANNOTATIONS, ROLE } from './annotations';
import { isNamespaceName, isServiceAccountName } from '../../identity/kubernetes-names';
import { type ManifestObject, type ObjectPath, objectsIn } from '../../k8s/inject/manifest-objects';
import type { ManifestDocument } from '../../k8s/inject/manifest-text';
import { isMap, listOf, type PodTemplate } from '../../k8s/webhook/pod-template';
import { podTemplatesIn } from '../../k8s/webhook/pod-templates';

/** An object, and where it is written. */
export interface Located {
  readonly document: ManifestDocument;
  /** In the document. */
  readonly path: ObjectPath;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Pods as manifests have them. */
export interface KiamWorkload extends Located {
  /** Of the pod template, in the object. */
  readonly templatePath: ObjectPath;
  /** `default` where the template names none. */
  readonly serviceAccount: string;
  /** What the template says to kiam. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A service account or a namespace. */
export interface Annotated extends Located {
  readonly value: Record<string, unknown>;
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** What manifests have that matters here. */
export interface Inventory {
  readonly workloads: readonly KiamWorkload[];
  readonly serviceAccounts: readonly Annotated[];
  readonly namespaces: readonly Annotated[];
  /** Bindings of roles of the cluster to service accounts, each as `NAMESPACE/NAME`. */
  readonly bindings: ReadonlyArray<{ readonly title: string; readonly subjects: readonly string[] }>;
  /** Annotations that no pod template has. */
  readonly strays: readonly Stray[];
}

/** An annotation that is not where pods have theirs. */
export interface Stray {
  readonly title: string;
  readonly place: string;
  /** Whether it is one of the object itself, which means nothing to kiam. */
  readonly ofObject: boolean;
}

export interface InventoryOptions {
  /** Where objects go that name no namespace. */
  readonly namespace?: string;
  /** Paths to the pod templates of custom resources, by kind or `group/kind`. */
  readonly podTemplates?: Readonly<Record<string, string>>;
}

/** Custom resources that everybody's manifests have. */
const POD_TEMPLATES: Readonly<Record<string, string>> = { 'argoproj.io/Rollout': 'spec.template' };

/** How an object is called in messages. */
export function titleOf({ kind, namespace, name }: Located): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** Reads all documents. Fails for objects with roles or pods whose namespace nobody says. */
export function takeInventory(documents: readonly ManifestDocument[], { namespace, podTemplates = {} }: InventoryOptions): Inventory {
  const found = documents.flatMap(document => objectsIn(document.read().value).filter(isManifest)
    .map(object => partsOf({ document, object, namespace, podTemplates })));
  documents.forEach(document => document.forget());
  return {
    workloads: found.flatMap(({ workloads }) => workloads),
    serviceAccounts: found.flatMap(({ annotated }) => annotated.filter(({ kind }) => kind === 'ServiceAccount')),
    namespaces: found.flatMap(({ annotated }) => annotated.filter(({ kind }) => kind === 'Namespace')),
    bindings: found.flatMap(({ bindings }) => bindings),
    strays: found.flatMap(({ strays }) => strays),
  };
}

/** Folders have other YAML, too. */
function isManifest({ value: { kind, apiVersion } }: ManifestObject): boolean {
  return isText(kind) && isText(apiVersion);
}

interface Context {
  readonly document: ManifestDocument;
  readonly object: ManifestObject;
  readonly namespace: string | undefined;
  readonly podTemplates: Readonly<Record<string, string>>;
}

interface Parts {
  readonly workloads: readonly KiamWorkload[];
  readonly annotated: readonly Annotated[];
  readonly bindings: Inventory['bindings'];
  readonly strays: readonly Stray[];
}

function partsOf(context: Context): Parts {
  const { object: { value } } = context;
  const templates = podTemplatesIn(value, { ...POD_TEMPLATES, ...context.podTemplates });
  const isAccount = value.kind === 'ServiceAccount' && value.apiVersion === 'v1';
  const isNamespace = value.kind === 'Namespace' && value.apiVersion === 'v1';
  const located = locate(context, templates.length > 0 || isAccount);
  return {
    workloads: templates.map(({ path, template }) => ({
      ...located,
      templatePath: path,
      serviceAccount: serviceAccountIn(context, template),
      annotations: kiamAnnotations(context, located, [...path, 'metadata', 'annotations'], template.metadata),
    })),
    annotated: isAccount || isNamespace ? [{ ...located, value, annotations: mapIn(value.metadata, 'annotations') }] : [],
    bindings: bindingsIn(located, value),
    strays: straysIn(context, located, templates.map(({ path }) => JSON.stringify([...path, 'metadata', 'annotations']))),
  };
}

function locate({ document, object: { value, path }, namespace }: Context, namespaced: boolean): Located {
  const { name, generateName, namespace: own } = isMap(value.metadata) ? value.metadata : {};
  const found = isText(own) ? own : namespace;
  const called = [name, generateName].find(isText) ?? 'without a name';
  if (namespaced && found === undefined) {
    throw new Error(`${document.placeOfObject(path)}: ${String(value.kind)} ${called} names no namespace; say where it goes with --namespace`);
  }
  if (namespaced && !isNamespaceName(found!)) {
    throw new Error(`${document.placeOfObject(path)}: ${String(value.kind)} ${called} goes to '${found}', which is not the name of a namespace; fill in what is a placeholder`);
  }
  return { document, path, kind: String(value.kind), namespace: namespaced ? found! : '', name: called };
}

/** Fails for what no service account can be called. */
function serviceAccountIn({ document, object: { path } }: Context, { spec }: PodTemplate): string {
  const name = [spec.serviceAccountName, spec.serviceAccount].find(isText) ?? 'default';
  if (!isServiceAccountName(name)) {
    throw new Error(`${document.placeOfObject(path)}: '${name}' is not the name of a service account; fill in what is a placeholder`);
  }
  return name;
}

/** Fails for what kubectl refuses: a name of digits without quotes, for one. */
function kiamAnnotations({ document, object: { path } }: Context, located: Located, where: ObjectPath, metadata: unknown): Record<string, string> {
  const annotations = mapIn(metadata, 'annotations');
  return Object.fromEntries(POD_ANNOTATIONS.filter(key => Object.hasOwn(annotations, key)).map(key => {
    const value = annotations[key] ?? '';
    if (typeof value !== 'string') {
      throw new Error(`${document.placeOfObject([...path, ...where, key])}: the annotation ${key} of ${titleOf(located)} is no text; put it into quotes`);
    }
    return [key, value];
  }));
}

function bindingsIn(located: Located, { kind, metadata, subjects }: Record<string, unknown>): Inventory['bindings'] {
  if (kind !== 'RoleBinding' && kind !== 'ClusterRoleBinding') {
    return [];
  }
  const own = mapOf(metadata).namespace;
  const bound = listOf<unknown>(subjects).map(mapOf).filter(subject => subject.kind === 'ServiceAccount')
    .map(subject => `${String(subject.namespace ?? own ?? '')}/${String(subject.name)}`);
  return [{ title: titleOf(located), subjects: bound }];
}

function straysIn({ document, object: { value, path } }: Context, located: Located, known: readonly string[]): Stray[] {
  const strays: Stray[] = [];
  const seen = new Set<unknown>();
  const stack: Array<readonly [unknown, ObjectPath]> = [[value, []]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [current, at] = next;
    // aliases have the same value in many places
    if (typeof current === 'object' && current !== null && !seen.has(current)) {
      seen.add(current);
      if (Object.hasOwn(current, ROLE) && !known.includes(JSON.stringify(at))) {
        strays.push({ title: titleOf(located), place: document.placeOfObject([...path, ...at, ROLE]), ofObject: at.join('.') === 'metadata.annotations' });
      }
      for (const [key, each] of Array.isArray(current) ? current.entries() : Object.entries(current)) {
        stack.push([each, [...at, key]]);
      }
    }
  }
  return strays;
}

function mapOf(value: unknown): Record<string, unknown> {
  return isMap(value) ? value : {};
}

function mapIn(value: unknown, key: string): Record<string, unknown> {
  return mapOf(mapOf(value)[key]);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
