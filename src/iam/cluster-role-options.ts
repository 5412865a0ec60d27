import type { IClusterOidcProvider } from './cluster-oidc-provider';

/** Which clusters a role is for, and what it is called. */
export interface ClusterRoleOptions {
  /** The OIDC providers of the clusters, in the account of the role: one a cluster. None for a role that only EKS Pod Identity may assume. */
  readonly providers: IClusterOidcProvider[];

  /**
   * A physical name, 1 to 64 letters, digits and `_+=,.@-`.
   *
   * @default - generated from stack name, path, account and region where these are known at synth; else by CloudFormation
   */
  readonly roleName?: string;

  /**
   * Whether the role gets a generated physical name at synth, so that manifests have its ARN without a deployment.
   *
   * Turn it off to take over a role that CloudFormation has named: a name would replace it. Manifests then get
   * the ARN after deployment, by `cdk-irsa render`.
   *
   * @default true
   */
  readonly nameAtSynth?: boolean;
}
