import { createHash } from 'node:crypto';
import type { OldRole } from './role-reference';

/** A role that takes the place of one that kiam gave. */
export interface NewRole {
  readonly name: string;
  readonly arn: string;
}

const MAX_LENGTH = 64;
const HASH_LENGTH = 8;

/**
 * The role of a service account, in the account of the one before. Named after the service account and its cluster: manifests have the name before anything is deployed, and the next
 * run says the same.
 */
export function newRole(issuer: string, namespace: string, serviceAccount: string, { partition, account }: OldRole): NewRole {
  const hash = createHash('sha256').update(JSON.stringify([issuer, namespace, serviceAccount])).digest('hex').slice(0, HASH_LENGTH);
  const readable = `${namespace}-${serviceAccount}`.slice(0, MAX_LENGTH - HASH_LENGTH - 1);
  const name = `${readable}-${hash}`;
  return { name, arn: `arn:${partition}:iam::${account}:role/${name}` };
}
