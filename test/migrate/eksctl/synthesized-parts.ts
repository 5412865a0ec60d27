import type { App } from 'aws-cdk-lib';
import { type Manifest, manifestsIn } from '../../k8s/helpers';

/** What an app made, by the service accounts it is for: names and ids do not count. */
export interface SynthesizedParts {
  readonly providers: number;
  readonly roles: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly roleNames: Readonly<Record<string, unknown>>;
  readonly associations: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly manifests: Readonly<Record<string, Manifest>>;
  /** Types of all other resources. */
  readonly others: readonly string[];
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** Synthesises an app of one stack. */
export function partsOf(app: App): SynthesizedParts {
  const assembly = app.synth();
  const resources = Object.entries((assembly.stacks[0].template as { Resources: Record<string, Resource> }).Resources).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata');
  const of = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const roles = of('AWS::IAM::Role').map(([id, { Properties }]) => ({ id, Properties, key: subjectOf(Properties) }));
  const references = new Map(roles.flatMap(({ id, Properties, key }) => [[id, key], [String(Properties.RoleName), key]]));
  const withoutNames = <T>(value: T): T => JSON.parse(JSON.stringify(value, (_, part: unknown) => {
    const id = (part as { 'Fn::GetAtt'?: [string] } | null)?.['Fn::GetAtt']?.[0] ?? /:role\/([^/]+)$/.exec(typeof part === 'string' ? part : '')?.[1];
    return id !== undefined && references.has(id) ? `the role of ${references.get(id)!}` : part;
  })) as T;
  return {
    providers: of('AWS::IAM::OIDCProvider').length,
    roles: Object.fromEntries(roles.map(({ key, Properties: { RoleName: _, ...rest } }) => [key, rest])),
    roleNames: Object.fromEntries(roles.map(({ key, Properties }) => [key, Properties.RoleName])),
    associations: Object.fromEntries(of('AWS::EKS::PodIdentityAssociation').map(([, { Properties }]) => [`${String(Properties.Namespace)}/${String(Properties.ServiceAccount)}`, withoutNames(Properties)])),
    manifests: Object.fromEntries(manifestsIn(assembly.directory).map(manifest => [`${manifest.metadata.namespace}/${manifest.metadata.name}`, withoutNames(manifest)])),
    others: resources.map(([, { Type }]) => Type).filter(type => !['AWS::IAM::Role', 'AWS::IAM::OIDCProvider', 'AWS::EKS::PodIdentityAssociation'].includes(type)),
  };
}

function subjectOf({ AssumeRolePolicyDocument: trust }: Record<string, unknown>): string {
  const text = JSON.stringify(trust);
  const [, subject] = /system:serviceaccount:([^"\\]+)/.exec(text) ?? [];
  if (subject !== undefined) {
    return subject.replace(':', '/');
  }
  const tag = (name: string) => new RegExp(`kubernetes-${name}":"([^"]+)"`).exec(text)?.[1];
  return `${tag('namespace')}/${tag('service-account')} by EKS Pod Identity`;
}
