import * as path from 'node:path';
import { validateIssuerUrl } from '../identity/issuer-url';
import { shownValue } from '../identity/key-like';
import { DISCOVERY_PATH, discoveryDocument, JWKS_PATH, jwksUriOf } from '../issuer/discovery-documents';
import { PublicKeys } from '../issuer/public-keys';
import { writeFilesAtomically } from '../k8s/atomic-files';

/** Options of `cdk-irsa jwks`. */
export interface JwksOptions {
  /** Files with public keys. */
  readonly key: string[];
  /** The issuer's URL; without it there is no discovery document. */
  readonly issuer?: string;
  /** Where the key set will be, if not at the API server's path below the issuer. */
  readonly jwksUri?: string;
  /** Folder to write to, instead of standard output. */
  readonly outputDir?: string;
}

/** The documents of an issuer. Returns what goes to standard output. */
export function jwks(options: JwksOptions): string {
  const documents = documentsOf(options);
  if (options.outputDir === undefined) {
    const [first, ...others] = documents;
    return json(others.length === 0 ? first.content : Object.fromEntries(documents.map(({ location, content }) => [location, content])));
  }
  const folder = options.outputDir;
  const files = documents.map(({ location, content }) => ({ file: path.join(folder, fileOf(location, options)), content: json(content) }));
  writeFilesAtomically(files);
  return files.map(({ file }) => `${file}\n`).join('');
}

interface Document {
  readonly location: string;
  readonly content: object;
}

function documentsOf(options: JwksOptions): Document[] {
  const { _keys: keys } = PublicKeys.fromFile(...options.key);
  if (options.issuer === undefined) {
    if (options.jwksUri !== undefined) {
      throw new Error('--jwks-uri is for the discovery document, which has to have the issuer; pass --issuer');
    }
    return [{ location: JWKS_PATH, content: { keys } }];
  }
  const issuer = validateIssuerUrl(options.issuer);
  const jwksUri = options.jwksUri ?? jwksUriOf(issuer);
  validateJwksUri(jwksUri, issuer);
  return [
    { location: `${issuer}${DISCOVERY_PATH}`, content: discoveryDocument(issuer, keys, jwksUri) },
    { location: jwksUri, content: { keys } },
  ];
}

function validateJwksUri(jwksUri: string, issuer: string): void {
  const shown = `--jwks-uri ${shownValue(jwksUri)}`;
  if (!jwksUri.startsWith('https://')) {
    throw new Error(`${shown} does not start with https://`);
  }
  if (!/^https:\/\/[^\s/]+\/\S*[^\s/]$/.test(jwksUri)) {
    throw new Error(`${shown} is not the URL of a document; pass one such as ${jwksUriOf(issuer)}`);
  }
  if (overlap(jwksUri, `${issuer}${DISCOVERY_PATH}`)) {
    throw new Error(`${shown} is where the discovery document is, or in its way; pass another, or leave it out for ${jwksUriOf(issuer)}`);
  }
}

/** Whether two documents would have one file, or one of them a file where the other needs a folder. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [one, other].map(url => `${url.split('/').filter(Boolean).join('/')}/`);
  return a.startsWith(b) || b.startsWith(a);
}

/** Below the issuer as there; a key set that is elsewhere goes where the API server has it. */
function fileOf(location: string, { issuer = '' }: JwksOptions): string {
  const below = location.startsWith(`${issuer}/`) ? location.slice(issuer.length) : JWKS_PATH;
  const segments = below.split('/').filter(Boolean);
  if (segments.some(segment => segment === '..' || segment === '.')) {
    throw new Error(`'${location}' has a dot segment in its path; write it without`);
  }
  return path.join(...segments);
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
