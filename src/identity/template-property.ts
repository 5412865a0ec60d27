import type { CfnResource } from 'aws-cdk-lib';

/** What CDK keeps to itself of a resource: the properties of one made by type name, and the overrides of any. */
interface Internals {
  readonly _cfnProperties?: Record<string, unknown>;
  readonly rawOverrides?: { readonly Properties?: Record<string, unknown>; readonly [attribute: string]: unknown };
  _toCloudFormation(): unknown;
}

/**
 * A property of a resource as its template will have it, after all overrides: what CloudFormation makes, and not what a construct was told.
 *
 * Only this property is resolved: a role's trust policy would cost more than all the rest. CDK has no public way to ask for overrides.
 */
export function templateProperty(resource: CfnResource, name: string): unknown {
  return resource.stack.resolve(rawProperty(resource, name)) as unknown;
}

/** The same before it is resolved: with its tokens. */
export function rawProperty(resource: CfnResource, name: string): unknown {
  const { rawOverrides, _cfnProperties: byName } = resource as unknown as Internals;
  const typed = (resource as unknown as Record<string, unknown>)[`${name[0].toLowerCase()}${name.slice(1)}`];
  if (rawOverrides && 'Properties' in rawOverrides) {
    const overrides = rawOverrides.Properties ?? {};
    // an override without a value deletes
    return name in overrides || rawOverrides.Properties === undefined ? overrides[name] : typed ?? byName?.[name];
  }
  return typed ?? byName?.[name];
}

/** What an escape hatch has set beside the properties of a resource: `Condition`, for example. */
export function overridden(resource: CfnResource, attribute: string): unknown {
  return (resource as unknown as Internals).rawOverrides?.[attribute];
}

/** A property with overrides of parts of it: all of the resource is resolved, which takes longer. */
export function wholeProperty(resource: CfnResource, name: string): unknown {
  const { Resources: resources } = resource.stack.resolve((resource as unknown as Internals)._toCloudFormation()) as {
    Resources: Record<string, { Properties?: Record<string, unknown> }>;
  };
  return Object.values(resources)[0].Properties?.[name];
}
