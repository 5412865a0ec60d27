import { changed, documents, POD, SERVICE_ACCOUNT } from './example';
import { SKIP_LABEL } from '../../identity/webhook-contract';
import type { Facts } from '../facts';
import type { Rule } from '../finding';
import { at, listOf } from '../json';
import { type KubernetesObject, NO_NAMESPACE, type ServiceAccount, title, type Workload } from '../kubernetes/objects';
import { below } from '../place';
import { readable } from '../unresolved';

export const serviceAccountNamespace: Rule = {
  id: 'service-account-namespace',
  severity: 'error',
  title: 'The service account is in another namespace',
  why: 'A pod uses service accounts of its own namespace only. The API server does not make the pod: `serviceaccount "…" not found`.',
  bad: documents(SERVICE_ACCOUNT, changed(POD, 'namespace: apps', 'namespace: app')),
  good: documents(SERVICE_ACCOUNT, POD),
  *find(facts) {
    for (const workload of facts.workloads.filter(each => !accountOf(each, facts))) {
      const elsewhere = facts.serviceAccounts.filter(({ name }) => name === workload.serviceAccountName);
      if (elsewhere.length > 0 && workload.serviceAccountName !== 'default' && ![workload, ...elsewhere].some(hasNoNamespace)) {
        yield {
          message: `${title(workload)} uses the service account ${workload.serviceAccountName}, which is in the namespace ${elsewhere.map(({ namespace }) => readable(namespace)).join(', ')}`,
          fix: 'put both into one namespace',
          places: [below(workload.podSpecPlace, 'serviceAccountName'), elsewhere[0].place],
        };
      }
    }
  },
};

export const serviceAccountMissing: Rule = {
  id: 'service-account-missing',
  severity: 'warning',
  title: 'The service account is in none of the manifests',
  why: 'The API server makes no pod without its service account. It may come from elsewhere; then suppress this with the reason.',
  bad: documents(SERVICE_ACCOUNT, changed(POD, 'serviceAccountName: web', 'serviceAccountName: wbe'), changed(changed(POD, 'metadata:\n  name: web', 'metadata:\n  name: other'), 'containers:\n    - name: web', 'containers:\n    - name: other')),
  good: documents(SERVICE_ACCOUNT, POD),
  *find(facts) {
    // manifests without any service account do not claim to be complete
    const namespaces = new Set(facts.serviceAccounts.map(({ namespace }) => namespace));
    for (const workload of facts.workloads.filter(each => !accountOf(each, facts))) {
      const { serviceAccountName: name, namespace } = workload;
      if (name !== 'default' && namespaces.has(namespace) && !facts.serviceAccounts.some(account => account.name === name)) {
        yield {
          message: `${title(workload)} uses the service account ${name}, which is in none of the manifests`,
          fix: `correct the name (${facts.serviceAccounts.filter(account => account.namespace === namespace).slice(0, 5).map(account => account.name).join(', ')}), or add the service account`,
          places: [below(workload.podSpecPlace, 'serviceAccountName')],
        };
      }
    }
  },
};

export const serviceAccountUnused: Rule = {
  id: 'service-account-unused',
  severity: 'warning',
  title: 'A service account with a role that no workload uses',
  why: 'Whoever may make pods in the namespace may use it; and the workload that should have the role runs without.',
  bad: documents(SERVICE_ACCOUNT, changed(POD, '  serviceAccountName: web\n', '')),
  good: documents(SERVICE_ACCOUNT, POD),
  *find({ serviceAccounts, workloads, objects }) {
    const used = new Set(objects.flatMap(object => namesIn(object)));
    const populated = new Set(workloads.map(({ namespace }) => namespace));
    for (const account of serviceAccounts.filter(({ roleArn, namespace }) => roleArn !== undefined && populated.has(namespace))) {
      const anywhere = hasNoNamespace(account) && objects.some(object => namesIn(object).some(each => each.endsWith(`/${account.name}`)));
      if (!used.has(key(account)) && !used.has(key({ ...account, namespace: NO_NAMESPACE })) && !anywhere) {
        yield {
          message: `${title(account)} has the role ${readable(account.roleArn!)}, and no workload of its namespace uses it`,
          fix: `set serviceAccountName: ${account.name} in the workload that needs the role, or remove the annotation`,
          places: [account.place],
        };
      }
    }
  },
};

/** The service accounts that an object names wherever: operators have places of their own for it. */
function namesIn(object: KubernetesObject): string[] {
  const names: string[] = [];
  const stack: unknown[] = [object.value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    // of lists too: no index is such a name
    for (const [name, value] of Object.entries(next as object)) {
      if (typeof value === 'object' && value !== null) {
        stack.push(value);
      } else if (typeof value === 'string' && (name === 'serviceAccountName' || name === 'serviceAccount')) {
        names.push(`${object.namespace}/${value}`);
      }
    }
  }
  return names;
}

function key({ namespace, name }: Pick<KubernetesObject, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

export const webhookSkipped: Rule = {
  id: 'webhook-skipped',
  severity: 'warning',
  title: 'The webhook is told to leave the pod alone',
  why: `With the label \`${SKIP_LABEL}\` a pod gets neither token nor role, and falls back to the role of its node.`,
  bad: documents(SERVICE_ACCOUNT, changed(POD, '  namespace: apps\n', '  namespace: apps\n  labels:\n    eks.amazonaws.com/skip-pod-identity-webhook: "true"\n')),
  good: documents(SERVICE_ACCOUNT, POD),
  *find(facts) {
    for (const workload of facts.workloads) {
      const account = accountOf(workload, facts);
      const mountsOwn = listOf(workload.podSpec.volumes).some(volume => listOf(at(volume, 'projected', 'sources')).some(source => at(source, 'serviceAccountToken', 'audience') !== undefined));
      if (account?.roleArn !== undefined && at(workload.podMetadata, 'labels', SKIP_LABEL) !== undefined && !mountsOwn) {
        yield {
          message: `${title(workload)} uses ${title(account)} with the role ${readable(account.roleArn)}, and its label ${SKIP_LABEL} has the webhook leave it alone`,
          fix: 'remove the label, or the role',
          places: [below(workload.podMetadataPlace, 'labels', SKIP_LABEL), account.place],
        };
      }
    }
  },
};

export const apiTokenMounted: Rule = {
  id: 'api-token-mounted',
  severity: 'warning',
  title: 'The cluster\'s API token beside AWS credentials',
  why: 'A workload that talks to AWS rarely talks to the API server. Its token is one thing more for whoever gets into the pod; the AWS token is mounted all the same without it.',
  bad: documents(changed(SERVICE_ACCOUNT, 'automountServiceAccountToken: false\n', ''), POD),
  good: documents(SERVICE_ACCOUNT, POD),
  *find(facts) {
    const bound = boundAccounts(facts);
    for (const workload of facts.workloads) {
      const account = accountOf(workload, facts);
      const mounts = workload.podSpec.automountServiceAccountToken ?? account?.value.automountServiceAccountToken ?? true;
      if (account?.roleArn !== undefined && mounts !== false && !bound.has(key(account)) && !bound.has(everyAccountOf(account.namespace))) {
        yield {
          message: `${title(workload)} gets a token for the cluster's API beside the role, and no RoleBinding says that it needs one`,
          fix: 'set automountServiceAccountToken: false on the service account or in the pod spec',
          places: [workload.podSpecPlace, account.place],
        };
      }
    }
  },
};

/** The service accounts that may do something in the cluster. */
function boundAccounts({ objects }: Facts): Set<string> {
  return new Set(objects.filter(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding')
    .flatMap(binding => listOf(binding.value.subjects).map(subject => subjectKey(subject, binding.namespace))));
}

/** Service accounts are users and groups too, by the names that the API server gives them. */
function subjectKey(subject: unknown, ownNamespace: string): string {
  const name = String(at(subject, 'name'));
  const [, , namespace, account] = name.split(':');
  return /^system:serviceaccount:[^:]+:[^:]+$/.test(name) ? key({ namespace, name: account })
    : /^system:serviceaccounts:[^:]+$/.test(name) ? everyAccountOf(namespace)
      : key({ namespace: String(at(subject, 'namespace') ?? ownNamespace), name });
}

function everyAccountOf(namespace: string): string {
  return key({ namespace, name: '*' });
}

/** The service account of a workload, where the manifests have it: where one of both names no namespace, the only one that it can be. */
export function accountOf({ namespace, serviceAccountName: name }: Workload, facts: Facts): ServiceAccount | undefined {
  let index = INDEXES.get(facts);
  if (!index) {
    index = indexOf(facts);
    INDEXES.set(facts, index);
  }
  const known = index.byKey.get(key({ namespace, name }));
  const possible = known || name === 'default' ? [] : (index.byName.get(name) ?? []).filter(account => hasNoNamespace(account) || namespace === NO_NAMESPACE);
  return known ?? (possible.length === 1 ? possible[0] : undefined);
}

function indexOf({ serviceAccounts }: Facts): Index {
  const byName = new Map<string, ServiceAccount[]>();
  serviceAccounts.forEach(account => (byName.get(account.name) ?? byName.set(account.name, []).get(account.name)!).push(account));
  return { byKey: new Map(serviceAccounts.map(account => [key(account), account])), byName };
}

interface Index {
  readonly byKey: ReadonlyMap<string, ServiceAccount>;
  readonly byName: ReadonlyMap<string, readonly ServiceAccount[]>;
}

const INDEXES = new WeakMap<Facts, Index>();

function hasNoNamespace({ namespace }: Pick<KubernetesObject, 'namespace'>): boolean {
  return namespace === NO_NAMESPACE;
}

/** What cannot be said of a workload's service account. */
export function unknownAccount(workload: Workload, facts: Facts): string | undefined {
  const { serviceAccountName: name, namespace } = workload;
  if (facts.serviceAccounts.length === 0) {
    return name === 'default' ? undefined : `whether the service account ${name} of ${title(workload)} exists: no service account was given`;
  }
  const account = accountOf(workload, facts);
  const possible = account ? [account] : facts.serviceAccounts.filter(each => each.name === name);
  return name !== 'default' && possible.some(each => each.namespace !== namespace && (hasNoNamespace(each) || hasNoNamespace(workload)))
    ? `whether ${title(workload)} and its service account ${name} come into one namespace: not both manifests say which` : undefined;
}

/** Workloads whose service account has a role, with it. */
export function* withRole(facts: Facts): Iterable<readonly [Workload, ServiceAccount]> {
  for (const workload of facts.workloads) {
    const account = accountOf(workload, facts);
    if (account?.roleArn !== undefined) {
      yield [workload, account];
    }
  }
}

