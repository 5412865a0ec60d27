import type { PodTemplate } from '../../../src/k8s/webhook/mutate-pod';
import { type Container, listOf, type PodSpec } from '../../../src/k8s/webhook/pod-template';

/** What the API server has against a pod, as far as volumes, mounts and variables go (pkg/apis/core/validation). */
export function refusals({ spec }: PodTemplate): string[] {
  const volumes = (spec.volumes ?? []).map(({ name }) => name);
  return [
    ...duplicates(volumes).map(name => `volume ${name} twice`),
    ...volumes.filter(name => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)).map(name => `volume name ${name}`),
    ...(spec.volumes ?? []).flatMap(volume => expirations(volume)).filter(seconds => seconds < 600 || seconds > 2 ** 32).map(seconds => `expirationSeconds ${seconds}`),
    ...containers(spec).flatMap(({ name, volumeMounts = [], env = [] }) => [
      ...duplicates(volumeMounts.map(({ mountPath }) => mountPath)).map(path => `${name}: mountPath ${path} twice`),
      ...volumeMounts.filter(mount => !volumes.includes(mount.name)).map(mount => `${name}: no volume ${mount.name}`),
      ...env.filter(variable => variable.value !== undefined && variable.valueFrom !== undefined).map(variable => `${name}: ${variable.name} has value and valueFrom`),
    ]),
  ];
}

/** Whether the first list is in the second, in its order and unchanged. */
export function isPartOf(part: readonly unknown[] | undefined, whole: readonly unknown[] | undefined): boolean {
  let at = 0;
  return listOf(part).every(item => {
    const found = listOf(whole).slice(at).findIndex(other => JSON.stringify(other) === JSON.stringify(item));
    at += found + 1;
    return found >= 0;
  });
}

/** The pod without what the webhook may add. */
export function others({ metadata, spec: { volumes: _volumes, ...spec } }: PodTemplate): unknown {
  const bare = ({ env: _env, volumeMounts: _mounts, ...rest }: Container): unknown => rest;
  return { metadata, spec: { ...spec, containers: spec.containers?.map(bare), initContainers: spec.initContainers?.map(bare) } };
}

export function containers({ initContainers = [], containers: main = [] }: PodSpec): Container[] {
  return [...initContainers, ...main];
}

function expirations(volume: Record<string, unknown>): number[] {
  const { projected } = volume as { projected?: { sources: Array<{ serviceAccountToken?: { expirationSeconds?: number } }> } };
  return (projected?.sources ?? []).flatMap(({ serviceAccountToken }) => serviceAccountToken?.expirationSeconds ?? []);
}

function duplicates(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
