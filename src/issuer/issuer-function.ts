import { DISCOVERY_PATH, type DiscoveryDocument, JWKS_PATH, type JsonWebKeySet } from './discovery-documents';

/** CloudFront's limit for the code of a function, in bytes. @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions */
export const MAX_FUNCTION_SIZE = 10_240;

/** How long a client may keep a document, in seconds: after a rotation the old one is gone by then. */
export const MAX_AGE = 300;

/** Stands for the domain where only the distribution knows it. Occurs in no key: base64url has no such characters. */
export const DOMAIN_PLACEHOLDER = '{domain}';

/**
 * The code of a CloudFront Function that answers both documents of an issuer, and everything else with 404.
 *
 * In the JavaScript of cloudfront-js-2.0: no modules of Node.js, no network. The documents are texts in the code; the domain of a distribution
 * without one of its own comes from the event, since code cannot refer to the distribution that it belongs to.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
export function issuerFunctionCode(discovery: DiscoveryDocument, jwks: JsonWebKeySet): string {
  const documents = { [DISCOVERY_PATH]: JSON.stringify(discovery), [JWKS_PATH]: JSON.stringify(jwks) };
  const code = `const documents = ${literals(documents)};
function handler(event) {
  const text = documents[event.request.uri];
  if (typeof text !== 'string') {
    return { statusCode: 404, statusDescription: 'Not Found', headers: { 'cache-control': { value: 'no-store' } } };
  }
  const response = {
    statusCode: 200,
    statusDescription: 'OK',
    headers: { 'content-type': { value: 'application/json' }, 'cache-control': { value: 'public, max-age=${MAX_AGE}' } },
  };
  if (event.request.method !== 'HEAD') {
    response.body = { encoding: 'text', data: text.split('${DOMAIN_PLACEHOLDER}').join(event.context.distributionDomainName) };
  }
  return response;
}
`;
  assertFits(code, jwks);
  return code;
}

/** In single quotes: the documents are full of double ones, and each backslash counts. */
function literals(texts: Record<string, string>): string {
  return `{\n${Object.entries(texts).map(([path, text]) => `  '${path}': '${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}',\n`).join('')}}`;
}

function assertFits(code: string, { keys }: JsonWebKeySet): void {
  const size = Buffer.byteLength(code);
  if (size <= MAX_FUNCTION_SIZE) {
    return;
  }
  const largest = Math.max(...keys.map(key => JSON.stringify(key).length + 1));
  const tooMany = Math.ceil((size - MAX_FUNCTION_SIZE) / largest);
  throw new Error(`the code of the CloudFront Function has ${size} bytes with ${keys.length} keys, and CloudFront takes ${MAX_FUNCTION_SIZE}; `
    + `take out ${tooMany} ${tooMany === 1 ? 'key' : 'keys'} that no token is signed by any more, use EC keys (less than half the size), or SelfHostedIssuer.s3WithCloudFront`);
}
