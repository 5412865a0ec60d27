import { changed, documents, EXAMPLE_ACCOUNT, POD } from './example';
import { parseRoleArn } from '../arn';
import type { Decision } from '../decision';
import { distance } from '../distance';
import type { Association, Facts } from '../facts';
import type { Rule } from '../finding';
import { evaluatePodIdentity } from '../pod-identity';
import { nameOfRole } from '../template/roles';
import { isUnresolved, readable } from '../unresolved';

const ASSOCIATION = `Resources:
  Web:
    Type: AWS::IAM::Role
    Properties:
      RoleName: web
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal:
              Service: pods.eks.amazonaws.com
            Action: [sts:AssumeRole, sts:TagSession]
            Condition:
              StringEquals:
                aws:SourceAccount: "${EXAMPLE_ACCOUNT}"
                aws:RequestTag/kubernetes-namespace: apps
                aws:RequestTag/kubernetes-service-account: web
  Association:
    Type: AWS::EKS::PodIdentityAssociation
    Properties:
      ClusterName: production
      Namespace: apps
      ServiceAccount: web
      RoleArn: !GetAtt Web.Arn
`;

export const podIdentityTrust: Rule = {
  id: 'pod-identity-trust',
  severity: 'error',
  title: 'EKS Pod Identity does not get the role of an association',
  why: 'The association is made all the same, and pods have no credentials: the trust policy has to let `pods.eks.amazonaws.com` assume the role and tag the session, for this service account and cluster.',
  bad: ASSOCIATION.replace('[sts:AssumeRole, sts:TagSession]', 'sts:AssumeRole'),
  good: ASSOCIATION,
  *find(facts) {
    for (const { association, decision: { verdict, reason, policies } } of podIdentityAnswers(facts)) {
      const { role, place, namespace, serviceAccount } = association;
      if (role && verdict === 'denied') {
        const action = policies.find(({ verdict: each }) => each === 'denied')?.action;
        yield {
          message: `the ${nameOfRole(role)} is not for EKS Pod Identity to give to ${readable(namespace)}/${readable(serviceAccount)}${action === undefined ? '' : ` (${action})`}: ${reason}`,
          fix: 'let the trust policy allow sts:AssumeRole and sts:TagSession to pods.eks.amazonaws.com, for this namespace, service account and cluster',
          places: [place, role.trustPlace],
        };
      }
    }
  },
};

export const associationUnused: Rule = {
  id: 'association-unused',
  severity: 'warning',
  title: 'An association for a service account that is called otherwise',
  why: 'EKS goes by namespace and name, to the letter. Pods of another service account have no credentials of the association, or the role of the node.',
  bad: documents(ASSOCIATION, changed(POD, 'serviceAccountName: web', 'serviceAccountName: web-c80f8ddd')),
  good: documents(ASSOCIATION, POD),
  *find({ associations, serviceAccounts, workloads }) {
    const ofWorkloads = workloads.map(({ namespace, serviceAccountName: name, podSpecPlace: place }) => ({ namespace, name, place }));
    const accounts = [...serviceAccounts, ...ofWorkloads];
    // a manifest that does not say in which namespace it is may mean this one
    const named = new Set(accounts.map(({ namespace, name }) => isUnresolved(namespace) ? name : `${namespace}/${name}`));
    for (const { namespace, serviceAccount, place } of associations) {
      const isThere = isUnresolved(serviceAccount) || named.has(serviceAccount) || named.has(`${namespace}/${serviceAccount}`);
      const meant = isThere ? undefined : accounts.find(account => account.namespace === namespace && isNear(account.name, serviceAccount));
      if (meant) {
        yield {
          message: `the association is for ${namespace}/${serviceAccount}, which is not in the manifests, and ${namespace}/${meant.name} is`,
          fix: `let the service account be called ${serviceAccount}, or correct the association`,
          places: [place, meant.place],
        };
      }
    }
  },
};

/** Whether a name may be meant for another: a slip, or what cdk8s makes of it where nobody passes a name. */
function isNear(name: string, wanted: string): boolean {
  return name.startsWith(`${wanted}-`) || distance(name, wanted) <= 2;
}

interface Answer {
  readonly association: Association;
  readonly decision: Decision;
}

/** What the roles of associations say to EKS, where templates have both. */
export function podIdentityAnswers({ associations }: Pick<Facts, 'associations'>): Answer[] {
  return associations.flatMap(association => {
    const { role, clusterArn, namespace, serviceAccount, sessionTags } = association;
    if (!role || typeof role.trust === 'string') {
      return [];
    }
    const request = { roleArn: role.arn, trustPolicy: role.trustPolicy, clusterArn, namespace, serviceAccount, sessionTags };
    return [{ association, decision: evaluatePodIdentity(request) }];
  });
}

/** What cannot be said of an association. */
export function unknownAssociation(association: Association): string | undefined {
  const { arn, role } = association;
  if (!role) {
    return `whether ${parseRoleArn(arn) || isUnresolved(arn) ? readable(arn) : `'${arn}'`} trusts EKS Pod Identity: no template has it`;
  }
  const [answer] = podIdentityAnswers({ associations: [association] });
  return answer?.decision.verdict === 'unknown' ? `whether EKS Pod Identity gets the ${nameOfRole(role)}: ${answer.decision.reason}` : undefined;
}
