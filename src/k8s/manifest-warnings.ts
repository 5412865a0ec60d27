import type { App } from 'cdk8s';
import { suspects } from './names-meet';
import { nodeRoleFallbacks } from './node-role-fallback';
import { associationOf, type PodIdentityAssociation, unusedAssociations } from './pod-identity-associations';
import { indexServiceAccounts } from './pod-service-account';
import type { RenderedObject } from './rendered-app';

/** Something that may well be meant, and is not what it looks like. */
export interface ManifestWarning {
  readonly id: string;
  readonly text: string;
}

/** Warnings about the manifests of an app. */
export function warningsAbout(
  app: App,
  rendered: readonly RenderedObject[],
  associations: readonly PodIdentityAssociation[],
  nodeRoleFallback: boolean,
): ManifestWarning[] {
  indexServiceAccounts(app);
  const associated = (namespace: string | undefined, name: string): boolean => associationOf(associations, namespace, name) !== undefined;
  return [
    ...suspects(app, rendered).map(text => ({ id: 'cdk-irsa:serviceAccountNamespace', text })),
    ...unusedAssociations(rendered, associations).map(text => ({ id: 'cdk-irsa:podIdentityAssociationUnused', text })),
    ...nodeRoleFallback ? nodeRoleFallbacks(rendered, associated).map(text => ({ id: 'cdk-irsa:nodeRoleFallback', text })) : [],
  ];
}
