import type { Explanation, Step } from './explanation';
import { ROLE_ARN } from '../../identity/role-arn-pattern';
import { SKIP_CONTAINERS, SKIP_LABEL, TOKEN_FOLDER } from '../../identity/webhook-contract';
import { at, listOf, objectOf, stringOf } from '../json';
import { type Container, objectsOf, type Workload, workloadsOf } from '../kubernetes/objects';
import { isUnresolved } from '../unresolved';

/** What one container gets. */
interface Outcome {
  /** `yes` where it gets the role that is asked for in it, and `unknown` where the pod does not say. */
  readonly step: Step;
  readonly fix?: string;
}

/**
 * What the containers of a pod get, from the pod as `kubectl get pod -o yaml` prints it, or of several from a list. Whether the role's trust policy lets
 * the token in is another question.
 */
export function explainPod(value: unknown): Explanation {
  const pods = workloadsOf(objectsOf([{ source: { file: 'pod', document: 0 }, value }], new Map()));
  if (pods.length === 0) {
    throw new Error(`what was given is ${stringOf(at(value, 'kind')) ?? 'no object of Kubernetes'}, and a pod is expected: kubectl get pod NAME -o yaml`);
  }
  const answers = pods.map(pod => ({ pod, outcomes: pod.containers.map(container => outcomeOf(pod, container)) }));
  const all = answers.flatMap(({ outcomes }) => outcomes);
  const first = answers.find(({ outcomes }) => outcomes.some(({ step }) => step.holds === 'no'));
  const fix = first?.outcomes.find(({ step }) => step.holds === 'no')?.fix;
  return {
    steps: answers.flatMap(({ pod, outcomes }) => [{ holds: 'yes', text: `the pod is ${nameOf(pod)} and runs as the service account ${pod.serviceAccountName}` } as const, ...outcomes.map(({ step }) => step)]),
    ...verdictOf(all),
    ...first === undefined || fix === undefined ? {} : { fix: pods.length === 1 ? fix : `of the pod ${nameOf(first.pod)}: ${fix}` },
  };
}

function nameOf({ namespace, name }: Workload): string {
  return isUnresolved(namespace) ? name : `${namespace}/${name}`;
}

function verdictOf(outcomes: readonly Outcome[]): Pick<Explanation, 'verdict' | 'summary'> {
  const of = (holds: Step['holds']): number => outcomes.filter(({ step }) => step.holds === holds).length;
  const containers = `${outcomes.length} container${outcomes.length === 1 ? '' : 's'}`;
  return of('no') > 0 ? { verdict: 'denied', summary: `${of('no')} of ${containers} will not use the role of the service account` }
    : of('unknown') > 0 ? { verdict: 'unknown', summary: `what ${of('unknown')} of ${containers} will use is not in the pod` }
      : { verdict: 'allowed', summary: 'every container has a token and asks for a role; ask npx cdk-irsa explain --token whether the role trusts it' };
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
  const elsewhere = elsewhereOf(container);
  if (elsewhere !== undefined) {
    return { step: { holds: 'unknown', text: `container '${container.name}' takes ${elsewhere}, which is not in the pod` } };
  }
  if (role ?? file) {
    const [set, missing] = role ? ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'] : ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'];
    return fails(container, `overrides ${set} and has no ${missing}: the webhook adds neither then, and the container falls back to the node's role`, [], `set ${missing} too, or remove ${set}`);
  }
  if (env.has('AWS_CONTAINER_CREDENTIALS_FULL_URI')) {
    return { step: { holds: 'yes', text: `container '${container.name}' gets its credentials of EKS Pod Identity, and not of a web identity` } };
  }
  return withoutAnything(pod, container);
}

function withBoth(pod: Workload, container: Container, role: string | undefined, file: string | undefined): Outcome {
  if (role === undefined || file === undefined) {
    return { step: { holds: 'unknown', text: `container '${container.name}' takes its role or token file from a ConfigMap, a Secret or a field, which is not in the pod` } };
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
    step: {
      holds: 'yes',
      text: `container '${container.name}' asks for ${role}`,
      details: [
        { holds: 'yes', text: `with the token at ${file}, for ${stringOf(token.audience) ?? 'the API server'}, of ${String(token.expirationSeconds ?? 3600)} seconds` },
        ...hasEnvFrom(container) ? [{ holds: 'unknown', text: 'access keys would win over the role; whether the ConfigMaps and Secrets of its envFrom have any is not in the pod' } as const] : [],
      ],
    },
  };
}

/** Where a container may have its credentials from, of which the pod only says that it has them. */
function elsewhereOf(container: Container): string | undefined {
  const { env } = container;
  const config = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_PROFILE'].find(name => env.has(name));
  return hasEnvFrom(container) ? 'variables from the ConfigMaps and Secrets of its envFrom' : config && `its credentials as an AWS config file says (${config})`;
}

function hasEnvFrom({ value }: Container): boolean {
  return listOf(value.envFrom).length > 0;
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
  return { fix, step: { holds: 'no', text: `container '${name}' ${text}`, details: reasons.map(reason => ({ holds: 'unknown', text: reason })) } };
}
