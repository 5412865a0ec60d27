import { namedList } from './named-list';
import { isMap, serviceAccountIn } from '../webhook/pod-template';

/** Objects that have no pods where we were told. */
interface Named {
  readonly path: string;
  readonly without: string[];
  found: boolean;
}

/** Pods at a path that nobody named. */
interface Elsewhere {
  readonly option: string;
  readonly account: string;
  readonly workloads: string[];
}

/** Remembers objects with pods that injection does not see, so that they do not pass in silence. */
export class MissedPods {
  private readonly named = new Map<string, Named>();
  private readonly elsewhere = new Map<string, Elsewhere>();

  /** @param podTemplates paths that we were told, by kind or `group/kind` */
  public constructor(private readonly podTemplates: Readonly<Record<string, string>>) {}

  /**
   * To be called for every object.
   *
   * @param found whether there are pods where they should be
   * @param hasRole whether a service account of the object's namespace has a role
   */
  public add(object: Record<string, unknown>, title: string, found: boolean, hasRole: (serviceAccount: string) => boolean): void {
    const { kind, apiVersion } = object;
    const group = String(apiVersion).includes('/') ? String(apiVersion).split('/')[0] : '';
    const key = [`${group}/${String(kind)}`, String(kind)].find(each => Object.hasOwn(this.podTemplates, each));
    if (key !== undefined) {
      const entry = this.named.get(key) ?? { path: this.podTemplates[key], without: [], found: false };
      entry.found ||= found;
      entry.without.push(...found ? [] : [title]);
      this.named.set(key, entry);
    }
    for (const { path, account } of found ? [] : podsBelow(object.spec, ['spec'])) {
      if (hasRole(account)) {
        this.remember(`${key ?? String(kind)}=${path.join('.')}`, account, title);
      }
    }
  }

  /** One for each option that finds nothing, and for each that is missing. */
  public notes(): string[] {
    const wrong = [...this.named].filter(([, { found }]) => !found).map(([key, { path, without }]) =>
      `${namedList(without)}: there are no pods at ${path}, so nothing was changed; correct or remove --pod-template ${key}=${path}`);
    const missing = [...this.elsewhere.values()].map(({ option, account, workloads }) =>
      `${namedList(workloads)}: the service account ${account} has a role, and the pods are where nobody said, so nothing was changed; pass --pod-template ${option}`);
    return [...wrong, ...missing];
  }

  private remember(option: string, account: string, title: string): void {
    const key = JSON.stringify([option, account]);
    const entry = this.elsewhere.get(key) ?? { option, account, workloads: [] };
    if (!entry.workloads.includes(title)) {
      entry.workloads.push(title);
    }
    this.elsewhere.set(key, entry);
  }
}

interface Pods {
  /** As people write it, with `*` for the items of a list. */
  readonly path: readonly string[];
  readonly account: string;
}

/** What looks like a pod template: a service account, and containers. */
function podsBelow(value: unknown, path: readonly string[]): Pods[] {
  const entries: Array<[string, unknown]> = Array.isArray(value) ? value.map(item => ['*', item]) : Object.entries(isMap(value) ? value : {});
  return entries.flatMap(([key, item]) => {
    const account = accountOf(item);
    return account === undefined ? podsBelow(item, [...path, key]) : [{ path: [...path, key], account }];
  });
}

function accountOf(template: unknown): string | undefined {
  const spec = isMap(template) && isMap(template.spec) ? template.spec : {};
  return Array.isArray(spec.containers) && spec.containers.some(isMap) ? serviceAccountIn(spec) : undefined;
}
