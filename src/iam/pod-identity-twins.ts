import { CfnResource, Token } from 'aws-cdk-lib';
import { CfnAddon, CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type { IConstruct } from 'constructs';
import { foldedText } from './folded-text';
import { ADDON_NAMESPACES } from '../identity/addon-namespaces';
import { rawProperty } from '../identity/template-property';
import { referencesIn } from '../identity/token-references';
import { topLevelStack } from '../identity/top-level-stack';

/** Another resource of the app that gives a role to the same service account in the same cluster, whoever wrote it: EKS refuses the second. */
export function associationTwins(resource: CfnResource): string[] {
  const own = associatedBy(resource);
  const others = resourcesAround(resource).map(node => ({ node, known: new Set(associatedBy(node).map(({ key }) => key)) }));
  return own.flatMap(({ key, subject }) => {
    const twin = others.find(({ known }) => known.has(key));
    return twin ? [`${subject} has two associations in the cluster ${clusterOf(resource)}, this and ${twin.node.node.path}, and EKS takes one; leave one of them out`] : [];
  });
}

/** The same add-on in the same cluster, whoever wrote it. */
export function addonTwins(addon: CfnAddon): string[] {
  const own = addonKey(addon);
  const twin = resourcesAround(addon).find(node => isOf(CfnAddon, node) && addonKey(node) === own);
  return twin ? [`the add-on ${addon.addonName} is twice in the cluster ${clusterOf(addon)}, this and ${twin.node.path}, and EKS takes one; leave one of them out`] : [];
}

interface Associated {
  readonly key: string;
  readonly subject: string;
}

/** The service accounts that a resource gives roles to, as far as it is known in which namespace they are. */
function associatedBy(resource: CfnResource): Associated[] {
  const associated = (namespace: unknown, name: unknown): Associated => {
    const [namespaceText, nameText] = [namespace, name].map(value => foldedText(resource.stack, value));
    return { key: JSON.stringify([...clusterKey(resource), namespaceText, nameText]), subject: `${namespaceText}/${nameText}` };
  };
  if (isOf(CfnPodIdentityAssociation, resource)) {
    return [associated(rawProperty(resource, 'Namespace'), rawProperty(resource, 'ServiceAccount'))];
  }
  if (!isOf(CfnAddon, resource)) {
    return [];
  }
  const resolved = (name: string): unknown => resource.stack.resolve(rawProperty(resource, name));
  const [config, associations] = [resolved('NamespaceConfig'), resolved('PodIdentityAssociations')];
  const namespace = field(config, 'Namespace') ?? ADDON_NAMESPACES.get(String(resolved('AddonName')));
  return namespace === undefined || !Array.isArray(associations) ? [] : associations.map(each => associated(namespace, field(each, 'ServiceAccount')));
}

/** Typed properties begin with a small letter, and those by type name or override with a capital. */
function field(value: unknown, name: string): unknown {
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  return fields[name] ?? fields[`${name[0].toLowerCase()}${name.slice(1)}`];
}

function addonKey(addon: CfnResource): string {
  return JSON.stringify([...clusterKey(addon), foldedText(addon.stack, rawProperty(addon, 'AddonName'))]);
}

/** The cluster of a resource: its place, and its name or what that refers to. */
function clusterKey(resource: CfnResource): unknown[] {
  const { stack } = resource;
  const isAnywhere = [stack.account, stack.region].some(each => Token.isUnresolved(each));
  const place = isAnywhere ? topLevelStack(stack).node.path : stack.environment;
  const cluster: unknown = rawProperty(resource, 'ClusterName');
  const references = referencesIn(cluster, resource).map(({ target, displayName }) => `${target.node.path}.${displayName}`);
  return [place, references.length > 0 ? references : foldedText(stack, cluster)];
}

function clusterOf(resource: CfnResource): string {
  return foldedText(resource.stack, rawProperty(resource, 'ClusterName'));
}

function resourcesAround(resource: CfnResource): CfnResource[] {
  return resource.node.root.node.findAll().filter((node): node is CfnResource => node !== resource && CfnResource.isCfnResource(node));
}

function isOf({ CFN_RESOURCE_TYPE_NAME: type }: { readonly CFN_RESOURCE_TYPE_NAME: string }, node: IConstruct): boolean {
  return CfnResource.isCfnResource(node) && node.cfnResourceType === type;
}
