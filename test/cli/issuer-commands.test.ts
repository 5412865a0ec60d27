import { execFile, execFileSync } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import * as fs from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { shell } from './shell';
import { readFromWeb } from '../../src/cli/published-document';
import { describe as said, verifyIssuer } from '../../src/cli/verify-issuer';
import { keyId } from '../../src/issuer/json-web-key';
import { copiesOf, ecPair, expectNone, pem, rsaPair, secretsOf, textsBelow } from '../issuer/helpers';
import { temporaryFolder, tree } from '../k8s/helpers';

const ISSUER = 'https://oidc.example.com/clusters/a';
const RSA = rsaPair();
const EC = ecPair();
const kid = ({ publicKey }: { publicKey: KeyObject }): string => keyId(publicKey);

let folder: string;
let rsaFile: string;
let ecFile: string;
let privateFile: string;

beforeAll(() => {
  folder = temporaryFolder();
  [rsaFile, ecFile, privateFile] = ['rsa.pub', 'ec.pub', 'sa.key'].map(name => path.join(folder, name));
  fs.writeFileSync(rsaFile, pem(RSA));
  fs.writeFileSync(ecFile, pem(EC));
  fs.writeFileSync(privateFile, RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }));
});

interface KeySet {
  readonly keys: { readonly kid: string }[];
}

describe('cdk-irsa jwks', () => {
  test('prints the key set', async () => {
    const { code, out, err } = await shell('jwks', '--key', rsaFile, '--key', ecFile);

    expect([code, err]).toEqual([0, '']);
    expect((JSON.parse(out) as KeySet).keys.map(key => key.kid)).toEqual([RSA, EC].map(kid));
  });

  test('prints both documents, by their URLs, when it knows the issuer', async () => {
    const { code, out } = await shell('jwks', '--key', rsaFile, '--issuer', ISSUER);
    const documents = JSON.parse(out) as Record<string, unknown>;

    expect(code).toBe(0);
    expect(Object.keys(documents)).toEqual([`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/openid/v1/jwks`]);
    expect(documents[`${ISSUER}/.well-known/openid-configuration`]).toMatchObject({ issuer: ISSUER, jwks_uri: `${ISSUER}/openid/v1/jwks` });
  });

  test('writes them for whoever hosts them elsewhere, and verify-issuer takes them', async () => {
    const output = path.join(temporaryFolder(), 'public');
    const { code, out } = await shell('jwks', '--key', rsaFile, '--issuer', ISSUER, '--output-dir', output);

    expect(code).toBe(0);
    expect(tree(output).filter(file => !file.endsWith('/')).sort()).toEqual(['.well-known/openid-configuration', 'openid/v1/jwks']);
    expect(out.trim().split('\n')).toEqual([path.join(output, '.well-known/openid-configuration'), path.join(output, 'openid/v1/jwks')]);
    expect(await shell('verify-issuer', output, '--key', rsaFile)).toEqual({ code: 0, out: `${ISSUER} can be trusted: 1 key\n  RS256  ${kid(RSA)}\n`, err: '' });
  });

  test('a key set elsewhere', async () => {
    const output = path.join(temporaryFolder(), 'public');
    await shell('jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', `${ISSUER}/keys.json`, '--output-dir', output);
    expect(tree(output).filter(file => !file.endsWith('/')).sort()).toEqual(['.well-known/openid-configuration', 'keys.json']);
    expect((await shell('verify-issuer', output)).code).toBe(0);

    await shell('jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', 'https://other.example.com/keys.json', '--output-dir', output);
    const { code, err } = await shell('verify-issuer', output);
    expect(code).toBe(1);
    expect(err).toContain(`wrong: https://other.example.com/keys.json is not below the issuer '${ISSUER}'`);
  });

  test.each<[string, () => string[], string]>([
    ['there is no key', () => ['jwks'], "required option '--key <file>' not specified"],
    ['a key is not there', () => ['jwks', '--key', '/nowhere'], "'/nowhere' cannot be read (ENOENT)"],
    ['a key is private', () => ['jwks', '--key', privateFile], 'has a private key, which has no place in an app'],
    ['the issuer has no https', () => ['jwks', '--key', rsaFile, '--issuer', 'http://a'], "issuer URL 'http://a' does not start with https://"],
    ['the issuer ends with a slash', () => ['jwks', '--key', rsaFile, '--issuer', `${ISSUER}/`], 'ends with a slash'],
    ['the key set has no https', () => ['jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', 'http://a/b'], "--jwks-uri 'http://a/b' does not start with https://"],
    ['the key set is nowhere', () => ['jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', 'https://'],
      `--jwks-uri 'https://' is not the URL of a document; pass one such as ${ISSUER}/openid/v1/jwks`],
    ['the key set is a host', () => ['jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', 'https://oidc.example.com'], 'is not the URL of a document'],
    ['the key set is the issuer', () => ['jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', `${ISSUER}/`, '--output-dir', folder], `--jwks-uri '${ISSUER}/' is not the URL of a document`],
    ['the key set is the other document', () => ['jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', `${ISSUER}/.well-known//openid-configuration`, '--output-dir', folder],
      'is where the discovery document is, or in its way; pass another'],
    ['the key set is the folder of the other document', () => ['jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', `${ISSUER}/.well-known`], 'or in its way'],
    ['the key set is below the other document', () => ['jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', `${ISSUER}/.well-known/openid-configuration/keys`], 'or in its way'],
    ['the key set leaves the folder', () => ['jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', `${ISSUER}/../../b`, '--output-dir', folder], 'has a dot segment'],
    ['the key set is without the issuer', () => ['jwks', '--key', rsaFile, '--jwks-uri', 'https://a/b'], 'pass --issuer'],
  ])('fails when %s: nothing on standard output', async (_what, args, message) => {
    const { code, out, err } = await shell(...args());

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
    expectNone(err, secretsOf(RSA));
  });

  test('writes nothing of the private key beside the public one', async () => {
    const output = path.join(temporaryFolder(), 'public');
    await shell('jwks', '--key', rsaFile, '--issuer', ISSUER, '--output-dir', output);
    expectNone(textsBelow(output), secretsOf(RSA));
  });
});

describe('cdk-irsa verify-issuer, a folder', () => {
  async function published(change: (file: string, text: string) => string | undefined): Promise<string> {
    const output = path.join(temporaryFolder(), 'public');
    await shell('jwks', '--key', rsaFile, '--issuer', ISSUER, '--output-dir', output);
    for (const name of ['.well-known/openid-configuration', 'openid/v1/jwks']) {
      const file = path.join(output, name);
      const text = change(name, fs.readFileSync(file, 'utf8'));
      if (text === undefined) {
        fs.rmSync(file);
      } else {
        fs.writeFileSync(file, text);
      }
    }
    return output;
  }

  test.each<[string, (file: string, text: string) => string | undefined, string]>([
    ['the key set is missing', (file, text) => file.endsWith('jwks') ? undefined : text, 'openid/v1/jwks does not exist'],
    ['the key set is empty', (file, text) => file.endsWith('jwks') ? '{"keys":[]}' : text, 'wrong: the key set has no list'],
    ['it does not say its issuer', (_file, text) => text.replace('"issuer"', '"iss"'), 'wrong: the discovery document has no issuer'],
    ['the algorithm is another', (_file, text) => text.replace('RS256', 'ES256'), 'wrong: key 1 of the key set is for RS256, which id_token_signing_alg_values_supported (ES256) lacks'],
    ['the key set is outside', (_file, text) => text.replace('/openid/v1/jwks"', '/../../../etc/passwd"'), 'is not below the issuer'],
  ])('says that %s, and exits with 1', async (_what, change, message) => {
    const { code, out, err } = await shell('verify-issuer', await published(change));

    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^\S+ cannot be trusted by AWS as it is:\n/);
    expect(err).toContain(message);
  });

  test('says that a key is not published', async () => {
    const { code, err } = await shell('verify-issuer', await published((_file, text) => text), '--key', rsaFile, '--key', ecFile);

    expect(code).toBe(1);
    expect(err).toBe(`${ISSUER} cannot be trusted by AWS as it is:\n  wrong: the key set lacks the key '${kid(EC)}' that was named by --key: tokens signed by it are refused\n`);
  });

  test('says that another key has the kid of one', async () => {
    const { n } = rsaPair().publicKey.export({ format: 'jwk' });
    const { n: own } = RSA.publicKey.export({ format: 'jwk' });
    const { code, err } = await shell('verify-issuer', await published((_file, text) => text.replace(own!, n!)), '--key', rsaFile);

    expect(code).toBe(1);
    expect(err).toContain(`wrong: the key set lacks the key '${kid(RSA)}' that was named by --key (another key has its kid): tokens signed by it are refused\n`);
  });

  test('says that a key has another kid than its tokens', async () => {
    const renamed = await published((_file, text) => text.replace(kid(RSA), 'mine'));
    const note = `note: the key 'mine' would be '${kid(RSA)}' in tokens of a Kubernetes API server, and those would not find it\n`;

    expect(await shell('verify-issuer', renamed)).toMatchObject({ code: 0, out: expect.stringContaining(note) as unknown });
    const { code, err } = await shell('verify-issuer', renamed, '--key', rsaFile);
    expect(code).toBe(1);
    expect(err).toContain(`(it is there as 'mine', and tokens name it by its kid): tokens signed by it are refused\n  ${note}`);
  });

  test.each(['https://', 'https://a b/jwks', 'https://a:99999/jwks'])("'%s' is nowhere to read from", async url => {
    expect(await readFromWeb(url)).toEqual({ problems: [expect.stringContaining(`${url} cannot be read: Invalid URL (ERR_INVALID_URL)`)], notes: [] });
  });

  test.each(['', '/nowhere', 'oidc.example.com'])("fails for '%s', which is neither", async location => {
    const { code, out, err } = await shell('verify-issuer', location);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/'\S*' has no \.well-known\/openid-configuration; name the https:\/\/ URL of an issuer, or a folder that 'cdk-irsa jwks --output-dir' wrote\n$/);
  });

  // from a variable that has the key instead of its file, into the log of a pipeline
  test.each(copiesOf(RSA))('fails for a key, which is not echoed: %s', async (_what, text) => {
    for (const args of [
      ['verify-issuer', text], ['jwks', '--key', text], ['jwks', '--key', rsaFile, '--issuer', text], ['jwks', '--key', rsaFile, '--issuer', ISSUER, '--jwks-uri', text],
      ['jwks', '--key', rsaFile, `--nonsense=${text}`], [text], ['jwks', '--key', rsaFile, text],
    ]) {
      const { code, out, err } = await shell(...args);
      expect([code, out, err.includes(text)]).toEqual([1, '', false]);
      expectNone(err, secretsOf(RSA));
    }
  });

  test.each(['http://oidc.example.com', 'https://oidc.example.com/', 'ftp://a', 'https://oidc.example.com:8443'])('fails for %s, which IAM does not take', async url => {
    const { code, err } = await shell('verify-issuer', url);
    expect(code).toBe(1);
    expect(err).toMatch(/^cdk-irsa: issuer URL /);
  });
});

describe('cdk-irsa verify-issuer, a URL', () => {
  interface Reply {
    readonly status?: number;
    readonly type?: string;
    readonly location?: string;
    readonly body?: string;
    readonly silent?: boolean;
  }
  const replies = new Map<string, Reply>();
  const asked: https.RequestOptions[] = [];
  let server: https.Server;
  let ca: string;

  beforeAll(async () => {
    const key = path.join(folder, 'tls.key');
    fs.writeFileSync(key, EC.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    ca = execFileSync('openssl', ['req', '-x509', '-new', '-key', key, '-days', '2', '-subj', '/CN=issuer', '-addext', 'subjectAltName=DNS:oidc.example.com'], { encoding: 'utf8' });
    server = https.createServer({ key: fs.readFileSync(key), cert: ca }, (request, response) => {
      asked.push({ path: request.url, headers: request.headers });
      const { status = 200, type = 'application/json', location, body = '', silent } = replies.get(request.url!) ?? { status: 404 };
      if (!silent) {
        response.writeHead(status, { 'content-type': type, ...location === undefined ? {} : { location } }).end(body);
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => new Promise(resolve => {
    server.closeAllConnections();
    server.close(resolve);
  }));

  beforeEach(async () => {
    const { out } = await shell('jwks', '--key', rsaFile, '--issuer', ISSUER);
    replies.clear();
    for (const [url, document] of Object.entries(JSON.parse(out) as Record<string, object>)) {
      replies.set(new URL(url).pathname, { body: JSON.stringify(document) });
    }
  });

  const DISCOVERY = '/clusters/a/.well-known/openid-configuration';
  const JWKS = '/clusters/a/openid/v1/jwks';
  /** The server of these tests is on this machine. */
  const HERE = '  note: oidc.example.com is at the private address 127.0.0.1 from here; AWS reads it from the internet, so check it from outside too\n';
  const change = (url: string, reply: Reply): unknown => replies.set(url, { ...replies.get(url), ...reply });

  /** By the real names and over TLS; the server is on this machine and not at port 443. */
  async function verdict(options: https.RequestOptions = {}): Promise<string> {
    const { port } = server.address() as AddressInfo;
    const lookup: https.RequestOptions['lookup'] = (_name, { all }, callback) => all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);
    return said(await verifyIssuer(ISSUER, { key: [rsaFile] }, url => readFromWeb(url, { port, lookup, ca, ...options })));
  }

  test('that is right', async () => {
    asked.splice(0);
    expect(await verdict()).toBe(`${ISSUER} can be trusted: 1 key\n  RS256  ${kid(RSA)}\n${HERE}`);
    expect(asked.map(request => request.path)).toEqual([DISCOVERY, JWKS]);
  });

  test.each<[string, string, Reply, string]>([
    ['is not there', DISCOVERY, { status: 404 }, 'answers 404, where 200 is expected'],
    ['is not public', DISCOVERY, { status: 403 }, 'answers 403 (in S3: the object is not there, or it is not public, or the account blocks public access), where 200 is expected'],
    ['is elsewhere', DISCOVERY, { status: 301, location: 'https://s3.amazonaws.com/x' }, 'answers 301 and sends on to https://s3.amazonaws.com/x; publish the document itself'],
    ['is a page', DISCOVERY, { body: '<html>', type: 'text/html' }, 'the discovery document is not JSON; it looks like HTML'],
    ['is of another issuer', DISCOVERY, { body: '{"issuer":"https://oidc.example.com/clusters/b","jwks_uri":"https://oidc.example.com/clusters/a/openid/v1/jwks"}' }, "is of the issuer 'https://oidc.example.com/clusters/b'"],
    ['has no key set', JWKS, { status: 404 }, `${ISSUER}/openid/v1/jwks answers 404`],
    ['has an empty key set', JWKS, { body: '{"keys":[]}' }, "the key set has no list 'keys', or nothing in it"],
    ['is too large', JWKS, { body: ' '.repeat(1_100_000) }, 'is larger than 1000000 bytes'],
  ])('that %s', async (_what, url, reply, problem) => {
    change(url, reply);
    const text = await verdict();

    expect(text).toMatch(new RegExp(`^${ISSUER} cannot be trusted by AWS as it is:\n  wrong: `));
    expect(text).toContain(problem);
  });

  test('with another content type is taken, and said', async () => {
    change(JWKS, { type: 'binary/octet-stream' });
    expect(await verdict()).toBe(`${ISSUER} can be trusted: 1 key\n  RS256  ${kid(RSA)}\n${HERE}  note: ${ISSUER}/openid/v1/jwks has the content type 'binary/octet-stream'; `
      + 'application/json is what readers expect\n');
  });

  test('with a certificate that nobody knows', async () => {
    expect(await verdict({ ca: undefined })).toMatch(/wrong: .* cannot be read: .*certificate.* \(\w+\)/i);
  });

  // by themselves they make Node.js take the certificate
  test.each<[string, () => Record<string, string>]>([
    ['NODE_TLS_REJECT_UNAUTHORIZED', () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })],
    ['NODE_EXTRA_CA_CERTS', () => {
      fs.writeFileSync(path.join(folder, 'ca.pem'), ca);
      return { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem') };
    }],
  ])('with a certificate that only this machine takes, by %s', async (_name, environment) => {
    const { port } = server.address() as AddressInfo;
    const code = `require(${JSON.stringify(require.resolve('../../src/cli/published-document'))})
      .readFromWeb('https://oidc.example.com${DISCOVERY}', { port: ${port}, lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]) })
      .then(document => console.log(JSON.stringify(document)))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-r', require.resolve('tsx/cjs'), '-e', code], { env: { ...process.env, ...environment() } });

    expect(JSON.parse(stdout)).toEqual({ problems: [expect.stringMatching(/cannot be read: .*certificate.* \(\w+\)$/)], notes: [] });
  });

  test('with the certificate of another host', async () => {
    expect(await verdict({ servername: 'other.example.com' })).toMatch(/wrong: .* cannot be read: .*\(ERR_TLS_CERT_ALTNAME_INVALID\)/);
  });

  test('that does not answer', async () => {
    change(DISCOVERY, { silent: true });
    expect(await verdict({ signal: AbortSignal.timeout(50) })).toContain('does not answer within 5 seconds, and STS does not wait longer');
  });

  test('where nothing listens', async () => {
    expect(await verdict({ port: 1 })).toContain('(ECONNREFUSED)');
  });

  test('whose server would move the cursor', async () => {
    change(DISCOVERY, { body: JSON.stringify({ issuer: 'https://a\u001b[2J\r\n\u202e', jwks_uri: 'x' }) });
    const text = await verdict();
    expect(text).toContain("is of the issuer 'https://a?[2J????'".slice(0, 30));
    // eslint-disable-next-line no-control-regex
    expect(text.replace(/\n/g, '')).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});
