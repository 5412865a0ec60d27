import { Annotations, type CfnResource } from 'aws-cdk-lib';
import { ArnPrincipal, type IRole, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { assertNoCircle, assertPossible } from './chain-checks';
import { type ChainHop, order, permit, trustPolicy } from './chain-hop';
import { permissionToAssume } from './chain-statements';
import { guardTrustSize } from './chain-trust-size';
import { foldedText } from './folded-text';
import { literalRoleArn, roleArnIn } from './role-arn-elsewhere';
import { POD_IDENTITY_ACTIONS, requestTag, SESSION_TAG } from '../identity/pod-identity';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** The pods of an association, as the trust policy of its target role tells them from others. */
export interface AssociatedPods {
  readonly clusterArn: string;
  /** What EKS sends as external id where there are no session tags: `REGION/ACCOUNT/CLUSTER/NAMESPACE/SERVICE-ACCOUNT`. */
  readonly externalId: string;
  readonly subject: ServiceAccountSubject;
  readonly sessionTags: boolean;
}

/**
 * Lets the role of an association assume the target role for its pods: both sides, and the order of their stacks.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
export function connectTarget(association: CfnResource, role: IRole, target: IRole, pods: AssociatedPods): void {
  const hop: ChainHop = { caller: role, callee: target, conditions: { sessionTagKeys: Object.values(SESSION_TAG) } };
  assertPossible(hop);
  assertNoCircle(hop);
  const tell = (id: string, text: string) => Annotations.of(association).addWarningV2(id, text);
  if (!permit(hop)) {
    tell('cdk-irsa:permissionOfImportedRole',
      `${nameOf(role)} is not made here: its owner has to add to its own policy: ${json(permissionToAssume(nameOf(target), hop.conditions))}`);
  }
  const document = trustPolicy(target);
  const readable = { ...pods, clusterArn: foldedText(association.stack, pods.clusterArn) };
  if (document) {
    document.addStatements(...trustInPods(roleArnIn(target.stack, role), pods));
    guardTrustSize(target as Role, role);
  } else {
    tell('cdk-irsa:trustOfImportedRole',
      `${nameOf(target)} is not made here: its owner has to add to its trust policy: ${trustInPods(nameOf(role), readable).map(json).join(', ')}`);
  }
  if (!order(hop)) {
    tell('cdk-irsa:chainAcrossStages',
      `deploy ${role.stack.node.path} before ${target.stack.node.path}, which is in another Stage: IAM takes no trust policy with a role that does not exist yet`);
  }
}

/** What the trust policy of a target role says: the role of the association by its ARN, for pods of these service account and cluster only. */
function trustInPods(roleArn: string, { clusterArn, externalId, subject, sessionTags }: AssociatedPods): PolicyStatement[] {
  const allow = (actions: readonly string[], equal?: Readonly<Record<string, string>>) => new PolicyStatement({
    actions: [...actions], principals: [new ArnPrincipal(roleArn)], conditions: equal && { StringEquals: equal },
  });
  if (!sessionTags) {
    return [allow(['sts:AssumeRole'], { 'sts:ExternalId': externalId })];
  }
  return [allow(POD_IDENTITY_ACTIONS, {
    [requestTag(SESSION_TAG.CLUSTER_ARN)]: clusterArn,
    [requestTag(SESSION_TAG.NAMESPACE)]: subject.namespace,
    [requestTag(SESSION_TAG.SERVICE_ACCOUNT)]: subject.name,
  })];
}

function nameOf(role: IRole): string {
  return literalRoleArn(role) ?? `<the ARN of ${role.node.path}, known after deployment>`;
}

function json(statement: PolicyStatement): string {
  return JSON.stringify(statement.toStatementJson());
}
