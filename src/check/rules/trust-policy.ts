import { changed, ROLE } from './example';
import { conditions, statements, statementsOf, SUBJECT } from './trust-statements';
import { DEFAULT_TRUST_POLICY_QUOTA, MAX_TRUST_POLICY_QUOTA } from '../../iam/quotas';
import { isLike } from '../../identity/string-like';
import type { Rule } from '../finding';
import type { Statement } from '../policy/document';
import { OPERATORS } from '../policy/operators';
import { nameOfRole } from '../template/roles';
import { isUnresolved, readable } from '../unresolved';

const SUB_LINE = '                oidc.example.com:sub: system:serviceaccount:apps:web\n';
const AUD_LINE = '                oidc.example.com:aud: sts.amazonaws.com\n';

export const trustMalformed: Rule = {
  id: 'trust-malformed',
  severity: 'error',
  title: 'The trust policy is malformed',
  why: 'IAM refuses it with `MalformedPolicyDocument` when the template is deployed.',
  bad: changed(ROLE, 'Effect: Allow', 'Effect: allow'),
  good: ROLE,
  *find({ roles }) {
    for (const role of roles) {
      if (typeof role.trust === 'string') {
        yield { message: `the trust policy of the ${nameOfRole(role)} is malformed: ${readable(role.trust)}`, fix: 'correct it as the message says', places: [role.trustPlace] };
      }
      const negated = statementsOf(role).find(({ principal }) => principal?.negated);
      if (negated) {
        yield {
          message: `the trust policy of the ${nameOfRole(role)} has NotPrincipal in statement ${negated.index + 1}, which trust policies may not have`,
          fix: 'name whom the role trusts as Principal, or deny it with Principal "*" and a condition on aws:PrincipalArn',
          places: [role.trustPlace],
        };
      }
    }
  },
};

export const trustOperator: Rule = {
  id: 'trust-operator',
  severity: 'error',
  title: 'A condition operator that IAM does not have',
  why: 'What it decides is not known here, and IAM refuses most of such policies when they are deployed.',
  bad: changed(ROLE, 'StringEquals:', 'StringMatches:'),
  good: ROLE,
  find: facts => conditions(facts, ({ operator }) => {
    const name = operator.replace(/^For(?:AnyValue|AllValues):/, '').replace(/IfExists$/, '');
    return isUnresolved(operator) || name === 'Null' || OPERATORS.has(name) ? undefined : {
      problem: `has the condition operator '${operator}', which IAM's documentation does not have`,
      fix: `write one that it has: ${[...OPERATORS.keys()].find(known => known.toLowerCase() === name.toLowerCase()) ?? 'StringEquals, StringLike, …'}`,
    };
  }),
};

export const trustAudienceOpen: Rule = {
  id: 'aud-not-pinned',
  severity: 'warning',
  title: 'The audience is not pinned',
  why: 'A token that was made for somebody else, such as Vault, gets the role too, when its audience is one that the provider takes.',
  bad: changed(ROLE, AUD_LINE, ''),
  good: ROLE,
  find: facts => statements(facts, (statement, issuers) => pins(statement, issuers, 'aud') ? undefined : {
    problem: 'does not compare the audience of the token',
    fix: `add StringEquals with ${readable(issuers[0] ?? 'ISSUER')}:aud and sts.amazonaws.com`,
  }),
};

export const trustSubjectOpen: Rule = {
  id: 'sub-not-pinned',
  severity: 'error',
  title: 'Every service account of the cluster gets the role',
  why: 'Without a condition on `sub`, or with a pattern that every service account fits, any pod of the cluster can become the role.',
  bad: changed(ROLE, SUB_LINE, ''),
  good: ROLE,
  find: facts => statements(facts, (statement, issuers) => pins(statement, issuers, 'sub') && !subjects(statement).some(isEveryone) ? undefined : {
    problem: 'trusts every service account of the cluster',
    fix: `add StringEquals with ${readable(issuers[0] ?? 'ISSUER')}:sub and system:serviceaccount:NAMESPACE:NAME`,
  }),
};

export const trustWildcard: Rule = {
  id: 'sub-wildcard',
  severity: 'warning',
  title: 'A pattern trusts service accounts that do not exist yet',
  why: 'Whoever may make a service account that fits the pattern, or a namespace, gets the role.',
  bad: changed(changed(ROLE, SUB_LINE, ''), AUD_LINE, `${AUD_LINE}              StringLike:\n                oidc.example.com:sub: system:serviceaccount:apps:*\n`),
  good: ROLE,
  find: facts => statements(facts, statement => {
    const pattern = subjects(statement).find(each => !isEveryone(each));
    return pattern === undefined ? undefined : {
      problem: `trusts every service account that fits ${readable(pattern)}`,
      fix: 'list the service accounts with StringEquals, or suppress this with the reason',
    };
  }),
};

export const trustLiteralWildcard: Rule = {
  id: 'sub-wildcard-literal',
  severity: 'error',
  title: 'A pattern that is taken to the letter',
  why: '`StringEquals` knows no wildcards: no service account can have a `*` in its name, so nobody gets the role.',
  bad: changed(ROLE, 'system:serviceaccount:apps:web', '"system:serviceaccount:apps:*"'),
  good: ROLE,
  find: facts => conditions(facts, ({ operator, key, values }) => {
    const pattern = /StringEquals/.test(operator) && /:sub$/i.test(key) ? values.find(value => value.startsWith('system:') && /[*?]/.test(value)) : undefined;
    return pattern === undefined ? undefined : {
      problem: `compares sub with '${readable(pattern)}' by ${operator}, which takes it to the letter`, fix: 'list the service accounts, or use StringLike',
    };
  }),
};

export const trustLength: Rule = {
  id: 'trust-length',
  severity: 'warning',
  title: 'The trust policy is longer than IAM takes by default',
  why: `IAM takes ${DEFAULT_TRUST_POLICY_QUOTA} characters, white space not counted, and up to ${MAX_TRUST_POLICY_QUOTA} on request.`,
  bad: changed(ROLE, 'system:serviceaccount:apps:web', `[${Array.from({ length: 60 }, (_, index) => `'system:serviceaccount:apps:web-${index}'`).join(', ')}]`),
  good: ROLE,
  *find({ roles }) {
    for (const role of roles) {
      const length = lengthOf(role.trustPolicy);
      if (length > DEFAULT_TRUST_POLICY_QUOTA) {
        yield {
          message: `the trust policy of the ${nameOfRole(role)} is ${length} characters long, and IAM takes ${DEFAULT_TRUST_POLICY_QUOTA} by default`,
          fix: length > MAX_TRUST_POLICY_QUOTA ? `divide it into several roles: the most that AWS grants is ${MAX_TRUST_POLICY_QUOTA}`
            : 'raise the quota \'Role trust policy length\' (L-C07B4B0D), or divide it into several roles',
          places: [role.trustPlace],
        };
      }
    }
  },
};

/** What is known only at deployment counts as nothing: what is said is true in any case. */
function lengthOf(trustPolicy: unknown): number {
  const text = typeof trustPolicy === 'string' ? trustPolicy : JSON.stringify(trustPolicy) ?? '';
  return readable(text).replace(/\$\{[^}]*\}/g, '').replace(/\s/g, '').length;
}

function pins(statement: Statement, issuers: readonly string[], claim: string): boolean {
  return statement.conditions.some(({ operator, key, values }) => isComparison(operator, key, issuers, claim)
    && new RegExp(`:${claim}$`, 'i').test(key) && !(/Like/.test(operator) && values.some(value => /^[*?]+$/.test(value)))
    || isUnresolved(operator) || !OPERATORS.has(operator.replace(/^For\w+:/, '').replace(/IfExists$/, '')) && operator !== 'Null');
}

/** A token has `sub` and `aud` of its issuer in any case: what lets a missing key pass is as strict there, with a single issuer. */
function isComparison(operator: string, key: string, issuers: readonly string[], claim: string): boolean {
  const isAlwaysThere = issuers.length === 1 && key.toLowerCase() === `${issuers[0]}:${claim}`.toLowerCase();
  return (isAlwaysThere ? /^(?:ForA(?:ny|ll)Values?:)?(?:String|Arn)(?:Equals|Like|EqualsIgnoreCase)(?:IfExists)?$/
    : /^(?:ForAnyValue:)?(?:String|Arn)(?:Equals|Like|EqualsIgnoreCase)$/).test(operator);
}

/** Patterns for subjects. */
function subjects(statement: Statement): string[] {
  return statement.conditions
    .filter(({ operator, key }) => /Like/.test(operator) && !/Not/.test(operator) && /:sub$/i.test(key))
    .flatMap(({ values }) => values)
    .filter(value => /[*?]/.test(value));
}

function isEveryone(pattern: string): boolean {
  return ['default:a', 'kube-system:x.y', 'zz-9:0'].every(name => isLike(`${SUBJECT}${name}`, pattern));
}
