import { type Duration, Token } from 'aws-cdk-lib';
import { DEFAULT_AUDIENCE } from '../identity/audience';
import { TOKEN_SECONDS, WEBHOOK_ANNOTATION } from '../identity/webhook-contract';

const WAY_TO_SET: Record<string, string> = {
  [WEBHOOK_ANNOTATION.ROLE_ARN]: 'role',
  [WEBHOOK_ANNOTATION.AUDIENCE]: 'audience',
  [WEBHOOK_ANNOTATION.TOKEN_EXPIRATION]: 'tokenExpiration',
  [WEBHOOK_ANNOTATION.REGIONAL_STS]: 'regionalSts',
};

/** The annotations that are ours to write. */
export const OUR_ANNOTATIONS: readonly string[] = Object.keys(WAY_TO_SET);

/** What the annotations say, besides the role. */
export interface TokenSettings {
  readonly audience: string;
  readonly tokenExpiration?: Duration;
  readonly regionalSts?: boolean;
}

/** The annotations for these settings: what is the webhook's default is left out. */
export function tokenAnnotations(settings: TokenSettings): Record<string, string> {
  return {
    ...settings.audience === DEFAULT_AUDIENCE ? {} : { [WEBHOOK_ANNOTATION.AUDIENCE]: settings.audience },
    ...settings.tokenExpiration ? { [WEBHOOK_ANNOTATION.TOKEN_EXPIRATION]: String(expirationSeconds(settings.tokenExpiration)) } : {},
    ...settings.regionalSts === undefined ? {} : { [WEBHOOK_ANNOTATION.REGIONAL_STS]: String(settings.regionalSts) },
  };
}

/** Fails when a map of annotations sets what is ours to write. */
export function assertNotOurs(user: string, annotations: Record<string, string>): void {
  for (const key of OUR_ANNOTATIONS) {
    if (key in annotations) {
      throw new Error(`${user} sets the annotation ${key} to '${annotations[key]}' by hand, and it is written from the props; use '${WAY_TO_SET[key]}' instead`);
    }
  }
}

/** Whole seconds of a token's life, as far as a cluster gives it. */
export function expirationSeconds(duration: Duration): number {
  const range = `${TOKEN_SECONDS.min} seconds (10 minutes) to ${TOKEN_SECONDS.max} seconds (24 hours)`;
  if (Token.isUnresolved(duration) || duration.isUnresolved()) {
    throw new Error(`tokenExpiration is known only at deployment; pass a literal Duration of ${range}`);
  }
  const seconds = duration.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < TOKEN_SECONDS.min || seconds > TOKEN_SECONDS.max) {
    throw new Error(`tokenExpiration is ${seconds} seconds; whole seconds from ${range} are expected`);
  }
  return seconds;
}
