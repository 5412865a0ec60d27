import { addAssumptions } from './assumptions';
import { GraphBuilder } from './builder';
import type { Graph } from './graph';
import { addPolicies } from './policies';
import { addPrincipals } from './principals';
import { addTokens } from './service-accounts';
import type { Facts } from '../facts';
import type { Finding } from '../finding';

/**
 * Who can become what: from service accounts to their roles, from role to role, to policies. Of other roles there are those that lead to one of these,
 * or come behind one; roles that no token leads to are left out.
 *
 * @param findings what `check` says of the same facts
 */
export function graphOf(facts: Facts, findings: readonly Finding[]): Graph {
  const builder = new GraphBuilder();
  const roles = addAssumptions(builder, facts, addTokens(builder, facts));
  addPrincipals(builder, roles, facts.roles);
  addPolicies(builder, roles);
  return builder.build(findings);
}
