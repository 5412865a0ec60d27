import type { Fields } from './fields';
import { type EksctlAssociation, isExisting } from './model';
import { type ClusterFacts, readRole, readTags, type RoleFields } from './read-role';
import { readName } from './read-service-account';
import { ASSOCIATION_FIELDS } from './schema';
import { type OtherWords, reportUnknown } from './unknown-fields';
import { isNamespaceName, isServiceAccountName } from '../../identity/kubernetes-names';
import { ROLE_ARN } from '../../identity/role-arn-pattern';

const NAMES: RoleFields = { policyArns: 'permissionPolicyARNs', policy: 'permissionPolicy', existing: 'roleARN', boundary: 'permissionsBoundaryARN' };

/** What people call these fields, mostly by those of `serviceAccounts`. */
const WORDS: OtherWords = {
  attachPolicyARNs: 'permissionPolicyARNs',
  policyARNs: 'permissionPolicyARNs',
  attachPolicy: 'permissionPolicy',
  attachRoleARN: 'roleARN',
  permissionsBoundary: 'permissionsBoundaryARN',
  serviceAccount: 'serviceAccountName',
  name: 'serviceAccountName',
};

/** Reads an entry of `iam.podIdentityAssociations`. */
export function readAssociation(fields: Fields, cluster: ClusterFacts): EksctlAssociation {
  reportUnknown(fields, 'a Pod Identity association', ASSOCIATION_FIELDS, [{
    fields: ['metadata'],
    belongs: 'to iam.serviceAccounts',
    instead: () => ['- namespace: <namespace>', '  serviceAccountName: <name>', '  permissionPolicyARNs:', '  - <arn>'],
  }], WORDS);
  for (const name of ['namespace', 'serviceAccountName'].filter(field => !fields.has(field))) {
    fields.problem(undefined, `a Pod Identity association has no ${name}`);
  }
  const role = readRole(fields, NAMES, cluster);
  return {
    namespace: readName(fields, 'namespace', isNamespaceName, 'namespace') ?? '',
    name: readName(fields, 'serviceAccountName', isServiceAccountName, 'service account') ?? '',
    role,
    createServiceAccount: fields.flag('createServiceAccount') ?? false,
    targetRoleArn: fields.matching('targetRoleARN', ROLE_ARN, 'the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME)'),
    disableSessionTags: fields.flag('disableSessionTags') ?? false,
    tags: isExisting(role) ? { ...cluster.tags, ...readTags(fields, 'tags') } : role.tags,
  };
}
