import { createPublicKey } from 'node:crypto';
import { parseObject, textIn, textsIn } from './json-object';
import { keyId, MIN_RSA_BITS } from './json-web-key';

/** Algorithms that a token of an API server can have, and STS takes. */
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'RS256'];

/** Members of a JSON Web Key that are its secret. @see https://www.rfc-editor.org/rfc/rfc7518#section-6 */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** More than that STS does not look through. */
export const MAX_KEYS = 100;

/** What was found in a document, and everything that is wrong with it. */
export interface Checked<T> {
  readonly found: T;
  readonly problems: string[];
}

/** A published key that can verify tokens. */
export interface PublishedKey {
  readonly kid: string;
  readonly alg: string;
  /** What the API server computes of the key, where that is not its `kid`. */
  readonly computed?: string;
}

/** What a discovery document says. */
export interface Discovered {
  readonly issuer?: string;
  readonly jwksUri?: string;
  readonly algorithms: readonly string[];
}

/**
 * Checks a discovery document as who verifies a token does.
 *
 * @param text the document
 * @param issuer what tokens say in `iss`. `undefined` for files that say it themselves
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
 */
export function checkDiscovery(text: string, issuer: string | undefined): Checked<Discovered> {
  const { found: document, problems } = parseObject(text, 'the discovery document');
  if (problems.length > 0) {
    return { found: { algorithms: [] }, problems };
  }
  const found = { issuer: textIn(document, 'issuer'), jwksUri: textIn(document, 'jwks_uri'), algorithms: textsIn(document, 'id_token_signing_alg_values_supported') };
  const says = (condition: boolean, problem: string): string[] => condition ? [] : [problem];
  return {
    found,
    problems: [
      ...says(found.issuer !== undefined, 'the discovery document has no issuer'),
      ...says(found.issuer === undefined || issuer === undefined || found.issuer === issuer,
        `the discovery document is of the issuer '${found.issuer}', and '${issuer}' is expected; they are compared to the letter, a slash at the end included`),
      ...says(found.jwksUri?.startsWith('https://') === true, `the discovery document has '${found.jwksUri}' as jwks_uri, and an https:// URL is expected`),
      ...says(textsIn(document, 'response_types_supported').includes('id_token'), "response_types_supported of the discovery document lacks 'id_token'"),
      ...says(textsIn(document, 'subject_types_supported').includes('public'), "subject_types_supported of the discovery document lacks 'public'"),
      ...says(found.algorithms.some(algorithm => ALGORITHMS.includes(algorithm)),
        `id_token_signing_alg_values_supported of the discovery document has none of ${ALGORITHMS.join(', ')}`),
    ],
  };
}

/**
 * Checks a key set.
 *
 * @param text the document
 * @param algorithms what the discovery document says; none if there is no such document
 */
export function checkKeySet(text: string, algorithms: readonly string[] = []): Checked<PublishedKey[]> {
  const { found: document, problems } = parseObject(text, 'the key set');
  if (problems.length > 0) {
    return { found: [], problems };
  }
  const { keys } = document;
  if (!Array.isArray(keys) || keys.length === 0) {
    return { found: [], problems: ["the key set has no list 'keys', or nothing in it: no token can be verified"] };
  }
  const checked = (keys as unknown[]).map((key, index) => checkKey(key, `key ${index + 1} of the key set`, algorithms));
  const found = checked.flatMap(key => key.found);
  const twice = found.filter(({ kid }, index) => found.findIndex(other => other.kid === kid) !== index);
  return {
    found,
    problems: [
      ...checked.flatMap(key => key.problems),
      ...twice.map(({ kid }) => `the key set has the kid '${kid}' twice`),
      ...keys.length > MAX_KEYS ? [`the key set has ${keys.length} keys, and STS looks through ${MAX_KEYS} at most; take out old ones`] : [],
    ],
  };
}

function checkKey(key: unknown, where: string, algorithms: readonly string[]): Checked<PublishedKey[]> {
  if (typeof key !== 'object' || key === null || Array.isArray(key)) {
    return { found: [], problems: [`${where} is not an object`] };
  }
  const members = key as Record<string, unknown>;
  if (SECRET_MEMBERS.some(member => member in members)) {
    return { found: [], problems: [`${where} IS A PRIVATE KEY: whoever saw it can make tokens for every role of the cluster; take it off, and rotate the key at once`] };
  }
  const made = publicKey(members);
  if (!made) {
    return { found: [], problems: [`${where} is not an RSA or EC key, or is damaged`] };
  }
  const alg = textIn(members, 'alg') ?? made.alg;
  const kid = textIn(members, 'kid');
  const use = textIn(members, 'use');
  const problems = [
    ...kid === undefined ? [`${where} has no kid; tokens name their key by it ('${made.kid}')`] : [],
    ...use === undefined || use === 'sig' ? [] : [`${where} has the use '${use}', where 'sig' is expected`],
    ...alg === made.alg ? [] : [`${where} has the algorithm '${alg}', and its tokens are signed by ${made.alg ?? 'none that STS takes'}`],
    ...made.alg === undefined ? [`${where} has a curve that STS does not take`] : [],
    ...made.bits !== undefined && made.bits < MIN_RSA_BITS ? [`${where} has ${made.bits} bits, and ${MIN_RSA_BITS} is the least`] : [],
    ...made.alg === undefined || algorithms.length === 0 || algorithms.includes(made.alg)
      ? []
      : [`${where} is for ${made.alg}, which id_token_signing_alg_values_supported (${algorithms.join(', ')}) lacks`],
  ];
  const computed = made.kid === kid ? {} : { computed: made.kid };
  return { found: kid === undefined || made.alg === undefined ? [] : [{ kid, alg: made.alg, ...computed }], problems };
}

function publicKey(members: Record<string, unknown>): { kid: string; alg?: string; bits?: number } | undefined {
  try {
    const key = createPublicKey({ key: members, format: 'jwk' });
    const curves: Record<string, string> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };
    const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
    if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'ec') {
      return undefined;
    }
    return { kid: keyId(key), alg: key.asymmetricKeyType === 'rsa' ? 'RS256' : curves[namedCurve ?? ''], bits: modulusLength };
  } catch {
    return undefined;
  }
}
