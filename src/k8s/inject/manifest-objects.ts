import { isAlias, isMap, isSeq, type Node } from 'yaml';
import { isMap as isRecord } from '../webhook/pod-template';
import type { YamlSource } from '../yaml/yaml-source';

/** Where an object is in its document. */
export type ObjectPath = ReadonlyArray<string | number>;

/** A Kubernetes object: what it says, and where it is in its document. */
export interface ManifestObject {
  readonly value: Record<string, unknown>;
  readonly path: ObjectPath;
}

/** Lists in lists are nobody's; more than this is an attack. */
const MAX_DEPTH = 8;

/** The objects of a document, those in lists included. Items without a kind have that of their list, as kubectl reads them. */
export function objectsIn(value: unknown, path: ObjectPath = []): ManifestObject[] {
  if (!isRecord(value)) {
    return [];
  }
  const { kind, apiVersion, items } = value;
  if (!isList(value) || path.length > 2 * MAX_DEPTH) {
    return [{ value, path }];
  }
  const inherited = { apiVersion, kind: (kind as string).slice(0, -'List'.length) };
  return (items as unknown[]).flatMap((item, index) => objectsIn(isRecord(item) && item.kind === undefined && inherited.kind !== ''
    ? { ...item, ...inherited }
    : item, [...path, 'items', index]));
}

/** What becomes of an object as it is written. */
export type Change = (object: unknown) => unknown;

/** A copy of a document with other objects in the places of some: by their path, as JSON. */
export function withObjects(value: unknown, changed: ReadonlyMap<string, Change>, path: ObjectPath = []): unknown {
  const change = changed.get(JSON.stringify(path));
  if (change) {
    return change(value);
  }
  return isRecord(value) && isList(value) && path.length <= 2 * MAX_DEPTH
    ? { ...value, items: (value.items as unknown[]).map((item, index) => withObjects(item, changed, [...path, 'items', index])) }
    : value;
}

function isList({ kind, items }: Record<string, unknown>): boolean {
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}

/** Where an object begins in the text of its document. */
export function offsetOf({ root }: YamlSource, path: ObjectPath): number {
  let node: unknown = root;
  for (const key of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(key, true) : undefined;
    if (!next || isAlias(next)) {
      break;
    }
    node = next;
  }
  return (node as Node | null)?.range?.[0] ?? 0;
}
