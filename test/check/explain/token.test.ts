import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { checkSignature, decodeToken } from '../../../src/check/explain/token';

const CLAIMS = { iss: 'https://oidc.example.com', sub: 'system:serviceaccount:apps:web', aud: ['sts.amazonaws.com'], exp: 1 };

function part(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

function token(claims: unknown = CLAIMS, header: unknown = { alg: 'RS256', kid: 'a' }): string {
  return `${part(header)}.${part(claims)}.c2VjcmV0LXNpZ25hdHVyZQ`;
}

test.each([[''], ['\n'], ['Bearer ']])('reads a token (with %j around it)', around => {
  const text = around === 'Bearer ' ? `${around}${token()}` : `${around}${token()}${around}`;

  expect(decodeToken(text)).toEqual({ header: { alg: 'RS256', kid: 'a' }, claims: CLAIMS });
});

describe('fails, without a word of the token,', () => {
  test.each<[string, string, string]>([
    ['for nothing', '', 'it has 1 part between dots, and a token has 3'],
    ['for two parts', 'a.b', 'it has 2 parts between dots'],
    ['for a payload that is no JSON', `${part({})}.${part('{"sub": secret')}.c`, 'its payload is not an object of JSON in base64url'],
    ['for a payload that is a list', `${part({})}.${part([1])}.c`, 'its payload is not an object'],
    ['for a header that is binary', `__79.${part(CLAIMS)}.c`, 'its header is not an object'],
    ['without iss', token({ ...CLAIMS, iss: undefined }), 'the token has no claim iss'],
    ['with a sub that is a number', token({ ...CLAIMS, sub: 1 }), 'the token has no claim sub'],
    ['without aud', token({ ...CLAIMS, aud: undefined }), 'the token has no claim aud'],
    ['with an aud of numbers', token({ ...CLAIMS, aud: [1] }), 'the token has no claim aud'],
    ['with an exp that is text', token({ ...CLAIMS, exp: '1' }), 'a claim exp that is not a number'],
    ['with an azp that is a list', token({ ...CLAIMS, azp: [] }), 'a claim azp that is not a string'],
  ])('%s', (_, text, message) => {
    expect(() => decodeToken(text)).toThrow(message);
    expect(() => decodeToken(text)).not.toThrow(/secret/);
  });

  test('whatever it is', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
      expect(() => decodeToken(`${a}.${part(b)}.c2VjcmV0LXNpZ25hdHVyZQ`)).toThrow(/^(?:what was given is not a token|the token has)/);
    }));
  });
});

describe('the signature', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa' }, { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' }] };
  const signed = (alg: string, kid: string, claims: object = CLAIMS) => {
    const text = `${part({ alg, kid })}.${part(claims)}`;
    const key = kid === 'ec' ? { key: ec.privateKey, dsaEncoding: 'ieee-p1363' as const } : rsa.privateKey;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  };
  const [header, , signature] = signed('RS256', 'rsa').split('.');

  test.each<[string, string, string]>([
    ['RS256', signed('RS256', 'rsa'), 'valid'],
    ['ES256', signed('ES256', 'ec'), 'valid'],
    ['other claims', `${header}.${part({ ...CLAIMS, sub: 'x' })}.${signature}`, 'wrong'],
    ['another signature', token(CLAIMS, { alg: 'RS256', kid: 'rsa' }), 'wrong'],
    ['no signature', `${header}.${part(CLAIMS)}.`, 'wrong'],
    ['a key that is not there', signed('RS256', 'old'), 'no such key'],
    ['no algorithm', token(CLAIMS, { alg: 'none', kid: 'rsa' }), 'unknown algorithm'],
    ['a shared secret', token(CLAIMS, { alg: 'HS256', kid: 'rsa' }), 'unknown algorithm'],
  ])('of %s is %s', (_, text, expected) => {
    expect(checkSignature(text, jwks)).toBe(expected);
  });

  test.each([[{}], [{ keys: [] }], ['x'], [null]])('fails for the key set %j', keys => {
    expect(() => checkSignature(signed('RS256', 'rsa'), keys)).toThrow('the key set has no keys');
  });

  test('fails for a key that is none', () => {
    expect(() => checkSignature(signed('RS256', 'rsa'), { keys: [{ kid: 'rsa', kty: 'x' }] })).toThrow("the key 'rsa' of the key set cannot be read");
  });
});
