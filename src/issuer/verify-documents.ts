import { parseObject, textIn, textsIn } from './json-object';
import { type Checked, checkKey, type PublishedKey } from './verify-key';

/** Algorithms that a token of an API server can have, and STS takes. */
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'RS256'];

/** More than that, of each type, STS does not look through. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html */
const MAX_KEYS = 100;

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
      ...['RSA', 'EC'].flatMap(type => tooMany(type, keys as unknown[])),
    ],
  };
}

function tooMany(type: string, keys: readonly unknown[]): string[] {
  const { length } = keys.filter(key => (key as { kty?: unknown } | null)?.kty === type);
  return length > MAX_KEYS ? [`the key set has ${length} ${type} keys, and STS looks through ${MAX_KEYS} of a type at most; take out old ones`] : [];
}
