import { Fields } from './fields';
import { type AccountName, type EksctlCluster, type EksctlRole, type ExistingRole, isExisting, nameOf } from './model';
import { described, type Path, pathText, Problems, shown } from './problems';
import { readAssociation } from './read-association';
import { type ClusterFacts, readTags } from './read-role';
import { readServiceAccount } from './read-service-account';
import {
  ADDON_ROLE_FIELDS, API_VERSION, ASSOCIATION_FIELDS, CLUSTER_FIELDS, CLUSTER_METADATA_FIELDS, IAM_FIELDS, KIND, METADATA_FIELDS,
  SERVICE_ACCOUNT_FIELDS,
} from './schema';
import { reportUnknown } from './unknown-fields';
import { at, listOf, objectOf } from '../../check/json';
import { partitionOf } from '../../check/template/partition';

const SERVICE_ACCOUNT_SHAPE = ['iam:', '  serviceAccounts:', '  - metadata:', '      name: <name>', '    attachPolicyARNs:', '    - <arn>'];

/** What was read, or what is wrong. */
export interface ReadCluster {
  /** `undefined` where there are problems. */
  readonly cluster?: EksctlCluster;
  readonly problems: readonly string[];
}

/**
 * Reads a ClusterConfig. Fields that are not known or contradict each other are problems: nothing is left out without a word.
 *
 * @param placeOf where a part stands, for people; its path in the config where there is no file
 */
export function readCluster(value: unknown, placeOf: (path: Path) => string = pathText): ReadCluster {
  const problems = new Problems(placeOf);
  const config = objectOf(value);
  if (!config) {
    problems.add([], `a ${KIND} is ${described(value)}, and a map is expected`);
    return { problems: problems.list };
  }
  const cluster = readConfig(new Fields(config, [], problems));
  return problems.list.length > 0 ? { problems: problems.list } : { cluster, problems: [] };
}

function readConfig(config: Fields): EksctlCluster {
  reportUnknown(config, `a ${KIND}`, CLUSTER_FIELDS, [
    { fields: ['serviceAccounts', 'podIdentityAssociations', 'withOIDC'], belongs: 'into iam', instead: () => SERVICE_ACCOUNT_SHAPE },
  ], { clusterName: 'metadata.name', region: 'metadata.region' });
  for (const [field, expected] of [['apiVersion', API_VERSION], ['kind', KIND]]) {
    if (config.raw(field) !== expected) {
      config.problem(config.has(field) ? field : undefined, `${field} is ${described(config.raw(field))}, and ${expected} is expected`);
    }
  }
  const metadata = readMetadata(config);
  const iam = config.map('iam', ['withOIDC: true', 'serviceAccounts: []']);
  const facts = { tags: metadata.tags, partition: partitionOf(metadata.region).partition };
  return {
    name: metadata.name,
    region: metadata.region,
    ...iam ? readIam(iam, facts) : { withOidc: false, serviceAccounts: [], podIdentityAssociations: [] },
    leftOut: [...addonsWithRoles(config), ...switchedOn(config)],
  };
}

type Iam = Pick<EksctlCluster, 'withOidc' | 'serviceAccounts' | 'podIdentityAssociations'>;

function readIam(iam: Fields, facts: ClusterFacts): Iam {
  reportUnknown(iam, 'iam', IAM_FIELDS, [{
    fields: [...SERVICE_ACCOUNT_FIELDS, ...METADATA_FIELDS, ...ASSOCIATION_FIELDS],
    belongs: 'into an item of serviceAccounts, below its dash',
    instead: () => SERVICE_ACCOUNT_SHAPE,
  }]);
  const accounts = entries(iam, 'serviceAccounts').map(fields => ({ fields, entry: readServiceAccount(fields, facts) }));
  const associations = entries(iam, 'podIdentityAssociations').map(fields => ({ fields, entry: readAssociation(fields, facts) }));
  const withOidc = iam.flag('withOIDC') ?? false;
  if (!withOidc && accounts.length > 0 && ['boolean', 'undefined'].includes(typeof iam.raw('withOIDC'))) {
    const field = iam.has('withOIDC') ? 'withOIDC' : 'serviceAccounts';
    iam.problem(field, 'iam.serviceAccounts need the OIDC provider of the cluster', ['iam:', '  withOIDC: true']);
  }
  assertDistinct(accounts);
  assertDistinct(associations);
  assertDistinctRoles([...accounts, ...associations]);
  for (const { fields, entry } of associations.filter(association => association.entry.createServiceAccount)) {
    if (accounts.some(other => !other.entry.roleOnly && nameOf(other.entry) === nameOf(entry))) {
      fields.problem('createServiceAccount', `${nameOf(entry)} is made by iam.serviceAccounts as well; leave createServiceAccount out`);
    }
  }
  return { withOidc, serviceAccounts: accounts.map(({ entry }) => entry), podIdentityAssociations: associations.map(({ entry }) => entry) };
}

function readMetadata(config: Fields): { readonly name: string; readonly region: string; readonly tags: Record<string, string> } {
  const metadata = config.map('metadata', ['name: <cluster>', 'region: <region>']);
  if (!metadata) {
    if (!config.has('metadata')) {
      config.problem(undefined, 'metadata with name and region of the cluster is missing');
    }
    return { name: '', region: '', tags: {} };
  }
  reportUnknown(metadata, 'metadata', CLUSTER_METADATA_FIELDS);
  for (const field of ['name', 'region'].filter(name => !metadata.has(name))) {
    metadata.problem(undefined, `metadata has no ${field}, and a cluster needs it`);
  }
  return {
    name: metadata.matching('name', /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'the name of a cluster (letters, digits, dashes and underscores)') ?? '',
    region: metadata.matching('region', /^[a-z]{2,}(?:-[a-z]+)+-\d+$/, 'a region such as eu-west-1') ?? '',
    tags: readTags(metadata, 'tags'),
  };
}

function entries(iam: Fields, name: string): Fields[] {
  return iam.list(name, 'item').flatMap((value, index) => iam.item(name, value, index) ?? []);
}

interface Entry<T> {
  readonly fields: Fields;
  readonly entry: T;
}

function assertDistinct(all: ReadonlyArray<Entry<AccountName>>): void {
  const seen = new Set<string>();
  for (const { fields, entry } of all.filter(({ entry: { name, namespace } }) => name !== '' && namespace !== '')) {
    if (seen.has(nameOf(entry))) {
      fields.problem(undefined, `${nameOf(entry)} is there twice; put what they have into one entry`);
    }
    seen.add(nameOf(entry));
  }
}

/** IAM does not tell upper from lower case. */
function assertDistinctRoles(all: ReadonlyArray<Entry<{ readonly role: EksctlRole | ExistingRole }>>): void {
  const seen = new Set<string>();
  for (const { fields, entry: { role } } of all) {
    const name = isExisting(role) ? undefined : role.roleName?.toLowerCase();
    if (name !== undefined && seen.has(name)) {
      fields.problem('roleName', `the role name ${shown(name)} is there twice, and an account has it once; choose another, or attachRoleARN for the second`);
    }
    seen.add(name ?? '');
  }
}

/** Roles that eksctl makes for a switch. */
const SWITCHES: ReadonlyArray<readonly [part: string, field: string, effect: string]> = [
  ['karpenter', 'createServiceAccount', 'the role and the service account of Karpenter stay with eksctl'],
  ['addonsConfig', 'autoApplyPodIdentityAssociations', 'roles and associations of add-ons stay with eksctl'],
];

function switchedOn(config: Fields): string[] {
  return SWITCHES.filter(([part, field]) => at(config.raw(part), field) === true).map(([part, field, effect]) => `${part}.${field} is true: ${effect}`);
}

/** Add-ons have roles of their own, which belong to the add-on. */
function addonsWithRoles(config: Fields): string[] {
  return listOf(config.raw('addons')).flatMap(value => {
    const addon = objectOf(value) ?? {};
    const fields = ADDON_ROLE_FIELDS.filter(field => addon[field] !== undefined && addon[field] !== null && addon[field] !== false);
    return fields.length > 0 ? [`the add-on ${shown(addon.name)} has ${fields.join(', ')}: its role stays with eksctl`] : [];
  });
}
