import * as fs from 'node:fs';
import * as path from 'node:path';
import { type DocumentReader, readFromFolder, readFromWeb } from './published-document';
import { validateIssuerUrl } from '../identity/issuer-url';
import { shownPath } from '../identity/key-like';
import { DISCOVERY_PATH } from '../issuer/discovery-documents';
import { PublicKeys } from '../issuer/public-keys';
import { checkDiscovery, checkKeySet } from '../issuer/verify-documents';
import type { PublishedKey } from '../issuer/verify-key';

/** Options of `cdk-irsa verify-issuer`. */
export interface VerifyIssuerOptions {
  /** Files with public keys that have to be published. */
  readonly key?: string[];
}

/** What a published issuer is worth. */
export interface Verdict {
  readonly issuer: string;
  readonly keys: readonly PublishedKey[];
  /** Why tokens would be refused; none if they would not. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Checks an issuer as STS would.
 *
 * @param location its URL, or a folder with what is to be published
 */
export async function verifyIssuer(
  location: string, options: VerifyIssuerOptions = {}, web: DocumentReader = url => readFromWeb(url),
): Promise<Verdict> {
  const expected = options.key === undefined ? [] : PublicKeys.fromFile(...options.key).keyIds;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location)
    ? verify(validateIssuerUrl(location), web, expected)
    : verifyFolder(location, expected);
}

/** What is said of it, line by line. */
export function describe({ issuer, keys, problems, notes }: Verdict): string {
  const lines = problems.length === 0
    ? [`${issuer} can be trusted: ${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`, ...keys.map(({ kid, alg }) => `  ${alg}  ${kid}`)]
    : [`${issuer} cannot be trusted by AWS as it is:`, ...problems.map(problem => `  wrong: ${problem}`)];
  return [...lines, ...notes.map(note => `  note: ${note}`)].map(line => `${line.replace(CONTROLS, '?')}\n`).join('');
}

/** What a server says may not move the cursor of a terminal, or turn the text around. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

async function verify(issuer: string, read: DocumentReader, expected: readonly string[]): Promise<Verdict> {
  const discovery = await read(`${issuer}${DISCOVERY_PATH}`);
  if (discovery.text === undefined) {
    return { issuer, keys: [], ...discovery };
  }
  const { found: { jwksUri, algorithms }, problems } = checkDiscovery(discovery.text, issuer);
  if (!jwksUri?.startsWith('https://')) {
    return { issuer, keys: [], problems, notes: discovery.notes };
  }
  const keySet = await read(jwksUri);
  const checked = keySet.text === undefined ? { found: [], problems: keySet.problems } : checkKeySet(keySet.text, algorithms);
  const missing = keySet.text === undefined ? [] : expected.filter(kid => !checked.found.some(key => key.kid === kid && key.computed === undefined));
  return {
    issuer,
    keys: checked.found,
    problems: [
      ...problems,
      ...checked.problems,
      ...missing.map(kid => lacks(kid, checked.found)),
    ],
    notes: [
      ...new Set([...discovery.notes, ...keySet.notes]),
      ...checked.found.flatMap(({ kid, computed }) => computed === undefined ? [] : [
        `the key '${kid}' would be '${computed}' in tokens of a Kubernetes API server, and those would not find it`,
      ]),
    ],
  };
}

/** Why a key that was named is not published, though its kid or the key itself may be there. */
function lacks(kid: string, published: readonly PublishedKey[]): string {
  const [otherKey, otherKid] = [published.some(key => key.kid === kid), published.find(key => key.computed === kid)?.kid];
  const why = otherKey ? ' (another key has its kid)' : otherKid === undefined ? '' : ` (it is there as '${otherKid}', and tokens name it by its kid)`;
  return `the key set lacks the key '${kid}' that was named by --key${why}: tokens signed by it are refused`;
}

/** The documents say themselves where they will be. */
async function verifyFolder(folder: string, expected: readonly string[]): Promise<Verdict> {
  const file = path.join(folder, DISCOVERY_PATH);
  if (!fs.existsSync(file)) {
    throw new Error(`${shownPath(folder)} has no ${DISCOVERY_PATH.slice(1)}; name the https:// URL of an issuer, or a folder that 'cdk-irsa jwks --output-dir' wrote`);
  }
  const { found: { issuer }, problems } = checkDiscovery(fs.readFileSync(file, 'utf8'), undefined);
  if (issuer === undefined) {
    return { issuer: folder, keys: [], problems, notes: [] };
  }
  return verify(validateIssuerUrl(issuer), readFromFolder(folder, issuer), expected);
}
