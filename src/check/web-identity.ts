import { issuerOfProviderArn, parseRoleArn } from './arn';
import { type Decision, decisionOf, refusal } from './decision';
import { type RequestContext, requestContext } from './policy/context';
import { decide } from './policy/decide';
import { type Policy, parsePolicy } from './policy/document';
import { matchesProvider } from './policy/federated-principal';
import { readable } from './unresolved';

/** An OIDC provider in IAM. */
export interface OidcProvider {
  readonly arn: string;
  /** The audiences it takes. */
  readonly clientIds: readonly string[];
}

/** Claims of a token, as its payload has them. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  /** Takes the place of `aud` where it is set. Kubernetes does not set it. */
  readonly azp?: string;
  /** Seconds since 1970. */
  readonly exp?: number;
  readonly [claim: string]: unknown;
}

/** A call of `sts:AssumeRoleWithWebIdentity`. */
export interface WebIdentityRequest {
  /** The role to assume. */
  readonly roleArn: string;
  /** Its trust policy: an object, or JSON as a string. */
  readonly trustPolicy: unknown;
  readonly claims: TokenClaims;
  /**
   * Providers of any account; only those of the role's count.
   *
   * @default not known: the role's account is taken to have one for the token's issuer and audience
   */
  readonly providers?: readonly OidcProvider[];
  /** @default not known: each SDK makes up its own */
  readonly sessionName?: string;
  /** Further condition keys and their values, such as `aws:SourceIp`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** @default the token's expiry is not looked at */
  readonly now?: Date;
}

const ACTION = 'sts:AssumeRoleWithWebIdentity';
const TAGS = 'https://aws.amazon.com/tags';
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity';

/**
 * Whether STS gives a role to a token: role, provider, audience, expiry, trust policy, in this order. The signature is not looked at.
 *
 * Fails when the trust policy is malformed.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function evaluateWebIdentity(request: WebIdentityRequest): Decision {
  const { roleArn, claims, providers, now } = request;
  const trust = parsePolicy(request.trustPolicy, 'trust');
  const role = parseRoleArn(roleArn);
  if (!role || role.session !== undefined) {
    return refusal('ValidationError', 'Request ARN is invalid', `${roleArn} is not the ARN of a role`);
  }
  const issuer = claims.iss.replace(/^https:\/\//, '');
  const arn = `arn:${role.partition}:iam::${role.account}:oidc-provider/${issuer}`;
  const refused = refusedByProvider(claims, arn, providers);
  if (refused) {
    return refused;
  }
  if (now && claims.exp !== undefined && claims.exp * 1000 <= now.getTime()) {
    const expiry = new Date(claims.exp * 1000).toISOString();
    return refusal('ExpiredTokenException', `Token expired: current date/time ${now.toISOString()} must be before the expiration date/time ${expiry}`, `the token expired at ${expiry}`);
  }
  return ask(trust, request, arn, webIdentityContext(request, issuer, role.account));
}

function refusedByProvider(claims: TokenClaims, arn: string, providers: readonly OidcProvider[] | undefined): Decision | undefined {
  const provider = claims.iss.startsWith('https://') ? providers?.find(each => each.arn === arn) : undefined;
  if (!provider && (providers || !claims.iss.startsWith('https://'))) {
    return refusal('InvalidIdentityToken', `No OpenIDConnect provider found in your account for ${readable(claims.iss)}`, noProvider(claims.iss, arn, providers ?? []));
  }
  const audiences = audiencesOf(claims);
  return !provider || audiences.some(audience => provider.clientIds.includes(audience))
    ? undefined
    : refusal('InvalidIdentityToken', 'Incorrect token audience',
      `${claims.azp === undefined ? 'aud' : 'azp'} is ${audiences.join(', ') || 'empty'}, the provider takes ${provider.clientIds.map(readable).join(', ') || 'none'}`);
}

function noProvider(iss: string, arn: string, providers: readonly OidcProvider[]): string {
  if (!iss.startsWith('https://')) {
    return `the token's issuer ${readable(iss)} does not start with https://`;
  }
  const other = providers.find(each => issuerOfProviderArn(each.arn) === issuerOfProviderArn(arn));
  return other
    ? `the provider ${readable(other.arn)} is not in the role's account: the role needs ${readable(arn)}`
    : `the role's account has no provider ${readable(arn)} for the token's issuer`;
}

/** The client ids that count: `azp` where it is set. */
function audiencesOf({ aud, azp }: TokenClaims): readonly string[] {
  return azp !== undefined ? [azp] : typeof aud === 'string' ? [aud] : aud;
}

function ask(trust: Policy, { claims, roleArn }: WebIdentityRequest, providerArn: string, context: RequestContext): Decision {
  const actions = [
    ACTION,
    ...claims[TAGS] === undefined ? [] : ['sts:TagSession'],
    ...claims[SOURCE_IDENTITY] === undefined ? [] : ['sts:SetSourceIdentity'],
  ];
  return decisionOf(actions.map(action => ({
    policy: 'trust',
    action,
    ...decide([trust], { action, resource: roleArn, context, matchesPrincipal: principal => matchesProvider(principal, providerArn) }),
  })), `Not authorized to perform ${ACTION}`);
}

/**
 * What such a request says. STS offers `sub`, `aud` and few other claims of a token as keys, and the call is not signed, so that it has none of the
 * keys of an AWS principal.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
function webIdentityContext({ claims, sessionName, context, now }: WebIdentityRequest, issuer: string, account: string): RequestContext {
  const { sub, aud, email, amr } = claims;
  const sourceIdentity = claims[SOURCE_IDENTITY];
  return requestContext({
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:PrincipalIsAWSService': 'false',
    'aws:ResourceAccount': account,
    ...now ? { 'aws:CurrentTime': now.toISOString(), 'aws:EpochTime': String(Math.floor(now.getTime() / 1000)) } : {},
    ...sessionName === undefined ? {} : { 'sts:RoleSessionName': sessionName },
    'sts:SourceIdentity': typeof sourceIdentity === 'string' ? sourceIdentity : undefined,
    ...tagKeys(claims[TAGS]),
    ...context,
    [`${issuer}:sub`]: sub,
    [`${issuer}:aud`]: audiencesOf(claims),
    [`${issuer}:oaud`]: aud,
    [`${issuer}:email`]: typeof email === 'string' ? email : undefined,
    [`${issuer}:amr`]: Array.isArray(amr) ? amr.map(String) : undefined,
  }, isAbsent);
}

interface TagsClaim {
  readonly principal_tags?: Record<string, unknown>;
  readonly transitive_tag_keys?: unknown;
}

function tagKeys(claim: unknown): Record<string, string | string[] | undefined> {
  const { principal_tags: tags = {}, transitive_tag_keys: transitive } = (claim ?? {}) as TagsClaim;
  const first = (value: unknown): string => String(Array.isArray(value) ? value[0] : value);
  return {
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, first(value)])),
    'aws:TagKeys': Object.keys(tags),
    'sts:TransitiveTagKeys': Array.isArray(transitive) ? transitive.map(String) : undefined,
  };
}

/** Keys of a signed request, of other operations of STS, and of other issuers. */
const ABSENT = new Set([
  'aws:principalarn', 'aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:username', 'aws:tokenissuetime',
  'aws:multifactorauthpresent', 'aws:multifactorauthage', 'aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths',
  'aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast', 'aws:principalservicename', 'aws:principalservicenameslist', 'sts:externalid',
]);
const ABSENT_PREFIXES = ['aws:principaltag/', 'aws:requesttag/', 'saml:'];

function isAbsent(key: string): boolean {
  const prefix = key.slice(0, Math.max(key.lastIndexOf(':'), 0));
  return ABSENT.has(key) || ABSENT_PREFIXES.some(each => key.startsWith(each)) || !key.startsWith('aws:') && /[./]/.test(prefix);
}
