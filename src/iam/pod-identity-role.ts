import { type Stack, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { trustPolicy } from './chain-hop';
import { IrsaRole } from './irsa-role';
import { assertOneRole } from './role-arn-check';
import type { TrustStatement } from './trust-entry';
import { ifGiven } from '../identity/assume-role-parameters';
import { POD_IDENTITY_ACTIONS, POD_IDENTITY_SERVICE } from '../identity/pod-identity';
import { isLookupDummy } from '../identity/role-arn-pattern';
import { distinctSubjects, type ServiceAccountSubject } from '../identity/service-account-subject';
import { isLike } from '../identity/string-like';
import { assertSubject } from '../identity/subject-check';

/** Which service account gets a role by EKS Pod Identity: what is asked for, as far as the role names it. */
export function associatedSubject(user: string, role: IRole, wanted: ServiceAccountSubject | undefined): ServiceAccountSubject {
  const named = IrsaRole.isIrsaRole(role) ? distinctSubjects(role.serviceAccounts) : undefined;
  ifGiven(wanted, value => assertSubject(user, 'subject', value));
  const subject = wanted ?? (named?.length === 1 && !named[0].isPattern ? named[0] : undefined);
  if (!subject) {
    const which = named ? `could be for any of those that ${role.node.path} names (${named.join(', ')})` : `has the role ${role.node.path}, which does not say whom it is for`;
    throw new Error(`${user} ${which}; pass subject: ServiceAccountSubject.of('namespace', 'name')`);
  }
  if (subject.isPattern) {
    throw new Error(`${user} is for one service account, and its subject '${subject}' is a pattern; make an association for each: ServiceAccountSubject.of('namespace', 'name')`);
  }
  if (named && !named.some(known => known.includes(subject))) {
    throw new Error(`${user} is for ${subject}, which ${role.node.path} does not name (it names ${named.join(', ')}): EKS could not assume it; `
      + "add it to the role's serviceAccounts, or correct the subject");
  }
  return subject;
}

/** Fails where EKS could not give the role to pods of a cluster in this stack, as far as that is known at once. */
export function assertAssociable(user: string, stack: Stack, role: IRole, sessionTags: boolean): void {
  assertOneRole(role);
  const { account } = role.env;
  if (!Token.isUnresolved(account) && !Token.isUnresolved(stack.account) && account !== stack.account && !isLookupDummy(role.roleArn)) {
    throw new Error(`${user} is in account ${stack.account}, that of the cluster, and its role ${role.node.path} in account ${account}: EKS gives pods roles of the cluster's account only; `
      + 'make a role here, and pass the other one as targetRole');
  }
  if (!IrsaRole.isIrsaRole(role)) {
    return;
  }
  const { _podIdentity: trust } = role;
  if (!trust) {
    throw new Error(`${user} has the role ${role.node.path}, which EKS Pod Identity may not assume; set podIdentity: true on the role`);
  }
  if (trust.sessionTags && !sessionTags) {
    throw new Error(`${user} has no session tags, and the role ${role.node.path} tells pods apart by them: EKS could not assume it; `
      + 'leave the session tags on, or set podIdentitySessionTags: false on the role');
  }
}

/** What keeps EKS from assuming a plain role of the app, in its trust policy as the template will have it. */
export function podIdentityFaults(role: IRole, sessionTags: boolean): string[] {
  const document = IrsaRole.isIrsaRole(role) ? undefined : trustPolicy(role);
  if (!document) {
    return [];
  }
  const { Statement: statements = [] } = (role.stack.resolve(document) ?? {}) as { readonly Statement?: TrustStatement[] };
  const ours = statements.filter(statement => statement.Effect === 'Allow' && isForPods(statement));
  const missing = POD_IDENTITY_ACTIONS.slice(0, sessionTags ? 2 : 1).filter(action => !ours.some(statement => covers(statement, action)));
  return missing.length === 0 ? [] : [`its role ${role.node.path} does not trust ${POD_IDENTITY_SERVICE} with ${missing.join(' and ')}: EKS could not assume it; `
    + 'make it an IrsaRole with podIdentity: true, or add the statement to its assumeRolePolicy'];
}

function isForPods({ Principal: principal }: TrustStatement): boolean {
  return principal === '*' || [(principal as { readonly Service?: unknown } | undefined)?.Service].flat().includes(POD_IDENTITY_SERVICE);
}

function covers({ Action: actions = [] }: TrustStatement, action: string): boolean {
  return [actions].flat().some(pattern => isLike(action.toLowerCase(), String(pattern).toLowerCase()));
}
