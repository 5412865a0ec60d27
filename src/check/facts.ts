import { parseArn, parseRoleArn } from './arn';
import { at, entriesOf, listOf } from './json';
import { type AwsConfig, awsConfigsOf } from './kubernetes/aws-config';
import {
  type Container, type KubernetesObject, type ManifestInput, objectsOf, type ServiceAccount, serviceAccountsOf, title, type Workload,
  workloadsOf,
} from './kubernetes/objects';
import { below, type Place } from './place';
import { type RoleUse, roleUsesOf } from './template/role-uses';
import { type Provider, providersOf, type Role, rolesOf } from './template/roles';
import { scopesOf } from './template/scopes';
import type { TemplateInput } from './template/template-input';
import type { TemplateScope } from './template/template-scope';
import { isUnresolved } from './unresolved';
import { TOKEN_FOLDER, WEBHOOK_ANNOTATION } from '../identity/webhook-contract';
import { mergeValues, valuesInOutputs } from '../k8s/placeholder';

/** What rules look at: both sides, read and connected. */
export interface Facts {
  readonly scopes: readonly TemplateScope[];
  readonly roles: readonly Role[];
  readonly providers: readonly Provider[];
  readonly objects: readonly KubernetesObject[];
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly workloads: readonly Workload[];
  readonly awsConfigs: readonly AwsConfig[];
  /** Where manifests name a role. */
  readonly references: readonly RoleReference[];
  /** Which tokens are to become which roles. */
  readonly bindings: readonly Binding[];
  /** Which service accounts have a role by EKS Pod Identity. */
  readonly associations: readonly Association[];
  /** Roles that EKS gives to service accounts: by associations, or as roles of add-ons, which EKS annotates itself. */
  readonly givenByEks: ReadonlySet<Role>;
}

/** A role for a service account by EKS Pod Identity. */
export interface Association extends RoleUse {
  readonly role?: Role;
}

/** A place in a manifest that names a role. */
export interface RoleReference {
  readonly place: Place;
  /** What names it, for people: `ServiceAccount apps/web`. */
  readonly user: string;
  readonly arn: string;
  /** The role, where a template has it. */
  readonly role?: Role;
}

/** A token of a service account that is to become a role. */
export interface Binding extends RoleReference {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audience: string;
}

/** Reads and connects both sides. */
export function factsOf(templates: readonly TemplateInput[], manifests: readonly ManifestInput[]): Facts {
  const scopes = scopesOf(templates);
  const roles = rolesOf(scopes);
  const objects = objectsOf(manifests, placeholderValues(scopes));
  const [serviceAccounts, workloads, awsConfigs] = [serviceAccountsOf(objects), workloadsOf(objects), awsConfigsOf(objects)];
  const find = finder(roles);
  const byName = new Map(serviceAccounts.map(account => [`${account.namespace}/${account.name}`, account]));
  const bindings = [...serviceAccounts.flatMap(annotated), ...workloads.flatMap(each => inContainers(each, byName))]
    .map(binding => ({ ...binding, role: find(binding.arn) }));
  const profiles = awsConfigs.flatMap(({ object, profiles: each }) => [...each.values()].flatMap(({ place, name, settings }) => {
    const arn = settings.get('role_arn');
    return arn === undefined ? [] : [{ place, user: `profile '${name}' of ${title(object)}`, arn, role: find(arn) }];
  }));
  const references = [...bindings, ...profiles];
  const uses = roleUsesOf(scopes).map(use => ({ ...use, role: find(use.arn) }));
  const associations = uses.filter(({ kind }) => kind === 'association');
  const givenByEks = new Set(uses.flatMap(({ role }) => role ?? []));
  return {
    scopes, roles, providers: providersOf(scopes), objects, serviceAccounts, workloads, awsConfigs, bindings, references, associations, givenByEks,
  };
}

/** What the placeholders of `cdk synth` stand for: the outputs of the same assembly say it, as far as anything is known before deployment. */
function placeholderValues(scopes: readonly TemplateScope[]): ReadonlyMap<string, string> {
  const values = scopes.flatMap(scope => {
    const outputs = entriesOf(at(scope.input.value, 'Outputs')).map(([name, output]) => [name, at(scope.input.outputs, name) ?? scope.text(at(output, 'Value'))] as const);
    try {
      return [valuesInOutputs({ [scope.stackName]: Object.fromEntries(outputs) })];
    } catch {
      return [];
    }
  });
  try {
    return mergeValues(values);
  } catch {
    return new Map();
  }
}

/** Finds the role of an ARN: by the whole ARN, or by account and name where parts are known only at deployment. */
function finder(roles: readonly Role[]): (arn: string) => Role | undefined {
  const byArn = new Map(roles.map(role => [role.arn, role]));
  const anywhere = roles.filter(({ arn }) => isUnresolved(arn));
  return arn => byArn.get(arn) ?? anywhere.find(role => isSame(role, arn));
}

function isSame(role: Role, text: string): boolean {
  const [arn, own] = [parseArn(text), parseArn(role.arn)];
  return arn !== undefined && own !== undefined && [[own.partition, arn.partition], [own.account, arn.account], [own.resource, arn.resource]]
    .every(([wanted, is], part) => wanted === is || part < 2 && isUnresolved(wanted));
}

function annotated(account: ServiceAccount): Binding[] {
  const { roleArn: arn, audience, namespace, name: serviceAccount } = account;
  return arn === undefined ? [] : [{
    place: below(account.place, 'metadata', 'annotations', WEBHOOK_ANNOTATION.ROLE_ARN), user: title(account), arn, audience, namespace, serviceAccount,
  }];
}

/** Containers that say themselves which role they want, and have a token for it. */
function inContainers(workload: Workload, serviceAccounts: ReadonlyMap<string, ServiceAccount>): Binding[] {
  const { namespace, serviceAccountName } = workload;
  const account = serviceAccounts.get(`${namespace}/${serviceAccountName}`);
  return workload.containers.flatMap(container => {
    const [arn, file] = [container.env.get('AWS_ROLE_ARN'), container.env.get('AWS_WEB_IDENTITY_TOKEN_FILE')?.value];
    const audience = file === undefined ? undefined : audienceAt(workload, container, file, account);
    return arn?.value === undefined || audience === undefined || arn.value === account?.roleArn && audience === account.audience ? [] : [{
      place: below(arn.place, 'value'),
      user: `container '${container.name}' of ${title(workload)}`,
      arn: arn.value,
      audience,
      namespace,
      serviceAccount: serviceAccountName,
    }];
  });
}

/** The audience of the token that a container has in a file: projected, or added by the webhook. */
export function audienceAt(workload: Workload, container: Container, file: string, account: ServiceAccount | undefined): string | undefined {
  return audienceOf(workload, container, file) ?? (file.startsWith(`${TOKEN_FOLDER}/`) ? account?.audience : undefined);
}

/** The audience of the projected token that a container mounts at a file. */
function audienceOf({ podSpec }: Workload, container: Container, file: string): string | undefined {
  const mount = listOf(container.value.volumeMounts).find(each => {
    const path = String(at(each, 'mountPath')).replace(/\/$/, '');
    return file.startsWith(`${path}/`);
  });
  const volume = listOf(podSpec.volumes).find(each => mount !== undefined && at(each, 'name') === at(mount, 'name'));
  const source = listOf(at(volume, 'projected', 'sources')).find(each => at(each, 'serviceAccountToken') !== undefined);
  return source === undefined ? undefined : String(at(source, 'serviceAccountToken', 'audience') ?? '');
}

/** The roles of each list by their accounts: rules ask for every role that is named. */
const BY_ACCOUNT = new WeakMap<readonly Role[], ReadonlyMap<string, readonly Role[]>>();

/** Roles that are made in an account, as far as its number is known. */
export function rolesIn(roles: readonly Role[], account: string): readonly Role[] {
  const known = BY_ACCOUNT.get(roles) ?? byAccount(roles);
  BY_ACCOUNT.set(roles, known);
  return known.get(account) ?? [];
}

function byAccount(roles: readonly Role[]): Map<string, readonly Role[]> {
  const accounts = new Map<string, Role[]>();
  roles.forEach(role => {
    const others = accounts.get(role.account) ?? [];
    others.push(role);
    accounts.set(role.account, others);
  });
  return accounts;
}

/** The account of a role's ARN. */
export function accountOf(arn: string): string | undefined {
  return parseRoleArn(arn)?.account;
}
