import { evaluateAssumeRole } from './assume-role';
import type { Facts } from './facts';
import { title } from './kubernetes/objects';
import type { Place } from './place';
import type { Verdict } from './policy/decide';
import { parsePolicy } from './policy/document';
import type { Role } from './template/roles';
import { isUnresolved } from './unresolved';

/** What is said to a role that wants to become another. */
export interface HopAnswer {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** A step from role to role that a config file asks for. */
export interface Hop extends HopAnswer {
  readonly user: string;
  readonly place: Place;
  readonly from: Role;
  readonly to: Role;
}

/** The steps from role to role that config files ask for, where templates have both. */
export function* hopsOf({ awsConfigs, references }: Facts): Iterable<Hop> {
  const byArn = new Map(references.map(({ arn, role: each }) => [arn, each]));
  const role = (arn: string | undefined): Role | undefined => arn === undefined ? undefined : byArn.get(arn);
  for (const { object, profiles, place } of awsConfigs) {
    for (const { name, settings } of profiles.values()) {
      const source = profiles.get(settings.get('source_profile') ?? '');
      const [from, to] = [role(source?.settings.get('role_arn')), role(settings.get('role_arn'))];
      if (from && to && source?.name !== name && typeof to.trust !== 'string') {
        yield { user: `profile '${name}' of ${title(object)}`, place, from, to, ...askHop(from, to, settings) };
      }
    }
  }
}

/** Whether a role becomes another one, with the settings of a profile. */
export function askHop(from: Role, to: Role, settings: ReadonlyMap<string, string> = new Map()): HopAnswer {
  if ([from.arn, to.arn].some(arn => isUnresolved(arn.split(':')[4]) || isUnresolved(arn.split(':')[1]))) {
    return { verdict: 'unknown', reason: 'their accounts are known only at deployment' };
  }
  const policies = from.policies.map(({ document }) => document).filter(isReadable);
  const ask = (identityPolicies: readonly unknown[] | undefined) => evaluateAssumeRole({
    caller: { arn: from.arn, identityPolicies },
    roleArn: to.arn,
    trustPolicy: to.trustPolicy,
    externalId: settings.get('external_id'),
    sessionName: settings.get('role_session_name'),
    durationSeconds: Number(settings.get('duration_seconds') ?? 3600),
  });
  const known = ask(policies);
  // a managed policy that no template has may allow it
  return known.verdict === 'denied' && (from.unknownPolicies.length > 0 || policies.length < from.policies.length) ? ask(undefined) : known;
}

function isReadable(document: unknown): boolean {
  try {
    return parsePolicy(document, 'identity').statements.length > 0;
  } catch {
    return false;
  }
}
