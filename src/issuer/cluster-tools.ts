import { posix } from 'node:path';
import { stringify } from 'yaml';
import { ClusterConfig } from './cluster-config';

/** What the flags say, before a tool's own form. */
export interface FlagValues {
  /** The first signs. */
  readonly issuers: readonly string[];
  readonly jwksUri?: string;
  readonly signingKeyFile?: string;
  readonly keyFiles?: readonly string[];
  readonly audiences: readonly string[];
  /** Whether nobody asked for other audiences. */
  readonly defaultAudiences: boolean;
}

/** Versions of kubeadm's configuration. */
export enum KubeadmVersion {
  /** Before Kubernetes 1.31: arguments are a map. */
  V1BETA3 = 'kubeadm.k8s.io/v1beta3',
  /** From Kubernetes 1.31: arguments are a list. */
  V1BETA4 = 'kubeadm.k8s.io/v1beta4',
}

/** Versions of Cluster API's control planes. */
export enum ClusterApiVersion {
  /** Arguments are a map. */
  V1BETA1 = 'controlplane.cluster.x-k8s.io/v1beta1',
  /** From Cluster API 1.11: arguments are a list. */
  V1BETA2 = 'controlplane.cluster.x-k8s.io/v1beta2',
}

/** Where kubeadm looks for patches, once it is told to. */
const PATCHES = '/etc/kubernetes/patches';
const PATCH_FILE = `${PATCHES}/kube-apiserver+json.yaml`;

/** What pods of kubeadm's control plane see of their node. */
const PKI = '/etc/kubernetes/pki/';

interface Argument {
  readonly name: string;
  readonly value: string;
}

/** @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/ */
export function kubeadmConfig(values: FlagValues, apiVersion: string): ClusterConfig {
  const { first, more } = argumentsOf(values);
  const cluster = { apiVersion, kind: 'ClusterConfiguration', ...controlPlane(values, first, apiVersion === KubeadmVersion.V1BETA3) };
  return more.length === 0
    ? ClusterConfig._of([cluster])
    : ClusterConfig._of([cluster, { apiVersion, kind: 'InitConfiguration', patches: { directory: PATCHES } }], { [PATCH_FILE]: appending(more) });
}

/** @see https://cluster-api.sigs.k8s.io/tasks/bootstrap/kubeadm-bootstrap/ */
export function clusterApiConfig(values: FlagValues, apiVersion: string): ClusterConfig {
  const { first, more } = argumentsOf(values);
  const patches = { patches: { directory: PATCHES } };
  return ClusterConfig._of([{
    apiVersion,
    kind: 'KubeadmControlPlane',
    spec: {
      kubeadmConfigSpec: {
        clusterConfiguration: controlPlane(values, first, apiVersion === ClusterApiVersion.V1BETA1),
        ...more.length === 0 ? {} : {
          initConfiguration: patches,
          joinConfiguration: patches,
          files: [{ path: PATCH_FILE, owner: 'root:root', permissions: '0644', content: appending(more) }],
        },
      },
    },
  }]);
}

/** What kops sets where a cluster says no audiences. @see https://github.com/kubernetes/kops/blob/master/pkg/model/components/apiserver.go */
const KOPS_AUDIENCE = 'kubernetes.svc.default';

/**
 * kops verifies by its own key beside others, mounts no other file, and its controller manager signs by its own: other files would be a cluster that does not start, or refuses its tokens.
 *
 * @see https://kops.sigs.k8s.io/cluster_spec/#kubeapiserver
 * @see https://github.com/kubernetes/kops/blob/master/nodeup/pkg/model/kube_apiserver.go
 */
export function kopsConfig(values: FlagValues): ClusterConfig {
  const { issuers: [issuer, ...previous], jwksUri, audiences, defaultAudiences, signingKeyFile, keyFiles } = values;
  if (signingKeyFile !== undefined || keyFiles !== undefined) {
    const option = signingKeyFile === undefined ? 'keyFiles' : 'signingKeyFile';
    throw new Error(`${option} is not for kops, which makes, mounts and rotates the key itself; leave signingKeyFile and keyFiles out for kops(), and rotate by 'kops create keypair service-account', `
      + "'kops promote keypair service-account' and 'kops distrust keypair service-account'");
  }
  return ClusterConfig._of([{
    spec: {
      kubeAPIServer: {
        serviceAccountIssuer: issuer,
        ...previous.length === 0 ? {} : { additionalServiceAccountIssuers: previous },
        ...jwksUri === undefined ? {} : { serviceAccountJWKSURI: jwksUri },
        // tokens in running pods have that of kops, and nothing else
        apiAudiences: defaultAudiences ? [...new Set([...audiences, KOPS_AUDIENCE])] : audiences,
      },
    },
  }]);
}

/** k3s keeps the order of a flag that is there several times. @see https://docs.k3s.io/cli/server#customized-flags-for-kubernetes-processes */
export function k3sConfig(values: FlagValues): ClusterConfig {
  const printed = (list: readonly Argument[]): string[] => list.map(({ name, value }) => `${name}=${value}`);
  const controllers = controllerArguments(values);
  return ClusterConfig._of([{
    'kube-apiserver-arg': printed(allArguments(values)),
    ...controllers.length === 0 ? {} : { 'kube-controller-manager-arg': printed(controllers) },
  }]);
}

/** Both who sign: the API server, and the controller manager with tokens in Secrets. */
function controlPlane(values: FlagValues, apiServer: readonly Argument[], maps: boolean): Record<string, unknown> {
  const { signingKeyFile, keyFiles = [] } = values;
  const controllers = controllerArguments(values);
  const signing = signingKeyFile === undefined ? [] : [signingKeyFile];
  const extraArgs = (list: readonly Argument[]): object => ({ extraArgs: maps ? asMap(list) : list });
  return {
    apiServer: { ...extraArgs(apiServer), ...mounted([...signing, ...keyFiles]) },
    ...controllers.length === 0 ? {} : { controllerManager: { ...extraArgs(controllers), ...mounted(signing) } },
  };
}

/** Files that are not in the folder which kubeadm mounts into pods of the control plane anyway. */
function mounted(files: readonly string[]): { extraVolumes?: object[] } {
  const others = [...new Set(files)].filter(file => !posix.normalize(file).startsWith(PKI));
  const volume = (path: string, index: number): object => ({ name: `service-account-key-${index}`, hostPath: path, mountPath: path, readOnly: true, pathType: 'File' });
  return others.length === 0 ? {} : { extraVolumes: others.map(volume) };
}

function controllerArguments({ signingKeyFile }: FlagValues): Argument[] {
  return signingKeyFile === undefined ? [] : [{ name: 'service-account-private-key-file', value: signingKeyFile }];
}

function allArguments({ issuers, jwksUri, signingKeyFile, keyFiles = [], audiences }: FlagValues): Argument[] {
  return [
    ...issuers.map(value => ({ name: 'service-account-issuer', value })),
    ...jwksUri === undefined ? [] : [{ name: 'service-account-jwks-uri', value: jwksUri }],
    ...signingKeyFile === undefined ? [] : [{ name: 'service-account-signing-key-file', value: signingKeyFile }],
    ...keyFiles.map(value => ({ name: 'service-account-key-file', value })),
    { name: 'api-audiences', value: audiences.join(',') },
  ];
}

/** The first of each flag, and those that come again. */
function argumentsOf(values: FlagValues): { first: Argument[]; more: Argument[] } {
  const all = allArguments(values);
  const isFirst = (argument: Argument): boolean => all.find(({ name }) => name === argument.name) === argument;
  return { first: all.filter(isFirst), more: all.filter(argument => !isFirst(argument)) };
}

function asMap(list: readonly Argument[]): Record<string, string> {
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

/**
 * A patch of the API server's pod that puts flags behind those that kubeadm makes: kubeadm sorts what it is given itself by name and value, so that another issuer could be the
 * first and sign; and a map has each flag only once.
 */
function appending(list: readonly Argument[]): string {
  return stringify(list.map(({ name, value }) => ({ op: 'add', path: '/spec/containers/0/command/-', value: `--${name}=${value}` })), { lineWidth: 0 });
}
