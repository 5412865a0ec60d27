import type { IRole } from 'aws-cdk-lib/aws-iam';
import { ApiObject } from 'cdk8s';
import type { AbstractPod, IServiceAccount } from 'cdk8s-plus-28';
import { podSpecOf } from './pod-spec';
import { serviceAccountIn } from './webhook/pod-template';
import { knownTrust, trustsNoToken } from '../iam/known-trust';
import { DEFAULT_AUDIENCE } from '../identity/audience';
import { ServiceAccountSubject } from '../identity/service-account-subject';
import { TOKEN_FILE, TOKEN_FOLDER, WEBHOOK_ANNOTATION } from '../identity/webhook-contract';

/** Why a pod could not begin a chain of roles: it gets no token, or one that the first role does not trust. */
export function configUserProblems(pod: AbstractPod, role: IRole): string[] {
  const { metadata: { namespace }, spec } = rendered(pod);
  const name = serviceAccountIn(spec);
  if (name === undefined) {
    return [`${pod.node.path} has no service account that ${role.node.path} trusts; give it one: serviceAccount: new IrsaServiceAccount(chart, id, { role })`];
  }
  if (trustsNoToken(role)) {
    return [`${pod.node.path} would begin with the role ${role.node.path}, which trusts no token of any service account: STS would refuse it; `
      + 'make it an IrsaRole, or its assumedBy a ServiceAccountPrincipal'];
  }
  const { serviceAccounts, audience = DEFAULT_AUDIENCE } = knownTrust(role) ?? {};
  // a chart without a namespace gets one from whoever applies it
  const isTrusted = (known: ServiceAccountSubject) => namespace === undefined
    ? known.isPattern || known.name === name
    : known.includes(ServiceAccountSubject.of(namespace, name));
  if (serviceAccounts && !serviceAccounts.some(isTrusted)) {
    return [`${pod.node.path} runs as ${namespace ?? '(no namespace)'}/${name}, which ${role.node.path} does not trust (it trusts ${serviceAccounts.join(', ')})`];
  }
  return mountsToken(spec, audience) ? [] : tokenProblems(pod, role, audience);
}

/** Why the webhook would not mount the token that the role wants. Nobody knows what an imported service account has. */
function tokenProblems({ node: { path: user }, serviceAccount }: AbstractPod, role: IRole, audience: string): string[] {
  if (!serviceAccount || !ApiObject.isApiObject(serviceAccount.node.defaultChild)) {
    return [];
  }
  const { annotations = {} } = rendered(serviceAccount).metadata;
  const asked = annotations[WEBHOOK_ANNOTATION.AUDIENCE] ?? DEFAULT_AUDIENCE;
  if (!annotations[WEBHOOK_ANNOTATION.ROLE_ARN]) {
    return [`${user} runs as ${serviceAccount.node.path}, which has no annotation ${WEBHOOK_ANNOTATION.ROLE_ARN}, so that no token is mounted; make it an IrsaServiceAccount`];
  }
  return asked === audience
    ? []
    : [`${user} gets tokens for the audience '${asked}' by ${serviceAccount.node.path}, and ${role.node.path} trusts '${audience}'; give both one audience`];
}

interface Rendered {
  readonly metadata: { readonly namespace?: string; readonly annotations?: Record<string, string | undefined> };
  readonly spec: PodSpec;
}

interface PodSpec {
  readonly [field: string]: unknown;
  readonly volumes?: Array<{ readonly name: string; readonly projected?: { readonly sources?: ProjectedSource[] } }>;
  readonly containers?: Array<{ readonly volumeMounts?: Array<{ readonly name: string; readonly mountPath: string }> }>;
}

interface ProjectedSource {
  readonly serviceAccountToken?: { readonly audience?: string; readonly path?: string };
}

function rendered(construct: AbstractPod | IServiceAccount): Rendered {
  const json = ApiObject.of(construct).toJson() as Record<string, unknown>;
  return { metadata: (json.metadata ?? {}), spec: podSpecOf(json) ?? {} };
}

/** Whether the manifest itself mounts the token where the file says that it is. */
function mountsToken({ volumes = [], containers = [] }: PodSpec, audience: string): boolean {
  const mounted = containers.flatMap(({ volumeMounts = [] }) => volumeMounts)
    .filter(({ mountPath }) => mountPath === TOKEN_FOLDER).map(({ name }) => name);
  return volumes.some(({ name, projected }) => mounted.includes(name) && projected?.sources?.some(({ serviceAccountToken: token }) =>
    token?.audience === audience && token.path === TOKEN_FILE));
}
