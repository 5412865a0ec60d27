import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { der, ecPair, rsaPair } from './helpers';
import { keyId, toJsonWebKey } from '../../src/issuer/json-web-key';

/** As anybody computes it without Node.js. */
function kidByOpenssl(key: KeyObject): string {
  const input = key.export({ type: 'spki', format: 'der' });
  const digest = execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input });
  return digest.toString('base64').replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}

describe('a key of a key set', () => {
  test.each([2048, 3072, 4096])('RSA of %d bits: the members that the API server gives it, in its order', bits => {
    const { publicKey } = rsaPair(bits);
    const jwk = toJsonWebKey(publicKey);

    expect(Object.keys(jwk)).toEqual(['use', 'kty', 'kid', 'alg', 'n', 'e']);
    expect(jwk).toMatchObject({ use: 'sig', kty: 'RSA', alg: 'RS256', kid: kidByOpenssl(publicKey), e: 'AQAB' });
    expect(Buffer.from(jwk.n!, 'base64url')).toHaveLength(bits / 8);
  });

  test.each([['P-256', 'ES256', 32], ['P-384', 'ES384', 48], ['P-521', 'ES512', 66]])('EC on %s is for %s, and coordinates have %d bytes', (curve, alg, bytes) => {
    // by chance one in 128 coordinates begins with a zero byte, which has to stay
    for (let i = 0; i < 20; i++) {
      const { publicKey } = ecPair(curve);
      const jwk = toJsonWebKey(publicKey);

      expect(Object.keys(jwk)).toEqual(['use', 'kty', 'kid', 'crv', 'alg', 'x', 'y']);
      expect(jwk).toMatchObject({ use: 'sig', kty: 'EC', crv: curve, alg, kid: kidByOpenssl(publicKey) });
      expect([jwk.x, jwk.y].map(value => Buffer.from(value!, 'base64url').length)).toEqual([bytes, bytes]);
    }
  });

  test('says the key, no more and no less', () => {
    for (const pair of [rsaPair(), ecPair('P-384')]) {
      const { use, kid, alg, ...members } = toJsonWebKey(pair.publicKey);
      expect(createPublicKey({ key: members, format: 'jwk' }).export({ type: 'spki', format: 'der' })).toEqual(der(pair));
      expect({ use, kid, alg }).toEqual({ use: 'sig', kid: keyId(pair.publicKey), alg: expect.any(String) as unknown });
    }
  });

  test('kid is 43 characters of base64url, whatever form the key was read from', () => {
    const { publicKey } = rsaPair();
    const fromPkcs1 = createPublicKey(publicKey.export({ type: 'pkcs1', format: 'pem' }));

    expect(keyId(publicKey)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(keyId(fromPkcs1)).toBe(keyId(publicKey));
  });

  // Go, and so the API server, writes both coordinates, in whatever form the key came
  test.each(['P-256', 'P-384', 'P-521'])('kid of a key on %s with a compressed point is that of the key', curve => {
    const { publicKey } = ecPair(curve);
    const compressed = createPublicKey(execFileSync('openssl', ['ec', '-pubin', '-conv_form', 'compressed'], { input: publicKey.export({ type: 'spki', format: 'pem' }), stdio: 'pipe' }));

    expect(compressed.export({ type: 'spki', format: 'der' })).not.toEqual(publicKey.export({ type: 'spki', format: 'der' }));
    expect(toJsonWebKey(compressed)).toEqual(toJsonWebKey(publicKey));
    expect(keyId(compressed)).toBe(kidByOpenssl(publicKey));
  });

  // frozen: kid of a key that was published once and for all (RFC 7517, appendix A.1)
  test('kid of a well-known key', () => {
    const key = createPublicKey({
      format: 'jwk',
      key: { kty: 'EC', crv: 'P-256', x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' },
    });
    expect(keyId(key)).toBe(kidByOpenssl(key));
  });

  test('fails for RSA below 2048 bits', () => {
    expect(() => toJsonWebKey(rsaPair(1024).publicKey)).toThrow('an RSA key of 1024 bits is too short: RS256 takes 2048 or more');
  });

  test.each(['secp256k1', 'secp224r1', 'brainpoolP256r1'])('fails for the curve %s', curve => {
    expect(() => toJsonWebKey(ecPair(curve).publicKey)).toThrow(`an EC key on the curve ${curve} cannot sign tokens of service accounts; the API server takes P-256, P-384, P-521`);
  });

  test('fails for other kinds of keys', () => {
    expect(() => toJsonWebKey(generateKeyPairSync('ed25519').publicKey)).toThrow('a key of the type ed25519 cannot sign tokens of service accounts');
    expect(() => toJsonWebKey(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey)).toThrow('rsa-pss');
  });

  test('fails for a private key', () => {
    const { privateKey } = ecPair();
    expect(() => toJsonWebKey(createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })))).toThrow('a public key is expected, got a private one');
  });
});
