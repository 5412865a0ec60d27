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
