import { createPublicKey } from 'node:crypto';
import { ecPair, rsaPair } from './helpers';
import { toJsonWebKey } from '../../src/issuer/json-web-key';
import { checkKey } from '../../src/issuer/verify-key';

const RSA = toJsonWebKey(rsaPair().publicKey);
const EC = toJsonWebKey(ecPair().publicKey);

const problemsOf = (key: object): string[] => checkKey(key, 'the key', []).problems;
const bytesOf = (text: string | undefined): Buffer => Buffer.from(text!, 'base64url');
/** As Java's BigInteger writes it. */
const withLeadingZero = (text: string | undefined): string => Buffer.concat([Buffer.from([0]), bytesOf(text)]).toString('base64url');

describe('numbers are written in one way', () => {
  // each is the same key to Node.js, and to many others
  test.each<[string, object, string]>([
    ['n with a leading zero', { ...RSA, n: withLeadingZero(RSA.n) }, 'n'],
    ['e with a leading zero', { ...RSA, e: withLeadingZero(RSA.e) }, 'e'],
    ['n and e with a leading zero', { ...RSA, n: withLeadingZero(RSA.n), e: withLeadingZero(RSA.e) }, 'n and e'],
    // 2,048 bits are 256 bytes, which need padding
    ['n in the other base64', { ...RSA, n: bytesOf(RSA.n).toString('base64') }, 'n'],
    ['n with padding', { ...RSA, n: `${RSA.n}==` }, 'n'],
    ['n in lines', { ...RSA, n: RSA.n!.replace(/.{64}/g, '$&\n') }, 'n'],
    ['n with other characters', { ...RSA, n: `${RSA.n!.slice(0, 64)}!*${RSA.n!.slice(64)}` }, 'n'],
    ['x and y in the other base64', { ...EC, x: bytesOf(EC.x).toString('base64'), y: bytesOf(EC.y).toString('base64') }, 'x and y'],
  ])('%s is wrong', (_what, key, members) => {
    expect(createPublicKey({ key: { ...key }, format: 'jwk' }).export({ type: 'spki', format: 'pem' }))
      .toBe(createPublicKey({ key: { ...('n' in key ? RSA : EC) }, format: 'jwk' }).export({ type: 'spki', format: 'pem' }));
    expect(problemsOf(key)).toEqual([
      `the key has ${members} in a form that STS refuses: base64url of the number is expected, without padding, line breaks and leading zeros`,
    ]);
  });

  test('a coordinate with a leading zero is wrong, however it is read', () => {
    expect(problemsOf({ ...EC, x: withLeadingZero(EC.x) })).toHaveLength(1);
  });

  test.each([['P-256', 32], ['P-384', 48], ['P-521', 66]])('a coordinate of %s that begins with zeros has them: %d bytes', (curve, length) => {
    const key = toJsonWebKey(ecPair(curve).publicKey);
    expect([bytesOf(key.x).length, problemsOf(key)]).toEqual([length, []]);
  });
});

describe('a key verifies', () => {
  test.each<[string, object, string]>([
    ['key_ops are for something else', { key_ops: ['encrypt'] }, "the key has key_ops without 'verify'; leave them out"],
    ['key_ops are empty', { key_ops: [] }, "the key has key_ops without 'verify'; leave them out"],
    ['key_ops are no list', { key_ops: 'verify' }, "the key has key_ops without 'verify'; leave them out"],
    ['use is no text', { use: 5 }, "the key has the use '5', where 'sig' is expected"],
    ['alg is no text', { alg: 5 }, "the key has the algorithm '5', and its tokens are signed by RS256"],
  ])('fails when %s', (_what, members, problem) => {
    expect(problemsOf({ ...RSA, ...members })).toEqual([problem]);
  });

  test('with key_ops that say so', () => {
    expect(problemsOf({ ...RSA, key_ops: ['verify'] })).toEqual([]);
  });
});

test.each([[1, 'AQ'], [2, 'Ag']])('fails for an RSA key with the exponent %d', (exponent, e) => {
  const { kid: _kid, ...key } = RSA;
  expect(problemsOf({ ...key, e, kid: 'weak' })).toEqual([`the key has the exponent ${exponent}, by which anybody can sign or nobody; 65537 is usual (AQAB)`]);
});

test('a key with an empty kid is none that a token could name', () => {
  expect(checkKey({ ...RSA, kid: '' }, 'the key', [])).toEqual({ found: [], problems: [`the key has no kid; tokens name their key by it ('${RSA.kid}')`] });
});
