/** The part of a Kubernetes object that is looked at here. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
}

export interface Container {
  readonly name: string;
  readonly env?: readonly EnvVar[];
  readonly volumeMounts?: readonly VolumeMount[];
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: boolean;
}

export interface ProjectedSource {
  readonly serviceAccountToken?: { readonly audience?: string; readonly expirationSeconds?: number; readonly path: string };
  readonly configMap?: { readonly name: string };
}

export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly projected?: { readonly defaultMode?: number; readonly sources: readonly ProjectedSource[] };
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

export interface Pod extends KubernetesObject {
  readonly spec: PodSpec;
}

const PREFIX = 'eks.amazonaws.com/';
const MOUNT_PATH = '/var/run/secrets/eks.amazonaws.com/serviceaccount';
const VOLUME = 'aws-iam-token';

/**
 * What EKS's webhook makes of a pod (amazon-eks-pod-identity-webhook, whose module the proxy doesn't have): written
 * from its contract (docs/testing.md), and on purpose without a line of the library, which knows the same contract.
 */
export function admit(pod: Pod, serviceAccount: KubernetesObject, region: string): Pod {
  const annotation = (name: string): string | undefined => serviceAccount.metadata.annotations?.[PREFIX + name];
  const roleArn = annotation('role-arn');
  if (!roleArn || pod.metadata.labels?.[`${PREFIX}skip-pod-identity-webhook`] !== undefined) {
    return pod;
  }
  const skipped = pod.metadata.annotations?.[`${PREFIX}skip-containers`]?.split(',') ?? [];
  const regional = ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(annotation('sts-regional-endpoints') ?? 'true');
  const mutate = (container: Container): Container => skipped.includes(container.name) ? container : injected(container, roleArn, region, regional);
  const volume: Volume = {
    name: VOLUME,
    projected: {
      defaultMode: 420,
      sources: [{
        serviceAccountToken: {
          audience: annotation('audience') ?? 'sts.amazonaws.com',
          expirationSeconds: expiration(pod.metadata.annotations?.[`${PREFIX}token-expiration`] ?? annotation('token-expiration')),
          path: 'token',
        },
      }],
    },
  };
  const volumes = pod.spec.volumes ?? [];
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: pod.spec.containers.map(mutate),
      ...(pod.spec.initContainers ? { initContainers: pod.spec.initContainers.map(mutate) } : {}),
      volumes: volumes.some(({ name }) => name === VOLUME) ? volumes : [volume, ...volumes],
    },
  };
}

function injected(container: Container, roleArn: string, region: string, regional: boolean): Container {
  const env = container.env ?? [];
  const has = (name: string): boolean => env.some((variable) => variable.name === name);
  const added: EnvVar[] = [];
  if (regional && !has('AWS_STS_REGIONAL_ENDPOINTS')) {
    added.push({ name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' });
  }
  if (!has('AWS_DEFAULT_REGION') && !has('AWS_REGION')) {
    added.push({ name: 'AWS_DEFAULT_REGION', value: region }, { name: 'AWS_REGION', value: region });
  }
  if (!has('AWS_ROLE_ARN') && !has('AWS_WEB_IDENTITY_TOKEN_FILE')) {
    added.push({ name: 'AWS_ROLE_ARN', value: roleArn }, { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: `${MOUNT_PATH}/token` });
  }
  const mounts = container.volumeMounts ?? [];
  return {
    ...container,
    env: [...env, ...added],
    volumeMounts: mounts.some(({ name }) => name === VOLUME) ? mounts : [...mounts, { name: VOLUME, mountPath: MOUNT_PATH, readOnly: true }],
  };
}

function expiration(text: string | undefined): number {
  return text !== undefined && /^\d+$/.test(text) ? Math.max(600, Number(text)) : 86_400;
}
