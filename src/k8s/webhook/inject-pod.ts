import { createHash } from 'node:crypto';
import { addTokens, type ContainerIdentity } from './add-tokens';
import type { Improvements } from './improvements';
import { bringsToken, type Injected, problemsOf } from './injection-problems';
import { type Container, containersIn, type EnvVar, isMap, type PodTemplate } from './pod-template';
import { namesToSkip, selectsWindows, type ServiceAccountFacts, TOKEN_VOLUME, tokenFilePath, type TokenRequest, tokenRequest, type WebhookSettings } from './webhook-settings';
import { SKIP_LABEL, TOKEN_FOLDER } from '../../identity/webhook-contract';

/** What becomes of a pod. */
export interface InjectedPod {
  /** The pod with its credentials; the same object where there is nothing to change. */
  readonly pod: PodTemplate;
  /** Names of the containers that have a role by this, new or from an earlier run. */
  readonly containers: readonly string[];
  /** What would not work: nothing should be made of the pod then. */
  readonly problems: readonly string[];
}

/**
 * What the webhook should make of a pod: as `mutatePod`, with skip lists trimmed, Windows known by `spec.os` too, tokens only where they
 * are used, roles for single containers, and everything refused that the webhook lets pass and that does not work.
 */
export function injectPod(
  pod: PodTemplate,
  serviceAccount: ServiceAccountFacts,
  settings: WebhookSettings = {},
  improvements: Improvements = {},
): InjectedPod {
  if (pod.metadata?.labels?.[SKIP_LABEL] !== undefined) {
    return { pod, containers: [], problems: [] };
  }
  const request = tokenRequest(pod, serviceAccount, settings);
  const identityOf = identities(pod, request, settings, improvements);
  const entitled = containersIn(pod).flatMap((container): Injected[] => {
    const identity = identityOf(container);
    return identity ? [{ container, ...identity }] : [];
  });
  const own = new Set(entitled.filter(each => bringsToken(pod, each)).map(({ container }) => container));
  const injected = entitled.filter(({ container }) => !own.has(container));
  const volumes = [...new Map(injected.map(({ identity, audience }) => [
    identity.volume, { name: identity.volume, audience, expirationSeconds: request.expirationSeconds },
  ])).values()].sort((a, b) => a.name < b.name ? -1 : 1);
  const containers = injected.map(({ container }) => container.name);
  const unreadable = entitled.length > 0 && namesToSkip(pod, settings) === undefined ? [UNREADABLE_SKIP_LIST] : [];
  const problems = [...unreadable, ...problemsOf(pod, injected, volumes, improvements)];
  if (entitled.length === 0 || problems.length > 0) {
    return { pod, containers, problems };
  }
  const withTokens = addTokens(pod, volumes, container => {
    const identity = identityOf(container)?.identity;
    return identity && { ...identity, ownToken: own.has(container) };
  });
  return { pod: withFsGroup(withTokens, improvements.fsGroup), containers, problems };
}

/** To the webhook that is a list of nobody, so that all containers would have the role. */
const UNREADABLE_SKIP_LIST = "the annotation skip-containers has quotes that make no list of it; write names and commas: 'proxy, metrics'";

type IdentityOf = (container: Container) => Omit<Injected, 'container'> | undefined;

function identities(
  pod: PodTemplate,
  { roleArn: ownRole, audience: ownAudience, regionalSts }: TokenRequest,
  settings: WebhookSettings,
  { containerRoles = {}, sessionNameFromPod = false }: Improvements,
): IdentityOf {
  const { mountPath = TOKEN_FOLDER, region } = settings;
  const skipped = namesToSkip(pod, settings) ?? [];
  const windows = selectsWindows(pod) || pod.spec.os?.name === 'windows';
  const extra = sessionNameFromPod ? [SESSION_NAME] : [];
  return ({ name }) => {
    const special = Object.hasOwn(containerRoles, name) ? containerRoles[name] : undefined;
    const roleArn = special?.roleArn ?? ownRole;
    if (roleArn === '' || !special && skipped.includes(name)) {
      return undefined;
    }
    const audience = special?.audience ?? ownAudience;
    const suffix = audience === ownAudience ? '' : `-${createHash('sha256').update(audience).digest('hex').slice(0, 8)}`;
    const folder = `${mountPath.replace(/(?<=.)\/+$/, '')}${suffix}`;
    const identity: ContainerIdentity = {
      roleArn, volume: `${TOKEN_VOLUME}${suffix}`, mountPath: folder, tokenFile: tokenFilePath(folder, windows), region, regionalSts, extra,
    };
    return { identity, audience, required: special !== undefined };
  };
}

/** Names the session after the pod, for CloudTrail. */
const SESSION_NAME: EnvVar = { name: 'AWS_ROLE_SESSION_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };

function withFsGroup(pod: PodTemplate, fsGroup: number | undefined): PodTemplate {
  const { securityContext } = pod.spec;
  return fsGroup === undefined || isMap(securityContext) && securityContext.fsGroup !== undefined
    ? pod
    : { ...pod, spec: { ...pod.spec, securityContext: { ...securityContext, fsGroup } } };
}
