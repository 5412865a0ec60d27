import { issuerOfProviderArn, parseArn } from './arn';
import type { Decision } from './decision';
import type { Binding } from './facts';
import { nearestOf } from './policy/decide';
import type { Policy, Statement } from './policy/document';
import { matchesText } from './policy/operators';
import { any, not, type Truth } from './policy/truth';
import type { Role } from './template/roles';
import { isUnresolved } from './unresolved';
import { evaluateWebIdentity, type TokenClaims } from './web-identity';

/** What a role's trust policy says to a token. */
export interface TrustAnswer {
  readonly verdict: Decision['verdict'];
  readonly reason: string;
  /** What a denial is about, where that is one thing: `sub` or `aud`. */
  readonly about?: string;
}

/**
 * Whether a role trusts a service account. Manifests do not say which cluster they go to, so the issuer is any that the trust policy names; the
 * account's providers are looked at by rules of their own.
 */
export function askTrust(binding: Binding): TrustAnswer | undefined {
  if (!ANSWERS.has(binding)) {
    ANSWERS.set(binding, answer(binding));
  }
  return ANSWERS.get(binding);
}

/** Several rules ask the same. */
const ANSWERS = new WeakMap<Binding, TrustAnswer | undefined>();

function answer(binding: Binding): TrustAnswer | undefined {
  const decisions = [...askEachIssuer(binding).values()];
  const decisive = decisions.find(({ verdict }) => verdict === 'allowed') ?? decisions.find(({ verdict }) => verdict === 'unknown') ?? nearest(decisions);
  return decisive && { verdict: decisive.verdict, reason: decisive.reason, about: decisive.verdict === 'denied' ? aboutOf(decisive) : undefined };
}

/** What a role's trust policy says to a token of each issuer that it names. */
export function askEachIssuer({ role, namespace, serviceAccount, audience, arn }: TokenUse): ReadonlyMap<string, Decision> {
  return !role || typeof role.trust === 'string' ? new Map()
    : askAll(role, arn, issuersOf(role.trust), { sub: `system:serviceaccount:${namespace}:${serviceAccount}`, aud: [audience] });
}

/** A token that is to become a role. */
export type TokenUse = Pick<Binding, 'role' | 'namespace' | 'serviceAccount' | 'audience' | 'arn'>;

/** What a role's trust policy says to a token with these claims, by its issuer. */
export function askAll(role: Role, arn: string, issuers: readonly string[], claims: Omit<TokenClaims, 'iss'>): ReadonlyMap<string, Decision> {
  const { trustPolicy, roleArn } = concrete(role, arn);
  return new Map(issuers.map(issuer => [issuer, evaluateWebIdentity({ roleArn, trustPolicy, claims: { ...claims, iss: `https://${issuer}` } as TokenClaims })]));
}

/** The issuers of the OIDC providers that a trust policy names. */
export function issuersOf(trust: Policy): string[] {
  return [...new Set(trust.statements.flatMap(issuersIn))];
}

/** The issuers of a statement's providers; where it trusts everyone, those whose tokens its conditions ask for. */
export function issuersIn(statement: Statement): string[] {
  const named = federatedOf(statement).map(issuerOfProviderArn).filter(issuer => issuer !== undefined);
  return named.length > 0 || !isForEveryone(statement) ? named
    : [...new Set(statement.conditions.flatMap(({ key }) => /^(.*[.\uE000].*):(?:sub|aud)$/i.exec(key)?.[1] ?? []))];
}

/** Whether a statement's principal is everyone, whatever its conditions say. */
export function isForEveryone({ principal }: Statement): boolean {
  return principal !== undefined && !principal.negated && (principal.everyone || ['AWS', 'Federated'].some(type => principal.names.get(type)?.includes('*')));
}

/** Whether a statement is about an action, as far as that is known. */
export function covers({ actions: { negated, patterns } }: Statement, action: string): Truth {
  const listed = any(patterns.map(pattern => matchesText(action, pattern, true)));
  return negated ? not(listed) : listed;
}

/** The federated principals of a statement. */
export function federatedOf({ principal }: Statement): readonly string[] {
  return principal?.names.get('Federated') ?? [];
}

/** A role in an account and partition that are not known, as if it were where the ARN says. */
export function concrete(role: Role, arn: string): { readonly trustPolicy: unknown; readonly roleArn: string } {
  const asked = parseArn(arn);
  const account = asked && /^\d{12}$/.test(asked.account) ? asked.account : '000000000000';
  const partition = asked && !isUnresolved(asked.partition) ? asked.partition : 'aws';
  const fill = (text: string): string => [[role.account, account], [role.partition, partition]]
    .reduce((filled, [unknown, value]) => isUnresolved(unknown) ? filled.replaceAll(unknown, value) : filled, text);
  return {
    roleArn: fill(role.arn),
    trustPolicy: !isUnresolved(role.account) && !isUnresolved(role.partition) ? role.trustPolicy
      : typeof role.trustPolicy === 'string' ? fill(role.trustPolicy) : JSON.parse(fill(JSON.stringify(role.trustPolicy))),
  };
}

function nearest(decisions: readonly Decision[]): Decision | undefined {
  const failing = (decision: Decision): number => failures(decision).length || 99;
  return decisions.reduce<Decision | undefined>((best, each) => best && failing(best) <= failing(each) ? best : each, undefined);
}

function failures(decision: Decision): readonly string[] {
  const statement = nearestOf((decision.policies[0]?.statements ?? []).filter(({ effect }) => effect === 'Allow'));
  return statement?.checks.filter(({ truth }) => truth === 'no').map(({ about }) => about) ?? [];
}

function aboutOf(decision: Decision): string | undefined {
  const isExplicit = decision.policies.some(({ statements }) => statements.some(({ effect, applies }) => effect === 'Deny' && applies === 'yes'));
  const failed = failures(decision);
  return isExplicit ? undefined : ['sub', 'aud'].find(each => failed.includes(each) && failed.every(other => ['sub', 'aud'].includes(other)));
}
