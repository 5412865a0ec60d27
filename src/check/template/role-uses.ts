import type { TemplateScope } from './template-scope';
import { ADDON_NAMESPACES } from '../../identity/addon-namespaces';
import { at, listOf } from '../json';
import type { Place } from '../place';
import { opaqueText } from '../unresolved';

/** A template's word that EKS is to give a role to a service account. */
export interface RoleUse {
  /** `addon` where EKS annotates the service account of an add-on, `target` where EKS assumes the role with the credentials of another. */
  readonly kind: 'association' | 'addon' | 'target';
  readonly place: Place;
  readonly arn: string;
  /** The ARN of the cluster. */
  readonly clusterArn: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly sessionTags: boolean;
}

/** Where templates have EKS give roles to service accounts. */
export function roleUsesOf(scopes: readonly TemplateScope[]): RoleUse[] {
  return scopes.flatMap(scope => scope.resources.flatMap(([id, resource]) => {
    switch (at(resource, 'Type')) {
      case 'AWS::EKS::PodIdentityAssociation': return ofAssociation(scope, id, at(resource, 'Properties'));
      case 'AWS::EKS::Addon': return ofAddon(scope, id, at(resource, 'Properties'));
      default: return [];
    }
  }));
}

function ofAssociation(scope: TemplateScope, id: string, properties: unknown): RoleUse[] {
  const text = (name: string): string => scope.text(at(properties, name)) ?? scope.opaque(`${id}.${name}`);
  const use = {
    clusterArn: clusterArn(scope, text('ClusterName')),
    namespace: text('Namespace'),
    serviceAccount: text('ServiceAccount'),
    sessionTags: scope.text(at(properties, 'DisableSessionTags')) !== 'true',
  };
  return [
    { kind: 'association', place: scope.place('Resources', id, 'Properties', 'RoleArn'), arn: text('RoleArn'), ...use },
    ...at(properties, 'TargetRoleArn') === undefined ? []
      : [{ kind: 'target' as const, place: scope.place('Resources', id, 'Properties', 'TargetRoleArn'), arn: text('TargetRoleArn'), ...use }],
  ];
}

function ofAddon(scope: TemplateScope, id: string, properties: unknown): RoleUse[] {
  const name = scope.text(at(properties, 'AddonName')) ?? scope.opaque(`${id}.AddonName`);
  const namespace = scope.text(at(properties, 'NamespaceConfig', 'Namespace')) ?? ADDON_NAMESPACES.get(name) ?? opaqueText(`the namespace of ${name}`);
  const cluster = { clusterArn: clusterArn(scope, scope.text(at(properties, 'ClusterName')) ?? scope.opaque(`${id}.ClusterName`)), namespace, sessionTags: true };
  const annotated = scope.text(at(properties, 'ServiceAccountRoleArn'));
  return [
    ...annotated === undefined ? []
      : [{ kind: 'addon' as const, place: scope.place('Resources', id, 'Properties', 'ServiceAccountRoleArn'), arn: annotated, ...cluster, serviceAccount: opaqueText(`the service account of ${name}`) }],
    ...listOf(at(properties, 'PodIdentityAssociations')).map((association, index) => ({
      kind: 'association' as const,
      place: scope.place('Resources', id, 'Properties', 'PodIdentityAssociations', index, 'RoleArn'),
      arn: scope.text(at(association, 'RoleArn')) ?? '',
      ...cluster,
      serviceAccount: scope.text(at(association, 'ServiceAccount')) ?? '',
    })),
  ];
}

function clusterArn({ partition, account, input: { region } }: TemplateScope, name: string): string {
  return `arn:${partition}:eks:${region ?? opaqueText('AWS.Region')}:${account}:cluster/${name}`;
}
