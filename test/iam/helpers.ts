import { App, type CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ClusterOidcProvider, type IClusterOidcProvider, OidcIssuer, ServiceAccountSubject } from '../../src';

export const ACCOUNT = '111111111111';
export const OTHER_ACCOUNT = '222222222222';
export const ENV = { account: ACCOUNT, region: 'eu-west-1' };
export const HOST_PATH = 'oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64';
export const ISSUER_URL = `https://${HOST_PATH}`;
export const PROVIDER_ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/${HOST_PATH}`;
export const READER = ServiceAccountSubject.of('default', 'reader');

/** A JSON value, as a template holds it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Statement {
  readonly Action: string | string[];
  readonly Effect: string;
  readonly Principal: Json;
  readonly Condition: Record<string, Record<string, string | string[]>>;
}

export interface TrustPolicy {
  readonly Version: string;
  readonly Statement: Statement[];
}

/** What CloudFormation would put in the place of `Ref`, `Fn::GetAtt` and `Fn::ImportValue`: by `Ref:NAME`, `NAME.ATTRIBUTE` and `Import:NAME`. */
export type Values = Record<string, string> | ((name: string) => string | undefined);

export function stackIn(app = new App(), id = 'Stack', props: StackProps = { env: ENV }): Stack {
  return new Stack(app, id, props);
}

/** The URL of the n-th cluster. */
export function issuerUrl(n: number): string {
  return `https://oidc.eks.eu-west-1.amazonaws.com/id/${n.toString(16).toUpperCase().padStart(32, '0')}`;
}

/** A provider with a literal ARN and a literal issuer: nothing in the trust policy is a token. */
export function literalProvider(stack: Stack, n = 0, account = ACCOUNT): IClusterOidcProvider {
  return ClusterOidcProvider.fromOidcProviderArn(stack, `Provider${n}`, `arn:aws:iam::${account}:oidc-provider/${issuerUrl(n).slice('https://'.length)}`);
}

export function literalIssuer(): OidcIssuer {
  return OidcIssuer.fromUrl(ISSUER_URL);
}

/** The template's resources of one type. */
export function resourcesOf(stack: Stack, type: string): { Properties: JsonObject; [key: string]: Json }[] {
  return Object.values(Template.fromStack(stack).findResources(type)) as { Properties: JsonObject; [key: string]: Json }[];
}

/** The properties of the stack's only role. */
export function onlyRole(stack: Stack): JsonObject {
  const roles = resourcesOf(stack, 'AWS::IAM::Role');
  expect(roles).toHaveLength(1);
  return roles[0].Properties;
}

/** The trust policy of the stack's only role, as it stands in the template. */
export function renderedTrust(stack: Stack): Json {
  return onlyRole(stack).AssumeRolePolicyDocument;
}

/** The trust policy as IAM will get it, a JSON string parsed. */
export function deployedTrust(rendered: Json, values: Values = {}): TrustPolicy {
  const deployed = deploy(rendered, values);
  return (typeof deployed === 'string' ? JSON.parse(deployed) : deployed) as TrustPolicy;
}

/** How many characters IAM will count: the policy as compact JSON. */
export function deployedLength(rendered: Json, values: Values = {}): number {
  const deployed = deploy(rendered, values);
  return (typeof deployed === 'string' ? deployed : JSON.stringify(deployed)).length;
}

/** Does what CloudFormation does with the intrinsic functions that occur here, and fails on any other. */
export function deploy(value: Json, values: Values): Json {
  if (Array.isArray(value)) {
    return value.map(item => deploy(item, values));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [key = ''] = Object.keys(value);
  const argument = value[key];
  if (!/^(Ref$|Fn::)/.test(key)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, deploy(item, values)]));
  }
  const lookUp = (name: string) => {
    const found = typeof values === 'function' ? values(name) : values[name];
    if (found === undefined) {
      throw new Error(`no value for ${name}`);
    }
    return found;
  };
  switch (key) {
    case 'Ref': return lookUp(`Ref:${String(argument)}`);
    case 'Fn::GetAtt': return lookUp((argument as string[]).join('.'));
    case 'Fn::ImportValue': return lookUp(`Import:${String(argument)}`);
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, Json[]];
      return parts.map(part => deploy(part, values)).map(String).join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = argument as [string, Json];
      return String(deploy(text, values)).split(separator);
    }
    case 'Fn::Select': {
      const [index, list] = argument as [number, Json];
      return (deploy(list, values) as Json[])[Number(index)];
    }
    default: throw new Error(`${key} is not expected here`);
  }
}

/** Every `sub` of a trust policy is pinned, and every `aud` to exactly one value. */
export function expectPinned(policy: TrustPolicy): void {
  expect(policy.Statement.length).toBeGreaterThan(0);
  for (const { Action, Effect, Condition } of policy.Statement) {
    expect([Action].flat()).toContain('sts:AssumeRoleWithWebIdentity');
    expect(Effect).toBe('Allow');
    const keys = Object.entries(Condition).flatMap(([operator, conditions]) => Object.keys(conditions).map(key => `${operator} ${key.split(':').pop()}`));
    expect(['StringEquals aud,StringEquals sub', 'StringEquals aud,StringLike sub']).toContain(keys.sort().join());
  }
}

/** The resource types in a stack that only helpers would bring: functions, their roles, custom resources. */
export function helperTypes(stack: Stack): string[] {
  return stack.node.findAll()
    .map(node => (node as CfnResource).cfnResourceType)
    .filter(type => type && /^(AWS::Lambda::|Custom::|AWS::CloudFormation::CustomResource)/.test(type));
}
