import { App, Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { deploy, type Json, type JsonObject } from './helpers';
import { evaluateAssumeRole } from '../../src/check/assume-role';
import type { RoleWithPolicies } from '../../src/check/chain';
import type { Verdict } from '../../src/check/policy/decide';

/** Where stacks without an environment are deployed to here. */
const ANYWHERE = { account: '999999999999', region: 'eu-west-1' };

interface Resource {
  readonly Type: string;
  readonly Properties?: JsonObject;
}

interface TemplateJson {
  readonly Resources?: Record<string, Resource>;
  readonly Outputs?: Record<string, { readonly Value: Json; readonly Export?: { readonly Name: Json } }>;
}

/** The roles that an app deploys, with their policies as IAM gets them, by ARN. Other resources have made-up names. */
export function deployedRoles(app: App): Map<string, RoleWithPolicies> {
  const assembly = app.synth();
  const stacks = app.node.findAll().filter((node): node is Stack => Stack.isStack(node) && !node.nestedStackParent)
    .map(stack => ({ stack, template: assembly.getStackArtifact(stack.artifactId).template as TemplateJson }));
  const exports = new Map<string, string>(stacks.flatMap(({ stack, template }) => Object.values(template.Outputs ?? {})
    .filter(output => output.Export)
    .map(output => [`Import:${String(output.Export!.Name)}`, output.Value, valuesOf(stack, template)] as const))
    .map(([name, value, values]) => [name, String(deploy(value, values))] as const));
  return new Map(stacks.flatMap(({ stack, template }) => rolesOf(template, name => exports.get(name) ?? valuesOf(stack, template)(name))));
}

/** What STS says to a role of the app that asks for another one. */
export function verdictOf(
  roles: ReadonlyMap<string, RoleWithPolicies>, from: string, to: string, request: { externalId?: string; organizationId?: string } = {},
): Verdict {
  const { organizationId = null, externalId } = request;
  return evaluateAssumeRole({
    caller: { arn: from, identityPolicies: roles.get(from)!.identityPolicies, organizationId },
    roleArn: to,
    trustPolicy: roles.get(to)!.trustPolicy,
    externalId,
  }).verdict;
}

function rolesOf({ Resources: resources = {} }: TemplateJson, values: (name: string) => string): Array<[string, RoleWithPolicies]> {
  const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
  return ofType('AWS::IAM::Role').map(([id, { Properties: properties = {} }]) => {
    const arn = values(`${id}.Arn`);
    const attached = ofType('AWS::IAM::Policy')
      .filter(([, policy]) => (policy.Properties!.Roles as Json[]).some(role => deploy(role, values) === values(`Ref:${id}`)))
      .map(([, policy]) => deploy(policy.Properties!.PolicyDocument, values));
    return [arn, { arn, trustPolicy: deploy(properties.AssumeRolePolicyDocument, values), identityPolicies: attached }];
  });
}

/** What CloudFormation puts in the place of references. */
function valuesOf(stack: Stack, { Resources: resources = {} }: TemplateJson): (name: string) => string {
  const account = Token.isUnresolved(stack.account) ? ANYWHERE.account : stack.account;
  const region = Token.isUnresolved(stack.region) ? ANYWHERE.region : stack.region;
  const partition = RegionInfo.get(region).partition!;
  const nameOf = (id: string) => String(resources[id].Properties?.RoleName ?? `${stack.stackName}-${id}`);
  return name => {
    switch (name) {
      case 'Ref:AWS::Partition': return partition;
      case 'Ref:AWS::AccountId': return account;
      case 'Ref:AWS::Region': return region;
    }
    const [, ref, id = '', attribute] = /^(Ref:)?([^.]+)(?:\.(.+))?$/.exec(name)!;
    if (resources[id]?.Type !== 'AWS::IAM::Role') {
      return `arn:${partition}:other:${region}:${account}:${id}`;
    }
    return ref || attribute !== 'Arn' ? nameOf(id) : `arn:${partition}:iam::${account}:role${String(resources[id].Properties?.Path ?? '/')}${nameOf(id)}`;
  };
}
