import { posix } from 'node:path';
import { goBoolean, goCsvRecord, goInteger } from './go-values';
import type { PodTemplate } from './pod-template';
import { DEFAULT_AUDIENCE } from '../../identity/audience-syntax';
import { ANNOTATION_PREFIX, TOKEN_FILE, TOKEN_SECONDS } from '../../identity/webhook-contract';

/**
 * How the pod identity webhook is configured: its command line.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook#usage
 */
export interface WebhookSettings {
  /**
   * Audience of tokens, where the service account names none (`--token-audience`).
   *
   * @default 'sts.amazonaws.com'
   */
  readonly audience?: string;

  /**
   * Life of tokens in seconds, where neither pod nor service account says (`--token-expiration`).
   *
   * @default 86400
   */
  readonly tokenExpiration?: number;

  /**
   * Region for containers that set none (`--aws-default-region`).
   *
   * @default - none
   */
  readonly region?: string;

  /**
   * Whether SDKs call the STS endpoint of their region, where the service account doesn't say (`--sts-regional-endpoint`).
   *
   * @default false
   */
  readonly regionalSts?: boolean;

  /**
   * What the names of annotations begin with, before the slash (`--annotation-prefix`).
   *
   * @default 'eks.amazonaws.com'
   */
  readonly annotationPrefix?: string;

  /**
   * Folder of the token in containers (`--token-mount-path`).
   *
   * @default '/var/run/secrets/eks.amazonaws.com/serviceaccount'
   */
  readonly mountPath?: string;
}

/** A service account, as far as the webhook looks at it. */
export interface ServiceAccountFacts {
  readonly name: string;
  readonly namespace?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Volume of the webhook, whatever its settings are. */
export const TOKEN_VOLUME = 'aws-iam-token';

/** Life of tokens, unless the webhook is told another, in seconds. */
const DEFAULT_EXPIRATION = 86400;

/** What annotations and settings make of a pod, after the webhook's order of precedence. */
export interface TokenRequest {
  /** An empty one has the webhook leave the pod alone. */
  readonly roleArn: string;
  readonly audience: string;
  readonly expirationSeconds: number;
  readonly regionalSts: boolean;
}

/** The pod's annotation wins over the service account's, and that over the settings. What Go cannot parse is as good as not there. */
export function tokenRequest(pod: PodTemplate, { annotations }: ServiceAccountFacts, settings: WebhookSettings): TokenRequest {
  const ofAccount = (name: string): string | undefined => annotations[annotation(settings, name)];
  return {
    roleArn: ofAccount('role-arn') ?? '',
    audience: ofAccount('audience') ?? settings.audience ?? DEFAULT_AUDIENCE,
    expirationSeconds: expiration(podAnnotation(pod, settings, 'token-expiration'))
      ?? expiration(ofAccount('token-expiration'))
      ?? Math.max(settings.tokenExpiration ?? DEFAULT_EXPIRATION, TOKEN_SECONDS.min),
    regionalSts: goBoolean(ofAccount('sts-regional-endpoints') ?? '') ?? settings.regionalSts ?? false,
  };
}

/** Names of the containers that the pod's annotation has the webhook skip: a line of CSV, whose blanks count. */
export function skippedContainers(pod: PodTemplate, settings: WebhookSettings): readonly string[] {
  return goCsvRecord(podAnnotation(pod, settings, 'skip-containers') ?? '') ?? [];
}

/** The same as people mean it: blanks around names and quotes do not count. `undefined` where quotes make no list of it. */
export function namesToSkip(pod: PodTemplate, settings: WebhookSettings): readonly string[] | undefined {
  const text = podAnnotation(pod, settings, 'skip-containers') ?? '';
  const names = text.trim() === '' ? [] : goCsvRecord(text) ?? goCsvRecord(text.replace(/(^|,)[ \t]+(?=")/g, '$1').replace(/"[ \t]+(?=,|$)/gm, '"'));
  return names?.map(name => name.trim());
}

/** Path of a token for containers: on Windows with drive and backslashes, which volume mounts do without. */
export function tokenFilePath(mountPath: string, windows: boolean): string {
  const file = posix.join(mountPath, TOKEN_FILE);
  return windows ? `C:${file.replaceAll('/', '\\')}` : file;
}

/** What tells the webhook that a pod is for Windows: its node selector alone. */
export function selectsWindows({ spec: { nodeSelector } }: PodTemplate): boolean {
  return nodeSelector?.['beta.kubernetes.io/os'] === 'windows' || nodeSelector?.['kubernetes.io/os'] === 'windows';
}

function podAnnotation(pod: PodTemplate, settings: WebhookSettings, name: string): string | undefined {
  return pod.metadata?.annotations?.[annotation(settings, name)];
}

function annotation({ annotationPrefix = ANNOTATION_PREFIX }: WebhookSettings, name: string): string {
  return `${annotationPrefix}/${name}`;
}

function expiration(text: string | undefined): number | undefined {
  const seconds = text === undefined ? undefined : goInteger(text);
  return seconds === undefined ? undefined : Math.max(seconds, TOKEN_SECONDS.min);
}
