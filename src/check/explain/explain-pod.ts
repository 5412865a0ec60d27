import type { Explanation, Step } from './explanation';
import { ROLE_ARN } from '../../identity/role-arn-pattern';
import { SKIP_CONTAINERS, SKIP_LABEL, TOKEN_FOLDER } from '../../identity/webhook-contract';
import { at, listOf, objectOf, stringOf } from '../json';
import { type Container, objectsOf, type Workload, workloadsOf } from '../kubernetes/objects';

/** What one container gets. */
interface Outcome {
  readonly step: Step;
  /** Whether the container gets the role that is asked for in it. */
  readonly works: boolean;
  readonly fix?: string;
}

/**
 * What the containers of a pod get, from the pod as `kubectl get pod -o yaml` prints it. Whether the role's trust policy lets the token in is
 * another question.
 */
export function explainPod(value: unknown): Explanation {
  const [pod] = workloadsOf(objectsOf([{ source: { file: 'pod', document: 0 }, value }], new Map()));
  if (!pod) {
    throw new Error(`what was given is ${stringOf(at(value, 'kind')) ?? 'no object of Kubernetes'}, and a pod is expected: kubectl get pod NAME -o yaml`);
  }
  const outcomes = pod.containers.map(container => outcomeOf(pod, container));
  const failed = outcomes.filter(({ works }) => !works);
  return {
    steps: [{ holds: 'yes', text: `the pod is ${pod.namespace.includes('\uE000') ? '' : `${pod.namespace}/`}${pod.name} and runs as the service account ${pod.serviceAccountName}` }, ...outcomes.map(({ step }) => step)],
    verdict: failed.length === 0 ? 'allowed' : 'denied',
    summary: failed.length === 0 ? 'every container has a token and asks for a role; ask npx cdk-irsa explain --token whether the role trusts it'
      : `${failed.length} of ${outcomes.length} container${outcomes.length === 1 ? '' : 's'} will not use the role of the service account`,
    ...failed[0]?.fix === undefined ? {} : { fix: failed[0].fix },
  };
}

function outcomeOf(pod: Workload, container: Container): Outcome {
  const { env } = container;
  const [role, file] = [env.get('AWS_ROLE_ARN'), env.get('AWS_WEB_IDENTITY_TOKEN_FILE')];
  const key = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].find(name => env.has(name));
  if (key) {
    return fails(container, `sets ${key}, which SDKs take before any role`, [], 'remove the access keys');
  }
  if (role && file) {
    return withBoth(pod, container, role.value, file.value);
  }
  if (role ?? file) {
    const [set, missing] = role ? ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'] : ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'];
    return fails(container, `overrides ${set} and has no ${missing}: the webhook adds neither then, and the container falls back to the node's role`, [], `set ${missing} too, or remove ${set}`);
  }
  if (env.has('AWS_CONTAINER_CREDENTIALS_FULL_URI')) {
    return { works: true, step: { holds: 'yes', text: `container '${container.name}' gets its credentials of EKS Pod Identity, and not of a web identity` } };
  }
  return withoutAnything(pod, container);
}

function withBoth(pod: Workload, container: Container, role: string | undefined, file: string | undefined): Outcome {
  if (role === undefined || file === undefined) {
    return { works: true, step: { holds: 'unknown', text: `container '${container.name}' takes its role or token file from a ConfigMap, a Secret or a field, which is not in the pod` } };
  }
  if (!ROLE_ARN.test(role)) {
    return fails(container, `asks for the role '${role}', which is not the ARN of a role`, [], 'correct the role-arn annotation of the service account, and make the pod again');
  }
  const mount = listOf(container.value.volumeMounts)
    .filter(each => file.startsWith(`${String(at(each, 'mountPath')).replace(/\/+$/, '')}/`))
    .sort((a, b) => String(at(b, 'mountPath')).length - String(at(a, 'mountPath')).length)[0];
  const volume = listOf(pod.podSpec.volumes).find(each => mount !== undefined && at(each, 'name') === at(mount, 'name'));
  const token = objectOf(listOf(at(volume, 'projected', 'sources')).map(source => at(source, 'serviceAccountToken')).find(each => each !== undefined));
  if (!token) {
    return fails(container, `asks for ${role}, and no projected token is mounted at ${file}`, [], `mount a projected serviceAccountToken at ${TOKEN_FOLDER}, or leave it to the webhook`);
  }
  return {
    works: true,
    step: {
      holds: 'yes',
      text: `container '${container.name}' asks for ${role}`,
      details: [{ holds: 'yes', text: `with the token at ${file}, for ${stringOf(token.audience) ?? 'the API server'}, of ${String(token.expirationSeconds ?? 3600)} seconds` }],
    },
  };
}

function withoutAnything(pod: Workload, container: Container): Outcome {
  const fallsBack = 'falls back to the node\'s role';
  const skipped = stringOf(at(pod.podMetadata, 'annotations', SKIP_CONTAINERS))?.split(',').includes(container.name);
  if (at(pod.podMetadata, 'labels', SKIP_LABEL) !== undefined) {
    return fails(container, `${fallsBack}: the label ${SKIP_LABEL} has the webhook leave the pod alone`, [], 'remove the label');
  }
  if (skipped) {
    return fails(container, `${fallsBack}: the annotation ${SKIP_CONTAINERS} names it`, [], 'take the container out of the annotation');
  }
  const mounted = listOf(container.value.volumeMounts).some(mount => String(at(mount, 'mountPath')).replace(/\/+$/, '') === TOKEN_FOLDER);
  if (mounted) {
    return fails(container, `has the token mounted and neither AWS_ROLE_ARN nor AWS_WEB_IDENTITY_TOKEN_FILE, and ${fallsBack}`, [], 'set both variables, or remove the mount and leave it to the webhook');
  }
  return fails(container, `${fallsBack}: the webhook did not run`, [
    `the service account ${pod.serviceAccountName} has no annotation eks.amazonaws.com/role-arn, or a misspelt one`,
    'the pod was made before the annotation, and has to be made again',
    'the cluster has no pod identity webhook, or the webhook failed',
  ], `annotate the service account ${pod.serviceAccountName} with eks.amazonaws.com/role-arn, and make the pod again`);
}

function fails({ name }: Container, text: string, reasons: readonly string[], fix: string): Outcome {
  return { works: false, fix, step: { holds: 'no', text: `container '${name}' ${text}`, details: reasons.map(reason => ({ holds: 'unknown', text: reason })) } };
}
