import { generateKeyPairSync, sign } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { shell as shellOf } from './shell';
import { changed, documents, POD, ROLE } from '../../src/check/rules/example';
import { explain } from '../../src/cli/explain';
import { temporaryFolder } from '../k8s/helpers';

const NOW = new Date('2025-01-01T00:00:00Z');
const ROLE_ARN = 'arn:aws:iam::111122223333:role/web';
const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com';
const POLICY = {
  Statement: [{ Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: 'sts:AssumeRoleWithWebIdentity', Condition: { StringEquals: { 'oidc.example.com:sub': 'system:serviceaccount:apps:web' } } }],
};

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

function token(sub = 'system:serviceaccount:apps:web'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'a' })}.${part({ iss: 'https://oidc.example.com', sub, aud: ['sts.amazonaws.com'], exp: 1_900_000_000 })}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});

function file(name: string, content: string | object): string {
  const target = path.join(folder, name);
  fs.writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
  return target;
}

describe('a token', () => {
  const ask = (trust: string | object, options: object = {}, sub?: string) =>
    explain({ token: file('token', `${token(sub)}\n`), role: ROLE_ARN, trust: file('trust.yaml', trust), ...options }, NOW);

  test.each<[string, string | object]>([
    ['a trust policy', POLICY],
    ['what aws iam get-role prints', { Role: { RoleName: 'web', AssumeRolePolicyDocument: POLICY } }],
    ['what the API answers', { Role: { AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(POLICY)) } }],
    ['a template', ROLE],
    ['a template that leaves the account open', changed(ROLE, 'arn:aws:iam::111122223333:', '!Sub arn:aws:iam::${AWS::AccountId}:')],
  ])('against %s', (_, trust) => {
    expect(ask(trust)).toMatchObject({ code: 0, text: expect.stringContaining('allowed: statement 1 allows it') });
    expect(ask(trust, {}, 'system:serviceaccount:apps:other')).toMatchObject({ code: 2, text: expect.stringContaining('fix: let statement 1 want sub to be system:serviceaccount:apps:other') });
  });

  test('its signature is compared with the keys, and never printed', () => {
    const jwks = file('jwks.json', { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a' }] });
    const changedToken = file('changed', token().replace(/\.[^.]+\./, `.${token('system:serviceaccount:apps:x').split('.')[1]}.`));

    expect(ask(POLICY, { jwks }).text).toContain('✓ the signature is of the key a');
    expect(ask(POLICY, { jwks, token: changedToken })).toMatchObject({ code: 2, text: expect.stringContaining('STS answers: InvalidIdentityToken\n') });
    expect(ask(POLICY, { jwks }).text).not.toContain(token().split('.')[2]);
  });

  test('the providers of a template count when one is for its issuer, and those of --providers always', () => {
    const provider = (url: string, ids: string) => changed(ROLE, 'Resources:\n', `Resources:\n  P: { Type: AWS::IAM::OIDCProvider, Properties: { Url: "${url}", ClientIdList: [${ids}] } }\n`);
    const list = (...arns: string[]) => file('providers.json', { OpenIDConnectProviderList: arns.map(Arn => ({ Arn })) });

    expect(ask(provider('https://oidc.example.com', 'sts.amazonaws.com')).text).toContain('has a provider for the issuer, which takes the audience');
    expect(ask(provider('https://oidc.example.com', 'x')).text).toContain('STS answers: InvalidIdentityToken: Incorrect token audience');
    expect(ask(provider('https://other.example.com', 'x')).text).toContain('was not checked');
    expect(ask(POLICY, { providers: list(PROVIDER) }).text).toContain('has a provider for the issuer');
    expect(ask(POLICY, { providers: list() }).text).toContain('STS answers: InvalidIdentityToken: No OpenIDConnect provider found in your account for https://oidc.example.com');
  });

  test.each<[string, object, RegExp]>([
    ['no role', { role: undefined }, /pass --role ARN and --trust FILE/],
    ['no trust policy', { trust: undefined }, /pass --role ARN and --trust FILE/],
    ['a file that is not there', { trust: 'nowhere' }, /^nowhere does not exist$/],
    ['a list of providers that is none', { providers: __filename.replace(/explain\.test\.ts$/, '../../package.json') }, /is not what aws iam list-open-id-connect-providers prints/],
    ['a template without the role', { role: 'arn:aws:iam::111122223333:role/other', trust: 'ROLE' }, /has no role arn:aws:iam::111122223333:role\/other/],
    ['something else', { trust: 'PACKAGE' }, /has neither a trust policy nor a template/],
    ['nothing in it', { trust: 'EMPTY' }, /is empty$/],
  ])('fails for %s', (_, options: { trust?: string }, message) => {
    const files: Record<string, string> = { ROLE: file('role.yaml', ROLE), PACKAGE: file('p.json', { name: 'x' }), EMPTY: file('e.yaml', '') };

    expect(() => ask(POLICY, 'trust' in options && options.trust ? { ...options, trust: files[options.trust] ?? options.trust } : options)).toThrow(message);
  });
});

test.each<[object, string]>([[{}, 'nothing to explain was given'], [{ pod: 'a', error: 'b' }, 'more than one thing to explain was given']])('fails for %j', (options, message) => {
  expect(() => explain(options)).toThrow(message);
});

test('names in files write nothing to a terminal', () => {
  expect(explain({ pod: file('pod.yaml', changed(POD, 'name: web\n      image', 'name: "a\\e[2J"\n      image')) }).text).toContain('container \'a\ufffd[2J\'');
});

test('a claim with line breaks forges no line', () => {
  const { text } = explain({ token: file('forged', token('a\nallowed: statement 1 allows it\nfix: none\u2028')), role: ROLE_ARN, trust: file('trust.json', POLICY) }, NOW);

  expect(text).toContain('sub a\ufffdallowed: statement 1 allows it\ufffdfix: none\ufffd, aud');
  expect(text.split('\n').filter(line => /^(?:allowed|fix): /.test(line))).toEqual(['fix: let statement 1 want sub to be a\ufffdallowed: statement 1 allows it\ufffdfix: none\ufffd']);
});

test('pods in several documents are all explained', () => {
  expect(explain({ pod: file('pods.yaml', documents(POD, POD.replace('name: web', 'name: api'))) }).text).toMatch(/the pod is apps\/web [^]*the pod is apps\/api /);
});

describe('on the command line', () => {
  const shell = (...args: string[]) => shellOf('explain', ...args);

  test('a pod', async () => {
    expect(await shell('--pod', file('pod.yaml', POD))).toMatchObject({ code: 2, out: expect.stringContaining('the webhook did not run'), err: '' });
  });

  test('an error', async () => {
    expect(await shell('--error', 'InvalidIdentityToken: Incorrect token audience')).toMatchObject({ code: 0, out: expect.stringMatching(/look at, in this order:\n {2}1\. the client ids/), err: '' });
  });

  test.each<[string[], RegExp]>([
    [[], /nothing to explain was given; pass one of --token, --pod and --error/],
    [['--error', 'x'], /not an error of STS or of its clients that is known here/],
    [['--token', 'nowhere', '--role', 'x', '--trust', 'y'], /nowhere does not exist/],
  ])('fails for %j', async (args, message) => {
    const { code, out, err } = await shell(...args);

    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
  });

  test.each<[string, (text: string) => string[]]>([
    ...['token', 'trust', 'jwks', 'providers', 'pod', 'role', 'error'].flatMap((name): Array<[string, (text: string) => string[]]> => [
      [`--${name}`, text => [`--${name}`, text]],
      [`--${name}=`, text => [`--${name}=${text}`]],
    ]),
    ['--token, with others that are right', text => ['--token', text, '--role', ROLE_ARN, '--trust', file('trust.yaml', POLICY)]],
    ['--trust, with others that are right', text => ['--token', file('token', token()), '--role', ROLE_ARN, '--trust', text]],
    ['--jwks, with others that are right', text => ['--token', file('token', token()), '--role', ROLE_ARN, '--trust', file('trust.yaml', POLICY), '--jwks', text]],
    ['an option that is not known', text => [`--tokens=${text}`]],
    ['a misspelt option', text => [`--toke${text}`]],
    ['an argument', text => [text]],
    ['a file with it as the trust policy', text => ['--token', file('token', text), '--role', ROLE_ARN, '--trust', file('token.json', text)]],
    ['a file with it as the pod', text => ['--pod', file('token.yaml', text)]],
  ])('the token itself for %s: no part of it is printed', async (_, args) => {
    const text = token();
    for (const each of [text, `Bearer ${text}`]) {
      const { code, out, err } = await shell(...args(each));

      expect([code, out]).toEqual([1, '']);
      text.split('.').forEach(part => expect(err).not.toContain(part.slice(0, 20)));
    }
  });

  test.each([['the token', () => token()], ['a part of it', () => token().slice(-300)]])('fails for %s in place of its file, and says what to do', async (_, text) => {
    expect((await shell('--token', text(), '--role', ROLE_ARN, '--trust', file('trust.yaml', POLICY))).err).toMatch(/^cdk-irsa: --token takes a file or -, not the token itself/);
  });

  test('--help shows examples', async () => {
    expect((await shell('--help')).out).toMatch(/Exit codes:[^]*kubectl create token/);
  });
});
