import { posix } from 'node:path';
import type { InjectOptions } from './inject-manifests';
import type { Change } from './manifest-objects';
import { MissedPods } from './missed-pods';
import { namedList } from './named-list';
import { assertTexts, display, type ServiceAccounts } from './service-accounts';
import { ROLE_VARIABLES } from '../webhook/add-tokens';
import { injectPod } from '../webhook/inject-pod';
import { halfOfPair } from '../webhook/injection-problems';
import { mutatePod } from '../webhook/mutate-pod';
import { containersIn, isMap, listOf, type PodTemplate, serviceAccountIn, type VolumeMount } from '../webhook/pod-template';
import { type FoundTemplate, podTemplatesIn, replacedAt } from '../webhook/pod-templates';
import { type ServiceAccountFacts, TOKEN_VOLUME } from '../webhook/webhook-settings';

/** An object that may have pods. */
export interface Workload {
  readonly object: Record<string, unknown>;
  /** Where it is written; looked up for errors only. */
  place(): string;
}

/** Workloads of one service account that is not known. */
interface Unknown {
  readonly namespace?: string;
  readonly name: string;
  readonly workloads: string[];
}

/** Says what becomes of workloads, and remembers those whose service account is not known. */
export class WorkloadInjector {
  private readonly unknown = new Map<string, Unknown>();
  private readonly halves: string[] = [];
  private readonly missed: MissedPods;

  public constructor(private readonly accounts: ServiceAccounts, private readonly options: InjectOptions) {
    this.missed = new MissedPods(options.podTemplates ?? {});
  }

  /** What has to be done to an object; `undefined` for nothing. */
  public changeTo({ object, place }: Workload): Change | undefined {
    const { namespace, title } = identityOf(object);
    const templates = podTemplatesIn(object, this.options.podTemplates);
    this.missed.add(object, title, templates.length > 0, name => this.accounts.hasRole(namespace, name));
    const changes = templates.flatMap(({ path, template }: FoundTemplate) => {
      const serviceAccount = this.accountOf(template, namespace, title);
      const pod = serviceAccount ? this.injected(template, serviceAccount, title, () => `${place()}: ${title}`) : template;
      return pod === template ? [] : [{ path, spec: pod.spec }];
    });
    return changes.length === 0
      ? undefined
      : written => changes.reduce((value, { path, spec }) => replacedAt(value, [...path, 'spec'], spec), written);
  }

  /** One for each service account that is not known, for each place of pods that is not, and for each container with half of the variables. */
  public notes(): string[] {
    const unknown = [...this.unknown.values()].map(({ namespace, name, workloads }) => {
      const elsewhere = this.accounts.namespacesWith(name);
      const hint = elsewhere.length > 0
        ? `there is one in another namespace (${elsewhere.join(', ')}): --namespace says where objects go that name none`
        : 'pass its manifest with --service-accounts';
      return `${namedList(workloads)}: service account ${display({ namespace, name })} is not among the manifests, so nothing was changed; ${hint}`;
    });
    return [...unknown, ...this.missed.notes(), ...this.halves];
  }

  private accountOf({ spec }: PodTemplate, namespace: string | undefined, title: string): ServiceAccountFacts | undefined {
    const name = serviceAccountIn(spec) ?? 'default';
    const found = this.accounts.find(namespace, name);
    if (!found) {
      const key = JSON.stringify([namespace ?? this.options.namespace ?? null, name]);
      const entry = this.unknown.get(key) ?? { namespace: namespace ?? this.options.namespace, name, workloads: [] };
      entry.workloads.push(title);
      this.unknown.set(key, entry);
    }
    return found;
  }

  private injected(template: PodTemplate, serviceAccount: ServiceAccountFacts, title: string, owner: () => string): PodTemplate {
    assertTexts(template.metadata, owner);
    const { settings, parity } = this.options;
    if (parity) {
      const pod = mutatePod(template, serviceAccount, settings);
      assertMountable(pod, owner);
      return pod;
    }
    const { pod, containers, problems } = injectPod(template, serviceAccount, settings);
    if (problems.length > 0) {
      throw new Error(`${owner()}: ${problems.join('; ')}`);
    }
    this.rememberHalves(pod, containers, title);
    return pod;
  }

  private rememberHalves(pod: PodTemplate, injected: readonly string[], title: string): void {
    for (const container of containersIn(pod).filter(({ name }) => injected.includes(name))) {
      const variable = halfOfPair(container);
      if (variable !== undefined) {
        this.halves.push(`${title}: container '${container.name}' sets ${variable} and not its counterpart, so it has the token and not the role; `
          + `set both of ${ROLE_VARIABLES.join(' and ')}, or neither`);
      }
    }
  }
}

function identityOf({ kind, metadata }: Record<string, unknown>): { namespace?: string; title: string } {
  const { name, namespace, generateName } = isMap(metadata) ? metadata : {};
  const called = [name, generateName].find((text): text is string => typeof text === 'string' && text !== '') ?? 'without a name';
  const place = typeof namespace === 'string' && namespace !== '' ? { namespace } : {};
  return { ...place, title: `${String(kind)} ${display({ ...place, name: called })}` };
}

/** The webhook does not look; the API server refuses the pod then. */
function assertMountable(pod: PodTemplate, owner: () => string): void {
  for (const container of containersIn(pod)) {
    const mounts = listOf<VolumeMount>(container.volumeMounts).filter(isMap);
    const ours = mounts.filter(({ name }) => name === TOKEN_VOLUME).map(({ mountPath }) => folder(mountPath));
    const other = mounts.find(({ name, mountPath }) => name !== TOKEN_VOLUME && ours.includes(folder(mountPath)));
    if (other) {
      throw new Error(`${owner()}: container '${container.name}' has the volume '${other.name}' at ${other.mountPath}, where the token goes; mount it elsewhere`);
    }
  }
}

function folder(mountPath: unknown): string {
  return posix.join(String(mountPath), '/');
}
