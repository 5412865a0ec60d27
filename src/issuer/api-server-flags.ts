import { posix } from 'node:path';
import { Token } from 'aws-cdk-lib';
import { ClusterConfig } from './cluster-config';
import { clusterApiConfig, ClusterApiVersion, type FlagValues, k3sConfig, kopsConfig, kubeadmConfig, KubeadmVersion } from './cluster-tools';
import { JWKS_PATH, jwksUriOf } from './discovery-documents';
import { DEFAULT_AUDIENCE } from '../identity/audience';
import { isKeyLike, shownPath, shownValue } from '../identity/key-like';
import type { OidcIssuer } from '../identity/oidc-issuer';

/** What the flags of an API server say beside the issuer. */
export interface ApiServerFlagsOptions {
  /**
   * Issuers that the cluster had before, the latest first. Their tokens are still accepted, and none are made: running pods keep theirs for up to a day, and on kubelets that do
   * not renew them for a year.
   *
   * kubeadm and k3s begin with `https://kubernetes.default.svc.cluster.local`. URLs, or plain strings as old clusters have them.
   *
   * @default - none: a new cluster
   */
  readonly previousIssuers?: string[];

  /**
   * One of `previousIssuers` that signs still, while the issuer is accepted already: the first step of a migration with several API servers. If the issuer signed at once, tokens of API
   * servers that know it would be refused by those that don't yet.
   *
   * @default - none: the issuer signs
   */
  readonly signingIssuer?: string;

  /**
   * Where the key set is. kops makes `/openid/v1/jwks` below the issuer of it, whatever is said.
   *
   * @default - `/openid/v1/jwks` below the issuer; with `signingIssuer` not said, as in a cluster that has not been told: pass it if yours has been
   */
  readonly jwksUri?: string;

  /**
   * The private key that signs tokens, a file on control plane nodes. Needs `keyFiles` with its public key: the API server refuses tokens that it cannot verify.
   *
   * `kubeadm()`, `clusterApi()` and `k3s()` hand it to kube-controller-manager as well, which signs tokens in Secrets. Not for `kops()`: kops has its own.
   *
   * @default - `/etc/kubernetes/pki/sa.key` in `args`; tools are left with the key that they make
   */
  readonly signingKeyFile?: string;

  /**
   * The keys that verify tokens, files on control plane nodes: while keys are rotated, that of before too. Not for `kops()`: kops has its own.
   *
   * @default - `/etc/kubernetes/pki/sa.pub` in `args`; tools are left with the key that they make
   */
  readonly keyFiles?: string[];

  /**
   * The audiences of tokens for the API server itself. Not that of AWS: a token meant for AWS would open the cluster.
   *
   * If your API server has `--api-audiences` today, pass those too: tokens in running pods have them.
   *
   * @default - the issuer and the previous ones, as the API server does: tokens in running pods have those. In `kops()` also `kubernetes.svc.default`, which kops sets
   */
  readonly apiAudiences?: string[];
}

/**
 * What the API server of a cluster has to be told, so that its tokens come from an issuer.
 *
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
 */
export class ApiServerFlags {
  /** Flags for an issuer, wherever it is published. Its URL has to be known at synth. */
  public static forIssuer(issuer: OidcIssuer, options: ApiServerFlagsOptions = {}): ApiServerFlags {
    if (Token.isUnresolved(issuer.url)) {
      throw new Error('the URL of the issuer is known only at deployment, and the flags have it as text; give the issuer an own domain, or deploy it first and use '
        + "ApiServerFlags.forIssuer(OidcIssuer.fromUrl('https://…')) with the URL that it got");
    }
    return new ApiServerFlags(issuer.url, options);
  }

  /** The flags themselves: `--service-account-issuer=…` and so on, in an order that matters. */
  public readonly args: string[];

  private readonly values: FlagValues;

  private constructor(issuer: string, options: ApiServerFlagsOptions) {
    const { previousIssuers = [], signingIssuer, signingKeyFile, keyFiles, apiAudiences } = options;
    validateIssuers([issuer, ...previousIssuers]);
    validateSigningIssuer(signingIssuer, previousIssuers);
    const issuers = [...new Set([signingIssuer ?? issuer, issuer, ...previousIssuers])];
    const jwksUri = options.jwksUri ?? (signingIssuer === undefined ? jwksUriOf(issuer) : undefined);
    validateJwksUri(jwksUri);
    const audiences = apiAudiences ?? issuersAsAudiences(issuers);
    validateAudiences(audiences);
    validateFiles([...signingKeyFile === undefined ? [] : [signingKeyFile], ...keyFiles ?? []]);
    validateKeyFiles(signingKeyFile, keyFiles);
    this.values = { issuers, jwksUri, signingKeyFile, keyFiles, audiences, defaultAudiences: apiAudiences === undefined };
    this.args = [
      ...issuers.map(value => `--service-account-issuer=${value}`),
      ...jwksUri === undefined ? [] : [`--service-account-jwks-uri=${jwksUri}`],
      `--service-account-signing-key-file=${signingKeyFile ?? '/etc/kubernetes/pki/sa.key'}`,
      ...(keyFiles ?? ['/etc/kubernetes/pki/sa.pub']).map(value => `--service-account-key-file=${value}`),
      `--api-audiences=${audiences.join(',')}`,
    ];
  }

  /**
   * For kubeadm: `ClusterConfiguration`.
   *
   * kubeadm sorts flags by their value, and the API server signs with the first issuer: previous ones are therefore appended by a patch, in `files`.
   *
   * @param version of kubeadm's configuration
   */
  public kubeadm(version: KubeadmVersion = KubeadmVersion.V1BETA4): ClusterConfig {
    return kubeadmConfig(this.values, version);
  }

  /**
   * For kops: the `spec` of a cluster, `kops edit cluster`. Previous issuers need kops 1.28.5.
   *
   * Fails with `signingKeyFile` or `keyFiles`: kops makes, mounts and rotates the key itself.
   *
   * @see https://kops.sigs.k8s.io/operations/rotate-secrets/
   */
  public kops(): ClusterConfig {
    return kopsConfig(this.values);
  }

  /** For k3s: `/etc/rancher/k3s/config.yaml`. */
  public k3s(): ClusterConfig {
    return k3sConfig(this.values);
  }

  /**
   * For Cluster API: the `spec` of a `KubeadmControlPlane`.
   *
   * @param version of the API `controlplane.cluster.x-k8s.io`
   */
  public clusterApi(version: ClusterApiVersion = ClusterApiVersion.V1BETA2): ClusterConfig {
    return clusterApiConfig(this.values, version);
  }
}

function validateIssuers(issuers: readonly string[]): void {
  issuers.forEach((issuer, index) => {
    if (Token.isUnresolved(issuer) || issuer.length === 0 || /\s/.test(issuer)) {
      throw new Error(`${shownValue(issuer)} in previousIssuers is not an issuer: a URL, or any text without white space, is expected`);
    }
    if (issuers.indexOf(issuer) !== index) {
      throw new Error(`the issuer '${issuer}' is there twice, and the API server does not start with that; take it out of previousIssuers`);
    }
  });
}

function validateSigningIssuer(signingIssuer: string | undefined, previousIssuers: readonly string[]): void {
  if (signingIssuer !== undefined && !previousIssuers.includes(signingIssuer)) {
    throw new Error(`signingIssuer is ${shownValue(signingIssuer)}, and one of previousIssuers (${previousIssuers.join(', ') || 'none'}) is expected; leave it out once the issuer itself signs`);
  }
}

function validateJwksUri(jwksUri: string | undefined): void {
  if (jwksUri === undefined) {
    return;
  }
  if (Token.isUnresolved(jwksUri) || !/^https:\/\/[^\s/]+\/\S*$/.test(jwksUri)) {
    throw new Error(`${shownValue(jwksUri)} is not a jwksUri: the https:// URL of the key set is expected; leave it out for ${JWKS_PATH} below the issuer`);
  }
}

function validateAudiences(audiences: readonly string[]): void {
  if (audiences.length === 0) {
    throw new Error('apiAudiences is empty, and the API server would take no token; leave it out for the issuers');
  }
  for (const audience of audiences) {
    if (audience === DEFAULT_AUDIENCE) {
      throw new Error(`apiAudiences has '${DEFAULT_AUDIENCE}': whoever sees a token that is meant for AWS could use it for the cluster; take it out`);
    }
    if (!/^[\x21-\x7e]+$/.test(audience) || audience.includes(',')) {
      throw new Error(`${shownValue(audience)} in apiAudiences is not an audience: printable ASCII without blanks and commas is expected`);
    }
  }
}

/** As the API server has it by default. It takes its audiences apart at commas, and its issuers not. */
function issuersAsAudiences(issuers: readonly string[]): readonly string[] {
  const split = issuers.find(issuer => issuer.includes(','));
  if (split !== undefined) {
    throw new Error(`the issuer '${split}' has a comma, at which the API server would take it apart as an audience; pass apiAudiences, which are the issuers otherwise`);
  }
  return issuers;
}

/** The API server starts with all of these, and refuses every token that it signs, or does not start. */
function validateKeyFiles(signingKeyFile: string | undefined, keyFiles: readonly string[] | undefined): void {
  if (keyFiles?.length === 0) {
    throw new Error('keyFiles is empty, and the API server would verify no token; leave it out for the default');
  }
  if (signingKeyFile !== undefined && keyFiles === undefined) {
    throw new Error(`signingKeyFile is ${shownPath(signingKeyFile)}, without keyFiles: the API server would refuse the tokens that it signs; pass keyFiles with its public key `
      + '(and that of before while keys are rotated)');
  }
  const paths = (keyFiles ?? []).map(file => posix.normalize(file));
  if (signingKeyFile !== undefined && paths.includes(posix.normalize(signingKeyFile))) {
    throw new Error(`${shownPath(signingKeyFile)} is signingKeyFile and in keyFiles too: the first takes a private key, the second the public one that belongs to it`);
  }
  const twice = keyFiles?.find((_file, index) => paths.indexOf(paths[index]) !== index);
  if (twice !== undefined) {
    throw new Error(`keyFiles has ${shownPath(twice)} twice; the keys of before and after are in different files`);
  }
}

function validateFiles(files: readonly string[]): void {
  for (const file of files) {
    if (isKeyLike(file)) {
      throw new Error('signingKeyFile and keyFiles take paths on the control plane nodes, and got the key itself; no key belongs into an app');
    }
    if (!file.startsWith('/')) {
      throw new Error(`${shownPath(file)} is not an absolute path on the control plane nodes; pass one such as /etc/kubernetes/pki/sa.pub`);
    }
  }
}
