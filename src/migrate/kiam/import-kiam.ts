import { type NamedBytes, permissionsIn, type RolePermissions } from './account-details';
import { cdkApp } from './cdk-app';
import { editedTexts } from './edit-manifests';
import { type InventoryOptions, takeInventory, titleOf } from './inventory';
import { type MigratedAccount, type Plan, planMigration, type PlanOptions } from './plan';
import { validateBaseRoleArn } from './role-reference';
import { partitionOf } from '../../check/template/partition';
import { validateIssuerUrl } from '../../identity/issuer-url';
import { ManifestDocument, type ManifestText } from '../../k8s/inject/manifest-text';
import { namedList } from '../../k8s/inject/named-list';

/** How pods leave kiam. */
export interface ImportKiamOptions extends InventoryOptions, PlanOptions {
  /** Where stacks are deployed. @default - the region in the issuer's URL, if it is of EKS */
  readonly region?: string;
  /** Whether pods keep what they say to kiam. @default false */
  readonly keepAnnotations?: boolean;
  /** What `aws iam get-account-authorization-details --filter Role` printed. @default - permissions are left to the user */
  readonly accountDetails?: readonly NamedBytes[];
}

/** What comes of manifests. */
export interface KiamImport {
  /** The files that say something else now, by their names. */
  readonly edited: readonly ManifestText[];
  /** A CDK app in TypeScript; `undefined` where there is nothing to migrate. */
  readonly app?: string;
  /** Who gets what, a line for each service account. */
  readonly summary: readonly string[];
  /** What stays as it is, and why. */
  readonly problems: readonly string[];
  /** What people have to know. */
  readonly notes: readonly string[];
}

/**
 * Moves pods from kiam or kube2iam to roles for service accounts: a service account for them, a role for that, and their manifests without what they said to
 * kiam. What cannot be moved safely stays as it is, and is said.
 */
export function importKiam(inputs: readonly ManifestText[], options: ImportKiamOptions): KiamImport {
  const { accountDetails = [], keepAnnotations = false, baseRoleArn } = options;
  const issuer = validateIssuerUrl(options.issuer);
  if (baseRoleArn !== undefined) {
    validateBaseRoleArn(baseRoleArn);
  }
  const permissions = permissionsIn(accountDetails);
  const streams = inputs.map(input => ({ ...input, documents: ManifestDocument.allIn(input) }));
  const plan = planMigration(takeInventory(streams.flatMap(({ documents }) => documents), options), options);
  const { accounts, problems, notes } = plan;
  assertTakeable(accounts, permissions);
  const texts = editedTexts(accounts, keepAnnotations);
  const edited = streams.filter(({ documents }) => documents.some(document => texts.has(document)))
    .map(({ name, text, documents }) => ({ name, before: text, text: documents.map(document => texts.get(document) ?? document.text).join('') }))
    .filter(({ before, text }) => text !== before).map(({ name, text }) => ({ name, text }));
  return {
    edited,
    app: accounts.length === 0 ? undefined : cdkApp({ issuer, region: regionOf(plan, options), accounts, permissions }),
    summary: accounts.map(summaryOf),
    problems,
    notes: [...notes, ...unknownPermissions(accounts, permissions)],
  };
}

function summaryOf({ namespace, name, manifests, role, oldRole, workloads }: MigratedAccount): string {
  return `${namespace}/${name} (${manifests.length > 0 ? 'as it is' : 'made by the app'}): ${role.name} instead of ${oldRole.arn}, for ${namedList(workloads.map(titleOf))}`;
}

/** Of other roles in the account nothing is written. */
function assertTakeable(accounts: readonly MigratedAccount[], permissions: ReadonlyMap<string, RolePermissions>): void {
  const problems = [...new Set(accounts.flatMap(({ oldRole }) => permissions.get(oldRole.arn)?.problems ?? []))];
  if (problems.length > 0) {
    throw new Error(`${problems.join('\n')}\nchange that in the file, or take the policy out of it and write it into the app`);
  }
}

function unknownPermissions(accounts: readonly MigratedAccount[], permissions: ReadonlyMap<string, RolePermissions>): string[] {
  const unknown = [...new Set(accounts.map(({ oldRole }) => oldRole.arn))].filter(arn => !permissions.has(arn));
  return unknown.length === 0 ? [] : [`what ${namedList(unknown)} may do is not known, so the new roles may do nothing yet; pass --account-details with what `
    + "'aws iam get-account-authorization-details --filter Role' prints, or write it into the app"];
}

/** Of EKS, as URLs of issuers have it. */
const EKS_REGION = /^https:\/\/oidc[.-]eks\.([a-z0-9-]+)\./;

function regionOf({ accounts }: Plan, { issuer, region = EKS_REGION.exec(issuer)?.[1] }: ImportKiamOptions): string {
  if (region === undefined) {
    throw new Error(`the issuer ${issuer} does not say a region; say where the roles' stack is deployed with --region`);
  }
  if (!/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region)) {
    throw new Error(`'${region}' is not the name of a region, such as eu-west-1`);
  }
  const other = accounts.find(({ oldRole }) => oldRole.partition !== partitionOf(region).partition);
  if (other) {
    throw new Error(`${other.oldRole.arn} is not in the partition of ${region}; name the region of its stack with --region, and the account in its base ARN`);
  }
  return region;
}
