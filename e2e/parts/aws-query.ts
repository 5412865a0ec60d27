import { createHash, createHmac } from 'node:crypto';

/** Credentials of an account at one endpoint. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SignedRequest {
  readonly endpoint: string;
  readonly service: 'iam' | 'sts' | 's3';
  readonly credentials: Credentials;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** @default - '/' */
  readonly path?: string;
  /** In canonical form, such as `policy=`. @default - none */
  readonly query?: string;
  /** @default - empty */
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const REGION = 'us-east-1';

/** A request signed with AWS Signature Version 4: the little of it that the tests' own set-up needs. */
export async function send(request: SignedRequest): Promise<Answer> {
  const { endpoint, service, credentials, method, path = '/', query: search = '', body = '' } = request;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    'host': new URL(endpoint).host,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': time,
    ...(credentials.sessionToken ? { 'x-amz-security-token': credentials.sessionToken } : {}),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    method, path, search, ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), sha256(body),
  ].join('\n');
  const scope = [time.slice(0, 8), REGION, service, 'aws4_request'];
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const response = await fetch(`${endpoint}${path}${search && `?${search}`}`, { method, headers: { ...headers, authorization }, body: method === 'GET' ? undefined : body });
  return { status: response.status, body: await response.text() };
}

/** A call of one of AWS's query APIs (IAM, STS) that has to succeed; the answer is XML. */
export async function query(
  target: Pick<SignedRequest, 'endpoint' | 'service' | 'credentials'>, action: string, params: Readonly<Record<string, string>>,
): Promise<string> {
  const body = new URLSearchParams({ Action: action, Version: target.service === 'sts' ? '2011-06-15' : '2010-05-08', ...params }).toString();
  const { status, body: answer } = await send({ ...target, method: 'POST', body });
  if (status !== 200) {
    throw new Error(`${target.service} ${action} at ${target.endpoint} answered ${status}: ${answer.slice(0, 500)}`);
  }
  return answer;
}

/** The texts of the elements of that name, in the order of the document. */
export function xmlTexts(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text]) => text
    .replace(/&quot;/g, '"').replace(/&#x27;|&#39;|&apos;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&'));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
