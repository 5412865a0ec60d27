import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { podServiceAccount } from './pod-service-account';
import { podTemplateOf } from './pod-spec';
import type { RenderedObject } from './rendered-app';
import { type Container, containersIn, hasNamed, listOf } from './webhook/pod-template';
import { templateProperty } from '../identity/template-property';

/** A role for a service account by EKS Pod Identity. */
export interface PodIdentityAssociation {
  readonly path: string;
  readonly namespace: unknown;
  readonly serviceAccount: unknown;
}

/** The associations that a CDK app makes. */
export function associationsIn(root: IConstruct): PodIdentityAssociation[] {
  return root.node.findAll()
    .filter((node): node is CfnResource => CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::EKS::PodIdentityAssociation')
    .map(resource => ({
      path: resource.node.path,
      namespace: templateProperty(resource, 'Namespace'),
      serviceAccount: templateProperty(resource, 'ServiceAccount'),
    }));
}

/** The association of a service account, if it has one. */
export function associationOf(
  associations: readonly PodIdentityAssociation[],
  namespace: string | undefined,
  name: string,
): PodIdentityAssociation | undefined {
  return associations.find(association => association.namespace === namespace && association.serviceAccount === name);
}

/** Containers whose web identity variables keep SDKs from the association of their pod, which come later in their chain. */
export function unusedAssociations(rendered: readonly RenderedObject[], associations: readonly PodIdentityAssociation[]): string[] {
  if (associations.length === 0) {
    return [];
  }
  return rendered.flatMap(({ construct, json }) => {
    const template = podTemplateOf(json);
    const injected = template ? containersIn(template).filter(hasWebIdentity).map(({ name }) => name) : [];
    if (!template || injected.length === 0) {
      return [];
    }
    const { name, namespace } = podServiceAccount(construct, json, template);
    const association = associationOf(associations, namespace, name);
    return association
      ? [`${construct.node.path}: ${injected.join(', ')} ha${injected.length === 1 ? 's' : 've'} web identity variables, and the service account ${namespace}/${name} `
        + `has the Pod Identity association ${association.path}: the variables win, so that the association's role is not used; remove the one or the other`]
      : [];
  });
}

function hasWebIdentity({ env }: Container): boolean {
  return hasNamed(listOf(env), 'AWS_WEB_IDENTITY_TOKEN_FILE');
}
