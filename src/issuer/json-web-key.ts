import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** A public signing key as it stands in a key set; the order of members is the API server's. */
export interface PublicJsonWebKey {
  readonly use: 'sig';
  readonly kty: 'RSA' | 'EC';
  readonly kid: string;
  readonly crv?: string;
  readonly alg: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** RS256 takes no less. @see https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
export const MIN_RSA_BITS = 2048;

/** What the API server signs with, by the curve of its key. */
const CURVES: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

/**
 * A public key as the API server publishes it at `/openid/v1/jwks`, member by member.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/serviceaccount/openidmetadata.go
 */
export function toJsonWebKey(key: KeyObject): PublicJsonWebKey {
  if (key.type !== 'public') {
    throw new Error(`a public key is expected, got a ${key.type} one`);
  }
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return rsaKey(key);
    case 'ec':
      return ecKey(key);
    default:
      throw new Error(`a key of the type ${key.asymmetricKeyType} cannot sign tokens of service accounts; the API server takes RSA and EC`);
  }
}

/** `kid` as the API server computes it: SHA-256 of the DER form (SubjectPublicKeyInfo), base64url without padding. */
export function keyId(key: KeyObject): string {
  return createHash('sha256').update(uncompressed(key).export({ type: 'spki', format: 'der' })).digest('base64url');
}

/** OpenSSL writes a point as it read it, with one coordinate or both; Go always writes both. */
function uncompressed(key: KeyObject): KeyObject {
  return key.asymmetricKeyType === 'ec' ? createPublicKey({ key: key.export({ format: 'jwk' }), format: 'jwk' }) : key;
}

function rsaKey(key: KeyObject): PublicJsonWebKey {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_RSA_BITS) {
    throw new Error(`an RSA key of ${bits} bits is too short: RS256 takes ${MIN_RSA_BITS} or more`);
  }
  const { n, e } = key.export({ format: 'jwk' });
  return { use: 'sig', kty: 'RSA', kid: keyId(key), alg: 'RS256', n, e };
}

function ecKey(key: KeyObject): PublicJsonWebKey {
  const { crv, x, y } = exportedCurve(key);
  const alg = crv === undefined ? undefined : CURVES[crv];
  if (alg === undefined) {
    throw new Error(`an EC key on the curve ${key.asymmetricKeyDetails?.namedCurve} cannot sign tokens of service accounts; `
      + `the API server takes ${Object.keys(CURVES).join(', ')}`);
  }
  return { use: 'sig', kty: 'EC', kid: keyId(key), crv, alg, x, y };
}

/** Nothing for curves that JSON Web Keys have no name for. */
function exportedCurve(key: KeyObject): { crv?: string; x?: string; y?: string } {
  try {
    return key.export({ format: 'jwk' });
  } catch {
    return {};
  }
}
