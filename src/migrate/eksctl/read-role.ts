import type { Fields } from './fields';
import type { EksctlRole, ExistingRole } from './model';
import { readPolicyDocument } from './policy-document';
import { described } from './problems';
import { alike, reportUnknown } from './unknown-fields';
import { WELL_KNOWN_POLICIES, type WellKnownPolicyName } from '../../iam/controllers/well-known-policies';
import { ROLE_ARN } from '../../identity/role-arn-pattern';

/** The names of the fields that make a role: `serviceAccounts` and `podIdentityAssociations` have different ones. */
export interface RoleFields {
  readonly policyArns: string;
  readonly policy: string;
  readonly existing: string;
  readonly boundary: string;
}

/** What the entries of a file have in common. */
export interface ClusterFacts {
  readonly tags: Readonly<Record<string, string>>;
  readonly partition: string;
}

const POLICY_ARN = /^arn:aws[a-z0-9-]*:iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]+$/;
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;
const POLICY_ARN_EXPECTED = 'the ARN of a managed policy (arn:PARTITION:iam::ACCOUNT:policy/NAME)';

/** A role that is made, or one that exists: contradictions between the two are problems. */
export function readRole(fields: Fields, names: RoleFields, cluster: ClusterFacts): EksctlRole | ExistingRole {
  const role: EksctlRole = {
    roleName: fields.matching('roleName', ROLE_NAME, '1 to 64 letters, digits and _+=,.@-'),
    policyArns: fields.texts(names.policyArns, POLICY_ARN, POLICY_ARN_EXPECTED),
    policy: readPolicyDocument(fields, names.policy),
    wellKnownPolicies: readWellKnownPolicies(fields),
    permissionsBoundary: fields.matching(names.boundary, POLICY_ARN, POLICY_ARN_EXPECTED),
    tags: { ...cluster.tags, ...readTags(fields, 'tags') },
  };
  const arn = fields.matching(names.existing, ROLE_ARN, 'the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME)');
  assertPartition(fields, names, cluster.partition);
  if (!fields.has(names.existing)) {
    assertPermissions(fields, names, role);
    return role;
  }
  const ofNewRole = ['roleName', names.policyArns, names.policy, names.boundary].filter(name => isFilled(fields.raw(name)));
  const contradictory = [...ofNewRole, ...role.wellKnownPolicies.length > 0 ? ['wellKnownPolicies'] : []];
  for (const name of contradictory) {
    fields.problem(name, `${name} is for a role that is made, and ${names.existing} names one that exists; leave one of the two out`);
  }
  return { arn: arn ?? '' };
}

/** Tags of AWS resources. */
export function readTags(fields: Fields, name: string): Record<string, string> {
  const tags = fields.textMap(name);
  for (const key of Object.keys(tags).filter(tag => tag === '' || tag.length > 128 || /^aws:/i.test(tag))) {
    fields.map(name)!.problem(key, `${JSON.stringify(key)} is not the key of a tag: 1 to 128 characters are expected that do not begin with aws:`);
  }
  return tags;
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function assertPermissions(fields: Fields, names: RoleFields, role: EksctlRole): void {
  const asked = [names.policyArns, names.policy].some(name => isFilled(fields.raw(name))) || role.wellKnownPolicies.length > 0;
  if (!asked && fields.isClean) {
    const beside = fields.has('metadata') ? 'metadata' : 'serviceAccountName';
    fields.problem(undefined, 'there is no permission and no role; '
      + `write ${names.policyArns}, ${names.policy}, wellKnownPolicies or ${names.existing} beside ${beside}`);
  }
}

/** ARNs of another partition than the cluster's never work. */
function assertPartition(fields: Fields, names: RoleFields, partition: string): void {
  for (const name of [names.policyArns, names.boundary, names.existing, 'targetRoleARN']) {
    const value = fields.raw(name);
    for (const arn of Array.isArray(value) ? value as unknown[] : [value]) {
      const given = typeof arn === 'string' ? /^arn:([a-z0-9-]+):/.exec(arn)?.[1] : undefined;
      if (given !== undefined && given !== partition) {
        fields.problem(name, `${JSON.stringify(arn)} is of the partition ${given}, and the cluster's region is in ${partition}; write arn:${partition}:…`);
      }
    }
  }
}

/** The policies that are switched on. */
function readWellKnownPolicies(fields: Fields): WellKnownPolicyName[] {
  const value = fields.raw('wellKnownPolicies');
  const listed = Array.isArray(value) ? value as unknown[] : typeof value === 'string' ? [value] : undefined;
  if (listed) {
    const names = listed.map(item => alike(String(item), WELL_KNOWN_POLICIES) ?? '<policy>');
    fields.problem('wellKnownPolicies', `wellKnownPolicies is ${described(value)}, and a map of switches is expected`, [
      'wellKnownPolicies:', ...names.map(name => `  ${name}: true`),
    ]);
    return [];
  }
  const policies = fields.map('wellKnownPolicies', ['externalDNS: true']);
  if (!policies) {
    return [];
  }
  reportUnknown(policies, 'wellKnownPolicies', WELL_KNOWN_POLICIES);
  return WELL_KNOWN_POLICIES.filter(name => policies.flag(name) === true);
}
