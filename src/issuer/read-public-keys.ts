import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

/** A private key is refused in whatever form it comes, and no message has any of what was read. */
const PRIVATE = 'a private key, which has no place in an app, a template or a bucket; make the public one of it with '
  + "'openssl pkey -in sa.key -pubout -out sa.pub'";

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;
const PRIVATE_BLOCK = /-----\s*BEGIN[^\r\n]*PRIVATE\s+KEY/i;

/** The public keys in a file that was read: PEM with one key or several, or DER with one. */
export function keysInFile(content: Buffer, source: string): KeyObject[] {
  const text = content.toString('latin1');
  return /-----\s*BEGIN/i.test(text) ? keysInPem(text, source) : [keyInDer(content, source)];
}

/** The public keys in PEM: `PUBLIC KEY`, `RSA PUBLIC KEY` and `CERTIFICATE`, as many as there are. */
export function keysInPem(pem: string, source: string): KeyObject[] {
  if (PRIVATE_BLOCK.test(pem)) {
    throw new Error(`${source} has ${PRIVATE}`);
  }
  const blocks = [...pem.matchAll(BLOCK)];
  validateComplete(pem, blocks, source);
  const keys = blocks.flatMap(([, label, body]) => {
    const der = Buffer.from(body, 'base64');
    switch (label) {
      case 'PUBLIC KEY':
        return [parsed(der, source, subjectPublicKeyInfo)];
      case 'RSA PUBLIC KEY':
        // kops writes SubjectPublicKeyInfo below this label
        return [parsed(der, source, pkcs1, subjectPublicKeyInfo)];
      case 'CERTIFICATE':
        return [parsed(der, source, certificate)];
      // what openssl ecparam puts before a key
      case 'EC PARAMETERS':
        return [];
      default:
        throw new Error(`${source} has a block '${label}', where PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE is expected`);
    }
  });
  if (keys.length === 0) {
    throw new Error(`${source} has no public key: a block that begins with -----BEGIN PUBLIC KEY----- is expected`);
  }
  return keys;
}

/** A key that was copied by half would be missing from the key set, and its tokens refused. */
function validateComplete(pem: string, blocks: readonly RegExpMatchArray[], source: string): void {
  const begins = [...pem.matchAll(/-----\s*BEGIN/gi)];
  const ends = [...pem.matchAll(/-----\s*END/gi)];
  const damaged = begins.findIndex(({ index }) => !blocks.some(block => block.index === index));
  if (blocks.length > 0 && damaged >= 0) {
    throw new Error(`block ${damaged + 1} of ${begins.length} in ${source} is damaged: it has no end, or another one; copy it again`);
  }
  if (blocks.length > 0 && ends.length > blocks.length) {
    throw new Error(`${source} has the end of a block of which the beginning is lost; copy it again`);
  }
}

/** The public key in DER: SubjectPublicKeyInfo, PKCS#1 or a certificate. */
export function keyInDer(der: Buffer, source: string): KeyObject {
  return parsed(der, source, subjectPublicKeyInfo, pkcs1, certificate);
}

type Parser = (der: Buffer) => KeyObject;

const subjectPublicKeyInfo: Parser = der => createPublicKey({ key: der, format: 'der', type: 'spki' });
const pkcs1: Parser = der => createPublicKey({ key: der, format: 'der', type: 'pkcs1' });
const certificate: Parser = der => new X509Certificate(der).publicKey;

/** What the first parser that can makes of it. OpenSSL's own messages say nothing that helps. */
function parsed(der: Buffer, source: string, ...parsers: Parser[]): KeyObject {
  // first of all: Node.js takes private keys for public ones
  if (isPrivate(der)) {
    throw new Error(`${source} has ${PRIVATE}`);
  }
  for (const parse of parsers) {
    try {
      return parse(der);
    } catch {
      // the next one may
    }
  }
  throw new Error(`${source} has something that is not a public key, or is damaged; RSA and EC keys are expected, in PEM or DER`);
}

function isPrivate(der: Buffer): boolean {
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some(type => {
    try {
      createPrivateKey({ key: der, format: 'der', type });
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
    }
  });
}
