import { readable } from '../unresolved';
import type { Check } from './condition';
import type { Principal } from './document';
import { any } from './truth';

/** Whether a trust policy's principal is a service of AWS. */
export function matchesService(principal: Principal, service: string): Check {
  const names = principal.names.get('Service') ?? [];
  // everybody is every account and user, and whether it takes in services is said nowhere
  const truth = principal.everyone ? 'unknown' : any([
    ...names.map(name => name === service ? 'yes' as const : 'no' as const),
    ...principal.names.has('unknown') ? ['unknown' as const] : [],
  ]);
  if (principal.negated) {
    return { truth: 'unknown', reason: 'NotPrincipal is not decided here' };
  }
  const trusted = [...principal.names].map(([type, each]) => `${type} ${each.map(readable).join(', ')}`).join(' and ');
  return {
    truth,
    reason: { yes: `the policy trusts ${service}`, no: `the policy trusts ${trusted}, and not ${service}`, unknown: `whether the policy trusts ${service} is not known here` }[truth],
  };
}
