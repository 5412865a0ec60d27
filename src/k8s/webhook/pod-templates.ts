import { isMap, type PodTemplate } from './pod-template';

/** Where something is in an object: its keys; `*` stands for all items of a list, or all values of a map. */
export type Path = readonly string[];

/** API groups of the kinds that Kubernetes brings along. */
const KNOWN: ReadonlyArray<{ readonly groups: readonly string[]; readonly kinds: readonly string[]; readonly path: Path }> = [
  { groups: [''], kinds: ['Pod'], path: [] },
  { groups: [''], kinds: ['PodTemplate'], path: ['template'] },
  { groups: [''], kinds: ['ReplicationController'], path: ['spec', 'template'] },
  { groups: ['apps', 'extensions'], kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'], path: ['spec', 'template'] },
  { groups: ['batch'], kinds: ['Job'], path: ['spec', 'template'] },
  { groups: ['batch'], kinds: ['CronJob'], path: ['spec', 'jobTemplate', 'spec', 'template'] },
];

/**
 * Where objects of a kind have pod templates, relative to the object; nowhere for kinds without pods.
 *
 * @param extra paths for custom resources, by kind or `group/kind`: `{ 'argoproj.io/Rollout': 'spec.template', 'JobSet': 'spec.replicatedJobs.*.template.spec.template' }`
 */
export function podTemplatePaths(kind: string, apiVersion: string, extra: Readonly<Record<string, string>> = {}): Path[] {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const named = [`${group}/${kind}`, kind].filter(key => Object.hasOwn(extra, key)).map(key => parsePath(key, extra[key]));
  return named.length > 0
    ? named.slice(0, 1)
    : KNOWN.filter(({ groups, kinds }) => groups.includes(group) && kinds.includes(kind)).map(({ path }) => path);
}

/** A pod template, and where it is: a path without `*`. */
export interface FoundTemplate {
  readonly path: ReadonlyArray<string | number>;
  readonly template: PodTemplate;
}

/** The pod templates of an object. */
export function podTemplatesIn(object: unknown, extra?: Readonly<Record<string, string>>): FoundTemplate[] {
  const { kind, apiVersion } = (isMap(object) ? object : {}) as { kind?: unknown; apiVersion?: unknown };
  return typeof kind === 'string' && typeof apiVersion === 'string'
    ? podTemplatePaths(kind, apiVersion, extra).flatMap(path => valuesAt(object, path, []))
    : [];
}

/** A copy of the object with something else at a path. */
export function replacedAt(object: unknown, path: ReadonlyArray<string | number>, value: unknown): unknown {
  if (path.length === 0) {
    return value;
  }
  const [key, ...rest] = path;
  if (Array.isArray(object)) {
    return object.map((item: unknown, index) => index === key ? replacedAt(item, rest, value) : item);
  }
  const map = object as Record<string, unknown>;
  return { ...map, [key]: replacedAt(map[key], rest, value) };
}

function valuesAt(value: unknown, path: Path, at: ReadonlyArray<string | number>): FoundTemplate[] {
  if (path.length === 0) {
    return isMap(value) && isMap(value.spec) ? [{ path: at, template: value as unknown as PodTemplate }] : [];
  }
  const [key, ...rest] = path;
  if (key === '*') {
    const entries: Array<[string | number, unknown]> = Array.isArray(value) ? [...value.entries()] : Object.entries(isMap(value) ? value : {});
    return entries.flatMap(([name, item]) => valuesAt(item, rest, [...at, name]));
  }
  return isMap(value) ? valuesAt(value[key], rest, [...at, key]) : [];
}

/** The keys of a path as people write it. */
export function parsePath(kind: string, text: string): Path {
  const path = text.split('.');
  if (path.includes('')) {
    throw new Error(`'${text}' is not a path to the pod template of ${kind}; keys and dots are expected, and * for every item: 'spec.template'`);
  }
  return path;
}
