import { type Arn, parseArn, parseRoleArn } from './arn';
import { type AskedPolicy, type Decision, decisionOf, refusal } from './decision';
import { type Grant, matchesCaller } from './policy/aws-principal';
import { type RequestContext, requestContext } from './policy/context';
import { decide, type PolicyDecision } from './policy/decide';
import { type Policy, parsePolicy } from './policy/document';
import { type Request, statementName } from './policy/statement';

/** Who calls STS. */
export interface Caller {
  /** The ARN of a role (with its path), of a session of a role, or of a user. */
  readonly arn: string;
  /** @default not known */
  readonly sessionName?: string;
  /**
   * All policies of the caller: inline and managed, as objects or JSON strings.
   *
   * @default not known: then sure is only a role of the same account that the trust policy names itself
   */
  readonly identityPolicies?: readonly unknown[];
  /** Tags of the role and of its session. @default not known */
  readonly tags?: Readonly<Record<string, string>>;
  /** The caller's organization, `null` for none. @default not known */
  readonly organizationId?: string | null;
}

/** A call of `sts:AssumeRole`. */
export interface AssumeRoleRequest {
  readonly caller: Caller;
  /** The role to assume. */
  readonly roleArn: string;
  /** Its trust policy: an object, or JSON as a string. */
  readonly trustPolicy: unknown;
  /** @default - none is sent */
  readonly externalId?: string;
  /** @default not known: each SDK makes up its own */
  readonly sessionName?: string;
  /** @default - none is sent */
  readonly sourceIdentity?: string;
  /** Session tags. @default - none are sent */
  readonly tags?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly transitiveTagKeys?: readonly string[];
  /** In seconds. A session that one role gets of another lasts an hour at most. @default an hour */
  readonly durationSeconds?: number;
  /** Further condition keys and their values, such as `aws:SourceIp`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** @default not known */
  readonly now?: Date;
}

const ACTION = 'sts:AssumeRole';
const MAX_CHAINED_SECONDS = 3600;

/**
 * Whether STS lets a caller assume a role. In another account the caller's own policies and the trust policy both have to allow it; in the same
 * account it is enough that the trust policy names the caller itself.
 *
 * Boundaries, session policies and policies of an organization are not looked at. Fails when a policy is malformed.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function evaluateAssumeRole(request: AssumeRoleRequest): Decision {
  const { caller, roleArn } = request;
  const trust = parsePolicy(request.trustPolicy, 'trust');
  const identity = caller.identityPolicies?.map(policy => parsePolicy(policy, 'identity'));
  const [role, who] = [parseRoleArn(roleArn), parseArn(caller.arn)];
  if (!role || role.session !== undefined) {
    return refusal('ValidationError', 'Request ARN is invalid', `${roleArn} is not the ARN of a role`);
  }
  if (!who) {
    throw new Error(`'${caller.arn}' is not an ARN; the caller is a role, a session of a role, or a user`);
  }
  const refused = refusedAtOnce(request, who, role.partition);
  if (refused) {
    return refused;
  }
  const actions = [
    ACTION,
    ...Object.keys(request.tags ?? {}).length > 0 ? ['sts:TagSession'] : [],
    ...request.sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity'],
  ];
  const context = assumeRoleContext(request, who, role.account);
  const session = sessionArn(caller);
  return decisionOf(
    actions.flatMap(action => ask({ action, trust, identity, context, session, request, sameAccount: who.account === role.account })),
    `User: ${session ?? caller.arn} is not authorized to perform: ${ACTION} on resource: ${roleArn}`,
  );
}

function refusedAtOnce({ caller, roleArn, durationSeconds = 0 }: AssumeRoleRequest, who: Arn, partition: string): Decision | undefined {
  if (who.resource === 'root') {
    return refusal('AccessDenied', 'Roles may not be assumed by root accounts.', `${caller.arn} is the root user of an account, which can assume no role`);
  }
  if (who.partition !== partition) {
    return refusal('AccessDenied', `User: ${caller.arn} is not authorized to perform: ${ACTION} on resource: ${roleArn}`,
      `${caller.arn} is in the partition ${who.partition}, the role in ${partition}, and roles cannot be assumed across partitions`);
  }
  return parseRoleArn(caller.arn) && durationSeconds > MAX_CHAINED_SECONDS
    ? refusal('ValidationError', 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      `${durationSeconds} seconds are asked for, and a session that one role gets of another lasts ${MAX_CHAINED_SECONDS} at most`)
    : undefined;
}

function sessionArn({ arn, sessionName }: Caller): string | undefined {
  const role = parseRoleArn(arn);
  const name = role?.session ?? sessionName;
  return role && name !== undefined ? `arn:${role.partition}:sts::${role.account}:assumed-role/${role.name}/${name}` : undefined;
}

interface Question {
  readonly action: string;
  readonly trust: Policy;
  readonly identity?: readonly Policy[];
  readonly context: RequestContext;
  readonly session?: string;
  readonly request: AssumeRoleRequest;
  readonly sameAccount: boolean;
}

function ask({ action, trust, identity, context, session, request: { caller, roleArn }, sameAccount }: Question): AskedPolicy[] {
  const requestFor = (grants: readonly Grant[]): Request => ({
    action, resource: roleArn, context, matchesPrincipal: principal => matchesCaller(principal, caller.arn, session, grants),
  });
  const trusted: AskedPolicy = { policy: 'trust', action, ...decide([trust], requestFor(['caller', 'account'])) };
  const trustIsEnough = sameAccount && decide([trust], requestFor(['caller'])).verdict === 'allowed';
  if (trustIsEnough) {
    return [trusted, ...identity ? objections(decide(identity, requestFor([])), action) : []];
  }
  return [trusted, identity
    ? { policy: 'identity', action, ...named(decide(identity, requestFor([])), caller) }
    : { policy: 'identity', action, verdict: 'unknown', reason: `the policies of ${caller.arn} are not known here`, statements: [] }];
}

function named(decision: PolicyDecision, caller: Caller): PolicyDecision {
  return { ...decision, reason: `in the policies of ${caller.arn}, ${decision.reason}` };
}

/** Where the trust policy is enough, only an explicit Deny of the caller's own policies counts. */
function objections(own: PolicyDecision, action: string): AskedPolicy[] {
  const denies = own.statements.filter(({ effect, applies }) => effect !== 'Allow' && applies !== 'no');
  if (denies.length === 0) {
    return [];
  }
  const sure = denies.some(({ applies }) => applies === 'yes');
  return [{ policy: 'identity', action, statements: own.statements, verdict: sure ? 'denied' : 'unknown', reason: sure ? own.reason : `${statementName(denies[0])} of the caller's policies may deny it` }];
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-sts */
function assumeRoleContext(request: AssumeRoleRequest, who: Arn, account: string): RequestContext {
  const { caller, externalId, sessionName, sourceIdentity, tags = {}, transitiveTagKeys, context, now } = request;
  const role = parseRoleArn(caller.arn);
  return requestContext({
    ...role?.session === undefined ? { 'aws:PrincipalArn': caller.arn } : {},
    'aws:PrincipalAccount': who.account,
    'aws:PrincipalType': role ? 'AssumedRole' : 'User',
    'aws:username': role ? undefined : who.resource.split('/').at(-1),
    ...caller.organizationId === undefined ? {} : { 'aws:PrincipalOrgID': caller.organizationId ?? undefined },
    ...prefixed('aws:PrincipalTag/', caller.tags ?? {}),
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:SecureTransport': 'true',
    'aws:ResourceAccount': account,
    ...now ? { 'aws:CurrentTime': now.toISOString(), 'aws:EpochTime': String(Math.floor(now.getTime() / 1000)) } : {},
    'sts:ExternalId': externalId,
    ...sessionName === undefined ? {} : { 'sts:RoleSessionName': sessionName },
    'sts:SourceIdentity': sourceIdentity,
    ...prefixed('aws:RequestTag/', tags),
    'aws:TagKeys': Object.keys(tags),
    'sts:TransitiveTagKeys': transitiveTagKeys,
    ...context,
  }, key => ABSENT.has(key) || key.startsWith('aws:requesttag/') || caller.tags !== undefined && key.startsWith('aws:principaltag/'));
}

function prefixed(prefix: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]));
}

/** Keys of calls that a service of AWS makes for somebody. */
const ABSENT = new Set([
  'aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths', 'aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast',
  'aws:principalservicename', 'aws:principalservicenameslist',
]);
