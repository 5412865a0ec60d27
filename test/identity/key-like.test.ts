import { isKeyLike, isTokenLike, shownPath, shownValue, withoutKeys } from '../../src/identity/key-like';
import { copiesOf, ecPair, expectNone, rsaPair, secretsOf } from '../issuer/helpers';

const PAIRS = [ecPair(), rsaPair()];
const COPIES = PAIRS.flatMap(copiesOf);

test.each(COPIES)('a private key is known whatever its form: %s', (_what, text) => {
  expect([isKeyLike(text), shownPath(text).includes(text), shownValue(text)])
    .toEqual([true, false, `(${text.length} characters, not shown since it may be a key)`]);
});

test('a number of a key is not shown, though it could be anything', () => {
  const { d } = PAIRS[0].privateKey.export({ format: 'jwk' });
  expect([shownPath(d!), shownValue(d!)]).toEqual([
    'what was given as a path (43 characters, not shown since it may be a key)', '(43 characters, not shown since it may be a key)',
  ]);
});

test.each(['', 'sa.pub', 'https://oidc.example.com', 'my-bucket', '--nonsense', 'Manifests', 'a b'])("'%s' is shown", value => {
  expect([shownPath(value), shownValue(value)]).toEqual([`'${value}'`, `'${value}'`]);
});

const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"x"}').toString('base64url')}.c2lnbmF0dXJl`;

test.each([TOKEN, `Bearer ${TOKEN}`, ` ${TOKEN}\n`])('a token is known: %j', text => {
  expect([isTokenLike(text), isKeyLike(text), shownValue(text).includes('c2ln')]).toEqual([true, true, false]);
});

test.each(['eyJ', 'eyJ.txt', 'a.b.c', 'my.eyJ.token'])("'%s' is no token", text => {
  expect(isTokenLike(text)).toBe(false);
});

describe('a message', () => {
  test.each([[`unknown option '--token${TOKEN}'`, "unknown option '--token"], [`${TOKEN} does not exist`, '('], [`a=${TOKEN}, b`, 'a=(']])('has no token any more: %s', (message, start) => {
    expect(withoutKeys(message).startsWith(start)).toBe(true);
    expectNone(withoutKeys(message), TOKEN.split('.'));
  });

  test('of a megabyte that begins a token again and again is read at once', () => {
    expect(withoutKeys('eyJ'.repeat(350_000))).toHaveLength(1_050_000);
  });

  test.each(PAIRS.map(pair => [pair.privateKey.asymmetricKeyType, pair] as const))('has no private key any more (%s)', (_type, pair) => {
    for (const [, text] of copiesOf(pair).filter(([, copy]) => copy.includes('PRIVATE KEY'))) {
      for (const message of [`'${text}' is wrong`, text, text.slice(0, -30), text.replace(/\s+/g, ' ')]) {
        expectNone(withoutKeys(message), secretsOf(pair));
      }
    }
  });

  test('keeps what is around the key', () => {
    const pem = PAIRS[0].privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(withoutKeys(`unknown command '${pem.trim()}'; see --help`)).toBe(`unknown command '(${pem.trim().length} characters, not shown since it may be a key)'; see --help`);
  });

  test.each(COPIES)('has no argument that is a key: %s', (_what, text) => {
    expect(withoutKeys(`${text} does not exist`, ['check', text])).toBe(`(${text.length} characters, not shown since it may be a key) does not exist`);
  });

  test.each(['key 1 of the key set IS A PRIVATE KEY: whoever saw it', "'check' does not exist", '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----'])('is left as it is without one: %s', message => {
    expect(withoutKeys(message, ['check'])).toBe(message);
  });
});
