import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { copiesOf, der, ecPair, expectNone, type KeyPair, messageOf, pem, rsaPair, secretsOf } from './helpers';
import { keyId } from '../../src/issuer/json-web-key';
import { PublicKeys } from '../../src/issuer/public-keys';
import { temporaryFolder } from '../k8s/helpers';

const RSA = rsaPair();
const EC = ecPair();
const kid = ({ publicKey }: KeyPair): string => keyId(publicKey);

function file(content: string | Buffer, name = 'sa.pub'): string {
  const result = path.join(temporaryFolder(), name);
  fs.writeFileSync(result, content);
  return result;
}

function certificate({ privateKey }: KeyPair): string {
  const key = file(privateKey.export({ type: 'pkcs8', format: 'pem' }), 'sa.key');
  return execFileSync('openssl', ['req', '-x509', '-new', '-key', key, '-days', '2', '-subj', '/CN=sa'], { encoding: 'utf8' });
}

describe('keys are read', () => {
  test.each<[string, () => PublicKeys]>([
    ['a PEM file', () => PublicKeys.fromFile(file(pem(RSA)))],
    ['a DER file', () => PublicKeys.fromFile(file(der(RSA)))],
    ['a PEM file with Windows line ends and a comment', () => PublicKeys.fromFile(file(`the cluster's\r\n${pem(RSA).replace(/\n/g, '\r\n')}`))],
    ['a PEM file in PKCS#1', () => PublicKeys.fromFile(file(RSA.publicKey.export({ type: 'pkcs1', format: 'pem' })))],
    ['a DER file in PKCS#1', () => PublicKeys.fromFile(file(RSA.publicKey.export({ type: 'pkcs1', format: 'der' })))],
    ['a PEM file of kops, with the label of PKCS#1 above another content', () => PublicKeys.fromFile(file(pem(RSA).replace(/PUBLIC KEY/g, 'RSA PUBLIC KEY')))],
    ['a certificate, as the API server takes one', () => PublicKeys.fromFile(file(certificate(RSA)))],
    ['PEM', () => PublicKeys.fromPem(pem(RSA))],
    ['PEM without a line end', () => PublicKeys.fromPem(pem(RSA).trim())],
    ['DER in base64', () => PublicKeys.fromDer(der(RSA).toString('base64'))],
    ['DER in base64 with line ends', () => PublicKeys.fromDer(der(RSA).toString('base64').replace(/.{64}/g, '$&\n'))],
  ])('from %s', (_what, read) => {
    expect(read().keyIds).toEqual([kid(RSA)]);
  });

  test('several in one file, several files, both forms', () => {
    const third = ecPair('P-521');
    expect(PublicKeys.fromFile(file(`${pem(RSA)}${pem(EC)}`), file(der(third))).keyIds).toEqual([RSA, EC, third].map(kid));
  });

  test('EC parameters before a key are left out', () => {
    expect(PublicKeys.fromPem(`-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${pem(EC)}`).keyIds).toEqual([kid(EC)]);
  });

  test('side by side, in order, each once', () => {
    const [old, fresh] = [PublicKeys.fromPem(pem(RSA)), PublicKeys.fromPem(pem(EC))];

    expect(fresh.and(old).keyIds).toEqual([kid(EC), kid(RSA)]);
    expect(fresh.and(old).and(fresh).keyIds).toEqual([kid(EC), kid(RSA)]);
    expect(fresh.keyIds).toEqual([kid(EC)]);
    expect(PublicKeys.fromPem(pem(RSA), pem(RSA)).keyIds).toEqual([kid(RSA)]);
  });
});

describe('a private key is refused, and not echoed', () => {
  const encrypted = { cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
  const cases = [['RSA', RSA], ['EC', EC]].flatMap(([name, pair]) => {
    const { privateKey } = pair as KeyPair;
    const own = privateKey.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
    const exported = (type: string, format: string, more: object = {}) => privateKey.export({ type, format, ...more } as never) as unknown as Buffer;
    const base64 = (type: string) => exported(type, 'der').toString('base64');
    return ([
      ['PKCS#8 in PEM', () => PublicKeys.fromPem(String(exported('pkcs8', 'pem')))],
      ['its own form in PEM', () => PublicKeys.fromPem(String(exported(own, 'pem')))],
      ['encrypted PEM', () => PublicKeys.fromPem(String(exported('pkcs8', 'pem', encrypted)))],
      ['PKCS#8 in DER', () => PublicKeys.fromDer(base64('pkcs8'))],
      ['its own form in DER', () => PublicKeys.fromDer(base64(own))],
      ['encrypted DER', () => PublicKeys.fromDer(exported('pkcs8', 'der', encrypted).toString('base64'))],
      ['a PEM file', () => PublicKeys.fromFile(file(exported('pkcs8', 'pem')))],
      ['a DER file', () => PublicKeys.fromFile(file(exported(own, 'der')))],
      ['a file with the public key first', () => PublicKeys.fromFile(file(pem(pair as KeyPair) + String(exported('pkcs8', 'pem'))))],
      ['a PEM that lost its end', () => PublicKeys.fromPem(pem(pair as KeyPair) + String(exported('pkcs8', 'pem')).split('-----END')[0])],
      ['a PEM with the label of a public key', () => PublicKeys.fromPem(String(exported('pkcs8', 'pem')).replace(/PRIVATE/g, 'PUBLIC'))],
      ['a PEM in lower case', () => PublicKeys.fromPem(String(exported('pkcs8', 'pem')).replace(/BEGIN PRIVATE KEY/, 'begin private key'))],
      ['a PEM with the label of a certificate', () => PublicKeys.fromPem(String(exported(own, 'pem')).replace(/(RSA|EC) PRIVATE KEY/g, 'CERTIFICATE'))],
    ] as const).map(([what, read]) => [`${name as string}: ${what}`, pair as KeyPair, read] as const);
  });

  test.each(cases)('%s', (_what, pair, read) => {
    const message = messageOf(read);

    expect(message).toMatch(/ has a private key, which has no place in an app, a template or a bucket; make the public one of it with 'openssl pkey -in sa\.key -pubout -out sa\.pub'/);
    expectNone(message, secretsOf(pair));
  });

  test.each([RSA, EC].flatMap(pair => copiesOf(pair).map(([what, text]) => [what, text, pair] as const)))('%s where a path should be', (_what, text, pair) => {
    const message = messageOf(() => PublicKeys.fromFile(text));

    expect(message).toContain('PublicKeys.fromFile takes the path of a file, and got the key itself');
    expect(message).not.toContain(text.slice(20, 60));
    expectNone(message, secretsOf(pair));
  });

  test.each<[string, string]>([
    ['the number alone', EC.privateKey.export({ format: 'jwk' }).d!],
    ['a line of a file', String(RSA.privateKey.export({ type: 'pkcs8', format: 'pem' })).split('\n')[5]],
    ['what is longer than a path', `~${'a.b/'.repeat(64)}`],
  ])('%s where a path should be is not shown', (_what, text) => {
    const message = messageOf(() => PublicKeys.fromFile(text));

    expect(message).toMatch(/what was given as a path \(\d+ characters, not shown since it may be a key\) cannot be read \(E[A-Z]+\)/);
    expect(message).not.toContain(text.slice(4, 40));
  });

  test('a file that is there is read, whatever it is called', () => {
    const name = `My-${'service-account-keys-'.repeat(4)}`;
    expect(PublicKeys.fromFile(file(pem(EC), name)).keyIds).toEqual([kid(EC)]);
    expect(PublicKeys.fromFile(path.relative('.', file(pem(EC), name))).keyIds).toEqual([kid(EC)]);
  });

  test('the test itself would see a key', () => {
    for (const pair of [RSA, EC]) {
      const text = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
      expect(secretsOf(pair).some(secret => text.includes(secret))).toBe(true);
      expectNone(pem(pair), secretsOf(pair));
    }
  });
});

describe('fails when', () => {
  test.each<[string, () => unknown, string]>([
    ['no file is given', () => PublicKeys.fromFile(), 'no file is given; an issuer has one public key at least'],
    ['no text is given', () => PublicKeys.fromPem(), 'no text is given'],
    ['a file is not there', () => PublicKeys.fromFile('/nowhere/sa.pub'), "'/nowhere/sa.pub' cannot be read (ENOENT)"],
    ['a file is a folder', () => PublicKeys.fromFile('/'), "'/' cannot be read (EISDIR)"],
    ['a file is empty', () => PublicKeys.fromFile(file('')), 'has something that is not a public key, or is damaged'],
    ['a text is empty', () => PublicKeys.fromPem(''), 'the PEM text has no public key'],
    ['a text is no key', () => PublicKeys.fromPem('ssh-rsa AAAAB3NzaC1yc2E= me@home'), 'the PEM text has no public key: a block that begins with -----BEGIN PUBLIC KEY----- is expected'],
    ['a block is damaged', () => PublicKeys.fromPem(pem(RSA).replace(/^MII/m, 'AAA')), 'the PEM text has something that is not a public key, or is damaged'],
    ['a block lost its end', () => PublicKeys.fromPem(pem(RSA).split('-----END')[0]), 'the PEM text has no public key'],
    ['the second block lost its end', () => PublicKeys.fromPem(pem(RSA) + pem(EC).split('-----END')[0]), 'block 2 of 2 in the PEM text is damaged: it has no end, or another one; copy it again'],
    ['the first block lost its end', () => PublicKeys.fromPem(pem(EC).split('-----END')[0] + pem(RSA)), 'block 1 of 2 in the PEM text is damaged'],
    ['a block in the middle has a dash', () => PublicKeys.fromPem(pem(EC) + pem(RSA).replace(/\nMII/, '\n-MII') + pem(EC)), 'block 2 of 3 in the PEM text is damaged'],
    ['a block has the end of another kind', () => PublicKeys.fromFile(file(pem(EC) + pem(RSA).replace('END PUBLIC', 'END RSA PUBLIC'))), "sa.pub' is damaged"],
    ['a block has lost dashes', () => PublicKeys.fromPem(pem(EC) + pem(RSA).replace('KEY-----\n', 'KEY----\n')), 'block 2 of 2 in the PEM text is damaged'],
    ['a block lost its beginning', () => PublicKeys.fromPem(pem(EC) + pem(RSA).split('\n').slice(1).join('\n')), 'the PEM text has the end of a block of which the beginning is lost; copy it again'],
    ['a block is something else', () => PublicKeys.fromPem('-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----'), "the PEM text has a block 'X509 CRL'"],
    ['DER is PEM', () => PublicKeys.fromDer(pem(RSA)), 'the DER key is not in base64; for text that begins with -----BEGIN use PublicKeys.fromPem'],
    ['DER is empty', () => PublicKeys.fromDer(''), 'the DER key is not in base64'],
    ['DER is something else', () => PublicKeys.fromDer('AAAA'), 'the DER key has something that is not a public key, or is damaged'],
    ['a key is too short', () => PublicKeys.fromPem(pem(rsaPair(1024))), 'an RSA key of 1024 bits is too short'],
  ])('%s', (_what, read, message) => {
    expect(read).toThrow(message);
  });
});
