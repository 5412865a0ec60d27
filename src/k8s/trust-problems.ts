import { Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { wantedInstead } from './written-trust';
import { knownTrust, trustsNoToken } from '../iam/known-trust';
import { DEFAULT_AUDIENCE } from '../identity/audience';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/**
 * Why STS would refuse the tokens of a service account, where it is certain. Its constructor has asked already, and what a role trusts may change until CDK
 * validates the app.
 *
 * @param user the service account, for messages
 * @param audience of its tokens; the default may be another one where the cluster's webhook is not that of EKS
 */
export function trustProblems(user: string, role: IRole, subject: ServiceAccountSubject, audience: string): string[] {
  const trust = knownTrust(role);
  if (trust) {
    return [
      ...trust.serviceAccounts.some(known => known.includes(subject)) ? []
        : [`${user} is ${subject}, which ${role.node.path} does not trust (it trusts ${trust.serviceAccounts.join(', ')}): STS would refuse it; correct one of them`],
      // of tokens of CDK, the constructor has made sure that both are the same
      ...Token.isUnresolved(trust.audience) || trust.audience === audience ? []
        : [`${user} gets tokens with the audience '${audience}', and ${role.node.path} trusts '${trust.audience}': STS would refuse them; give both one audience`],
    ];
  }
  if (trustsNoToken(role)) {
    return [`${user} has the role ${role.node.path}, which trusts no token of any service account: STS would refuse it; `
      + 'make it an IrsaRole, or its assumedBy a ServiceAccountPrincipal'];
  }
  const isKnown = audience !== DEFAULT_AUDIENCE && !Token.isUnresolved(audience);
  const wanted = wantedInstead(role, { sub: subject.claim, ...isKnown ? { aud: audience } : {} });
  return wanted === undefined ? [] : [`${user} is ${subject}, which ${role.node.path} does not trust: its trust policy wants ${wanted}: STS would refuse it; correct one of them`];
}
