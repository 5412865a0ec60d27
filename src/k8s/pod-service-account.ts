import { ApiObject, App } from 'cdk8s';
import type { PodTemplate, ServiceAccountFacts } from './webhook/mutate-pod';
import { serviceAccountIn } from './webhook/pod-template';

/** The service account of a pod. */
export interface PodServiceAccount {
  readonly name: string;
  /** `undefined` where the manifest leaves it to kubectl. */
  readonly namespace?: string;
  /** What the app says of it; `undefined` where it has no such service account. */
  readonly facts?: ServiceAccountFacts;
}

/** The service account that a pod of a rendered object runs as, by the manifests of its app: those of its own chart first. */
export function podServiceAccount(object: ApiObject, json: Record<string, unknown>, { spec }: PodTemplate): PodServiceAccount {
  const name = serviceAccountIn(spec) ?? 'default';
  const { namespace } = (json.metadata ?? {}) as { namespace?: string };
  const app = App.of(object);
  // what came after the index may have been asked for
  const found = (INDEX.get(app)?.get(name) ?? serviceAccountsIn(app).filter(account => account.name === name))
    .map(account => ({ chart: account.chart, path: account.node.path, facts: factsOf(account) }))
    .filter(({ facts }) => facts.namespace === namespace);
  const near = found.filter(({ chart }) => chart === object.chart);
  const candidates = near.length > 0 ? near : found;
  const different = candidates.filter(({ facts }) => textOf(facts) !== textOf(candidates[0].facts));
  if (different.length > 0) {
    throw new Error(`${object.node.path} runs as ${namespace}/${name}, which are two different service accounts in other charts `
      + `(${candidates[0].path}, ${different[0].path}); put it into the chart of the right one`);
  }
  return { name, namespace, facts: candidates[0]?.facts };
}

const INDEX = new WeakMap<App, Map<string, ApiObject[]>>();

/** Notes the service accounts of an app before its objects are gone through: a look at the whole tree for each of them takes seconds in large apps. */
export function indexServiceAccounts(app: App): void {
  const index = new Map<string, ApiObject[]>();
  serviceAccountsIn(app).forEach(account => index.set(account.name, [...index.get(account.name) ?? [], account]));
  INDEX.set(app, index);
}

function serviceAccountsIn(app: App): ApiObject[] {
  return app.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node) && node.kind === 'ServiceAccount');
}

function factsOf(account: ApiObject): ServiceAccountFacts {
  const { metadata } = account.toJson() as { metadata: { name: string; namespace?: string; annotations?: Record<string, string> } };
  return { name: metadata.name, namespace: metadata.namespace, annotations: metadata.annotations ?? {} };
}

/** Tells annotations apart, in whatever order they are. */
function textOf({ annotations }: ServiceAccountFacts): string {
  return JSON.stringify(Object.entries(annotations).sort(([a], [b]) => a < b ? -1 : 1));
}
