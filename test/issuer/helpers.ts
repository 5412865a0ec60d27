import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function rsaPair(modulusLength = 2048): KeyPair {
  return generateKeyPairSync('rsa', { modulusLength });
}

export function ecPair(namedCurve = 'P-256'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve });
}

export function pem({ publicKey }: KeyPair): string {
  return publicKey.export({ type: 'spki', format: 'pem' }) as string;
}

export function der({ publicKey }: KeyPair): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

/**
 * Pieces of a private key that must not be seen anywhere: each of its secret numbers, in the ways that they are written, and the lines of its files.
 * Long enough not to occur by chance.
 */
export function secretsOf({ privateKey }: KeyPair): string[] {
  const { d, p, q, dp, dq, qi } = privateKey.export({ format: 'jwk' });
  const numbers = [d, p, q, dp, dq, qi].filter((value): value is string => value !== undefined).flatMap(value => {
    const bytes = Buffer.from(value, 'base64url');
    return [bytes.toString('base64url'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
  });
  // the lines of a file, but for those of the public part
  const publicBytes = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const lines = (['pkcs8', privateKey.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1'] as const)
    .flatMap(type => (privateKey.export({ type, format: 'pem' } as never) as unknown as string).split('\n'))
    .filter(line => line.length >= 40 && !line.startsWith('-----') && !publicBytes.includes(Buffer.from(line, 'base64')));
  return [...numbers, ...lines];
}

/** A private key, as it may be copied to where a path should be: each name with the text. */
export function copiesOf({ privateKey }: KeyPair): [string, string][] {
  const exported = (type: string, format: string): Buffer => Buffer.from(privateKey.export({ type, format } as never) as unknown as Buffer);
  return ['pkcs8', privateKey.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1'].flatMap((type): [string, string][] => {
    const [text, bytes] = [exported(type, 'pem'), exported(type, 'der')];
    return [
      [`${type} in PEM`, text.toString()],
      [`${type} in PEM, in one line`, text.toString().replace(/\n/g, '')],
      [`${type} in PEM, in base64`, text.toString('base64')],
      [`${type} in PEM, in base64url`, text.toString('base64url')],
      [`${type} in base64`, bytes.toString('base64')],
      [`${type} in base64, in quotes and with a blank`, `"${bytes.toString('base64')}" `],
      [`${type} in base64url`, bytes.toString('base64url')],
      [`${type} in hex`, bytes.toString('hex')],
    ];
  }).concat([['a JSON Web Key', JSON.stringify(privateKey.export({ format: 'jwk' }))]]);
}

/** Every file below a folder, as text. */
export function textsBelow(folder: string): string {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => fs.readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

/** Fails if any of the secrets is in the text, and does not print which. */
export function expectNone(text: string, secrets: readonly string[]): void {
  expect(secrets.length).toBeGreaterThan(0);
  expect(secrets.filter(secret => text.includes(secret)).length).toBe(0);
}

/** What a function says when it fails. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return `${(error as Error).message}\n${(error as Error).stack}`;
  }
  throw new Error('it does not fail');
}
