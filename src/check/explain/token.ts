import { createPublicKey, verify } from 'node:crypto';
import { at, type JsonObject, listOf, objectOf } from '../json';
import type { TokenClaims } from '../web-identity';

/** A token without its signature, which nobody needs to see. */
export interface DecodedToken {
  readonly header: JsonObject;
  readonly claims: TokenClaims;
}

/** Whether the signature is one of the keys'. */
export type SignatureCheck = 'valid' | 'wrong' | 'no such key' | 'unknown algorithm';

/**
 * Reads a token. What it says in an error never quotes it: a token is a password.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc7519
 */
export function decodeToken(text: string): DecodedToken {
  const parts = text.trim().replace(/^Bearer\s+/i, '').split('.');
  if (parts.length !== 3) {
    throw new Error(`what was given is not a token: it has ${parts.length} part${parts.length === 1 ? '' : 's'} between dots, and a token has 3`);
  }
  const [header, claims] = [decodePart(parts[0], 'header'), decodePart(parts[1], 'payload')];
  for (const claim of ['iss', 'sub']) {
    if (typeof claims[claim] !== 'string' || claims[claim] === '') {
      throw new Error(`the token has no claim ${claim}`);
    }
  }
  const { aud, exp, azp } = claims;
  if (typeof aud !== 'string' && !(Array.isArray(aud) && aud.every(each => typeof each === 'string'))) {
    throw new Error('the token has no claim aud that is a string or a list of strings');
  }
  if (exp !== undefined && typeof exp !== 'number' || azp !== undefined && typeof azp !== 'string') {
    throw new Error('the token has a claim exp that is not a number, or a claim azp that is not a string');
  }
  return { header, claims: claims as unknown as TokenClaims };
}

function decodePart(part: string, name: string): JsonObject {
  try {
    const value = objectOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'))));
    if (value) {
      return value;
    }
  } catch {
    // the message would quote the token
  }
  throw new Error(`what was given is not a token: its ${name} is not an object of JSON in base64url`);
}

/** Hashes of algorithms that STS takes. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html */
const ALGORITHMS: ReadonlyMap<unknown, string> = new Map([
  ['RS256', 'sha256'], ['RS384', 'sha384'], ['RS512', 'sha512'], ['ES256', 'sha256'], ['ES384', 'sha384'], ['ES512', 'sha512'],
]);

/** Whether STS takes tokens that are signed in this way, as the header's `alg` says. */
export function isAlgorithmOfSts(algorithm: unknown): boolean {
  return ALGORITHMS.has(algorithm);
}

/** Compares the signature with the keys of an issuer (`/openid/v1/jwks` of a cluster). */
export function checkSignature(text: string, jwks: unknown): SignatureCheck {
  const [header, payload, signature] = text.trim().replace(/^Bearer\s+/i, '').split('.');
  const { alg, kid } = decodePart(header, 'header');
  const hash = ALGORITHMS.get(alg);
  const keys = listOf(at(jwks, 'keys'));
  if (keys.length === 0) {
    throw new Error('the key set has no keys; it is what the issuer\'s jwks_uri gives: kubectl get --raw /openid/v1/jwks');
  }
  const key = objectOf(keys.find(each => at(each, 'kid') === kid));
  if (!hash || !key) {
    return hash ? 'no such key' : 'unknown algorithm';
  }
  try {
    const publicKey = createPublicKey({ key: key as Record<string, string>, format: 'jwk' });
    return verify(hash, Buffer.from(`${header}.${payload}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')) ? 'valid' : 'wrong';
  } catch (error) {
    throw new Error(`the key '${String(kid)}' of the key set cannot be read: ${(error as Error).message}`);
  }
}
