import type { IRole } from 'aws-cdk-lib/aws-iam';
import { documentTrusts } from './document-trust';
import { IrsaRole } from './irsa-role';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** Whom a role trusts. */
export interface KnownTrust {
  readonly serviceAccounts: readonly ServiceAccountSubject[];
  readonly audience: string;
}

const KNOWN_TRUST = Symbol.for('cdk-irsa.KnownTrust');

/** Whom a role trusts by tokens, as far as this package made it; `undefined` for a role of which only the ARN is known, or that trusts EKS Pod Identity only. */
export function knownTrust(role: IRole): KnownTrust | undefined {
  if (IrsaRole.isIrsaRole(role)) {
    return role.providers.length > 0 ? role : undefined;
  }
  return (role as { [KNOWN_TRUST]?: KnownTrust })[KNOWN_TRUST] ?? principalsTrust(role);
}

/** Whether a plain role of the app trusts no token at all: another trusts at least somebody, or nobody knows. */
export function trustsNoToken(role: IRole): boolean {
  return knownTrust(role) === undefined && documentTrusts(role)?.length === 0;
}

/** Notes whom an imported role trusts. */
export function withKnownTrust(role: IRole, trust: KnownTrust): IRole {
  return Object.defineProperty(role, KNOWN_TRUST, { value: trust });
}

/** What the `ServiceAccountPrincipal`s of a plain role trust, if all of them want the same audience. */
function principalsTrust(role: IRole): KnownTrust | undefined {
  const trusts = documentTrusts(role) ?? [];
  const [audience, ...others] = new Set(trusts.map(trust => trust.audience));
  return audience === undefined || others.length > 0 ? undefined : { serviceAccounts: trusts.flatMap(({ subjects }) => subjects), audience };
}
