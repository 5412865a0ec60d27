import type { Fields } from './fields';
import { isExisting, type EksctlServiceAccount } from './model';
import { described, shown } from './problems';
import { type ClusterFacts, readRole, type RoleFields } from './read-role';
import { METADATA_FIELDS, SERVICE_ACCOUNT_FIELDS, STATUS_FIELDS } from './schema';
import { type OtherWords, reportUnknown } from './unknown-fields';
import { isNamespaceName, isServiceAccountName } from '../../identity/kubernetes-names';
import { isLike } from '../../identity/string-like';
import { TOKEN_SECONDS, WEBHOOK_ANNOTATION } from '../../identity/webhook-contract';

const NAMES: RoleFields = { policyArns: 'attachPolicyARNs', policy: 'attachPolicy', existing: 'attachRoleARN', boundary: 'permissionsBoundary' };

/** What people call these fields, mostly by those of `podIdentityAssociations`. */
const WORDS: OtherWords = {
  permissionPolicyARNs: 'attachPolicyARNs',
  policyARNs: 'attachPolicyARNs',
  managedPolicyARNs: 'attachPolicyARNs',
  permissionPolicy: 'attachPolicy',
  roleARN: 'attachRoleARN',
  permissionsBoundaryARN: 'permissionsBoundary',
};

/** What a subject may have that IAM compares with `*` and `?`. */
const PATTERN = /^[a-z0-9.*?-]{1,253}$/;

/** Reads an entry of `iam.serviceAccounts`. */
export function readServiceAccount(fields: Fields, cluster: ClusterFacts): EksctlServiceAccount {
  reportUnknown(fields, 'a service account', SERVICE_ACCOUNT_FIELDS, [{
    fields: METADATA_FIELDS, belongs: 'into metadata', instead: () => rightShape(fields),
  }], WORDS);
  const metadata = readMetadata(fields);
  const roleOnly = fields.flag('roleOnly') ?? false;
  const role = readRole(fields, NAMES, cluster);
  const account: EksctlServiceAccount = {
    ...metadata,
    role,
    roleOnly,
    subjectPattern: fields.matching('subjectPattern', PATTERN, 'a pattern of service account names (lower-case letters, digits, dashes, dots, * and ?)'),
    status: readStatus(fields),
  };
  assertRoleOnly(fields, account);
  assertPattern(fields, account);
  if (isExisting(role)) {
    for (const name of ['tags', 'subjectPattern'].filter(field => fields.has(field))) {
      fields.problem(name, `${name} is for a role that is made, and attachRoleARN names one that exists; leave one of the two out`);
    }
  }
  return account;
}

type Metadata = Pick<EksctlServiceAccount, 'namespace' | 'name' | 'labels' | 'annotations' | 'regionalSts' | 'tokenSeconds'>;

function readMetadata(fields: Fields): Metadata {
  const metadata = fields.map('metadata', ['name: <name>']);
  const nothing: Metadata = { namespace: '', name: '', labels: {}, annotations: {} };
  if (!metadata) {
    if (!fields.has('metadata') && fields.isClean) {
      fields.problem(undefined, 'a service account has no metadata with its name', rightShape(fields));
    }
    return nothing;
  }
  reportUnknown(metadata, 'metadata', METADATA_FIELDS, [{
    fields: SERVICE_ACCOUNT_FIELDS, belongs: 'beside metadata', instead: () => rightShape(fields),
  }], WORDS);
  if (!metadata.has('name')) {
    metadata.problem(undefined, `metadata has ${metadata.names.length > 0 ? `only ${metadata.names.join(', ')}` : 'nothing'}, and a service account needs a name`, rightShape(fields));
  }
  return {
    ...nothing,
    name: readName(metadata, 'name', isServiceAccountName, 'service account') ?? '',
    namespace: metadata.has('namespace') ? readName(metadata, 'namespace', isNamespaceName, 'namespace') ?? '' : 'default',
    labels: metadata.textMap('labels'),
    ...readAnnotations(metadata),
  };
}

/** A name as Kubernetes takes it. */
export function readName(fields: Fields, field: string, isName: (value: string) => boolean, kind: string): string | undefined {
  const name = fields.text(field);
  if (name === undefined || isName(name)) {
    return name;
  }
  const hint = /[*?]/.test(name) ? '; for several service accounts write subjectPattern beside metadata, with roleOnly: true' : '';
  fields.problem(field, `${shown(name)} is not the name of a ${kind}: lower-case letters, digits and dashes are expected${hint}`);
  return undefined;
}

/** Those of the webhook are settings of ours. */
function readAnnotations(metadata: Fields): Pick<Metadata, 'annotations' | 'regionalSts' | 'tokenSeconds'> {
  const {
    [WEBHOOK_ANNOTATION.ROLE_ARN]: roleArn,
    [WEBHOOK_ANNOTATION.AUDIENCE]: audience,
    [WEBHOOK_ANNOTATION.REGIONAL_STS]: regionalSts,
    [WEBHOOK_ANNOTATION.TOKEN_EXPIRATION]: seconds,
    ...annotations
  } = metadata.textMap('annotations');
  const problem = (key: string, text: string) => metadata.map('annotations')?.problem(key, text);
  if (roleArn !== undefined) {
    problem(WEBHOOK_ANNOTATION.ROLE_ARN, `the annotation ${WEBHOOK_ANNOTATION.ROLE_ARN} is written from the role; for a role that exists write attachRoleARN: ${roleArn} beside metadata`);
  }
  if (audience !== undefined && audience !== 'sts.amazonaws.com') {
    problem(WEBHOOK_ANNOTATION.AUDIENCE, `the audience is ${shown(audience)}, and eksctl's roles trust sts.amazonaws.com alone: STS would refuse the tokens; leave it out`);
  }
  if (regionalSts !== undefined && !['true', 'false'].includes(regionalSts)) {
    problem(WEBHOOK_ANNOTATION.REGIONAL_STS, `${WEBHOOK_ANNOTATION.REGIONAL_STS} is ${shown(regionalSts)}, and "true" or "false" is expected`);
  }
  const tokenSeconds = seconds === undefined ? undefined : Number(seconds);
  if (tokenSeconds !== undefined && !(/^\d+$/.test(seconds) && tokenSeconds >= TOKEN_SECONDS.min && tokenSeconds <= TOKEN_SECONDS.max)) {
    problem(WEBHOOK_ANNOTATION.TOKEN_EXPIRATION, `${WEBHOOK_ANNOTATION.TOKEN_EXPIRATION} is ${shown(seconds)}, and "${TOKEN_SECONDS.min}" to "${TOKEN_SECONDS.max}" seconds are expected`);
  }
  return { annotations, regionalSts: regionalSts === undefined ? undefined : regionalSts === 'true', tokenSeconds };
}

/** What eksctl writes down itself. Says nothing about what is to be, but where the old role is. */
function readStatus(fields: Fields): EksctlServiceAccount['status'] {
  const status = fields.map('status', ['roleARN: <arn>']);
  if (!status) {
    return undefined;
  }
  reportUnknown(status, 'status', STATUS_FIELDS);
  return { roleArn: status.text('roleARN'), stackName: status.matching('stackName', /^[A-Za-z][A-Za-z0-9-]*$/, 'the name of a stack') };
}

function assertRoleOnly(fields: Fields, { roleOnly, role, labels, annotations }: EksctlServiceAccount): void {
  if (!roleOnly) {
    return;
  }
  if (isExisting(role)) {
    fields.problem('roleOnly', 'roleOnly leaves the service account to somebody else, and attachRoleARN the role: nothing would be made; leave one of the two out');
  }
  if (Object.keys({ ...labels, ...annotations }).length > 0) {
    fields.problem('roleOnly', 'roleOnly leaves the service account to somebody else, who would not set the labels and annotations of metadata; leave the one or the other out');
  }
}

function assertPattern(fields: Fields, { subjectPattern, name, roleOnly }: EksctlServiceAccount): void {
  if (subjectPattern === undefined) {
    return;
  }
  if (!/[*?]/.test(subjectPattern)) {
    fields.problem('subjectPattern', `subjectPattern is ${shown(subjectPattern)}, which has no * or ? and names one service account; write it as the name in metadata`);
  } else if (!roleOnly && !isLike(name, subjectPattern)) {
    fields.problem('subjectPattern', `subjectPattern is ${shown(subjectPattern)}, which ${shown(name)} does not match: STS would refuse that service account; `
      + 'widen the pattern, or add roleOnly: true');
  }
}

/** The entry as it should be indented, with the names that it has. */
function rightShape(fields: Fields): string[] {
  const metadata = fields.map('metadata');
  const text = (field: string) => [metadata?.raw(field), fields.raw(field)].find(value => typeof value === 'string');
  const has = (field: string) => SERVICE_ACCOUNT_FIELDS.some(known => known === field) && (fields.has(field) || metadata?.has(field));
  const permissions = ['attachPolicy', 'attachRoleARN'].filter(has);
  return [
    '- metadata:',
    `    name: ${scalar(text('name') ?? '<name>')}`,
    ...text('namespace') === undefined ? [] : [`    namespace: ${scalar(text('namespace'))}`],
    ...permissions.length > 0 ? permissions.map(field => `  ${field}: …`) : ['  attachPolicyARNs:', `  - ${firstArn(fields, metadata)}`],
  ];
}

function firstArn(fields: Fields, metadata: Fields | undefined): string {
  const lists = [metadata?.raw('attachPolicyARNs'), fields.raw('attachPolicyARNs')].filter(value => Array.isArray(value)).flat();
  return scalar(lists.find(value => typeof value === 'string') ?? 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess');
}

function scalar(value: unknown): string {
  return typeof value === 'string' && /^[\w<][\w:./<> -]*$/.test(value) ? value : typeof value === 'string' ? shown(value) : described(value);
}
