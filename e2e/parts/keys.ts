import { createHash, createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { check } from './exec';

/** A signing key with a certificate over itself: a file each, for the programs that read them. */
export interface SigningKey {
  readonly keyFile: string;
  readonly certificateFile: string;
}

/** One key of a JSON Web Key Set. */
export interface JsonWebKey {
  readonly [member: string]: unknown;
  readonly kid: string;
}

/** An RSA key and a self-signed certificate, valid for the given host names (and 127.0.0.1). */
export async function makeKey(dir: string, name: string, hosts: readonly string[] = []): Promise<SigningKey> {
  const keyFile = path.join(dir, `${name}.key`);
  const certificateFile = path.join(dir, `${name}.crt`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  fs.writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const names = ['IP:127.0.0.1', ...hosts.map((host) => `DNS:${host}`)].join(',');
  await check({
    // Node makes keys but no certificates
    command: 'openssl',
    args: ['req', '-x509', '-new', '-key', keyFile, '-out', certificateFile, '-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`],
  });
  return { keyFile, certificateFile };
}

/**
 * The public key as it goes into a JWKS. `kid` as Kubernetes computes it, and `x5c`, which OIDC leaves optional: the
 * RADOS Gateway reads nothing else.
 */
export function publicJwk({ keyFile, certificateFile }: SigningKey): JsonWebKey {
  const key = createPublicKey(fs.readFileSync(keyFile));
  const der = key.export({ type: 'spki', format: 'der' });
  const certificate = fs.readFileSync(certificateFile, 'utf8').replace(/-----[A-Z ]+-----|\s/g, '');
  return {
    ...key.export({ format: 'jwk' }),
    use: 'sig',
    alg: 'RS256',
    kid: createHash('sha256').update(der).digest('base64url'),
    x5c: [certificate],
  };
}

/** What a service account's token says, as far as AWS looks at it. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | string[];
  readonly exp: number;
  readonly [claim: string]: unknown;
}

/** A token signed by hand: for the ones no API server would give out, such as expired ones. */
export function signToken(key: SigningKey, claims: Claims): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg: 'RS256', kid: publicJwk(key).kid })}.${encode(claims)}`;
  return `${content}.${createSign('RSA-SHA256').update(content).sign(fs.readFileSync(key.keyFile), 'base64url')}`;
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()) as Claims;
}
