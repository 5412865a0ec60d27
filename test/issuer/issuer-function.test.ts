import * as vm from 'node:vm';
import { ecPair, rsaPair } from './helpers';
import { discoveryDocument, type JsonWebKeySet } from '../../src/issuer/discovery-documents';
import { DOMAIN_PLACEHOLDER, issuerFunctionCode, MAX_FUNCTION_SIZE } from '../../src/issuer/issuer-function';
import { toJsonWebKey } from '../../src/issuer/json-web-key';

const DISCOVERY = '/.well-known/openid-configuration';
const JWKS = '/openid/v1/jwks';
const RSA = toJsonWebKey(rsaPair().publicKey);
const EC = toJsonWebKey(ecPair().publicKey);

interface Answer {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly headers: Record<string, { value: string }>;
  readonly body?: { encoding: string; data: string };
}

function codeFor(domain: string, ...keys: typeof RSA[]): string {
  return issuerFunctionCode(discoveryDocument(`https://${domain}`, keys), { keys });
}

/** Runs the function as CloudFront does: nothing of Node.js is there, and strings cannot become code. */
function ask(code: string, uri: string, method = 'GET', querystring: object = {}): Answer {
  const context = vm.createContext(Object.create(null) as object, { codeGeneration: { strings: false, wasm: false } });
  const event = {
    version: '1.0',
    context: { distributionDomainName: 'd111111abcdef8.cloudfront.net', distributionId: 'EDFDVBD6EXAMPLE', eventType: 'viewer-request', requestId: 'x' },
    viewer: { ip: '198.51.100.1' },
    request: { method, uri, querystring, headers: { host: { value: 'attacker.example' } }, cookies: {} },
  };
  const result = vm.runInContext(`${code}; JSON.stringify(handler(${JSON.stringify(event)}))`, context, { timeout: 1000 }) as string;
  return JSON.parse(result) as Answer;
}

describe('the function', () => {
  const code = codeFor('oidc.example.com', RSA, EC);

  test('answers the discovery document', () => {
    const answer = ask(code, DISCOVERY);

    expect(answer).toEqual({
      statusCode: 200,
      statusDescription: 'OK',
      headers: { 'content-type': { value: 'application/json' }, 'cache-control': { value: 'public, max-age=300' } },
      body: { encoding: 'text', data: expect.any(String) as unknown },
    });
    expect(JSON.parse(answer.body!.data)).toEqual(discoveryDocument('https://oidc.example.com', [RSA, EC]));
  });

  test('answers the key set', () => {
    const answer = ask(code, JWKS);

    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toEqual({ value: 'application/json' });
    expect(JSON.parse(answer.body!.data)).toEqual({ keys: [RSA, EC] });
  });

  test.each([DISCOVERY, JWKS])('HEAD of %s has the head of GET and no body', uri => {
    const { body, ...head } = ask(code, uri);
    expect(body).toBeDefined();
    expect(ask(code, uri, 'HEAD')).toEqual(head);
  });

  test.each([DISCOVERY, JWKS])('a query string changes nothing at %s', uri => {
    expect(ask(code, uri, 'GET', { v: { value: '1' }, multi: { value: 'a', multiValue: [{ value: 'a' }, { value: 'b' }] } })).toEqual(ask(code, uri));
  });

  test.each([
    '/', '', '/.well-known', `${DISCOVERY}/`, `/${DISCOVERY}`, '/openid/v1/jwks.json', '/OPENID/V1/JWKS', '/openid/v1/../v1/jwks', 'constructor', '__proto__',
    'toString', '/constructor', '/ünï', '/%2Ewell-known/openid-configuration',
  ])("answers '%s' with 404, and nothing is kept", uri => {
    for (const method of ['GET', 'HEAD']) {
      expect(ask(code, uri, method)).toEqual({ statusCode: 404, statusDescription: 'Not Found', headers: { 'cache-control': { value: 'no-store' } } });
    }
  });

  test('without a domain the issuer is the distribution, not what a client says in its host header', () => {
    const own = codeFor(DOMAIN_PLACEHOLDER, RSA);
    const domain = 'https://d111111abcdef8.cloudfront.net';

    expect(JSON.parse(ask(own, DISCOVERY).body!.data)).toEqual(discoveryDocument(domain, [RSA]));
    expect(ask(own, JWKS).body).toEqual(ask(codeFor('oidc.example.com', RSA), JWKS).body);
  });

  test('uses nothing that the runtime lacks', () => {
    expect(code).not.toMatch(/\b(require|import|process|Buffer|fetch|setTimeout|eval|async|await|class|Object\.hasOwn|structuredClone)\b|\?\.|\?\?|#/);
    expect(code).toMatch(/^function handler\(event\) \{$/m);
  });

  test('is plain ASCII: bytes are what CloudFront counts', () => {
    expect(code).toMatch(/^[\n\x20-\x7e]+$/);
  });
});

describe('its size', () => {
  const fitting = (...keys: typeof RSA[]): boolean => {
    try {
      return Buffer.byteLength(codeFor('oidc.example.com', ...keys)) <= MAX_FUNCTION_SIZE;
    } catch {
      return false;
    }
  };
  const times = (n: number, key: typeof RSA): JsonWebKeySet['keys'][number][] => Array.from({ length: n }, () => key);
  const most = (key: typeof RSA): number => [...Array(200).keys()].filter(n => fitting(...times(n, key))).pop()!;

  test('has room for the keys of years', () => {
    expect(most(RSA)).toBeGreaterThanOrEqual(18);
    expect(most(EC)).toBeGreaterThan(2 * most(RSA));
  });

  test.each([['RSA', RSA], ['EC', EC]])('fails above the limit, with the count of %s keys to take out', (_name, key) => {
    const fits = most(key);

    expect(() => codeFor('oidc.example.com', ...times(fits, key))).not.toThrow();
    expect(() => codeFor('oidc.example.com', ...times(fits + 1, key)))
      .toThrow(new RegExp(`^the code of the CloudFront Function has 1\\d{4} bytes with ${fits + 1} keys, and CloudFront takes 10240; take out 1 key that no token is signed by`));
    expect(() => codeFor('oidc.example.com', ...times(fits + 7, key))).toThrow('take out 7 keys');
  });
});
