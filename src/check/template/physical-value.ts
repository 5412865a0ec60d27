import type { TemplateScope } from './template-scope';
import { at } from '../json';
import { isUnresolved, opaqueText, readable } from '../unresolved';

/** What `Ref` or an attribute of a resource stands for: names and ARNs of IAM's resources follow from their properties. */
export function physicalValue(scope: TemplateScope, id: string, resource: unknown, attribute: string, depth: number): string {
  const properties = at(resource, 'Properties');
  const opaque = scope.opaque(attribute === 'Ref' ? id : `${id}.${attribute}`);
  switch (`${String(at(resource, 'Type'))} ${attribute}`) {
    case 'AWS::IAM::Role Ref': return roleName(scope, id, properties, depth);
    case 'AWS::IAM::Role Arn': return roleArn(scope, id, properties, depth);
    case 'AWS::IAM::ManagedPolicy Ref':
    case 'AWS::IAM::ManagedPolicy PolicyArn': return managedPolicyArn(scope, id, properties, depth);
    case 'AWS::IAM::OIDCProvider Ref':
    case 'AWS::IAM::OIDCProvider Arn': return providerArn(scope, properties, depth) ?? opaque;
    default: return opaque;
  }
}

function roleName(scope: TemplateScope, id: string, properties: unknown, depth: number): string {
  return scope.text(at(properties, 'RoleName'), depth) ?? scope.opaque(id);
}

function roleArn(scope: TemplateScope, id: string, properties: unknown, depth: number): string {
  return `arn:${scope.partition}:iam::${scope.account}:role${scope.text(at(properties, 'Path'), depth) ?? '/'}${roleName(scope, id, properties, depth)}`;
}

function managedPolicyArn(scope: TemplateScope, id: string, properties: unknown, depth: number): string {
  const name = scope.text(at(properties, 'ManagedPolicyName'), depth) ?? scope.opaque(id);
  return `arn:${scope.partition}:iam::${scope.account}:policy${scope.text(at(properties, 'Path'), depth) ?? '/'}${name}`;
}

function providerArn(scope: TemplateScope, properties: unknown, depth: number): string | undefined {
  const url = scope.text(at(properties, 'Url'), depth);
  return url === undefined ? undefined : `arn:${scope.partition}:iam::${scope.account}:oidc-provider/${hostPathOf(url)}`;
}

/** A URL without its scheme; of one that only a deployment knows, the same expression as a template's `Fn::Select` of `Fn::Split` gives. */
export function hostPathOf(url: string): string {
  return isUnresolved(url) && !url.startsWith('https://') ? opaqueText(`split(${innerText(url)}, '//')[1]`) : url.replace(/^https:\/\//, '');
}

/** The expression of a text that is opaque as a whole. */
export function innerText(text: string): string {
  return readable(text).replace(/^\$\{([^{}]*)\}$/, '$1');
}
