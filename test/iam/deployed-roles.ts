import { type App, Stack, Token } from 'aws-cdk-lib';
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

/** A stack that was synthesised, and where it goes. */
export interface SynthesizedStack {
  readonly name: string;
  readonly template: unknown;
  readonly account: string;
  readonly region: string;
}

/** The roles that an app deploys, with their policies as IAM gets them, by ARN. Other resources have made-up names. */
export function deployedRoles(app: App): Map<string, RoleWithPolicies> {
  const assembly = app.synth();
  const stacks = app.node.findAll().filter((node): node is Stack => Stack.isStack(node) && !node.nestedStackParent);
  return rolesIn(stacks.map(({ stackName, artifactId, account, region }) => ({
    name: stackName,
    template: assembly.getStackArtifact(artifactId).template as unknown,
    account: Token.isUnresolved(account) ? ANYWHERE.account : account,
    region: Token.isUnresolved(region) ? ANYWHERE.region : region,
  })));
}

/** The same of templates. */
export function rolesIn(stacks: readonly SynthesizedStack[]): Map<string, RoleWithPolicies> {
  const exports = new Map(stacks.flatMap(stack => Object.values((stack.template as TemplateJson).Outputs ?? {})
    .filter(output => output.Export)
    .map(output => [`Import:${String(output.Export!.Name)}`, String(deploy(output.Value, valuesOf(stack)))])));
  return new Map(stacks.flatMap(stack => rolesOf(stack.template as TemplateJson, name => exports.get(name) ?? valuesOf(stack)(name))));
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
function valuesOf({ name: stackName, template, account, region }: SynthesizedStack): (name: string) => string {
  const { Resources: resources = {} } = template as TemplateJson;
  const partition = RegionInfo.get(region).partition!;
  const nameOf = (id: string) => String(resources[id].Properties?.RoleName ?? `${stackName}-${id}`);
  return name => {
    switch (name) {
      case 'Ref:AWS::Partition': return partition;
      case 'Ref:AWS::AccountId': return account;
      case 'Ref:AWS::Region': return region;
    }
    const [, ref, id = '', attribute] = /^(Ref:)?([^.]+)(?:\.(.+))?$/.exec(name)!;
    const { Type: type, Properties: properties } = resources[id] ?? {};
    switch (type) {
      case 'AWS::IAM::Role': return ref || attribute !== 'Arn' ? nameOf(id) : `arn:${partition}:iam::${account}:role${String(properties?.Path ?? '/')}${nameOf(id)}`;
      case 'AWS::IAM::OIDCProvider': return `arn:${partition}:iam::${account}:oidc-provider/${String(properties?.Url).replace('https://', '')}`;
      default: return `arn:${partition}:other:${region}:${account}:${id}`;
    }
  };
}
