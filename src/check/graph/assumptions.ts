import type { EdgeText, GraphBuilder } from './builder';
import { parseArn, parseRoleArn } from '../arn';
import type { Facts } from '../facts';
import { askHop, hopsOf } from '../hops';
import { title } from '../kubernetes/objects';
import { parsePolicy, type Statement } from '../policy/document';
import { matchesText } from '../policy/operators';
import { type Role } from '../template/roles';
import { isForEveryone } from '../trust-answer';

const ACTION = 'sts:AssumeRole';

/** How many roles of an account are drawn for one that trusts them all: each has a line, and a thousand administrators are a million. */
const MAX_CALLERS = 20;

interface Step extends EdgeText {
  readonly from: Role;
  readonly to: Role;
}

/** Adds the steps from role to role that begin or end at roles of service accounts, and so on. The answer is all roles on these ways. */
export function addAssumptions(builder: GraphBuilder, facts: Facts, first: ReadonlySet<Role>): Set<Role> {
  const { steps, leftOut } = stepsOf(facts, first);
  const roles = connected(first, steps);
  for (const { from, to, ...text } of steps.filter(step => roles.has(step.from))) {
    builder.edge(builder.role(from.arn, from), builder.role(to.arn, to), 'assume', text);
  }
  for (const [role, count] of [...leftOut].filter(([each]) => roles.has(each))) {
    builder.note(builder.role(role.arn, role), `${count} more roles have a policy that lets them become this one, and are not drawn`);
  }
  addUnknownProfiles(builder, facts);
  return roles;
}

interface Steps {
  readonly steps: readonly Step[];
  /** How many callers of a role are left out. */
  readonly leftOut: ReadonlyMap<Role, number>;
}

/** Those of config files first: they know more than policies. */
function stepsOf(facts: Facts, first: ReadonlySet<Role>): Steps {
  const known = new Map<string, Step>();
  const leftOut = new Map<Role, number>();
  const add = (step: Step): void => {
    const key = `${step.from.arn} ${step.to.arn}`;
    known.set(key, known.get(key) ?? step);
  };
  for (const { from, to, user, verdict, reason } of hopsOf(facts)) {
    add({ from, to, verdict, notes: [`asked for by ${user}`, ...verdict === 'allowed' ? [] : [reason]] });
  }
  const [find, callers] = [finderOf(facts.roles), callersOf(facts.roles)];
  for (const to of facts.roles) {
    for (const statement of assumeStatements(to)) {
      const named = namesOf(statement, 'AWS').map(find).filter(role => role !== undefined);
      const [settings, others] = [settingsFor(statement), callersIn(statement, to, callers, first)];
      if (others.length > MAX_CALLERS) {
        leftOut.set(to, (leftOut.get(to) ?? 0) + others.length - MAX_CALLERS);
      }
      [...named, ...others.slice(0, MAX_CALLERS)].forEach(from => {
        const { verdict, reason } = askHop(from, to, settings);
        // a role that its own policies do not let go further is named by a trust policy all the same
        if (verdict !== 'denied' || named.includes(from)) {
          // nobody says with which tags and names it is asked for: they may meet the conditions
          const isOpen = verdict === 'denied' && statement.conditions.length > 0;
          add({ from, to, verdict: isOpen ? 'unknown' : verdict, notes: verdict === 'allowed' ? [] : [isOpen ? `without session tags: ${reason}` : reason] });
        }
      });
    }
  }
  return { steps: [...known.values()], leftOut };
}

/** Finds the role that a principal names: by its ARN, or by that of one of its sessions. */
export function finderOf(roles: readonly Role[]): (principal: string) => Role | undefined {
  const byArn = new Map(roles.map(role => [role.arn, role]));
  const byName = new Map(roles.map(role => [`${role.account} ${role.name}`, role]));
  return principal => {
    const { session, account, name } = parseRoleArn(principal) ?? {};
    return byArn.get(principal) ?? (session === undefined ? undefined : byName.get(`${account} ${name}`));
  };
}

/** The statements of a trust policy that let roles in. */
export function assumeStatements({ trust }: Role): Statement[] {
  return typeof trust === 'string' ? [] : trust.statements.filter(({ effect, actions }) => effect !== 'Deny'
    && (actions.negated || actions.patterns.some(pattern => matchesText(ACTION, pattern, true) !== 'no')));
}

/** The names of a type of principal. */
export function namesOf({ principal }: Statement, type: string): readonly string[] {
  return principal && !principal.negated ? principal.names.get(type) ?? [] : [];
}

/** The account that is trusted as a whole, where a name means one. */
export function accountNamed(name: string): string | undefined {
  return /^\d{12}$/.test(name) ? name : parseArn(name)?.resource === 'root' ? parseArn(name)!.account : undefined;
}

/** The external id that the statement wants: whoever calls is taken to know it. */
function settingsFor({ conditions }: Statement): ReadonlyMap<string, string> {
  const id = conditions.find(({ operator, key }) => /^String(?:Equals|Like)/.test(operator) && key.toLowerCase() === 'sts:externalid')?.values[0];
  return new Map(id === undefined ? [] : [['external_id', id]]);
}

/** Roles with policies that allow to assume others, by account, with the resources of these. */
function callersOf(roles: readonly Role[]): ReadonlyMap<string, Array<{ role: Role; resources: readonly string[] }>> {
  const callers = new Map<string, Array<{ role: Role; resources: readonly string[] }>>();
  for (const role of roles) {
    const resources = role.policies.flatMap(({ document }) => assumable(document));
    if (resources.length > 0) {
      callers.set(role.account, [...callers.get(role.account) ?? [], { role, resources }]);
    }
  }
  return callers;
}

function assumable(document: unknown): readonly string[] {
  try {
    return parsePolicy(document, 'identity').statements
      .filter(({ effect, actions }) => effect !== 'Deny' && !actions.negated && actions.patterns.some(pattern => matchesText(ACTION, pattern, true) === 'yes'))
      .flatMap(({ resources }) => resources === undefined || resources.negated ? ['*'] : resources.patterns);
  } catch {
    return [];
  }
}

/**
 * The roles of an account that is trusted as a whole whose own policies let them. Where everyone is trusted, those of all accounts, and of the
 * role's own account those of service accounts without any such policy, too.
 */
function callersIn(statement: Statement, to: Role, callers: ReturnType<typeof callersOf>, first: ReadonlySet<Role>): Role[] {
  const everyone = isForEveryone(statement);
  const accounts = everyone ? [...callers.keys()] : namesOf(statement, 'AWS').map(accountNamed).filter(account => account !== undefined);
  const letBy = accounts
    .flatMap(account => (callers.get(account) ?? []).filter(({ role, resources }) => role !== to && resources.some(pattern => matchesText(to.arn, pattern, false) !== 'no')))
    .map(({ role }) => role);
  return [...new Set([...letBy, ...everyone ? [...first].filter(role => role !== to && role.account === to.account) : []])];
}

function connected(first: ReadonlySet<Role>, steps: readonly Step[]): Set<Role> {
  const neighbours = new Map<Role, Role[]>();
  for (const { from, to } of steps) {
    [[from, to], [to, from]].forEach(([one, other]) => (neighbours.get(one) ?? neighbours.set(one, []).get(one)!).push(other));
  }
  const found = new Set(first);
  // a set goes on to what is added while it is walked
  for (const role of found) {
    neighbours.get(role)?.forEach(each => found.add(each));
  }
  return found;
}

/** Steps of config files between roles of which templates do not have both, or whose trust cannot be read. */
function addUnknownProfiles(builder: GraphBuilder, { awsConfigs, references }: Facts): void {
  const roles = new Map(references.map(({ arn, role }) => [arn, role]));
  for (const { object, profiles } of awsConfigs) {
    for (const { name, settings } of profiles.values()) {
      const [source, to] = [profiles.get(settings.get('source_profile') ?? ''), settings.get('role_arn')];
      const from = source?.settings.get('role_arn');
      if (from !== undefined && to !== undefined && source?.name !== name) {
        const [caller, role] = [roles.get(from), roles.get(to)];
        if (!caller || !role || typeof role.trust === 'string') {
          const notes = [`asked for by profile '${name}' of ${title(object)}`, role && typeof role.trust === 'string' ? role.trust : 'no template has both roles'];
          builder.edge(builder.role(from, caller), builder.role(to, role), 'assume', { verdict: parseRoleArn(to) || !role ? 'unknown' : 'denied', notes });
        }
      }
    }
  }
}
