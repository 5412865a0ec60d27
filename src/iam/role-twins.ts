import { Annotations, CfnResource, Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnRole, type Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { roleResource } from './deploy-before';
import { accountOf } from './provider-identity';
import { overridden, templateProperty } from '../identity/template-property';
import { topLevelStack } from '../identity/top-level-stack';

/**
 * Another role of the app with the same name in the same account, whoever wrote it: IAM takes a name once, and the stack that is deployed second would fail. Two
 * Stages of one account may never be deployed together, as in tests of a pipeline: they get a warning.
 */
export function roleTwins(role: Role): string[] {
  const resource = roleResource(role);
  const named = resource && namedRole(resource);
  const twin = named && namesakes(named).find(other => isAnother(other.resource, resource));
  if (!twin) {
    return [];
  }
  const account = Token.isUnresolved(resource.stack.account) ? 'one account' : `account ${resource.stack.account}`;
  const problem = `the role name '${named.name}' is there twice in ${account}, here and at ${twin.resource.node.path}: IAM has one list of names for all regions, `
    + 'and does not tell case apart; give one of them another roleName, or leave it out for a generated name';
  if (Stage.of(resource) === Stage.of(twin.resource)) {
    return [problem];
  }
  Annotations.of(role).addWarningV2('cdk-irsa:roleNameTwice', problem);
  return [];
}

interface NamedRole {
  readonly resource: CfnResource;
  readonly name: string;
  /** Account and name; an account that is known only at deployment is told apart by the stack that is deployed. */
  readonly key: string;
}

/** The roles of an assembly as they were when one of them asked first: an app of hundreds is looked through once. */
interface Assembly {
  readonly roles: ReadonlyMap<string, NamedRole[]>;
  readonly asked: Set<CfnResource>;
}

/** What each Stage has, by its app. Other Stages are there once aspects have been through them: they may rename roles. */
const ASSEMBLIES = new WeakMap<IConstruct, Map<IConstruct, Assembly>>();

function namesakes({ resource, key }: NamedRole): readonly NamedRole[] {
  const { root } = resource.node;
  const stage = Stage.of(resource) ?? root;
  const assemblies = ASSEMBLIES.get(root) ?? new Map<IConstruct, Assembly>();
  ASSEMBLIES.set(root, assemblies);
  const known = assemblies.get(stage);
  // whoever asks twice asks in another synthesis
  const current = known && !known.asked.has(resource) ? known : { roles: rolesIn(stage), asked: new Set<CfnResource>() };
  current.asked.add(resource);
  assemblies.set(stage, current);
  return [...assemblies.values()].flatMap(({ roles }) => roles.get(key) ?? []);
}

function rolesIn(stage: IConstruct): ReadonlyMap<string, NamedRole[]> {
  const roles = new Map<string, NamedRole[]>();
  for (const node of stage.node.findAll()) {
    const named = isRole(node) && (Stage.of(node) ?? node.node.root) === stage ? namedRole(node) : undefined;
    if (named) {
      roles.set(named.key, [...roles.get(named.key) ?? [], named]);
    }
  }
  return roles;
}

function isRole(node: IConstruct): node is CfnResource {
  return CfnResource.isCfnResource(node) && node.cfnResourceType === CfnRole.CFN_RESOURCE_TYPE_NAME;
}

/** A role with a name that synth knows, and that is made in every case. */
function namedRole(resource: CfnResource): NamedRole | undefined {
  const name = templateProperty(resource, 'RoleName');
  return typeof name === 'string' && !isConditional(resource) && !isForOthers(resource.stack) ? { resource, name, key: JSON.stringify([accountOf(resource), name.toLowerCase()]) } : undefined;
}

function isConditional(resource: CfnResource): boolean {
  const { cfnOptions, stack } = resource;
  return cfnOptions.condition !== undefined || overridden(resource, 'Condition') !== undefined
    || stack.nestedStackResource !== undefined && isConditional(stack.nestedStackResource);
}

/** Whether a stack is deployed by others, in their time and number: a product of Service Catalog, the instances of a stack set. */
function isForOthers(stack: Stack): boolean {
  const { nestedStackResource: nested, node } = stack;
  return nested ? isForOthers(nested.stack) : node.scopes.some(scope => scope !== stack && Stack.isStack(scope));
}

/** One stack may be written twice, in two Stages: then its roles are the same. */
function isAnother(a: CfnResource, b: CfnResource): boolean {
  if (a === b) {
    return false;
  }
  const [one, other] = [a, b].map(({ stack }) => topLevelStack(stack));
  return one === other || one.stackName !== other.stackName || one.environment !== other.environment;
}
