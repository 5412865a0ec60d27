/** A pod, or the template of pods, as plain JSON. What is not looked at passes as it is. */
export interface PodTemplate {
  readonly metadata?: PodMetadata;
  readonly spec: PodSpec;
  readonly [key: string]: unknown;
}

export interface PodMetadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  /** The name that the field had before; the API server still takes it. */
  readonly serviceAccount?: string;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly os?: { readonly name?: string };
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

export interface Container {
  readonly name: string;
  readonly env?: readonly EnvVar[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly [key: string]: unknown;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly [key: string]: unknown;
}

export interface Volume {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** The lists of containers that get credentials: native sidecars are init containers; ephemeral ones come when the pod runs already. */
export const CONTAINER_LISTS = ['initContainers', 'containers'] as const;

/** All containers that get credentials. */
export function containersIn({ spec }: PodTemplate): Container[] {
  return CONTAINER_LISTS.flatMap(list => listOf<Container>(spec[list])).filter(isMap);
}

/** The service account that a pod names, by either field; `undefined` where it names none. */
export function serviceAccountIn(spec: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return [spec?.serviceAccountName, spec?.serviceAccount].find((name): name is string => typeof name === 'string' && name !== '');
}

/** What YAML leaves empty is null. */
export function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? value as T[] : [];
}

/** Whether a list has something of one of these names. Items that are no objects are for the API server to refuse. */
export function hasNamed(list: readonly unknown[], ...names: readonly string[]): boolean {
  return list.some(item => isMap(item) && names.includes(item.name as string));
}

/** Whether something is an object with keys. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
