import { type Duration, Token } from 'aws-cdk-lib';

/** The longest session of a role that was assumed with the credentials of another role, in seconds. STS refuses more. */
export const MAX_CHAINED_SECONDS = 3600;

/** The longest session of any role, in seconds. */
export const MAX_SESSION_SECONDS = 43200;

const MIN_SESSION_SECONDS = 900;

/** The most that a session takes. */
const MAX_SESSION_TAGS = 50;

/** What becomes of an optional value. */
export function ifGiven<T, R>(value: T | undefined, use: (value: T) => R): R | undefined {
  return value === undefined ? undefined : use(value);
}

/**
 * Fails unless every SDK finds a profile of that name. They differ in what they take, so this is what all take: some skip the
 * section of any other name, without a word.
 */
export function validateProfileName(name: string): string {
  assertLiteral('profile name', name);
  if (/^profile\s/.test(name)) {
    throw new Error(`'${name}' begins with the word that the config file puts before each name; pass '${name.replace(/^profile\s+/, '')}'`);
  }
  if (!/^[\w.%@:/+-]{1,128}$/.test(name) || name === '__proto__') {
    throw new Error(`'${name}' is not a profile name: 1 to 128 letters, digits and _.%@:/+- are what all SDKs read`);
  }
  return name;
}

/** Fails unless STS takes the name of a role session: it shows in CloudTrail, and in the ARN of the session. */
export function validateRoleSessionName(name: string): string {
  if (!Token.isUnresolved(name) && !/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw new Error(`'${name}' is not a role session name: 2 to 64 letters, digits and _+=,.@-`);
  }
  return name;
}

/** Fails unless STS takes the external id. */
export function validateExternalId(externalId: string): string {
  if (!Token.isUnresolved(externalId) && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throw new Error(`'${externalId}' is not an external id: 2 to 1,224 letters, digits and _+=,.@:/-`);
  }
  return externalId;
}

/** Fails unless it is the id of an AWS organisation. */
export function validateOrganizationId(organizationId: string): string {
  if (!Token.isUnresolved(organizationId) && !/^o-[a-z0-9]{10,32}$/.test(organizationId)) {
    throw new Error(`'${organizationId}' is not the id of an organisation: o- and 10 to 32 lower-case letters and digits`);
  }
  return organizationId;
}

/** Fails unless session tags can have these keys. */
export function validateSessionTagKeys(keys: string[]): void {
  if (Token.isUnresolved(keys) || keys.length === 0 || keys.length > MAX_SESSION_TAGS) {
    throw new Error(`sessionTagKeys has to be a list of 1 to ${MAX_SESSION_TAGS} keys; leave it out where sessions are not tagged`);
  }
  keys.forEach(validateSessionTagKey);
}

/** Fails unless a session tag can have the key. */
export function validateSessionTagKey(key: string): string {
  if (!Token.isUnresolved(key) && !/^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u.test(key)) {
    throw new Error(`'${key}' is not the key of a session tag: 1 to 128 letters, digits, blanks and _.:/=+-@`);
  }
  return key;
}

/** Fails unless it looks like the name of a region. */
export function validateRegion(region: string): string {
  if (!Token.isUnresolved(region) && !/^[a-z]{2,}(-[a-z0-9]+)+$/.test(region)) {
    throw new Error(`'${region}' is not a region, such as 'eu-west-1'`);
  }
  return region;
}

/** How long a session may last, in seconds: from 15 minutes up to `max`, which is an hour where roles are chained. */
export function sessionSeconds(duration: Duration, max: number): number {
  if (Token.isUnresolved(duration) || duration.isUnresolved()) {
    throw new Error('duration is known only at deployment; pass a literal Duration');
  }
  const seconds = duration.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < MIN_SESSION_SECONDS || seconds > max) {
    const why = max === MAX_CHAINED_SECONDS ? ': a session that begins with the credentials of another role lasts one hour at most' : '';
    throw new Error(`duration is ${seconds} seconds; whole seconds from ${MIN_SESSION_SECONDS} to ${max} are expected${why}`);
  }
  return seconds;
}

function assertLiteral(what: string, value: string): void {
  if (Token.isUnresolved(value)) {
    throw new Error(`${what} ${value} is known only at deployment; pass a literal`);
  }
}
