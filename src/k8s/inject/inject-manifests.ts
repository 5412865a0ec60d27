import { joinManifests } from './join-manifests';
import { type Change, objectsIn, withObjects } from './manifest-objects';
import { ManifestDocument, type ManifestText } from './manifest-text';
import { rewriteManifest } from './rewrite-manifest';
import { ServiceAccounts } from './service-accounts';
import { WorkloadInjector } from './workload-injector';
import type { WebhookSettings } from '../webhook/webhook-settings';

/** How manifests are injected. */
export interface InjectOptions {
  /** Manifests with service accounts, besides those of the stream. */
  readonly serviceAccounts?: readonly ManifestText[];
  readonly settings?: WebhookSettings;
  /** Whether to do exactly what the webhook does, weaknesses included. */
  readonly parity?: boolean;
  /** Whether a service account that is not known is an error. */
  readonly strict?: boolean;
  /** Where objects go that name no namespace. */
  readonly namespace?: string;
  /** Paths to the pod templates of custom resources, by kind or `group/kind`. */
  readonly podTemplates?: Readonly<Record<string, string>>;
}

/** What comes of manifests. */
export interface InjectedManifests {
  readonly text: string;
  /** What was left as it is, and why. */
  readonly notes: readonly string[];
}

/**
 * Gives the pods in manifests their credentials, as the pod identity webhook would.
 *
 * What is not touched keeps its bytes; in what is touched, everything but the additions does. Fails, and returns nothing, for anything that a
 * cluster or STS would refuse later.
 */
export function injectManifests(inputs: readonly ManifestText[], options: InjectOptions = {}): InjectedManifests {
  const { serviceAccounts = [], namespace, parity = false, strict = false } = options;
  const streams = inputs.map(ManifestDocument.allIn);
  const accounts = new ServiceAccounts(namespace, parity);
  collectFrom(serviceAccounts, accounts);
  streams.flat().forEach(document => collect(document, (object, place) => accounts.add(object, place)));
  const injector = new WorkloadInjector(accounts, options);
  const texts = streams.map(documents => documents.map(document => injected(document, injector)));
  const notes = injector.notes();
  if (strict && notes.length > 0) {
    throw new Error(notes.join('; '));
  }
  return { text: joinManifests(texts), notes };
}

/** These may be all of a cluster: only those that a workload has need be such as can be used. */
function collectFrom(inputs: readonly ManifestText[], accounts: ServiceAccounts): void {
  const found = inputs.flatMap(ManifestDocument.allIn).map(document => collect(document, (object, place) => accounts.addForLater(object, place)));
  if (inputs.length > 0 && !found.includes(true)) {
    throw new Error(`${inputs.map(({ name }) => name).join(', ')}: no service account in there; name a file with the manifests of some`);
  }
}

type Add = (serviceAccount: Record<string, unknown>, place: () => string) => void;

/** Only what may have one is parsed; names can be written with escapes, too. */
const MAY_HAVE_ACCOUNT = /ServiceAccount|\\[xuU\r\n]/;

function collect(document: ManifestDocument, add: Add): boolean {
  if (!MAY_HAVE_ACCOUNT.test(document.text)) {
    return false;
  }
  const found = objectsIn(document.read().value).filter(({ value }) => value.kind === 'ServiceAccount' && value.apiVersion === 'v1');
  found.forEach(({ value, path }) => add(value, () => document.placeOfObject(path)));
  return found.length > 0;
}

function injected(document: ManifestDocument, injector: WorkloadInjector): string {
  const source = document.read();
  const changed = new Map<string, Change>();
  for (const { value, path } of objectsIn(source.value)) {
    const change = injector.changeTo({ object: value, place: () => document.placeOfObject(path) });
    if (change) {
      changed.set(JSON.stringify(path), change);
    }
  }
  document.forget();
  return changed.size === 0 ? document.text : rewriteManifest(document, source, withObjects(source.value, changed));
}
