import { FederatedPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { pinnedAudience } from './pinned-audience';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** The only action a web identity token is good for. */
export const ASSUME_ROLE_WITH_WEB_IDENTITY = 'sts:AssumeRoleWithWebIdentity';

/** What a trust statement has to know of an OIDC provider. Any part may be a token. */
export interface TrustedProvider {
  readonly arn: string;
  readonly hostPath: string;
}

/** Who may assume a role: subjects of some clusters, with tokens for one audience. */
export interface Trust {
  readonly providers: readonly TrustedProvider[];
  readonly subjects: readonly ServiceAccountSubject[];
  readonly audience: string;
}

/**
 * The trust policy's statements: one a provider, with all its subjects in a list, and one more where subjects are patterns.
 *
 * `sub` and `aud` are pinned in each of them. Exact subjects are compared with StringEquals, in which a wildcard means nothing.
 */
export function trustStatements(trust: Trust): PolicyStatement[] {
  const exact = claims(trust.subjects.filter(subject => !subject.isPattern));
  const patterns = claims(trust.subjects.filter(subject => subject.isPattern));
  return trust.providers.flatMap(({ arn, hostPath }) => {
    const audience = { [`${hostPath}:aud`]: pinnedAudience(trust.audience) };
    const statement = (conditions: Record<string, unknown>) => new PinnedStatement({
      actions: [ASSUME_ROLE_WITH_WEB_IDENTITY],
      principals: [new FederatedPrincipal(arn)],
      conditions,
    });
    return [
      ...exact.length > 0 ? [statement({ StringEquals: { ...audience, [`${hostPath}:sub`]: oneOrList(exact) } })] : [],
      ...patterns.length > 0 ? [statement({ StringEquals: audience, StringLike: { [`${hostPath}:sub`]: oneOrList(patterns) } })] : [],
    ];
  });
}

/** A statement whose conditions stay: more can be added (`principal.withConditions`), none replaced. */
class PinnedStatement extends PolicyStatement {
  public addCondition(operator: string, condition: unknown): void {
    const current = (this.conditions as Record<string, Record<string, unknown> | undefined>)[operator] ?? {};
    const added: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(condition as Record<string, unknown>)) {
      const pinned = Object.keys(current).find(name => name.toLowerCase() === key.toLowerCase());
      if (pinned !== undefined && JSON.stringify(current[pinned]) !== JSON.stringify(value)) {
        throw new Error(`the condition ${operator} '${key}' is pinned to ${JSON.stringify(current[pinned])} and cannot become ${JSON.stringify(value)}; `
          + 'set serviceAccounts or audience instead');
      }
      added[key] = pinned === undefined ? value : current[pinned];
    }
    super.addCondition(operator, added);
  }
}

function claims(subjects: readonly ServiceAccountSubject[]): string[] {
  // CDK leaves a condition without a value out of the template, and every pod of the cluster could assume the role
  if (subjects.some(({ claim }) => typeof claim !== 'string' || claim === '')) {
    throw new Error("a trust policy without sub was about to be written; pass serviceAccounts: [ServiceAccountSubject.of('namespace', 'name')]");
  }
  return [...new Set(subjects.map(subject => subject.claim))];
}

/** IAM counts the brackets, and reads a single value the same. */
function oneOrList(values: string[]): string | string[] {
  return values.length === 1 ? values[0] : values;
}
