import { POD_ANNOTATIONS } from './annotations';
import type { Located } from './inventory';
import type { MigratedAccount } from './plan';
import { WEBHOOK_ANNOTATION } from '../../identity/webhook-contract';
import { type Change, type ObjectPath, withObjects } from '../../k8s/inject/manifest-objects';
import type { ManifestDocument } from '../../k8s/inject/manifest-text';
import { rewriteManifest } from '../../k8s/inject/rewrite-manifest';
import { isMap } from '../../k8s/webhook/pod-template';
import { replacedAt } from '../../k8s/webhook/pod-templates';

/** The text of documents that change: service accounts get their role, pods their service account. What is not part of that stays to the letter. */
export function editedTexts(accounts: readonly MigratedAccount[], keepAnnotations: boolean): ReadonlyMap<ManifestDocument, string> {
  const changes = new Changes();
  for (const { name, role, manifests, workloads } of accounts) {
    manifests.forEach(manifest => changes.add(manifest, object => annotated(object, role.arn)));
    workloads.forEach(workload => changes.add(workload, object => {
      const template = valueAt(object, workload.templatePath);
      const migrated = name === workload.serviceAccount ? template : withServiceAccount(template, name);
      return replacedAt(object, workload.templatePath, keepAnnotations ? migrated : withoutAnnotations(migrated));
    }));
  }
  return changes.texts();
}

/** What becomes of objects, by the documents that they are in. */
class Changes {
  private readonly byDocument = new Map<ManifestDocument, Map<string, Change>>();

  public add({ document, path }: Located, change: Change): void {
    const changes = this.byDocument.get(document) ?? new Map<string, Change>();
    const key = JSON.stringify(path);
    const earlier = changes.get(key);
    // an object may have several pod templates
    changes.set(key, earlier ? object => change(earlier(object)) : change);
    this.byDocument.set(document, changes);
  }

  public texts(): ReadonlyMap<ManifestDocument, string> {
    return new Map([...this.byDocument].map(([document, changes]) => {
      const source = document.read();
      document.forget();
      return [document, rewriteManifest(document, source, withObjects(source.value, changes))];
    }));
  }
}

function annotated(object: unknown, role: string): unknown {
  const { metadata, ...rest } = object as Record<string, unknown>;
  const annotations = mapIn(metadata, 'annotations');
  return annotations[WEBHOOK_ANNOTATION.ROLE_ARN] === role
    ? object
    : { ...rest, metadata: { ...metadata as object, annotations: { ...annotations, [WEBHOOK_ANNOTATION.ROLE_ARN]: role } } };
}

function withServiceAccount({ spec, ...rest }: Record<string, unknown>, serviceAccountName: string): Record<string, unknown> {
  // an old name of the field, which would go on saying something else
  const { serviceAccount: _, ...others } = spec as Record<string, unknown>;
  return { ...rest, spec: { ...others, serviceAccountName } };
}

/** Without maps that are empty then. */
function withoutAnnotations(template: Record<string, unknown>): Record<string, unknown> {
  const { metadata, ...rest } = template;
  const { annotations: _, ...others } = metadata as Record<string, unknown>;
  const annotations = Object.fromEntries(Object.entries(mapIn(metadata, 'annotations')).filter(([key]) => !POD_ANNOTATIONS.includes(key)));
  const kept = Object.keys(annotations).length > 0 ? { ...others, annotations } : others;
  return Object.keys(kept).length > 0 ? { ...rest, metadata: kept } : rest;
}

function valueAt(object: unknown, path: ObjectPath): Record<string, unknown> {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], object) as Record<string, unknown>;
}

function mapIn(value: unknown, key: string): Record<string, unknown> {
  const found = isMap(value) ? value[key] : undefined;
  return isMap(found) ? found : {};
}
