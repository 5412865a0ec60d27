import { addTokens, hasAllVariables } from './add-tokens';
import type { PodTemplate } from './pod-template';
import { selectsWindows, type ServiceAccountFacts, skippedContainers, TOKEN_VOLUME, tokenFilePath, tokenRequest, type WebhookSettings } from './webhook-settings';
import { SKIP_LABEL, TOKEN_FOLDER } from '../../identity/webhook-contract';

export type { PodTemplate } from './pod-template';
export type { ServiceAccountFacts, WebhookSettings } from './webhook-settings';

/**
 * What the pod identity webhook makes of a pod, weaknesses included.
 *
 * Returns the same object where there is nothing to change, and never changes the one that it gets.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export function mutatePod(pod: PodTemplate, serviceAccount: ServiceAccountFacts, settings: WebhookSettings = {}): PodTemplate {
  const request = tokenRequest(pod, serviceAccount, settings);
  if (request.roleArn === '' || pod.metadata?.labels?.[SKIP_LABEL] !== undefined) {
    return pod;
  }
  const { mountPath = TOKEN_FOLDER, region } = settings;
  const { audience, expirationSeconds, regionalSts, roleArn } = request;
  const skipped = skippedContainers(pod, settings);
  const tokenFile = tokenFilePath(mountPath, selectsWindows(pod));
  const identity = { roleArn, volume: TOKEN_VOLUME, mountPath, tokenFile, region, regionalSts };
  return addTokens(pod, [{ name: TOKEN_VOLUME, audience, expirationSeconds }],
    container => skipped.includes(container.name) || hasAllVariables(container) ? undefined : identity);
}
