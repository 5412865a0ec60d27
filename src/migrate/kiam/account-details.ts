import { at, listOf, objectOf, stringOf } from '../../check/json';
import { parseFile } from '../../check/source/parse-file';
import { Fields } from '../eksctl/fields';
import { readPolicyDocument } from '../eksctl/policy-document';
import { pathText, Problems } from '../eksctl/problems';

/** What a role may do, besides what policies of resources say. */
export interface RolePermissions {
  /** ARNs. */
  readonly managedPolicies: readonly string[];
  /** Documents with lists of statements, by their names. */
  readonly inlinePolicies: Readonly<Record<string, unknown>>;
  /** What CDK would not take as it is, or would change. */
  readonly problems: readonly string[];
  /** ARN of a policy. */
  readonly boundary?: string;
}

/** A file that was read. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const POLICY_ARN = /^arn:aws[a-z0-9-]*:iam::(?:\d{12}|aws):policy\/[\w\-/.@+=,]+$/;

/**
 * The permissions of roles by their ARN, from what `aws iam get-account-authorization-details --filter Role` prints.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
export function permissionsIn(files: readonly NamedBytes[]): ReadonlyMap<string, RolePermissions> {
  return new Map(files.flatMap(({ name, bytes }) => {
    const details = parseFile(bytes, name).map(({ value }) => value).find(value => Array.isArray(at(value, 'RoleDetailList')));
    if (details === undefined) {
      throw new Error(`${name} has no RoleDetailList; what 'aws iam get-account-authorization-details --filter Role' prints is expected`);
    }
    if (at(details, 'IsTruncated') === true) {
      throw new Error(`${name} is only a part of the roles (IsTruncated); ask for all: leave out --max-items and --no-paginate`);
    }
    return listOf(at(details, 'RoleDetailList')).map(role => rolePermissions(role, name));
  }));
}

function rolePermissions(role: unknown, file: string): [arn: string, permissions: RolePermissions] {
  const arn = stringOf(at(role, 'Arn')) ?? '';
  const problems = new Problems(path => `${file}: the inline policy ${pathText(path)} of ${arn}`);
  const inline = listOf(at(role, 'RolePolicyList')).map(policy => {
    const name = stringOf(at(policy, 'PolicyName'));
    const document = objectOf(at(policy, 'PolicyDocument'));
    if (name === undefined || document === undefined) {
      throw new Error(`${file}: an inline policy of ${arn} has no name, or no document`);
    }
    return [name, readPolicyDocument(new Fields({ [name]: document }, [], problems), name)];
  });
  const boundary = at(role, 'PermissionsBoundary', 'PermissionsBoundaryArn');
  return [arn, {
    managedPolicies: listOf(at(role, 'AttachedManagedPolicies')).map(policy => policyArn(at(policy, 'PolicyArn'), arn, file)),
    inlinePolicies: Object.fromEntries(inline) as Record<string, unknown>,
    problems: problems.list,
    ...boundary === undefined ? {} : { boundary: policyArn(boundary, arn, file) },
  }];
}

function policyArn(value: unknown, role: string, file: string): string {
  if (typeof value !== 'string' || !POLICY_ARN.test(value)) {
    throw new Error(`${file}: ${role} has the policy '${String(value)}', which is not the ARN of one`);
  }
  return value;
}
