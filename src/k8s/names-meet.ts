import { ApiObject, type App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { IrsaServiceAccount } from './irsa-service-account';
import { placeholderNames } from './placeholder';
import { podSpecOf } from './pod-spec';
import type { RenderedObject } from './rendered-app';
import { serviceAccountIn } from './webhook/pod-template';
import { OUR_ANNOTATIONS } from './webhook-annotations';
import { ROLE_ARN } from '../identity/role-arn-pattern';
import { WEBHOOK_ANNOTATION } from '../identity/webhook-contract';

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: Record<string, string>;
}

/**
 * Where the rendered objects do not say what the roles trust: a service account that was changed after it was made, a workload
 * that runs in another namespace than its service account.
 */
export function disagreements(app: App, rendered: readonly RenderedObject[]): string[] {
  const objects = new Map<IConstruct, RenderedObject>(rendered.map(object => [object.construct, object]));
  const nodes = app.node.findAll();
  const accounts = nodes.filter(isIrsaServiceAccount);
  return [
    ...accounts.flatMap(account => changesOf(account, objects.get(ApiObject.of(account))!)),
    ...nodes.flatMap(node => misplaced(node, objects, accounts)),
    ...rendered.flatMap(object => homeless(object, accounts)),
    ...accounts.flatMap(account => twins(account, rendered)),
  ];
}

/** Workloads that name a service account of ours from a namespace in which the app has none of that name. */
export function suspects(app: App, rendered: readonly RenderedObject[]): string[] {
  const accounts = app.node.findAll().filter(isIrsaServiceAccount);
  const declared = new Set(rendered.filter(({ json }) => json.kind === 'ServiceAccount').map(({ json }) => key(metadataOf(json))));
  return rendered.flatMap(({ construct, json }) => {
    const name = serviceAccountIn(podSpecOf(json));
    const { namespace } = metadataOf(json);
    const ours = accounts.find(account => account.subject.name === name);
    return ours && namespace && namespace !== ours.subject.namespace && !declared.has(key({ name, namespace }))
      ? [`${construct.node.path} runs as the service account '${name}' of the namespace '${namespace}', which these manifests do not have; `
        + `the one with the role ${ours.role.node.path} is ${ours.subject}`]
      : [];
  });
}

const IRSA_SERVICE_ACCOUNT = Symbol.for('cdk-irsa.IrsaServiceAccount');

/** Marks a construct as one of ours: this file cannot import the class, which imports it. */
export function markIrsaServiceAccount(construct: IrsaServiceAccount): void {
  Object.defineProperty(construct, IRSA_SERVICE_ACCOUNT, { value: true });
}

function isIrsaServiceAccount(x: unknown): x is IrsaServiceAccount {
  return typeof x === 'object' && x !== null && IRSA_SERVICE_ACCOUNT in x;
}

function changesOf(account: IrsaServiceAccount, { construct, json }: RenderedObject): string[] {
  const { name, namespace, annotations = {} } = metadataOf(json);
  const { subject } = account;
  const path = construct.node.path;
  const renamed = name === subject.name && namespace === subject.namespace
    ? []
    : [`${path} is rendered as ${namespace}/${name}, and its role trusts ${subject}: remove the patch that changes it`];
  const arn = annotations[WEBHOOK_ANNOTATION.ROLE_ARN];
  const arnProblem = arn !== undefined && (ROLE_ARN.test(arn) || placeholderNames(arn).length > 0)
    ? []
    : [`${path} is rendered with ${WEBHOOK_ANNOTATION.ROLE_ARN}: '${arn}', which is not the ARN of a role`];
  const expected = account._expectedAnnotations();
  const overridden = OUR_ANNOTATIONS.filter(annotation => annotations[annotation] !== expected[annotation])
    .map(annotation => `${path} is rendered with ${annotation}: '${annotations[annotation]}' instead of '${expected[annotation]}': `
      + 'something changes it after the construct; use the props of IrsaServiceAccount');
  return [...renamed, ...arnProblem, ...overridden];
}

/** A cdk8s-plus workload has the construct of its service account, and Kubernetes looks for the name in the workload's namespace. */
function misplaced(node: IConstruct, objects: ReadonlyMap<IConstruct, RenderedObject>, accounts: readonly IrsaServiceAccount[]): string[] {
  const account = (node as { serviceAccount?: unknown }).serviceAccount;
  const object = isIrsaServiceAccount(account) ? objects.get(ApiObject.of(node)) : undefined;
  if (!object || !isIrsaServiceAccount(account)) {
    return [];
  }
  const { namespace } = metadataOf(object.json);
  if (namespace === undefined && !accounts.includes(account)) {
    return homeless(object, [account]);
  }
  return namespace === undefined || namespace === account.subject.namespace
    ? []
    : [`${node.node.path} is in the namespace '${namespace}', and its service account ${account.subject} in another; `
      + `put it into a chart with namespace '${account.subject.namespace}'`];
}

/** A workload without a namespace lands wherever kubectl happens to be. */
function homeless({ construct, json }: RenderedObject, accounts: readonly IrsaServiceAccount[]): string[] {
  const name = serviceAccountIn(podSpecOf(json));
  const account = accounts.find(({ subject }) => subject.name === name);
  return account && metadataOf(json).namespace === undefined
    ? [`${construct.node.path} has no namespace, and its service account is ${account.subject}; `
      + `give the chart the namespace '${account.subject.namespace}'`]
    : [];
}

/** Of two manifests with one name, the cluster has the one that was applied last. Charts may be for different clusters. */
function twins(account: IrsaServiceAccount, rendered: readonly RenderedObject[]): string[] {
  const own = ApiObject.of(account);
  return rendered
    .filter(({ construct, json }) => construct !== own && json.kind === 'ServiceAccount' && construct.chart === own.chart
      && key(metadataOf(json)) === key(account.subject))
    .map(({ construct }) => `${own.node.path} is ${account.subject}, and so is ${construct.node.path} in the same chart; make it once`);
}

function metadataOf(json: Record<string, unknown>): Metadata {
  return (json.metadata ?? {}) as Metadata;
}

function key({ name, namespace }: Metadata): string {
  return `${namespace}/${name}`;
}
