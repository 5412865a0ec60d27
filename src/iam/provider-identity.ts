import { CfnResource, Token } from 'aws-cdk-lib';
import { CfnOIDCProvider } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { rawProperty, templateProperty } from '../identity/template-property';
import { referencesIn } from '../identity/token-references';
import { topLevelStack } from '../identity/top-level-stack';

/** The resource, and the custom resource of `iam.OpenIdConnectProvider`, which aws-eks makes for `cluster.openIdConnectProvider`. */
const PROVIDER_TYPES = [CfnOIDCProvider.CFN_RESOURCE_TYPE_NAME, 'Custom::AWSCDKOpenIdConnectProvider'];

/** Another resource of the app that makes the same provider, whoever wrote it. */
export function twinOf(provider: CfnOIDCProvider): CfnResource | undefined {
  const own = identityOf(provider);
  return providersOf(provider.node.root).find(node => node !== provider && identityOf(node) === own);
}

/** All resources of the app that make a provider in the same account, whoever wrote them. */
export function providersInAccountOf(provider: CfnOIDCProvider): CfnResource[] {
  const own = accountOf(provider);
  return providersOf(provider.node.root).filter(node => accountOf(node) === own);
}

function providersOf(root: IConstruct): CfnResource[] {
  return root.node.findAll().filter((node): node is CfnResource => CfnResource.isCfnResource(node) && PROVIDER_TYPES.includes(node.cfnResourceType));
}

/**
 * What makes two providers one in AWS: account and issuer. An account that is known only at deployment is told apart by the stack that is
 * deployed, an issuer by the resource that gives it.
 */
function identityOf(provider: CfnResource): string {
  const url = templateProperty(provider, 'Url');
  return JSON.stringify([accountOf(provider), typeof url === 'string' ? hostPathKey(url) : deployTimeIdentity(provider, url)]);
}

/** The account of a resource; one that is known only at deployment is told apart by the stack that is deployed. */
export function accountOf({ stack }: CfnResource): string {
  return Token.isUnresolved(stack.account) ? topLevelStack(stack).node.path : stack.account;
}

function deployTimeIdentity(provider: CfnResource, url: unknown): string[] {
  const references = referencesIn(rawProperty(provider, 'Url'), provider);
  return references.length > 0
    ? references.map(({ target, displayName }) => `${target.node.path}.${displayName}`)
    : [provider.stack.node.path, JSON.stringify(url)];
}

/** Hosts are the same whatever the case. */
function hostPathKey(url: string): string {
  const [host, ...path] = url.replace(/^https:\/\//i, '').split('/');
  return [host.toLowerCase(), ...path].join('/');
}
