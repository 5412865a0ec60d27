import type { IRole } from 'aws-cdk-lib/aws-iam';
import { IrsaRole } from './irsa-role';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** Whom a role trusts. */
export interface KnownTrust {
  readonly serviceAccounts: readonly ServiceAccountSubject[];
  readonly audience: string;
}

const KNOWN_TRUST = Symbol.for('cdk-irsa.KnownTrust');

/** Whom a role trusts, as far as this package made it; `undefined` for a role of which only the ARN is known. */
export function knownTrust(role: IRole): KnownTrust | undefined {
  return IrsaRole.isIrsaRole(role) ? role : (role as { [KNOWN_TRUST]?: KnownTrust })[KNOWN_TRUST];
}

/** Notes whom an imported role trusts. */
export function withKnownTrust(role: IRole, trust: KnownTrust): IRole {
  return Object.defineProperty(role, KNOWN_TRUST, { value: trust });
}
