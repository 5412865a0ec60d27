import { Stack } from 'aws-cdk-lib';
import type { IRole, Role } from 'aws-cdk-lib/aws-iam';
import { isMap } from './webhook/pod-template';
import { roleResource } from '../iam/deploy-before';
import { ASSUME_ROLE_WITH_WEB_IDENTITY } from '../iam/trust-statements';
import { isLike } from '../identity/string-like';
import { rawProperty } from '../identity/template-property';

/** The claims of a service account's token that trust policies ask for. */
export interface Claims {
  readonly sub: string;
  /** @default - only a deployment knows */
  readonly aud?: string;
}

/**
 * What a trust policy that somebody wrote by hand wants instead of these claims: `sub to be …`. Only where it is certain that STS refuses a token: each statement
 * that could allow it has a literal condition that no such token meets. `undefined` for a role that is imported, that trusts these claims, or of which nobody can say.
 */
export function wantedInstead(role: IRole, claims: Claims): string | undefined {
  const wants = tokenStatements(role).map(statement => unmet(statement, claims));
  return wants.length === 0 || wants.includes(undefined) ? undefined : [...new Set(wants)].join(', or ');
}

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Condition?: unknown;
}

/** The statements of a role of the app that may allow tokens something; none where an escape hatch replaces its policy, or parts of it. */
function tokenStatements(role: IRole): Statement[] {
  const { assumeRolePolicy: document } = role as Partial<Role>;
  const resource = roleResource(role);
  if (!document || !resource || rawProperty(resource, 'AssumeRolePolicyDocument') !== document) {
    return [];
  }
  const { Statement: statements = [] } = (Stack.of(role).resolve(document) ?? {}) as { Statement?: Statement[] };
  return statements.filter(({ Effect: effect, Action: actions }) => effect !== 'Deny' && (actions === undefined || [actions].flat().some(mayBeWebIdentity)));
}

function mayBeWebIdentity(action: unknown): boolean {
  return typeof action !== 'string' || /[*?$]/.test(action) || action.toLowerCase() === ASSUME_ROLE_WITH_WEB_IDENTITY.toLowerCase();
}

/** The operators that a token without the right value never passes. */
const OPERATORS: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (pattern, value) => pattern === value,
  StringLike: (pattern, value) => isLike(value, pattern),
};

/** A condition of a statement that the claims do not meet; conditions that only CloudFormation or STS knows may be met. */
function unmet({ Condition: condition }: Statement, claims: Claims): string | undefined {
  const wanted = Object.entries(OPERATORS).flatMap(([operator, matches]) => Object.entries(blockOf(condition, operator)).map(([key, values]) => {
    const claim = /:(sub|aud)$/i.exec(key)?.[1].toLowerCase() as keyof Claims | undefined;
    const value = claim && claims[claim];
    const patterns = [values].flat();
    return value !== undefined && patterns.every(isLiteral) && !patterns.some(pattern => matches(pattern, value)) ? `${claim} to be ${patterns.join(' or ')}` : undefined;
  }));
  return wanted.find(each => each !== undefined);
}

function blockOf(condition: unknown, operator: string): Record<string, unknown> {
  const block = isMap(condition) ? condition[operator] : undefined;
  return isMap(block) ? block : {};
}

/** No function of CloudFormation, no reference that it resolves, and no variable of policies. */
function isLiteral(value: unknown): value is string {
  return typeof value === 'string' && !/\$\{|\{\{resolve:/.test(value);
}
