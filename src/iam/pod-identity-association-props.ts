import type { IRole, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** Properties of a `PodIdentityAssociation`. */
export interface PodIdentityAssociationProps {
  /** The name of an EKS cluster in the account and region of the stack: a literal, or `cluster.clusterName`. */
  readonly clusterName: string;

  /** The role that EKS assumes for the pods: an `IrsaRole` with `podIdentity: true`, or any role of the account that trusts `pods.eks.amazonaws.com`. */
  readonly role: IRole;

  /**
   * The service account whose pods get the role.
   *
   * Has to be among those that a role of ours names.
   *
   * @default - the only one that a role of ours names
   */
  readonly subject?: ServiceAccountSubject;

  /**
   * The role that pods end up with, in this account or another: EKS assumes it with the credentials of `role`, for an hour at most.
   *
   * A role of this app gets the trust; the owner of an imported one is told what to add.
   *
   * @default - pods have `role`
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
   */
  readonly targetRole?: IRole;

  /**
   * Whether sessions have tags that say which cluster, namespace, service account and pod they are for.
   *
   * @default true
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
   */
  readonly sessionTags?: boolean;

  /**
   * What the pods of this association may do at most, of what the role allows. Needs `sessionTags: false`, as EKS does; 2,048 characters at most.
   *
   * @default - all that the role allows
   * @see https://aws.amazon.com/blogs/containers/session-policies-for-amazon-eks-pod-identity/
   */
  readonly sessionPolicy?: PolicyDocument;
}
