import * as fs from 'node:fs';
import * as https from 'node:https';
import { BlockList, isIPv6 } from 'node:net';
import * as path from 'node:path';
import { rootCertificates } from 'node:tls';

/** STS waits no longer. @see https://repost.aws/knowledge-center/iam-sts-invalididentitytoken */
const TIMEOUT_MS = 5_000;

/** No document of an issuer is as large. */
const MAX_BYTES = 1_000_000;

/** Addresses that only some can reach: STS comes from the internet. @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const PRIVATE = new BlockList();
for (const [network, prefix] of [['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4');
}
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

/** Whatever this machine trusts besides (`NODE_EXTRA_CA_CERTS`) or lets pass (`NODE_TLS_REJECT_UNAUTHORIZED`): STS does not. */
const TRUST: https.RequestOptions = { rejectUnauthorized: true, ca: [...rootCertificates] };

/** A document that was read, or why it cannot be. */
export interface PublishedDocument {
  /** `undefined` when there is a problem. */
  readonly text?: string;
  readonly problems: string[];
  /** What works, and could be better. */
  readonly notes: string[];
}

/** Reads what is published at a URL. */
export type DocumentReader = (url: string) => Promise<PublishedDocument>;

/** Reads from the web as STS does: without credentials, by a certificate that everybody trusts, within five seconds. */
export function readFromWeb(url: string, options: https.RequestOptions = {}): Promise<PublishedDocument> {
  return new Promise<PublishedDocument>(resolve => {
    const refuse = (problem: string): void => resolve({ problems: [`${url} ${problem}`], notes: [] });
    const request = https.get(url, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: 'application/json' }, agent: false, ...TRUST, ...options }, response => {
      const { statusCode = 0, headers, socket: { remoteAddress } } = response;
      if (statusCode !== 200) {
        response.resume();
        refuse(statusProblem(statusCode, headers.location));
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > MAX_BYTES) {
          refuse(`is larger than ${MAX_BYTES} bytes, which is no document of an issuer`);
          request.destroy();
        }
      });
      response.on('error', error => refuse(failure(error)));
      response.on('end', () => resolve({ text: Buffer.concat(chunks).toString('utf8'), problems: [], notes: [...typeNotes(url, headers['content-type']), ...addressNotes(url, remoteAddress)] }));
    });
    request.on('error', error => refuse(failure(error)));
  // what is no URL is thrown at once
  }).catch((error: Error) => ({ problems: [`${url} ${failure(error)}`], notes: [] }));
}

/** Reads what is to be published: the files of a folder, which stands for the issuer. */
export function readFromFolder(folder: string, issuer: string): DocumentReader {
  return async url => {
    const below = url.startsWith(`${issuer}/`) ? url.slice(issuer.length + 1) : undefined;
    const file = below === undefined ? undefined : path.join(folder, below);
    if (file === undefined || path.relative(folder, file).startsWith('..')) {
      return { problems: [`${url} is not below the issuer '${issuer}', so it cannot be looked for in ${folder}; check it where it is published`], notes: [] };
    }
    return fs.existsSync(file) && fs.statSync(file).isFile()
      ? { text: fs.readFileSync(file, 'utf8'), problems: [], notes: [] }
      : { problems: [`${file} does not exist`], notes: [] };
  };
}

function statusProblem(status: number, location: string | undefined): string {
  if (status >= 300 && status < 400) {
    return `answers ${status} and sends on to ${location ?? 'nowhere'}; publish the document itself`;
  }
  const hint = status === 403 ? ' (in S3: the object is not there, or it is not public, or the account blocks public access)' : '';
  return `answers ${status}${hint}, where 200 is expected`;
}

function failure(error: NodeJS.ErrnoException): string {
  return error.name === 'TimeoutError' || error.name === 'AbortError'
    ? `does not answer within ${TIMEOUT_MS / 1000} seconds, and STS does not wait longer`
    : `cannot be read: ${error.message} (${error.code ?? error.name})`;
}

function typeNotes(url: string, type = 'none'): string[] {
  return /^application\/(?:[a-z.-]+\+)?json\b/i.test(type) ? [] : [`${url} has the content type '${type}'; application/json is what readers expect`];
}

/** One line for both documents: they are mostly on one server. */
export function addressNotes(url: string, address = ''): string[] {
  const isPrivate = PRIVATE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return isPrivate ? [`${new URL(url).hostname} is at the private address ${address} from here; AWS reads it from the internet, so check it from outside too`] : [];
}
