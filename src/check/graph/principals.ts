import { accountNamed, assumeStatements, finderOf, namesOf } from './assumptions';
import type { GraphBuilder } from './builder';
import { POD_IDENTITY_SERVICE } from '../../identity/pod-identity';
import { issuerOfProviderArn, parseRoleArn } from '../arn';
import type { Facts } from '../facts';
import type { Verdict } from '../policy/decide';
import type { Statement } from '../policy/document';
import type { Role } from '../template/roles';
import { isUnresolved } from '../unresolved';

/** Adds who else becomes the roles: accounts, users, services, and roles that no template has. */
export function addPrincipals(builder: GraphBuilder, roles: ReadonlySet<Role>, facts: Facts): void {
  const find = finderOf(facts.roles);
  const known = (name: string): boolean => find(name) !== undefined;
  const associated = new Set(facts.associations.map(({ role }) => role));
  for (const role of roles) {
    for (const statement of assumeStatements(role)) {
      // who comes by EKS Pod Identity is said by associations
      principalsIn(builder, statement, known, associated.has(role) ? [POD_IDENTITY_SERVICE] : []).forEach(({ id, verdict, note }) => {
        builder.edge(id, builder.role(role.arn, role), 'assume', { verdict, notes: note === undefined ? [] : [note] });
      });
    }
  }
}

interface Caller {
  readonly id: string;
  readonly verdict: Verdict;
  readonly note?: string;
}

function principalsIn(builder: GraphBuilder, statement: Statement, known: (name: string) => boolean, leftOut: readonly string[]): Caller[] {
  const { principal, conditions, effect } = statement;
  // what a condition wants is not asked of everybody
  const verdict = effect === 'unknown' || conditions.length > 0 ? 'unknown' : 'allowed';
  const note = conditions.length > 0 ? `if ${conditions.map(({ key, operator, values }) => `${key} ${operator} ${values.join(', ')}`).join(' and ')}` : undefined;
  const of = (name: string, account?: string): Caller => ({ id: builder.node('principal', name, { name, account }), verdict, note });
  if (!principal || principal.negated || principal.names.has('unknown')) {
    return [{ ...of(principal?.negated ? `everyone but ${[...principal.names.values()].flat().join(', ')}` : 'somebody known only at deployment'), verdict: 'unknown' }];
  }
  return [
    ...principal.everyone || namesOf(statement, 'AWS').includes('*') ? [of('everyone')] : [],
    ...namesOf(statement, 'AWS').filter(name => name !== '*' && !known(name)).map(name => awsPrincipal(builder, name, of)),
    ...namesOf(statement, 'Service').filter(name => !leftOut.includes(name)).map(name => of(name)),
    ...namesOf(statement, 'Federated').filter(name => issuerOfProviderArn(name) === undefined && !isUnresolved(name)).map(name => of(name)),
  ];
}

function awsPrincipal(builder: GraphBuilder, name: string, of: (name: string, account?: string) => Caller): Caller {
  const account = accountNamed(name);
  if (account !== undefined) {
    return { ...of(`whoever account ${account} lets`, account), note: 'policies of the account decide who' };
  }
  const role = parseRoleArn(name);
  return role && role.session === undefined ? { id: builder.role(name, undefined), verdict: 'unknown', note: 'no template has the role' } : of(name, role?.account);
}
