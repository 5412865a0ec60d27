import type { IRole } from 'aws-cdk-lib/aws-iam';
import { ApiObject } from 'cdk8s';
import type { AbstractPod, IServiceAccount } from 'cdk8s-plus-28';
import { podSpecOf } from './pod-spec';
import { WEBHOOK_ANNOTATION } from './webhook-annotations';
import { knownTrust } from '../iam/known-trust';
import { ServiceAccountSubject } from '../identity/service-account-subject';

/** Why a pod could not begin a chain of roles: it gets no token, or one that the first role does not trust. */
export function configUserProblems(pod: AbstractPod, role: IRole): string[] {
  const { serviceAccount } = pod;
  if (!serviceAccount) {
    return [`${pod.node.path} has no service account that ${role.node.path} trusts; give it one: serviceAccount: new IrsaServiceAccount(chart, id, { role })`];
  }
  const { metadata, spec } = rendered(pod);
  const trusted = knownTrust(role)?.serviceAccounts;
  const { name } = serviceAccount;
  const { namespace } = metadata;
  // a chart without a namespace gets one from whoever applies it
  const isTrusted = (known: ServiceAccountSubject) => namespace === undefined
    ? known.isPattern || known.name === name
    : known.includes(ServiceAccountSubject.of(namespace, name));
  if (trusted && !trusted.some(isTrusted)) {
    return [`${pod.node.path} runs as ${namespace ?? '(no namespace)'}/${name}, which ${role.node.path} does not trust (it trusts ${trusted.join(', ')})`];
  }
  return mountsToken(spec) || isAnnotated(serviceAccount)
    ? []
    : [`${pod.node.path} runs as ${serviceAccount.node.path}, which has no annotation ${WEBHOOK_ANNOTATION.ROLE_ARN}, so that no token is mounted; make it an IrsaServiceAccount`];
}

interface Rendered {
  readonly metadata: { readonly namespace?: string; readonly annotations?: Record<string, string> };
  readonly spec: Record<string, unknown>;
}

function rendered(construct: AbstractPod | IServiceAccount): Rendered {
  const json = ApiObject.of(construct).toJson() as Record<string, unknown>;
  return { metadata: (json.metadata ?? {}), spec: podSpecOf(json) ?? {} };
}

/** Nobody knows what an imported one has. */
function isAnnotated(serviceAccount: IServiceAccount): boolean {
  const imported = !ApiObject.isApiObject(serviceAccount.node.defaultChild);
  return imported || WEBHOOK_ANNOTATION.ROLE_ARN in (rendered(serviceAccount).metadata.annotations ?? {});
}

function mountsToken({ volumes = [] }: { readonly volumes?: Array<{ readonly projected?: { readonly sources?: object[] } }> }): boolean {
  return volumes.some(({ projected }) => projected?.sources?.some(source => 'serviceAccountToken' in source));
}
