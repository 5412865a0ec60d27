import { ApiObject, Lazy } from 'cdk8s';
import { type AbstractPod, type Container, EnvValue, type Volume } from 'cdk8s-plus-28';
import type { IConstruct } from 'constructs';

/** How containers use an AWS config file. */
export interface AwsConfigMountOptions {
  /**
   * The containers that get the file.
   *
   * @default - all containers of the pod, init containers too
   */
  readonly containers?: Container[];

  /**
   * The profile that programs use unless they ask for another: sets `AWS_PROFILE`.
   *
   * Sets `AWS_ROLE_ARN` as well, to the role with which the profile's chain begins. The pod identity webhook then keeps its own variables out of the container,
   * which is the point: some SDKs (Go, Java) prefer them to `AWS_PROFILE`, and silently stay with the first role.
   *
   * @default - none: programs have the role that the webhook gives them, until they ask for a profile
   */
  readonly profile?: string;

  /**
   * Whether to set `AWS_SDK_LOAD_CONFIG`, without which the old SDKs for Go (v1) and JavaScript (v2) don't read the file.
   *
   * @default false
   */
  readonly loadConfig?: boolean;
}

/** Where containers find the file. */
const DIRECTORY = '/etc/aws-config';

const TOKEN_FILE_VARIABLE = 'AWS_WEB_IDENTITY_TOKEN_FILE';

/** Name of the file, in the ConfigMap and in its directory. */
export const CONFIG_FILE_NAME = 'config';

/** Annotation of pods that changes with the file. */
const FINGERPRINT_ANNOTATION = 'cdk-irsa/aws-config';

/** Mounts the file and sets the variables that lead programs to it. */
export function mountConfig(pod: AbstractPod, containers: readonly Container[], volume: Volume, variables: Readonly<Record<string, string>>): void {
  for (const container of containers) {
    assertPartOf(pod, container);
    // with its path in the environment, SDKs would prefer the token to the profile
    assertUnset(pod, container, [...Object.keys(variables), ...'AWS_PROFILE' in variables ? [TOKEN_FILE_VARIABLE] : []]);
  }
  for (const container of containers) {
    container.mount(DIRECTORY, volume, { readOnly: true });
    Object.entries(variables).forEach(([name, value]) => container.env.addVariable(name, EnvValue.fromValue(value)));
  }
}

/** What a later change of the variables would undo. */
export function changedVariables(pod: AbstractPod, containers: readonly Container[], variables: Readonly<Record<string, string>>): string[] {
  return containers.flatMap(({ name, env }) => {
    const changed = Object.keys(variables).filter(key => env.variables[key]?.value !== variables[key]);
    const added = 'AWS_PROFILE' in variables && TOKEN_FILE_VARIABLE in env.variables ? [TOKEN_FILE_VARIABLE] : [];
    return [...changed, ...added].map(key => `container '${name}' of ${pod.node.path} has ${key} of its own after mountInto; leave it out, or leave the container out of containers`);
  });
}

/** The variables that lead programs to the file and a profile. */
export function configVariables(options: AwsConfigMountOptions, firstRoleArn: string | undefined): Record<string, string> {
  return {
    AWS_CONFIG_FILE: `${DIRECTORY}/${CONFIG_FILE_NAME}`,
    ...options.profile === undefined ? {} : { AWS_PROFILE: options.profile },
    ...firstRoleArn === undefined ? {} : { AWS_ROLE_ARN: firstRoleArn },
    ...options.loadConfig ? { AWS_SDK_LOAD_CONFIG: '1' } : {},
  };
}

/** All containers of a pod, as far as it has them now. */
export function containersOf(pod: AbstractPod): Container[] {
  return [...pod.initContainers, ...pod.containers];
}

/** Gives the pods of a workload an annotation that changes with the file: of several files in a pod, with any of them. */
export function rollWith(pod: AbstractPod, fingerprint: () => string): void {
  const fingerprints = FINGERPRINTS.get(pod) ?? [];
  fingerprints.push(fingerprint);
  FINGERPRINTS.set(pod, fingerprints);
  pod.podMetadata.addAnnotation(FINGERPRINT_ANNOTATION, lazyText(() => [...new Set(fingerprints.map(produce => produce()))].join(' ')));
}

/** A text that is known when cdk8s renders it. */
export function lazyText(produce: () => string): string {
  return Lazy.any({ produce }) as string;
}

const FINGERPRINTS = new WeakMap<AbstractPod, Array<() => string>>();

/** A pod finds ConfigMaps of its own namespace only. */
export function assertSameNamespace(configMap: IConstruct, pod: IConstruct): void {
  const [own, other] = [configMap, pod].map(construct => ApiObject.of(construct).metadata.namespace);
  if (own !== other) {
    throw new Error(`${pod.node.path} is in ${namespace(other)} and ${configMap.node.path} in ${namespace(own)}, where its pods do not look; `
      + 'put both into charts of one namespace');
  }
}

function assertPartOf(pod: AbstractPod, container: Container): void {
  if (!containersOf(pod).includes(container)) {
    throw new Error(`container '${container.name}' is not one of ${pod.node.path} (${containersOf(pod).map(({ name }) => name).join(', ')}); `
      + 'pass what addContainer returned, or leave containers out for all');
  }
}

function assertUnset(pod: AbstractPod, container: Container, names: readonly string[]): void {
  const taken = names.filter(name => name in container.env.variables);
  if (taken.length > 0) {
    throw new Error(`container '${container.name}' of ${pod.node.path} has ${taken.join(' and ')} already; leave it out, or leave the container out of containers`);
  }
}

function namespace(name: string | undefined): string {
  return name === undefined ? 'no namespace' : `the namespace '${name}'`;
}
