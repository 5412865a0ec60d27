import { randomBytes } from 'node:crypto';
import { Credentials, query, send, xmlTexts } from './aws-query';
import { check } from './exec';
import { Rgw } from './rgw';

/** A policy document as plain data. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: unknown;
}

/** What the STS said to a token. */
export interface AssumeRoleResult {
  readonly allowed: boolean;
  readonly status: number;
  readonly body: string;
}

/**
 * An AWS account in the gateway: a tenant whose name is the account's number, so that the ARNs of its roles and
 * providers are those of AWS, to the letter. What is created here is what the deployed stack of that account has.
 */
export class RgwAccount {
  /** Makes the account, with an administrator whose keys nobody else has. */
  public static async create(rgw: Rgw, account: string): Promise<RgwAccount> {
    const credentials = { accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`, secretAccessKey: randomBytes(20).toString('hex') };
    await check({
      command: 'radosgw-admin',
      args: [
        '-c', rgw.configFile, 'user', 'create', '--tenant', account, '--uid', 'admin', '--display-name', 'admin',
        '--access-key', credentials.accessKeyId, '--secret', credentials.secretAccessKey,
        '--caps', 'oidc-provider=*;roles=*;user-policy=*',
      ],
    });
    return new RgwAccount(rgw.endpoint, account, credentials);
  }

  private constructor(private readonly endpoint: string, public readonly account: string, private readonly credentials: Credentials) {}

  /** The answer is the provider's ARN. */
  public async createOidcProvider(url: string, audiences: readonly string[]): Promise<string> {
    const xml = await this.iam('CreateOpenIDConnectProvider', {
      Url: url,
      ...members('ClientIDList', audiences),
      // asked for, but not compared with anything
      ...members('ThumbprintList', ['0'.repeat(40)]),
    });
    return single(xml, 'OpenIDConnectProviderArn');
  }

  /** The answer is the role's ARN. */
  public async createRole(name: string, trustPolicy: PolicyDocument, path = '/'): Promise<string> {
    const xml = await this.iam('CreateRole', { RoleName: name, Path: path, AssumeRolePolicyDocument: compact(trustPolicy) });
    return single(xml, 'Arn');
  }

  public async putRolePolicy(role: string, policyName: string, policy: PolicyDocument): Promise<void> {
    await this.iam('PutRolePolicy', { RoleName: role, PolicyName: policyName, PolicyDocument: compact(policy) });
  }

  public async createBucket(bucket: string): Promise<void> {
    await this.put(`/${bucket}`, '');
  }

  public async putObject(bucket: string, key: string, text: string): Promise<void> {
    await this.put(`/${bucket}/${key}`, text);
  }

  /** Who may do what with the bucket, besides its account. */
  public async putBucketPolicy(bucket: string, policy: PolicyDocument): Promise<void> {
    await this.put(`/${bucket}`, compact(policy), 'policy=');
  }

  /** What anybody gets, without credentials. */
  public async getAnonymously(bucket: string, key: string): Promise<{ status: number; body: string }> {
    const response = await fetch(`${this.endpoint}/${this.account}:${bucket}/${key}`);
    return { status: response.status, body: await response.text() };
  }

  private iam(action: string, params: Readonly<Record<string, string>>): Promise<string> {
    return query({ endpoint: this.endpoint, service: 'iam', credentials: this.credentials }, action, params);
  }

  private async put(path: string, body: string, search?: string): Promise<void> {
    const { endpoint, credentials } = this;
    const { status, body: answer } = await send({ endpoint, service: 's3', credentials, method: 'PUT', path, query: search, body });
    if (status !== 200 && status !== 204) {
      throw new Error(`PUT ${path} at ${this.endpoint} answered ${status}: ${answer}`);
    }
  }
}

/** Asks the STS, as an SDK in a pod would: unsigned, with nothing but a token. */
export async function assumeRoleWithWebIdentity(endpoint: string, roleArn: string, token: string): Promise<AssumeRoleResult> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: 'e2e', WebIdentityToken: token,
    }).toString(),
  });
  return resultOf({ status: response.status, body: await response.text() }, `AssumeRoleWithWebIdentity for ${roleArn}`);
}

/** Asks the STS for another role, with the credentials that a first one gave: one hop of a chain. */
export async function assumeRole(endpoint: string, session: AssumeRoleResult, roleArn: string): Promise<AssumeRoleResult> {
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((element) => single(session.body, element));
  const { status, body } = await send({
    endpoint,
    service: 'sts',
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    method: 'POST',
    body: new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: 'e2e-hop' }).toString(),
  });
  return resultOf({ status, body }, `AssumeRole for ${roleArn}`);
}

/** A refusal says 403; anything else is a fault of the set-up, and must not pass for a refusal. */
function resultOf({ status, body }: { readonly status: number; readonly body: string }, what: string): AssumeRoleResult {
  const allowed = status === 200 && xmlTexts(body, 'SessionToken').length === 1;
  if (!allowed && status !== 403) {
    throw new Error(`${what} answered ${status}: ${body.slice(0, 500)}`);
  }
  return { allowed, status, body };
}

/** The gateway's parser stumbles over blanks between the tokens of a policy. */
function compact(policy: PolicyDocument): string {
  return JSON.stringify(policy);
}

function members(name: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${name}.member.${index + 1}`, value]));
}

function single(xml: string, element: string): string {
  const [text] = xmlTexts(xml, element);
  if (text === undefined) {
    throw new Error(`expected <${element}> in the answer, got ${xml.slice(0, 500)}`);
  }
  return text;
}
