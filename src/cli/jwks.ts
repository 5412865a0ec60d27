import * as path from 'node:path';
import { validateIssuerUrl } from '../identity/issuer-url';
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
  if (!jwksUri.startsWith('https://')) {
    throw new Error(`--jwks-uri '${jwksUri}' does not start with https://`);
  }
  return [
    { location: `${issuer}${DISCOVERY_PATH}`, content: discoveryDocument(issuer, keys, jwksUri) },
    { location: jwksUri, content: { keys } },
  ];
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
