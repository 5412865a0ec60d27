import { AccountNodes } from './account-nodes';
import { addAssociations } from './associations';
import type { GraphBuilder } from './builder';
import { type TrustedToken, trustedTokens } from './trusted-tokens';
import { parseRoleArn } from '../arn';
import { audienceAt, type Binding, type Facts } from '../facts';
import { at, listOf } from '../json';
import { type KubernetesObject, title, type Workload } from '../kubernetes/objects';
import type { Verdict } from '../policy/decide';
import { unknownTrust } from '../rules/trust';
import type { Role } from '../template/roles';
import { askEachIssuer } from '../trust-answer';
import { isUnresolved } from '../unresolved';

const SUBJECT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Adds who comes with a token, and the first role of each. The answer is these roles. */
export function addTokens(builder: GraphBuilder, facts: Facts): Set<Role> {
  const asked = [...facts.bindings, ...inConfigFiles(facts)].map(binding => ({ binding, ...answerTo(binding) }));
  const trusted = facts.roles.flatMap(trustedTokens);
  const accounts = new AccountNodes(builder, facts);
  asked.forEach(({ binding, issuers }) => issuers.forEach(issuer => accounts.isIn(binding.namespace, binding.serviceAccount, issuer)));
  const [exact, others] = divided(trusted);
  exact.forEach(({ issuer, namespace, name }) => accounts.isIn(namespace, name, issuer));

  const patterns = others.map(token => ({ ...token, id: addSubject(builder, token) }));
  accounts.addMatches([...new Map(patterns.map(pattern => [pattern.id, pattern])).values()]);
  asked.forEach(({ binding, issuers, verdict, notes }) => {
    const role = builder.role(binding.arn, binding.role);
    accounts.nodes(binding.namespace, binding.serviceAccount, issuers, binding.place)
      .forEach(id => builder.edge(id, role, 'annotation', { verdict, notes: [`asked for by ${binding.user}`, ...notes] }));
  });
  exact.forEach(({ role, issuer, namespace, name, verdict, notes }) => accounts.nodes(namespace, name, [issuer])
    .forEach(id => builder.edge(id, builder.role(role.arn, role), 'trust', { verdict, notes })));
  patterns.forEach(({ id, role, verdict, notes }) => builder.edge(id, builder.role(role.arn, role), 'trust', { verdict, notes }));
  const given = addAssociations(builder, facts, accounts);
  accounts.addPlaces();
  return new Set([...given, ...asked.map(({ binding }) => binding.role), ...trusted.map(({ role }) => role)].filter(role => role !== undefined));
}

/** A token by its service account, and by its issuers where the trust policy lets them in. */
function answerTo(binding: Binding): { issuers: string[]; verdict: Verdict; notes: string[] } {
  const { role, arn } = binding;
  if (!role) {
    return parseRoleArn(arn) || isUnresolved(arn) || arn.includes('${cdk-irsa:') ? { issuers: [], verdict: 'unknown', notes: ['no template has the role'] }
      : { issuers: [], verdict: 'denied', notes: ['it is not the ARN of a role'] };
  }
  const decisions = [...askEachIssuer(binding)];
  const best = (['allowed', 'unknown'] as const).map(verdict => decisions.filter(([, decision]) => decision.verdict === verdict)).find(each => each.length > 0);
  if (best) {
    const [[, { verdict, reason }]] = best;
    return { issuers: best.map(([issuer]) => issuer), verdict, notes: verdict === 'allowed' ? [] : [reason] };
  }
  const unknown = decisions.length === 0 && typeof role.trust !== 'string' ? unknownTrust(binding) : undefined;
  return { issuers: [], verdict: unknown ? 'unknown' : 'denied', notes: [unknown ?? decisions[0]?.[1].reason ?? (typeof role.trust === 'string' ? role.trust : 'it trusts no OIDC provider')] };
}

/** First profiles of config files that pods mount: their role is asked for with a token, too. */
function inConfigFiles({ awsConfigs, workloads, serviceAccounts, references }: Facts): Binding[] {
  const roles = new Map(references.map(({ arn, role }) => [arn, role]));
  return awsConfigs.flatMap(({ object, profiles, place }) => [...profiles.values()].flatMap(({ name, settings }) => {
    const [arn, file] = [settings.get('role_arn'), settings.get('web_identity_token_file')];
    return arn === undefined || file === undefined ? [] : workloads.filter(workload => mounts(workload, object)).flatMap(workload => {
      const account = serviceAccounts.find(each => each.namespace === workload.namespace && each.name === workload.serviceAccountName);
      const audience = workload.containers.map(container => audienceAt(workload, container, file, account)).find(each => each !== undefined);
      return audience === undefined ? [] : [{
        place, user: `profile '${name}' of ${title(object)}`, arn, role: roles.get(arn), namespace: workload.namespace, serviceAccount: workload.serviceAccountName, audience,
      }];
    });
  }));
}

function mounts({ namespace, podSpec }: Workload, { namespace: own, name }: KubernetesObject): boolean {
  return namespace === own && listOf(podSpec.volumes).some(volume => at(volume, 'configMap', 'name') === name
    || listOf(at(volume, 'projected', 'sources')).some(source => at(source, 'configMap', 'name') === name));
}

interface ExactToken extends TrustedToken {
  readonly namespace: string;
  readonly name: string;
}

/** Tokens of one service account each, and all others. */
function divided(tokens: readonly TrustedToken[]): [ExactToken[], TrustedToken[]] {
  const exact = tokens.flatMap(token => {
    const [, namespace, name] = !token.isPattern && SUBJECT.exec(token.sub ?? '') || [];
    return namespace === undefined ? [] : [{ ...token, namespace, name }];
  });
  return [exact, tokens.filter(({ isPattern, sub = '' }) => isPattern || !SUBJECT.test(sub))];
}

function addSubject(builder: GraphBuilder, { issuer, sub, isAnyIssuer }: TrustedToken): string {
  const [, namespace, name] = SUBJECT.exec(sub ?? '') ?? [];
  return builder.node('subject', `${issuer ?? (isAnyIssuer ? '*' : '')} ${sub ?? ''}`, {
    name: isAnyIssuer && (sub === undefined || sub === '*') ? 'any token of any provider' : sub === undefined || sub === '*' ? 'any token of the issuer' : namespace === undefined ? sub : `${namespace}/${name}`,
    cluster: issuer,
    namespace: namespace !== undefined && !/[*?]/.test(namespace) && !isUnresolved(namespace) ? namespace : undefined,
    notes: [sub === undefined ? 'the trust policy does not say whose' : `sub is like ${sub}`],
  });
}
