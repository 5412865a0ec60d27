import * as path from 'node:path';
import { Kubectl, list } from './kubectl';
import { Container as RunningContainer } from './s3-readers';
import { admit, Container, KubernetesObject, Pod, PodSpec, ProjectedSource, Volume } from './webhook';

interface Workload extends KubernetesObject {
  readonly spec: {
    readonly template?: { readonly metadata?: KubernetesObject['metadata']; readonly spec: PodSpec };
    readonly jobTemplate?: { readonly spec: Workload['spec'] };
  };
}

/** Mounted into every pod by the API server itself, for its own audience: nothing that AWS would take. */
const API_ACCESS = /^kube-api-access-/;

/**
 * Makes the pod of a workload: its template, past the webhook of a region if the cluster has one, accepted and stored by the API server. No
 * controller does it here, so it is done by hand; `name` has to be free.
 */
export async function createPod(
  kubectl: Kubectl, kind: string, namespace: string, workload: string, name: string, region: string | undefined,
): Promise<Pod> {
  const template = templateOf(await kubectl.get<Workload>(kind, namespace, workload));
  const { name: _name, ...metadata } = template.metadata ?? { name };
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name, namespace }, spec: template.spec };
  const serviceAccount = await kubectl.get<KubernetesObject>('serviceaccount', namespace, pod.spec.serviceAccountName ?? 'default');
  await kubectl.apply(list([region === undefined ? pod : admit(pod, serviceAccount, region)]));
  return kubectl.get<Pod>('pod', namespace, name);
}

/** What the kubelet would give a container of a stored pod, the first or one by its name: variables as they are, volumes as files. */
export async function containerOf(kubectl: Kubectl, pod: Pod, containerName = pod.spec.containers[0].name): Promise<RunningContainer> {
  const container = pod.spec.containers.find(({ name }) => name === containerName);
  if (container === undefined) {
    throw new Error(`pod ${pod.metadata.name} has no container ${containerName}`);
  }
  const files: Record<string, string> = {};
  for (const mount of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
    if (volume === undefined) {
      throw new Error(`container ${container.name} mounts ${mount.name}, and the pod has no such volume`);
    }
    const contents = API_ACCESS.test(volume.name) ? {} : await contentsOf(kubectl, pod, volume);
    for (const [file, text] of Object.entries(contents)) {
      if (mount.subPath === undefined) {
        files[path.posix.join(mount.mountPath, file)] = text;
      } else if (mount.subPath === file) {
        files[mount.mountPath] = text;
      }
    }
  }
  return { env: variables(container, pod), files };
}

async function contentsOf(kubectl: Kubectl, pod: Pod, volume: Volume): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  const namespace = pod.metadata.namespace ?? 'default';
  const sources: readonly ProjectedSource[] = volume.projected?.sources ?? [{ configMap: volume.configMap }];
  for (const { serviceAccountToken, configMap } of sources) {
    if (serviceAccountToken !== undefined) {
      const { audience, expirationSeconds = 3600 } = serviceAccountToken;
      contents[serviceAccountToken.path] = (await kubectl.run([
        'create', 'token', pod.spec.serviceAccountName ?? 'default', '-n', namespace, '--duration', `${expirationSeconds}s`,
        ...(audience === undefined ? [] : ['--audience', audience]),
        // as the kubelet asks: the token is this pod's
        '--bound-object-kind', 'Pod', '--bound-object-name', pod.metadata.name,
      ])).trim();
    }
    if (configMap !== undefined) {
      Object.assign(contents, (await kubectl.get<{ data?: Record<string, string> }>('configmap', namespace, configMap.name)).data);
    }
  }
  return contents;
}

function variables(container: Container, { metadata }: Pod): Record<string, string> {
  return Object.fromEntries((container.env ?? []).map(({ name, value, valueFrom }) => {
    const known = value ?? (valueFrom?.fieldRef?.fieldPath === 'metadata.name' ? metadata.name : undefined);
    if (known === undefined) {
      throw new Error(`variable ${name} of container ${container.name} has neither a literal value nor the pod's name: the tests can't resolve others`);
    }
    return [name, known];
  }));
}

function templateOf(workload: Workload): { readonly metadata?: KubernetesObject['metadata']; readonly spec: PodSpec } {
  const template = workload.spec.template ?? workload.spec.jobTemplate?.spec.template;
  if (template === undefined) {
    throw new Error(`${workload.kind} ${workload.metadata.name} has no pod template`);
  }
  return template;
}
