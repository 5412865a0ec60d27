import { changed, documents, ROLE, SERVICE_ACCOUNT } from './example';
import { statementsOf, WEB_IDENTITY } from './trust-statements';
import type { Binding, Facts } from '../facts';
import type { Hit, Rule } from '../finding';
import { nameOfRole, type Role } from '../template/roles';
import { askTrust, covers, isForEveryone, issuersOf, type TrustAnswer } from '../trust-answer';
import { isUnresolved, readable } from '../unresolved';

const SUB = 'system:serviceaccount:apps:web';

export const trustSubject: Rule = {
  id: 'trust-subject',
  severity: 'error',
  title: 'The role does not trust this service account',
  why: 'The trust policy wants another namespace or name than the token has. STS answers `AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity`.',
  bad: documents(changed(ROLE, SUB, 'system:serviceaccount:app:web'), SERVICE_ACCOUNT),
  good: documents(ROLE, SERVICE_ACCOUNT),
  find: facts => denials(facts, 'sub', ({ namespace, serviceAccount }) => `let the trust policy name system:serviceaccount:${readable(namespace)}:${serviceAccount}, or correct the service account`),
};

export const trustAudience: Rule = {
  id: 'trust-audience',
  severity: 'error',
  title: 'The role does not trust this audience',
  why: 'The trust policy pins `aud` to another audience than the token is made for: the annotation `eks.amazonaws.com/audience`, or `sts.amazonaws.com` without one.',
  bad: documents(ROLE, changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    eks.amazonaws.com/audience: vault\n')),
  good: documents(ROLE, SERVICE_ACCOUNT),
  find: facts => denials(facts, 'aud', ({ audience }) => `pin aud to ${audience} in the trust policy, or correct the audience of the token`),
};

export const trustDenied: Rule = {
  id: 'trust-denied',
  severity: 'error',
  title: 'The trust policy refuses the token for another reason',
  why: 'An explicit `Deny`, another provider, another action or another condition stands in the way. The message says which.',
  bad: documents(changed(ROLE, 'Action: sts:AssumeRoleWithWebIdentity', 'Action: sts:AssumeRole'), SERVICE_ACCOUNT),
  good: documents(ROLE, SERVICE_ACCOUNT),
  find: facts => denials(facts, undefined, () => 'correct what the message names in the trust policy'),
};

export const trustNoProvider: Rule = {
  id: 'trust-no-provider',
  severity: 'error',
  title: 'The role trusts no OIDC provider',
  why: 'A service account comes with a token of its cluster. A role that trusts accounts or services only cannot be assumed with it.',
  bad: documents(changed(ROLE, 'Federated: arn:aws:iam::111122223333:oidc-provider/oidc.example.com', 'AWS: arn:aws:iam::111122223333:root'), SERVICE_ACCOUNT),
  good: documents(ROLE, SERVICE_ACCOUNT),
  *find({ bindings }) {
    for (const { role, user, place } of bindings) {
      if (role && typeof role.trust !== 'string' && issuersOf(role.trust).length === 0 && isKnown(role) && !mayTrustAll(role)) {
        yield {
          message: `${user} has the ${nameOfRole(role)}, whose trust policy names no OIDC provider`,
          fix: 'add a statement for sts:AssumeRoleWithWebIdentity with the cluster\'s provider as Principal.Federated',
          places: [place, role.trustPlace],
        };
      }
    }
  },
};

/** Whether all principals of a role's trust policy can be read. */
function isKnown({ trust }: Role): boolean {
  return typeof trust !== 'string' && trust.statements.every(({ effect, principal }) => effect !== 'unknown'
    && principal !== undefined && !principal.negated && !principal.names.has('unknown') && !(principal.names.get('Federated') ?? []).some(isUnresolved));
}

/** Whether a token may come in because everyone may: a rule of its own says so. */
function mayTrustAll(role: Role): boolean {
  return statementsOf(role).some(statement => statement.effect === 'Allow' && isForEveryone(statement) && covers(statement, WEB_IDENTITY) !== 'no');
}

function* denials({ bindings }: Facts, about: string | undefined, fix: (binding: Binding) => string): Iterable<Hit> {
  for (const binding of bindings) {
    const answer = askTrust(binding);
    if (binding.role && answer?.verdict === 'denied' && answer.about === about) {
      yield { message: `${binding.user} does not get the ${nameOfRole(binding.role)}: ${answer.reason}`, fix: fix(binding), places: [binding.place, binding.role.trustPlace] };
    }
  }
}

/** What cannot be said of a token and a role that is known. */
export function unknownTrust(binding: Binding): string | undefined {
  const answer: TrustAnswer | undefined = askTrust(binding);
  if (!binding.role) {
    return undefined;
  }
  return answer?.verdict === 'unknown' ? `whether the ${nameOfRole(binding.role)} trusts ${binding.user}: ${answer.reason}`
    : !answer && typeof binding.role.trust !== 'string' && !isKnown(binding.role) ? `whether the ${nameOfRole(binding.role)} trusts ${binding.user}: its principals are known only at deployment` : undefined;
}
