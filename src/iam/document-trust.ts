import type { IRole, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { roleResource } from './deploy-before';
import { ASSUME_ROLE_WITH_WEB_IDENTITY, type Trust, trustStatements } from './trust-statements';
import { rawProperty } from '../identity/template-property';

/** What principals of ours added to trust policies. */
const TRUSTS = new WeakMap<PolicyDocument, Trust[]>();

/** Adds the statements of a trust, and remembers it: the trust policy of a plain role is the only thing by which it can be found again. */
export function addTrust(document: PolicyDocument, trust: Trust): void {
  TRUSTS.set(document, [...TRUSTS.get(document) ?? [], trust]);
  document.addStatements(...trustStatements(trust));
}

/** All trusts of a plain role, when no other statement of its policy is about tokens; `undefined` when somebody else's is. */
export function documentTrusts(role: IRole): readonly Trust[] | undefined {
  const document = writtenPolicy(role);
  if (!document) {
    return undefined;
  }
  const trusts = TRUSTS.get(document) ?? [];
  const ours = new Set(trusts.flatMap(trustStatements).map(textOf));
  return tokenStatements(document).every(statement => ours.has(JSON.stringify(statement))) ? trusts : undefined;
}

/** The trust policy of a role of the app, unless an escape hatch replaces it. */
function writtenPolicy(role: IRole): PolicyDocument | undefined {
  const resource = roleResource(role);
  const document = resource && (role as Partial<Role>).assumeRolePolicy;
  return document && rawProperty(resource, 'AssumeRolePolicyDocument') === document ? document : undefined;
}

interface RawStatement {
  readonly Action?: unknown;
}

/** Statements that may be about tokens of service accounts. */
function tokenStatements(document: PolicyDocument): RawStatement[] {
  const { Statement: statements = [] } = (document.toJSON() ?? {}) as { Statement?: RawStatement[] };
  return statements.filter(({ Action: actions }) => actions === undefined || [actions].flat().some(mayBeWebIdentity));
}

function mayBeWebIdentity(action: unknown): boolean {
  return typeof action !== 'string' || /[*?$]/.test(action) || action.toLowerCase() === ASSUME_ROLE_WITH_WEB_IDENTITY.toLowerCase();
}

function textOf(statement: PolicyStatement): string {
  return JSON.stringify(statement.toStatementJson());
}
