import { posix } from 'node:path';
import { type ContainerIdentity, ROLE_VARIABLES, type TokenVolume } from './add-tokens';
import type { Improvements } from './improvements';
import { type Container, type EnvVar, isMap, listOf, type PodTemplate, type Volume, type VolumeMount } from './pod-template';
import { ROLE_ARN } from '../../identity/role-arn-pattern';
import { TOKEN_FILE } from '../../identity/webhook-contract';
import { placeholderNames } from '../placeholder';

/** A container, and what it is to get. */
export interface Injected {
  readonly container: Container;
  readonly identity: ContainerIdentity;
  readonly audience: string;
  /** Whether this very role was asked for, so that another one in the container is an error. */
  readonly required: boolean;
}

const [ROLE_VARIABLE, TOKEN_VARIABLE] = ROLE_VARIABLES;

/** Everything that the webhook lets pass, and that the API server or STS refuses then, or that silently has another role. */
export function problemsOf(pod: PodTemplate, injected: readonly Injected[], volumes: readonly TokenVolume[], improvements: Improvements): string[] {
  return [...new Set([
    ...injected.flatMap(badArn),
    ...injected.flatMap(otherRole),
    ...injected.flatMap(takenPath),
    ...volumes.flatMap(volume => [...badToken(volume), ...otherVolume(pod, volume)]),
    ...impossible(pod, improvements),
  ])];
}

function impossible({ metadata, spec }: PodTemplate, { fsGroup, sessionNameFromPod }: Improvements): string[] {
  const name = metadata?.name;
  return [
    ...fsGroup !== undefined && spec.os?.name === 'windows' ? ['Windows pods cannot have fsGroup; leave it out for them'] : [],
    ...sessionNameFromPod && name !== undefined && (name.length < 2 || name.length > 64)
      ? [`the pod's name '${name}' cannot be that of a session, which has 2 to 64 characters; rename the pod, or leave sessionNameFromPod out`]
      : [],
  ];
}

function badArn({ identity: { roleArn } }: Injected): string[] {
  return ROLE_ARN.test(roleArn) || placeholderNames(roleArn).length > 0
    ? []
    : [`'${roleArn}' is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME): STS would refuse it`];
}

function otherRole({ container, identity, required }: Injected): string[] {
  const expected: Record<string, string> = { AWS_ROLE_ARN: identity.roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: identity.tokenFile };
  const preset = listOf<EnvVar>(container.env).filter(variable => isMap(variable) && ROLE_VARIABLES.includes(variable.name));
  const others = preset.filter(({ name, value }) => value !== expected[name]);
  const half = others.length === 0 && preset.length === 1;
  return required && (others.length > 0 || half)
    ? [`container '${container.name}' sets ${preset.map(({ name }) => name).join(' and ')} itself, and is to have the role ${identity.roleArn}; remove the one or the other`]
    : [];
}

/**
 * Whether a container has credentials that are made by hand, and that a mount of ours would only disturb: both variables, and a token of its own,
 * elsewhere or in our place.
 */
export function bringsToken(pod: PodTemplate, injected: Injected): boolean {
  const { container, identity: { volume, mountPath, tokenFile }, audience, required } = injected;
  const preset = listOf<EnvVar>(container.env).filter(isMap);
  const file = preset.find(({ name }) => name === TOKEN_VARIABLE);
  if (required || !file || !preset.some(({ name }) => name === ROLE_VARIABLE)) {
    return false;
  }
  return file.value === tokenFile
    ? listOf<VolumeMount>(container.volumeMounts).some(mount => isMap(mount) && mount.name !== volume && isAt(mount, mountPath))
    : takenPath(injected).length > 0 || otherVolume(pod, { name: volume, audience }).length > 0;
}

/** The variable that a container sets alone: the webhook keeps out the other one then, and SDKs do without the role. Profiles do so on purpose. */
export function halfOfPair({ env }: Container): string | undefined {
  const names = listOf<EnvVar>(env).filter(isMap).map(({ name }) => name);
  const preset = ROLE_VARIABLES.filter(name => names.includes(name));
  return preset.length === 1 && !names.includes('AWS_PROFILE') && !names.includes('AWS_CONFIG_FILE') ? preset[0] : undefined;
}

/** The API server refuses two mounts at one path; a token that is mounted elsewhere is not where the variable says. */
function takenPath({ container, identity: { volume, mountPath } }: Injected): string[] {
  const mounts = listOf<VolumeMount>(container.volumeMounts).filter(isMap);
  const inPlace = mounts.some(mount => mount.name === volume && isAt(mount, mountPath));
  return mounts.flatMap(mount => {
    if (mount.name === volume) {
      return inPlace ? [] : [`container '${container.name}' mounts ${volume} at ${mount.mountPath}, and the token has to be at ${mountPath}; remove the mount`];
    }
    return isAt(mount, mountPath) ? [`container '${container.name}' has the volume '${mount.name}' at ${mountPath}, where the token goes; mount it elsewhere`] : [];
  });
}

function isAt(mount: VolumeMount, folder: string): boolean {
  return posix.join(String(mount.mountPath), '/') === posix.join(folder, '/');
}

function badToken({ audience }: TokenVolume): string[] {
  return audience === '' ? ['the audience is empty: the token would be for the API server, and STS refuse it; remove the annotation, or name one'] : [];
}

function otherVolume({ spec }: PodTemplate, { name, audience }: Pick<TokenVolume, 'name' | 'audience'>): string[] {
  const existing = listOf<Volume>(spec.volumes).find(volume => isMap(volume) && volume.name === name);
  return !existing || hasToken(existing, audience)
    ? []
    : [`the pod has a volume '${name}' of its own, which has no token for '${audience}' as '${TOKEN_FILE}'; rename it`];
}

function hasToken({ projected }: Volume, audience: string): boolean {
  const sources = isMap(projected) ? listOf(projected.sources) : [];
  return sources.some(source => {
    const token = isMap(source) ? source.serviceAccountToken : undefined;
    return isMap(token) && token.audience === audience && token.path === TOKEN_FILE;
  });
}
