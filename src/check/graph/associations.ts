import type { AccountNodes } from './account-nodes';
import type { GraphBuilder } from './builder';
import type { Facts } from '../facts';
import { podIdentityAnswers } from '../rules/pod-identity';
import type { Role } from '../template/roles';

/** Adds what EKS Pod Identity gives to service accounts. The answer is the roles of associations. */
export function addAssociations(builder: GraphBuilder, facts: Facts, accounts: AccountNodes): Role[] {
  const decisions = new Map(podIdentityAnswers(facts).map(({ association, decision }) => [association, decision]));
  return facts.associations.flatMap(association => {
    const { arn, role, place, clusterArn, namespace, serviceAccount } = association;
    const { verdict, reason } = decisions.get(association)
      ?? { verdict: 'unknown', reason: role && typeof role.trust === 'string' ? role.trust : 'no template has the role' } as const;
    // which issuer the cluster has stands nowhere, so it goes by its own name
    for (const id of accounts.nodes(namespace, serviceAccount, [clusterArn])) {
      builder.places.add(place, id);
      builder.edge(id, builder.role(arn, role), 'association', { verdict, notes: verdict === 'allowed' ? [] : [reason] });
    }
    return role ?? [];
  });
}
