import {
  CONTAINER_LISTS, type Container, type EnvVar, hasNamed, isMap, listOf, type PodSpec, type PodTemplate, type Volume, type VolumeMount,
} from './pod-template';
import { TOKEN_FILE } from '../../identity/webhook-contract';

/** A volume with a token. */
export interface TokenVolume {
  readonly name: string;
  /** An empty one is the API server's own. */
  readonly audience: string;
  readonly expirationSeconds: number;
}

/** What a container gets. */
export interface ContainerIdentity {
  readonly roleArn: string;
  /** Name of the volume with the token. */
  readonly volume: string;
  readonly mountPath: string;
  /** Path of the token, as the container's operating system has it. */
  readonly tokenFile: string;
  readonly region?: string;
  readonly regionalSts: boolean;
  /** Whether the container has a token of its own, so that it gets variables and no mount. */
  readonly ownToken?: boolean;
  /** Variables of ours beyond those of the webhook. */
  readonly extra?: readonly EnvVar[];
}

/** Adds volumes, mounts and variables to a pod where they are missing. What is there stays as it is, and where it is. */
export function addTokens(
  pod: PodTemplate,
  volumes: readonly TokenVolume[],
  identityOf: (container: Container) => ContainerIdentity | undefined,
): PodTemplate {
  const changes: Record<string, unknown> = {};
  for (const list of CONTAINER_LISTS) {
    const before = listOf<Container>(pod.spec[list]);
    const after = before.map(container => isMap(container) ? withIdentity(container, identityOf(container)) : container);
    if (after.some((container, index) => container !== before[index])) {
      changes[list] = after;
    }
  }
  const existing = listOf<Volume>(pod.spec.volumes);
  const missing = volumes.filter(({ name }) => !hasNamed(existing, name));
  if (missing.length > 0) {
    changes.volumes = [...missing.map(projectedToken), ...existing];
  }
  return Object.keys(changes).length === 0 ? pod : { ...pod, spec: { ...pod.spec, ...changes } as PodSpec };
}

function projectedToken({ name, audience, expirationSeconds }: TokenVolume): Volume {
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [{ serviceAccountToken: { ...audience === '' ? {} : { audience }, expirationSeconds, path: TOKEN_FILE } }],
    },
  };
}

function withIdentity(container: Container, identity: ContainerIdentity | undefined): Container {
  if (!identity) {
    return container;
  }
  const env = listOf<EnvVar>(container.env);
  const preset = { role: hasNamed(env, ...ROLE_VARIABLES), region: hasNamed(env, ...REGION_VARIABLES), sts: hasNamed(env, STS_VARIABLE) };
  const added = [...variables(identity, preset), ...identity.extra?.filter(({ name }) => !hasNamed(env, name)) ?? []];
  const mounts = listOf<VolumeMount>(container.volumeMounts);
  const mounted = identity.ownToken === true || hasNamed(mounts, identity.volume);
  return added.length === 0 && mounted ? container : {
    ...container,
    ...added.length === 0 ? {} : { env: [...env, ...added] },
    ...mounted ? {} : { volumeMounts: [...mounts, { name: identity.volume, mountPath: identity.mountPath, readOnly: true }] },
  };
}

/** Whether a container has all that the webhook could set: it gets nothing then, not even the mount. */
export function hasAllVariables({ env }: Container): boolean {
  return [ROLE_VARIABLES, REGION_VARIABLES, [STS_VARIABLE]].every(names => hasNamed(listOf(env), ...names));
}

/** Of these, one that is there keeps out both: to give a container another role, set both. */
export const ROLE_VARIABLES: readonly string[] = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'];

/** Of these, one that is there keeps out both. */
const REGION_VARIABLES: readonly string[] = ['AWS_DEFAULT_REGION', 'AWS_REGION'];

const STS_VARIABLE = 'AWS_STS_REGIONAL_ENDPOINTS';

function variables(identity: ContainerIdentity, preset: { readonly role: boolean; readonly region: boolean; readonly sts: boolean }): EnvVar[] {
  const { region, roleArn, tokenFile } = identity;
  return [
    ...identity.regionalSts && !preset.sts ? [{ name: STS_VARIABLE, value: 'regional' }] : [],
    ...region && !preset.region ? REGION_VARIABLES.map(name => ({ name, value: region })) : [],
    ...preset.role ? [] : [{ name: 'AWS_ROLE_ARN', value: roleArn }, { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: tokenFile }],
  ];
}
