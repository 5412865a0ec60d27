import { Resource, Stack } from 'aws-cdk-lib';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { IrsaRole } from './irsa-role';
import type { PodIdentityAssociationProps } from './pod-identity-association-props';
import { assertClusterReachable, clusterNameProblems, podIdentityClusterArn } from './pod-identity-cluster';
import { assertAssociable, associatedSubject, podIdentityFaults } from './pod-identity-role';
import { validateSessionPolicy } from './pod-identity-session-policy';
import { connectTarget } from './pod-identity-target';
import { associationTwins } from './pod-identity-twins';
import { oneRoleProblems } from './role-arn-check';
import { roleArnIn } from './role-arn-elsewhere';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/**
 * A role for a service account by EKS Pod Identity: no OIDC provider, no annotation, and the agent on the nodes.
 *
 * One `AWS::EKS::PodIdentityAssociation`. Namespace and name come from the role's own service accounts, and a role of ours gets the cluster
 * into its trust policy, so that no other cluster of the account can give it away.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export class PodIdentityAssociation extends Resource {
  /** The role that EKS assumes for the pods. */
  public readonly role: IRole;

  /** The service account whose pods get the role. */
  public readonly subject: ServiceAccountSubject;

  /** The ARN of the association. */
  public readonly associationArn: string;

  /** The id of the association in its cluster: `a-…`. */
  public readonly associationId: string;

  constructor(scope: Construct, id: string, props: PodIdentityAssociationProps) {
    super(scope, id);
    const { clusterName, role, targetRole, sessionTags = true } = props;
    const user = this.node.path;
    this.role = role;
    this.subject = associatedSubject(user, role, props.subject);
    assertAssociable(user, this.stack, role, sessionTags);
    assertClusterReachable(user, this.stack, clusterName, [role, ...targetRole ? [targetRole] : []]);
    const policy = validateSessionPolicy(user, this.stack, props);

    const resource = new CfnPodIdentityAssociation(this, 'Resource', {
      clusterName,
      namespace: this.subject.namespace,
      serviceAccount: this.subject.name,
      roleArn: role.roleArn,
      targetRoleArn: targetRole && roleArnIn(this.stack, targetRole),
      disableSessionTags: sessionTags ? undefined : true,
    });
    // CDK's own construct has it from 2.252 on
    resource.addPropertyOverride('Policy', policy);
    this.trust(resource, props);
    this.associationArn = resource.attrAssociationArn;
    this.associationId = resource.attrAssociationId;
    this.node.addValidation({
      validate: () => [
        ...clusterNameProblems(this.stack, clusterName),
        ...[role, ...targetRole ? [targetRole] : []].flatMap(oneRoleProblems),
        ...podIdentityFaults(role, sessionTags),
        ...associationTwins(resource),
      ],
    });
  }

  /** Writes both sides of the trust: of the role in the cluster, and of the target role in the role. */
  private trust(resource: CfnPodIdentityAssociation, { clusterName, role, targetRole, sessionTags = true }: PodIdentityAssociationProps): void {
    const clusterArn = podIdentityClusterArn(this.stack, clusterName);
    if (IrsaRole.isIrsaRole(role)) {
      role._podIdentity!.addCluster(clusterArn);
    }
    if (targetRole) {
      const { region, account } = Stack.of(this);
      connectTarget(resource, role, targetRole, {
        clusterArn, subject: this.subject, sessionTags, externalId: [region, account, clusterName, this.subject.namespace, this.subject.name].join('/'),
      });
    }
  }
}
