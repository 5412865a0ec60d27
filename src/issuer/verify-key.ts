import { createPublicKey, type KeyObject } from 'node:crypto';
import { textIn, textsIn } from './json-object';
import { keyId, MIN_RSA_BITS } from './json-web-key';

/** Members of a JSON Web Key that are its secret. @see https://www.rfc-editor.org/rfc/rfc7518#section-6 */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

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

/**
 * Checks a key of a key set: none or one is found.
 *
 * @param key what stands in the key set
 * @param where what problems begin with
 * @param algorithms what the discovery document says; none if there is no such document
 */
export function checkKey(key: unknown, where: string, algorithms: readonly string[]): Checked<PublishedKey[]> {
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
  const kid = textIn(members, 'kid') || undefined;
  const computed = made.kid === kid ? {} : { computed: made.kid };
  return {
    found: kid === undefined || made.alg === undefined ? [] : [{ kid, alg: made.alg, ...computed }],
    problems: [
      ...kid === undefined ? [`has no kid; tokens name their key by it ('${made.kid}')`] : [],
      ...purposeProblems(members, made, algorithms),
      ...strengthProblems(made),
      ...encodingProblems(members, made),
    ].map(problem => `${where} ${problem}`),
  };
}

interface MadeKey {
  readonly kid: string;
  /** `undefined` for a curve that STS does not take. */
  readonly alg?: string;
  readonly bits?: number;
  readonly exponent?: bigint;
  /** The key, as its members have to be written. */
  readonly canonical: Readonly<Record<string, unknown>>;
}

function publicKey(members: Record<string, unknown>): MadeKey | undefined {
  try {
    const key = createPublicKey({ key: members, format: 'jwk' });
    const { modulusLength: bits, publicExponent: exponent } = key.asymmetricKeyDetails ?? {};
    return key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec'
      ? { kid: keyId(key), alg: algorithmOf(key), bits, exponent, canonical: { ...key.export({ format: 'jwk' }) } }
      : undefined;
  } catch {
    return undefined;
  }
}

function algorithmOf(key: KeyObject): string | undefined {
  const curves: Record<string, string> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };
  return key.asymmetricKeyType === 'rsa' ? 'RS256' : curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
}

function purposeProblems(members: Record<string, unknown>, { alg }: MadeKey, algorithms: readonly string[]): string[] {
  const { use = 'sig', alg: said = alg, key_ops: operations } = members;
  return [
    ...use === 'sig' ? [] : [`has the use '${String(use)}', where 'sig' is expected`],
    ...operations === undefined || textsIn(members, 'key_ops').includes('verify') ? [] : ["has key_ops without 'verify'; leave them out"],
    ...said === alg ? [] : [`has the algorithm '${String(said)}', and its tokens are signed by ${alg ?? 'none that STS takes'}`],
    ...alg === undefined || algorithms.length === 0 || algorithms.includes(alg)
      ? []
      : [`is for ${alg}, which id_token_signing_alg_values_supported (${algorithms.join(', ')}) lacks`],
  ];
}

function strengthProblems({ alg, bits, exponent }: MadeKey): string[] {
  return [
    ...alg === undefined ? ['has a curve that STS does not take'] : [],
    ...bits !== undefined && bits < MIN_RSA_BITS ? [`has ${bits} bits, and ${MIN_RSA_BITS} is the least`] : [],
    ...exponent !== undefined && (exponent < 3n || exponent % 2n === 0n) ? [`has the exponent ${exponent}, by which anybody can sign or nobody; 65537 is usual (AQAB)`] : [],
  ];
}

/**
 * Node.js reads numbers in many forms, and STS in one: base64url of the bytes, without padding, line breaks and leading zeros (of a coordinate: at the full length of its curve).
 *
 * @see https://github.com/jenkinsci/oidc-provider-plugin/issues/205
 */
function encodingProblems(members: Record<string, unknown>, { canonical }: MadeKey): string[] {
  const wrong = ['n', 'e', 'x', 'y'].filter(member => canonical[member] !== undefined && members[member] !== canonical[member]);
  return wrong.length === 0 ? [] : [`has ${wrong.join(' and ')} in a form that STS refuses: base64url of the number is expected, without padding, line breaks and leading zeros`];
}
