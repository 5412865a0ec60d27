import { evaluateAssumeRole } from './assume-role';
import type { Decision } from './decision';
import { evaluateWebIdentity, type OidcProvider, type TokenClaims } from './web-identity';

/** A role with its policies. */
export interface RoleWithPolicies {
  readonly arn: string;
  /** An object, or JSON as a string. */
  readonly trustPolicy: unknown;
  /** Inline and managed policies. @default not known */
  readonly identityPolicies?: readonly unknown[];
  /** Tags of the role itself. @default not known */
  readonly tags?: Readonly<Record<string, string>>;
  /** The organization of its account, `null` for none. @default not known */
  readonly organizationId?: string | null;
}

/** One step from a role to the next: what the AWS config file says of it. */
export interface Hop {
  readonly role: RoleWithPolicies;
  readonly externalId?: string;
  readonly sessionName?: string;
  readonly durationSeconds?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

/** A pod's way: with its token to the first role, and from role to role. */
export interface Chain {
  readonly claims: TokenClaims;
  /** @default not known: the account of the first role is taken to have one */
  readonly providers?: readonly OidcProvider[];
  readonly first: RoleWithPolicies;
  /** @default - the name of the session is not known */
  readonly sessionName?: string;
  readonly hops: readonly Hop[];
}

/** One step of the way. */
export interface Step {
  /** The ARN of the role that was asked for. */
  readonly roleArn: string;
  readonly decision: Decision;
}

/** Goes the way from token to last role, and stops at the first step that is not sure to be allowed. */
export function evaluateChain({ claims, providers, first, sessionName, hops }: Chain): Step[] {
  const decision = evaluateWebIdentity({ roleArn: first.arn, trustPolicy: first.trustPolicy, claims, providers, sessionName });
  const steps: Step[] = [{ roleArn: first.arn, decision }];
  let caller: Session = { role: first, sessionName, tags: {}, transitive: {} };
  for (const hop of hops) {
    if (steps.at(-1)!.decision.verdict !== 'allowed') {
      break;
    }
    steps.push({ roleArn: hop.role.arn, decision: evaluateHop(caller, hop) });
    caller = sessionAfter(caller, hop);
  }
  return steps;
}

interface Session {
  readonly role: RoleWithPolicies;
  readonly sessionName?: string;
  /** Session tags, besides those of the role. */
  readonly tags: Readonly<Record<string, string>>;
  /** Those of them that go along to the next session. */
  readonly transitive: Readonly<Record<string, string>>;
}

function evaluateHop({ role, sessionName, tags }: Session, { role: next, ...hop }: Hop): Decision {
  return evaluateAssumeRole({
    ...hop,
    caller: {
      arn: role.arn,
      sessionName,
      identityPolicies: role.identityPolicies,
      tags: role.tags && { ...role.tags, ...tags },
      organizationId: role.organizationId,
    },
    roleArn: next.arn,
    trustPolicy: next.trustPolicy,
  });
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining */
function sessionAfter({ transitive: before }: Session, { role, sessionName, tags = {}, transitiveTagKeys = [] }: Hop): Session {
  const transitive = { ...before, ...Object.fromEntries(Object.entries(tags).filter(([key]) => transitiveTagKeys.includes(key))) };
  return { role, sessionName, tags: { ...tags, ...transitive }, transitive };
}
