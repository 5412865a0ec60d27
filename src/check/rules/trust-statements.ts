import type { Facts } from '../facts';
import type { Hit } from '../finding';
import type { Condition, Statement } from '../policy/document';
import { nameOfRole, type Role } from '../template/roles';
import { covers, issuersIn } from '../trust-answer';
import { isUnresolved } from '../unresolved';

/** What a pod asks STS for. */
export const WEB_IDENTITY = 'sts:AssumeRoleWithWebIdentity';

/** What the subjects of service accounts begin with. */
export const SUBJECT = 'system:serviceaccount:';

/** What is wrong with a part of a trust policy: how the sentence about its role goes on. */
export interface Problem {
  readonly problem: string;
  readonly fix: string;
}

/** Looks at each statement that trusts service accounts, with its issuers. */
export function* statements({ roles }: Facts, check: (statement: Statement, issuers: readonly string[]) => Problem | undefined): Iterable<Hit> {
  for (const role of roles) {
    for (const statement of serviceAccountStatementsOf(role)) {
      const found = check(statement, issuersIn(statement));
      if (found) {
        yield { message: `the ${nameOfRole(role)} ${found.problem}`, fix: found.fix, places: [role.trustPlace] };
      }
    }
  }
}

/** Looks at the conditions of each role, until one has a problem. */
export function* conditions({ roles }: Facts, check: (condition: Condition) => Problem | undefined): Iterable<Hit> {
  for (const role of roles) {
    const found = statementsOf(role).flatMap(({ conditions: each }) => each).map(check).find(problem => problem !== undefined);
    if (found) {
      yield { message: `the ${nameOfRole(role)} ${found.problem}`, fix: found.fix, places: [role.trustPlace] };
    }
  }
}

/** All statements; none of a malformed policy. */
export function statementsOf({ trust }: Role): readonly Statement[] {
  return typeof trust === 'string' ? [] : trust.statements;
}

/** The statements that trust service accounts. Several rules ask. */
export function serviceAccountStatementsOf(role: Role): readonly Statement[] {
  const known = STATEMENTS.get(role) ?? statementsOf(role).filter(isForServiceAccounts);
  STATEMENTS.set(role, known);
  return known;
}

const STATEMENTS = new WeakMap<Role, readonly Statement[]>();

/** Allows web identities through an OIDC provider; other tokens than those of service accounts are none of our business. */
function isForServiceAccounts(statement: Statement): boolean {
  const issuers = issuersIn(statement);
  const values = statement.conditions.filter(({ key }) => /:sub$/i.test(key)).flatMap(({ values: each }) => each);
  const isKubernetes = values.some(value => value.startsWith(SUBJECT)) || issuers.some(mayBeCluster) && (values.length === 0 || values.some(isOpen));
  return statement.effect === 'Allow' && isKubernetes && issuers.length > 0 && covers(statement, WEB_IDENTITY) === 'yes';
}

/** A subject that may turn out to be one of a service account. */
function isOpen(value: string): boolean {
  return (/[*?]/.test(value) || isUnresolved(value)) && !FOREIGN_SUBJECT.test(value);
}

/** Subjects of continuous integration. */
const FOREIGN_SUBJECT = /^(?:repo|project_path|organization|org|pipeline|workspace|\{[0-9a-f-]+\}):/i;

/** Issuers of continuous integration and of people, which have subjects of other forms. Only hosts say so: a path is anybody's. */
function mayBeCluster(issuer: string): boolean {
  const [host] = issuer.split('/');
  return !/(?:^|\.)cognito/i.test(host) && /(?:^|\.)amazonaws\.com(?:\.cn)?$/i.test(host)
    || !/githubusercontent|gitlab|bitbucket|circleci|buildkite|terraform|accounts\.google|okta|auth0|microsoft|windows\.net|cognito/i.test(host);
}
