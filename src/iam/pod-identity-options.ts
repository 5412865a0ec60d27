/** How a role is trusted to EKS Pod Identity, beside or instead of the tokens of OIDC providers. */
export interface PodIdentityOptions {
  /**
   * Whether EKS Pod Identity may assume the role as well, for the same service accounts: for a migration, in which pods have it the one way or the
   * other. With `providers: []` it is the only way.
   *
   * The trust policy names the clusters: those of each `PodIdentityAssociation` that has the role, and `podIdentityClusterArns`. Clusters and service accounts
   * multiply: each of these service accounts gets the role in each of these clusters, as far as associations are made there. Where that is too much, make
   * a role for each cluster.
   *
   * @default false
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
   */
  readonly podIdentity?: boolean;

  /**
   * ARNs of clusters whose associations are made elsewhere: by hand, by eksctl, by another app. In the account of the role.
   *
   * What is known at deployment only is not checked: whoever sets a `CfnParameter` decides which clusters get the role, and `*` in it would be a wildcard where
   * `podIdentitySessionTags` is off.
   *
   * @default - only the clusters of associations in this app
   */
  readonly podIdentityClusterArns?: string[];

  /**
   * Whether the trust policy compares the session tags that say whose pod it is: namespace, service account and cluster.
   *
   * Turn it off for associations without session tags, which those with a session policy are. Then only the associations of the clusters decide which
   * pods get the role: whoever may make one, and pass the role, gives it away.
   *
   * @default true
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
   */
  readonly podIdentitySessionTags?: boolean;
}
