import { generateKeyPairSync } from 'node:crypto';
import { ecPair, expectNone, rsaPair, secretsOf } from './helpers';
import { discoveryDocument } from '../../src/issuer/discovery-documents';
import { toJsonWebKey } from '../../src/issuer/json-web-key';
import { checkDiscovery, checkKeySet } from '../../src/issuer/verify-documents';

const ISSUER = 'https://oidc.example.com/cluster';
const PAIR = rsaPair();
const RSA = toJsonWebKey(PAIR.publicKey);
const EC = toJsonWebKey(ecPair('P-384').publicKey);
const DISCOVERY = discoveryDocument(ISSUER, [RSA, EC]);

function problemsOf(changes: object): string[] {
  return checkDiscovery(JSON.stringify({ ...DISCOVERY, ...changes }), ISSUER).problems;
}

describe('a discovery document', () => {
  test('of ours is right', () => {
    expect(checkDiscovery(JSON.stringify(DISCOVERY), ISSUER)).toEqual({
      problems: [],
      found: { issuer: ISSUER, jwksUri: `${ISSUER}/openid/v1/jwks`, algorithms: ['ES384', 'RS256'] },
    });
  });

  test('of EKS, which says more, is right', () => {
    expect(problemsOf({
      authorization_endpoint: 'urn:kubernetes:programmatic_authorization', claims_supported: ['sub', 'iss'], id_token_signing_alg_values_supported: ['RS256', 'none'],
    })).toEqual([]);
  });

  test.each([`${ISSUER}/`, ISSUER.replace('oidc', 'OIDC'), ISSUER.replace('https', 'http'), '', 'https://oidc.example.com/other'])("is wrong with the issuer '%s'", issuer => {
    expect(problemsOf({ issuer })).toEqual([expect.stringContaining(`is of the issuer '${issuer}', and '${ISSUER}' is expected; they are compared to the letter`)]);
  });

  test.each<[string, object, string]>([
    ['has no issuer', { issuer: undefined }, 'has no issuer'],
    ['has an issuer that is no text', { issuer: [ISSUER] }, 'has no issuer'],
    ['has no jwks_uri', { jwks_uri: undefined }, "has 'undefined' as jwks_uri"],
    ['has a jwks_uri without TLS', { jwks_uri: 'http://oidc.example.com/jwks' }, "has 'http://oidc.example.com/jwks' as jwks_uri, and an https:// URL is expected"],
    ['lacks id_token', { response_types_supported: ['code'] }, "response_types_supported of the discovery document lacks 'id_token'"],
    ['lacks response types', { response_types_supported: undefined }, 'response_types_supported'],
    ['lacks public subjects', { subject_types_supported: ['pairwise'] }, "subject_types_supported of the discovery document lacks 'public'"],
    ['has no algorithm', { id_token_signing_alg_values_supported: [] }, 'has none of ES256, ES384, ES512, RS256'],
    ['has algorithms that nobody uses', { id_token_signing_alg_values_supported: ['HS256', 'none'] }, 'has none of'],
    ['has algorithms that are no list', { id_token_signing_alg_values_supported: 'RS256' }, 'has none of'],
  ])('is wrong when it %s', (_what, changes, problem) => {
    expect(problemsOf(changes)).toEqual([expect.stringContaining(problem)]);
  });

  test.each([
    ['', 'the discovery document is not JSON'],
    ['{"issuer":', 'the discovery document is not JSON'],
    ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'the discovery document is not JSON; it looks like HTML or XML, perhaps an error of the server'],
    ['[]', 'the discovery document is not a JSON object'],
    ['null', 'the discovery document is not a JSON object'],
    ['"x"', 'the discovery document is not a JSON object'],
  ])("is wrong when it is '%s'", (text, problem) => {
    expect(checkDiscovery(text, ISSUER).problems).toEqual([problem]);
  });

  test('says everything that is wrong', () => {
    expect(checkDiscovery('{}', ISSUER).problems).toHaveLength(5);
  });

  test('of files says its issuer itself', () => {
    expect(checkDiscovery(JSON.stringify(DISCOVERY), undefined).problems).toEqual([]);
  });
});

describe('a key set', () => {
  const check = (keys: unknown, algorithms?: string[]): string[] => checkKeySet(JSON.stringify({ keys }), algorithms).problems;

  test('of ours is right', () => {
    expect(checkKeySet(JSON.stringify({ keys: [RSA, EC] }), ['ES384', 'RS256'])).toEqual({
      problems: [],
      found: [{ kid: RSA.kid, alg: 'RS256' }, { kid: EC.kid, alg: 'ES384' }],
    });
  });

  test('needs neither use nor alg, and takes a kid of any kind', () => {
    const { use: _use, alg: _alg, ...bare } = RSA;
    expect(checkKeySet(JSON.stringify({ keys: [{ ...bare, kid: 'my-key', x5c: ['MII'] }] }))).toEqual({ problems: [], found: [{ kid: 'my-key', alg: 'RS256', computed: RSA.kid }] });
  });

  test.each<[string, unknown, string]>([
    ['has no keys', [], "the key set has no list 'keys', or nothing in it"],
    ['has no list', {}, "the key set has no list 'keys'"],
    ['has a key that is no object', [null], 'key 1 of the key set is not an object'],
    ['has a key of nothing', [{}], 'key 1 of the key set is not an RSA or EC key, or is damaged'],
    ['has a damaged key', [RSA, { ...EC, x: 'AAAA' }], 'key 2 of the key set is not an RSA or EC key, or is damaged'],
    ['has another kind of key', [generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })], 'key 1 of the key set is not an RSA or EC key'],
    ['has a key without kid', [{ ...RSA, kid: undefined }], `key 1 of the key set has no kid; tokens name their key by it ('${RSA.kid}')`],
    ['has a key with an empty kid', [{ ...RSA, kid: '' }], `key 1 of the key set has no kid; tokens name their key by it ('${RSA.kid}')`],
    ['has a key for something else', [{ ...RSA, use: 'enc' }], "key 1 of the key set has the use 'enc', where 'sig' is expected"],
    ['has a key with the algorithm of another', [{ ...EC, alg: 'RS256' }], "key 1 of the key set has the algorithm 'RS256', and its tokens are signed by ES384"],
    ['has an RSA key for another algorithm', [{ ...RSA, alg: 'RS512' }], "key 1 of the key set has the algorithm 'RS512'"],
    ['has a key twice', [RSA, RSA], `the key set has the kid '${RSA.kid}' twice`],
    ['has two keys with one kid', [RSA, { ...EC, kid: RSA.kid }], `the key set has the kid '${RSA.kid}' twice`],
    ['has a short key', [{ ...rsaPair(1024).publicKey.export({ format: 'jwk' }), kid: 'short' }], 'key 1 of the key set has 1024 bits, and 2048 is the least'],
    ['has a curve that nobody takes', [{ ...ecPair('secp256k1').publicKey.export({ format: 'jwk' }), kid: 'k1' }], 'key 1 of the key set has a curve that STS does not take'],
  ])('is wrong when it %s', (_what, keys, problem) => {
    expect(check(keys)).toEqual([expect.stringContaining(problem)]);
  });

  test('is wrong when a key is for an algorithm that the discovery document lacks', () => {
    expect(check([RSA, EC], ['RS256'])).toEqual(['key 2 of the key set is for ES384, which id_token_signing_alg_values_supported (RS256) lacks']);
  });

  test('is wrong above 100 keys of a type', () => {
    const keys = (key: object, n: number): unknown[] => Array.from({ length: n }, (_, i) => ({ ...key, kid: `${n}-${i}` }));
    expect(check([...keys(RSA, 100), ...keys(EC, 99)])).toEqual([]);
    expect(check([...keys(RSA, 101), ...keys(EC, 99)])).toEqual(['the key set has 101 RSA keys, and STS looks through 100 of a type at most; take out old ones']);
    expect(check(keys(EC, 101))).toEqual(['the key set has 101 EC keys, and STS looks through 100 of a type at most; take out old ones']);
  });

  test.each(['', 'x', '[]', '<html>'])("is wrong when it is '%s'", text => {
    expect(checkKeySet(text).problems).toEqual([expect.stringMatching(/^the key set is not (a )?JSON/)]);
  });

  test('a private key is a problem that is not echoed', () => {
    for (const pair of [PAIR, ecPair()]) {
      const { problems, found } = checkKeySet(JSON.stringify({ keys: [{ ...pair.privateKey.export({ format: 'jwk' }), kid: 'a' }] }));
      expect(problems).toEqual([expect.stringContaining('key 1 of the key set IS A PRIVATE KEY: whoever saw it can make tokens for every role of the cluster')]);
      expect(found).toEqual([]);
      expectNone(problems.join(), secretsOf(pair));
    }
  });

  test('so is a symmetric one', () => {
    expect(check([{ kty: 'oct', k: 'c2VjcmV0', kid: 'a' }])).toEqual([expect.stringContaining('IS A PRIVATE KEY')]);
  });
});
