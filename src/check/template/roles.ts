import { hostPathOf } from './physical-value';
import type { TemplateScope } from './template-scope';
import { at, listOf, stringOf } from '../json';
import type { Place } from '../place';
import { type Policy, parsePolicy } from '../policy/document';

/** A role as a template makes it. */
export interface Role {
  readonly place: Place;
  /** The place of its trust policy. */
  readonly trustPlace: Place;
  readonly name: string;
  /** Opaque in what only a deployment knows. */
  readonly arn: string;
  /** The condition that it is made under, where only a deployment knows whether that is met. @default - it is made */
  readonly condition?: string;
  /** Opaque where it is not known, or where there are many. */
  readonly account: string;
  readonly partition: string;
  /** An object, or JSON as a string; functions resolved. */
  readonly trustPolicy: unknown;
  /** The trust policy in one shape, or what is wrong with it. */
  readonly trust: Policy | string;
  readonly policies: readonly IdentityPolicy[];
  /** Managed policies that no template has. */
  readonly unknownPolicies: readonly string[];
}

/** A policy that is attached to a role, or part of it. */
export interface IdentityPolicy {
  readonly place: Place;
  readonly name: string;
  readonly document: unknown;
  /** The ARN of a managed one. */
  readonly arn?: string;
}

/** An OIDC provider as a template makes it. */
export interface Provider {
  readonly place: Place;
  readonly arn: string;
  readonly hostPath: string;
  readonly account: string;
  readonly clientIds: readonly string[];
}

/** The OIDC providers of templates. */
export function providersOf(scopes: readonly TemplateScope[]): Provider[] {
  return scopes.flatMap(scope => scope.resources.filter(([, resource]) => at(resource, 'Type') === 'AWS::IAM::OIDCProvider').flatMap(([id, resource]) => {
    const url = scope.text(at(resource, 'Properties', 'Url'));
    return url === undefined ? [] : [{
      place: scope.place('Resources', id),
      arn: `arn:${scope.partition}:iam::${scope.account}:oidc-provider/${hostPathOf(url)}`,
      hostPath: hostPathOf(url),
      account: scope.account,
      clientIds: listOf(scope.resolve(at(resource, 'Properties', 'ClientIdList'))).map(String),
    }];
  }));
}

/** The roles of templates, with their policies. */
export function rolesOf(scopes: readonly TemplateScope[]): Role[] {
  const attached = attachmentsOf(scopes);
  return scopes.flatMap(scope => scope.resources
    .filter(([, resource]) => at(resource, 'Type') === 'AWS::IAM::Role')
    .map(([id, resource]) => roleOf(scope, id, resource, attached)));
}

/** A policy of its own, and what it is attached to. */
interface Attachment extends IdentityPolicy {
  /** The account of the policy, and the names of the roles. */
  readonly account: string;
  readonly roles: readonly string[];
}

function attachmentsOf(scopes: readonly TemplateScope[]): Attachment[] {
  return scopes.flatMap(scope => scope.resources.flatMap(([id, resource]) => {
    const type = at(resource, 'Type');
    if (type !== 'AWS::IAM::Policy' && type !== 'AWS::IAM::ManagedPolicy' && type !== 'AWS::IAM::RolePolicy') {
      return [];
    }
    const properties = at(resource, 'Properties');
    const roles = type === 'AWS::IAM::RolePolicy' ? [scope.text(at(properties, 'RoleName'))] : listOf(scope.resolve(at(properties, 'Roles')));
    return [{
      place: scope.place('Resources', id, 'Properties', 'PolicyDocument'),
      name: scope.text(at(properties, type === 'AWS::IAM::ManagedPolicy' ? 'ManagedPolicyName' : 'PolicyName')) ?? id,
      document: scope.resolve(at(properties, 'PolicyDocument')),
      account: scope.account,
      roles: roles.map(String),
      ...type === 'AWS::IAM::ManagedPolicy' ? { arn: scope.text({ Ref: id }) } : {},
    }];
  }));
}

function roleOf(scope: TemplateScope, id: string, resource: unknown, attached: readonly Attachment[]): Role {
  const properties = at(resource, 'Properties');
  const { account, partition } = scope;
  const [name, arn] = [scope.text({ Ref: id }) ?? '', scope.text({ 'Fn::GetAtt': [id, 'Arn'] }) ?? ''];
  const trustPolicy = scope.resolve(at(properties, 'AssumeRolePolicyDocument'));
  const managed = listOf(scope.resolve(at(properties, 'ManagedPolicyArns'))).map(String);
  const inline = listOf(at(properties, 'Policies')).map((policy, index) => ({
    place: scope.place('Resources', id, 'Properties', 'Policies', index, 'PolicyDocument'),
    name: scope.text(at(policy, 'PolicyName')) ?? `${index + 1}`,
    document: scope.resolve(at(policy, 'PolicyDocument')),
  }));
  return {
    place: scope.place('Resources', id),
    trustPlace: scope.place('Resources', id, 'Properties', 'AssumeRolePolicyDocument'),
    name,
    arn,
    condition: scope.openCondition(resource),
    account,
    partition,
    trustPolicy,
    trust: parsed(trustPolicy),
    policies: [
      ...inline,
      ...attached.filter(policy => policy.arn !== undefined && managed.includes(policy.arn)
        || policy.account === account && policy.roles.includes(name)),
    ],
    unknownPolicies: managed.filter(each => !attached.some(policy => policy.arn === each)),
  };
}

function parsed(trustPolicy: unknown): Policy | string {
  try {
    return parsePolicy(trustPolicy, 'trust');
  } catch (error) {
    return (error as Error).message;
  }
}

/** The name of a resource for people. */
export function nameOfRole({ name, place }: Role): string {
  return stringOf(place.path.at(-1)) !== undefined && name.includes('\uE000') ? `role ${String(place.path.at(-1))}` : `role ${name}`;
}
