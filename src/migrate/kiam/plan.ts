import { EXTERNAL_ID, PERMITTED, ROLE, SESSION_NAME } from './annotations';
import { type Annotated, type Inventory, type KiamWorkload, titleOf } from './inventory';
import { hasRules, refusalOf, type RestrictionOptions } from './namespace-rules';
import { newRole, type NewRole } from './new-role';
import { nameFor } from './new-service-account';
import { type OldRole, oldRole } from './role-reference';
import { WEBHOOK_ANNOTATION } from '../../identity/webhook-contract';
import { namedList } from '../../k8s/inject/named-list';

/** A service account with the role that its pods had from kiam. */
export interface MigratedAccount {
  readonly namespace: string;
  readonly name: string;
  readonly oldRole: OldRole;
  readonly role: NewRole;
  /** Its manifests; none for one that is new, or that is elsewhere. */
  readonly manifests: readonly Annotated[];
  /** Whether its pods had a token for the API of the cluster, and keep it. */
  readonly mountsToken: boolean;
  readonly workloads: readonly KiamWorkload[];
}

/** What becomes of the pods. */
export interface Plan {
  readonly accounts: readonly MigratedAccount[];
  /** What stays as it is, and why. */
  readonly problems: readonly string[];
  /** What people have to know. */
  readonly notes: readonly string[];
}

export interface PlanOptions extends RestrictionOptions {
  /** URL of the cluster's issuer. */
  readonly issuer: string;
}

/** A workload, with the role that it may have. */
interface Candidate {
  readonly workload: KiamWorkload;
  readonly role?: OldRole;
}

/** Says which service account gets which role. Pods of the account `default` get one of their own, for others would get the role too. */
export function planMigration(inventory: Inventory, options: PlanOptions): Plan {
  const problems: string[] = [];
  const candidates = inventory.workloads.map(workload => ({ workload, role: roleOf(workload, inventory, options, problems) }));
  const own = groupsOf(candidates.filter(({ workload }) => workload.serviceAccount !== 'default'), ({ workload }) => [workload.namespace, workload.serviceAccount])
    .flatMap(group => accountOf(group, inventory, options, problems));
  const added = newAccounts(candidates.filter(({ workload }) => workload.serviceAccount === 'default').filter(hasRole), inventory, options);
  return {
    // in an order that the next run has too, when new accounts are there already
    accounts: [...own, ...added].sort((a, b) => a.namespace < b.namespace || a.namespace === b.namespace && a.name < b.name ? -1 : 1),
    problems: [...problems, ...straysOn(inventory)],
    notes: [
      ...notesOn(inventory), ...added.flatMap(account => lossesOf(account, inventory)), ...own.flatMap(elsewhere), ...tokensOf([...own, ...added]),
    ],
  };
}

/** For pods of the account `default`: one for each namespace and role. */
function newAccounts(candidates: ReadonlyArray<Required<Candidate>>, inventory: Inventory, { issuer }: PlanOptions): MigratedAccount[] {
  const added: MigratedAccount[] = [];
  for (const group of groupsOf(candidates, ({ workload, role }) => [workload.namespace, role.arn])) {
    const [{ workload: { namespace }, role }] = group;
    const workloads = group.map(({ workload }) => workload);
    const name = nameFor(workloads, role, takenNames(inventory, added, namespace));
    added.push({
      namespace,
      name,
      oldRole: role,
      role: newRole(issuer, namespace, name, role),
      manifests: [],
      mountsToken: mountsToken(inventory, namespace),
      workloads,
    });
  }
  return added;
}

function hasRole(candidate: Candidate): candidate is Required<Candidate> {
  return candidate.role !== undefined;
}

function straysOn({ strays }: Inventory): string[] {
  return strays.filter(({ ofObject }) => !ofObject)
    .map(({ title, place }) => `${place}: ${title} has ${ROLE} in a place that is not known to have pods; name it with --pod-template, or change it by hand`);
}

/** The role that a workload has today; none where its namespace does not let it. */
function roleOf(workload: KiamWorkload, { namespaces }: Inventory, options: PlanOptions, problems: string[]): OldRole | undefined {
  const text = workload.annotations[ROLE];
  if (!text) {
    return undefined;
  }
  const place = workload.document.placeOfObject(workload.path);
  const own = namespaces.filter(({ name }) => name === workload.namespace);
  try {
    const role = oldRole(text, options.baseRoleArn);
    const refusal = own.map(({ annotations }) => refusalOf(annotations, role, options)).find(Boolean) ?? silenceOf(own, namespaces);
    if (refusal !== undefined) {
      problems.push(`${place}: ${titleOf(workload)} asks for ${role.arn}, and kiam does not give it: ${refusal}; `
        + 'remove the annotation, or let the namespace have the role');
    }
    return refusal === undefined ? role : undefined;
  } catch (error) {
    throw new Error(`${place}: ${titleOf(workload)}: ${(error as Error).message}`);
  }
}

/** kiam gives nothing to a namespace without an expression. Whether kiam is there, and not kube2iam, is seen from other namespaces. */
function silenceOf(own: readonly Annotated[], all: readonly Annotated[]): string | undefined {
  return own.length > 0 && !own.some(isForKiam) && all.some(isForKiam) ? `its namespace has no ${PERMITTED}, which others have` : undefined;
}

function isForKiam({ annotations }: Annotated): boolean {
  return Object.hasOwn(annotations, PERMITTED);
}

/** The users of a service account that is not `default`: nothing if they do not agree. */
function accountOf(group: readonly Candidate[], { serviceAccounts }: Inventory, { issuer }: PlanOptions, problems: string[]): MigratedAccount[] {
  const migrating = group.filter(hasRole);
  if (migrating.length === 0) {
    return [];
  }
  const [{ workload: { namespace, serviceAccount: name }, role: old }] = migrating;
  const manifests = serviceAccounts.filter(each => each.namespace === namespace && each.name === name);
  const role = newRole(issuer, namespace, name, old);
  const annotated = manifests.map(({ annotations }) => annotations[WEBHOOK_ANNOTATION.ROLE_ARN]).find(Boolean);
  const title = `service account ${namespace}/${name}`;
  if (annotated !== undefined && annotated !== role.arn) {
    problems.push(`${title} has the role ${String(annotated)} already, and ${titles(migrating)} would have it instead of ${old.arn}; `
      + 'give these a service account of their own');
    return [];
  }
  const others = group.filter(({ role: other }) => other?.arn !== old.arn && !(other === undefined && annotated !== undefined));
  if (others.length > 0) {
    const roles = groupsOf(group, each => [each.role?.arn ?? '']).map(each => `${each[0].role?.arn ?? 'no role'} (${titles(each)})`);
    problems.push(`${title} is shared by pods with different roles: ${roles.join(', ')}; give each role a service account of its own, and run this again`);
    return [];
  }
  return [{ namespace, name, oldRole: old, role, manifests, mountsToken: true, workloads: migrating.map(({ workload }) => workload) }];
}

function takenNames({ workloads, serviceAccounts }: Inventory, added: readonly MigratedAccount[], namespace: string): ReadonlySet<string> {
  const here = (each: { readonly namespace: string }): boolean => each.namespace === namespace;
  return new Set([
    'default', ...serviceAccounts.filter(here).map(({ name }) => name), ...workloads.filter(here).map(({ serviceAccount }) => serviceAccount),
    ...added.filter(here).map(({ name }) => name),
  ]);
}

function elsewhere({ namespace, name, manifests }: MigratedAccount): string[] {
  return manifests.length > 0 ? [] : [`service account ${namespace}/${name} is not among the manifests, so the app makes it, and nothing else may`];
}

/** Pods of the account `default` have a token for the API of the cluster, unless that says otherwise. */
function mountsToken({ serviceAccounts }: Inventory, inNamespace: string): boolean {
  return !serviceAccounts.some(({ namespace, name, value }) => namespace === inNamespace && name === 'default' && value.automountServiceAccountToken === false);
}

/** Service accounts of CDK have none: for pods that had one, that would be a change which nobody asked for. */
function tokensOf(accounts: readonly MigratedAccount[]): string[] {
  const keeping = accounts.filter(each => each.manifests.length === 0 && each.mountsToken).map(({ namespace, name }) => `${namespace}/${name}`);
  return keeping.length === 0 ? [] : [`pods of ${namedList(keeping)} keep the token for the API of the cluster that accounts give unless they say otherwise; where they do not need it, take automountToken out of the app`];
}

/** What pods had by the service account `default`. */
function lossesOf({ namespace, name }: MigratedAccount, { bindings, serviceAccounts }: Inventory): string[] {
  const bound = bindings.filter(({ subjects }) => subjects.includes(`${namespace}/default`)).map(({ title }) => title);
  const secrets = serviceAccounts.some(each => each.namespace === namespace && each.name === 'default' && each.value.imagePullSecrets !== undefined);
  return [
    ...bound.length > 0 ? [`${namedList(bound)} gives rights to service account ${namespace}/default, which pods of ${namespace}/${name} no longer have; bind it to that, too, if they need them`] : [],
    ...secrets ? [`service account ${namespace}/default has imagePullSecrets, which pods of ${namespace}/${name} no longer have; name them there, or in the pods`] : [],
  ];
}

function notesOn({ workloads, namespaces, strays }: Inventory): string[] {
  const withRole = workloads.filter(({ annotations }) => annotations[ROLE]);
  const silent = [...new Set(withRole.map(({ namespace }) => namespace))]
    .filter(namespace => !namespaces.some(({ name, annotations }) => name === namespace && hasRules(annotations)));
  const having = (key: string): string[] => withRole.filter(({ annotations }) => annotations[key]).map(titleOf);
  const immutable = withRole.filter(({ kind }) => ['Pod', 'Job'].includes(kind)).map(titleOf);
  const stale = withRole.filter(({ kind }) => ['ReplicaSet', 'ReplicationController'].includes(kind)).map(titleOf);
  return [
    ...silent.length > 0 ? [`what roles kiam permits in ${namedList(silent)} is not known: no manifest of the namespace says, so every role was taken for permitted`] : [],
    ...having(EXTERNAL_ID).length > 0 ? [`${namedList(having(EXTERNAL_ID))}: the role was assumed with an external id, which is not needed any more`] : [],
    ...having(SESSION_NAME).length > 0 ? [`${namedList(having(SESSION_NAME))}: sessions had a name of their own; set AWS_ROLE_SESSION_NAME in the containers`] : [],
    ...immutable.length > 0 ? [`${namedList(immutable)} cannot be changed where it runs: delete it before the new one is applied`] : [],
    ...stale.length > 0 ? [`${namedList(stale)} does not replace pods that run: delete them when the new one is applied`] : [],
    ...strays.filter(({ ofObject }) => ofObject).map(({ title, place }) => `${place}: ${title} has ${ROLE} on itself and not on its pods, where it means nothing; it stays`),
  ];
}

function titles(group: readonly Candidate[]): string {
  return namedList(group.map(({ workload }) => titleOf(workload)));
}

/** In the order in which they come first. */
function groupsOf<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    groups.set(key, [...groups.get(key) ?? [], item]);
  }
  return [...groups.values()];
}
