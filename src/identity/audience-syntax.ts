import { unicodeEscape } from './unicode-escape';

/**
 * The audience that the pod identity webhook asks tokens for, the same in every partition.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export const DEFAULT_AUDIENCE = 'sts.amazonaws.com';

/** Longest client id that IAM takes. */
const MAX_AUDIENCE_LENGTH = 255;

/** What can be meant as a client id of a provider, in words. */
export const AUDIENCE_SYNTAX = `1 to ${MAX_AUDIENCE_LENGTH} printable ASCII characters without blanks, quotes or wildcards`;

/**
 * Whether IAM takes the audience as a client id of a provider, and somebody can mean it: IAM defines no format, and characters that nobody sees come along with what
 * is copied.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
export function isAudience(audience: string): boolean {
  return typeof audience === 'string' && audience.length <= MAX_AUDIENCE_LENGTH && /^[\x21-\x7e]+$/.test(audience) && !/[*?$"'`]/.test(audience);
}

/** An audience for a message: what cannot be seen, or looks like something else, by its number. */
export function shownAudience(audience: unknown): string {
  return typeof audience === 'string'
    ? `'${audience.replace(/[^\x20-\x7e]/g, unicodeEscape)}'`
    : JSON.stringify(audience) ?? 'undefined';
}
