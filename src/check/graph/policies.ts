import type { GraphBuilder } from './builder';
import { parseArn } from '../arn';
import { parsePolicy } from '../policy/document';
import type { IdentityPolicy, Role } from '../template/roles';

/** How many actions of a policy are listed. */
const MAX_ACTIONS = 12;

/** Adds what is attached to the roles, or part of them. */
export function addPolicies(builder: GraphBuilder, roles: ReadonlySet<Role>): void {
  for (const role of roles) {
    const from = builder.role(role.arn, role);
    role.policies.forEach(policy => builder.edge(from, addPolicy(builder, role, policy), 'policy'));
    role.unknownPolicies.forEach(arn => builder.edge(from, addUnknown(builder, arn), 'policy'));
  }
}

function addPolicy(builder: GraphBuilder, role: Role, { arn, name, place, document }: IdentityPolicy): string {
  // what is not managed becomes a part of each role that it is attached to
  return builder.node('policy', arn ?? `${role.arn} ${role.place.path.join('/')} ${name}`, { name, arn, account: role.account, place, notes: actionsOf(document) });
}

function addUnknown(builder: GraphBuilder, arn: string): string {
  const [account, resource] = [parseArn(arn)?.account, parseArn(arn)?.resource];
  const isOfAws = account === 'aws';
  return builder.node('policy', arn, {
    name: resource?.split('/').at(-1) ?? arn, arn, account: isOfAws ? undefined : account, isUnknown: !isOfAws, notes: isOfAws ? ['managed by AWS'] : [],
  });
}

function actionsOf(document: unknown): string[] {
  try {
    const actions = new Set(parsePolicy(document, 'identity').statements.filter(({ effect }) => effect !== 'Deny')
      .flatMap(({ actions: { negated, patterns } }) => negated ? [`all but ${patterns.join(', ')}`] : patterns));
    const more = actions.size - MAX_ACTIONS;
    return [`allows ${[...actions].slice(0, MAX_ACTIONS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
  } catch (error) {
    return [`cannot be read: ${(error as Error).message}`];
  }
}
