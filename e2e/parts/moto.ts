import * as path from 'node:path';
import { Credentials, query, xmlTexts } from './aws-query';
import { onFreePorts } from './ports';
import { Run } from './run-dir';
import { atMost, startService } from './service';

const SERVER = path.join(__dirname, 'python', 'moto_server.py');

/** Any key that no account has made means moto's own account; we only use it to get into the others. */
const ROOT: Credentials = { accessKeyId: 'e2e', secretAccessKey: 'e2e' };

/** Starts moto's server; `eksIssuers` are the issuer URLs of clusters that stacks create, by name. The answer is its endpoint. */
export function startMoto(run: Run, python: string, eksIssuers: Readonly<Record<string, string>>): Promise<string> {
  return onFreePorts(1, async ([port]) => {
    const endpoint = `http://127.0.0.1:${port}`;
    await startService(run, {
      name: 'moto',
      command: python,
      args: [SERVER, '-H', '127.0.0.1', '-p', String(port)],
      // its log has a line for each request: what has not been flushed would be missing from the error
      env: { E2E_EKS_ISSUERS: JSON.stringify(eksIssuers), PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
      ready: async () => (await fetch(`${endpoint}/moto-api/`, { signal: atMost() })).ok,
    });
    return endpoint;
  });
}

/**
 * Keys of an account, any account: moto looks up the account of every call by its access key, and lets everybody assume
 * a role that needn't exist.
 */
export async function motoCredentials(endpoint: string, account: string): Promise<Credentials> {
  const xml = await query({ endpoint, service: 'sts', credentials: ROOT }, 'AssumeRole', {
    RoleArn: `arn:aws:iam::${account}:role/deployer`, RoleSessionName: 'e2e',
  });
  const text = (element: string): string => xmlTexts(xml, element)[0];
  return { accessKeyId: text('AccessKeyId'), secretAccessKey: text('SecretAccessKey'), sessionToken: text('SessionToken') };
}

/** A role as it was deployed. */
export interface DeployedRole {
  readonly arn: string;
  /** As stored: the very text that CloudFormation handed over. */
  readonly trustPolicy: string;
  readonly policies: Readonly<Record<string, string>>;
}

/** An OIDC provider as it was deployed. */
export interface DeployedProvider {
  readonly arn: string;
  readonly url: string;
  readonly audiences: readonly string[];
}

/** Reads back from IAM what a deployment has made in one account. */
export class MotoIam {
  public static async of(endpoint: string, account: string): Promise<MotoIam> {
    return new MotoIam(endpoint, await motoCredentials(endpoint, account));
  }

  private constructor(private readonly endpoint: string, private readonly credentials: Credentials) {}

  public async role(name: string): Promise<DeployedRole> {
    const xml = await this.call('GetRole', { RoleName: name });
    const names = xmlTexts(await this.call('ListRolePolicies', { RoleName: name }), 'member');
    const policies: Record<string, string> = {};
    for (const policyName of names) {
      const policy = await this.call('GetRolePolicy', { RoleName: name, PolicyName: policyName });
      policies[policyName] = decodeURIComponent(xmlTexts(policy, 'PolicyDocument')[0]);
    }
    return { arn: xmlTexts(xml, 'Arn')[0], trustPolicy: decodeURIComponent(xmlTexts(xml, 'AssumeRolePolicyDocument')[0]), policies };
  }

  public async roleNames(): Promise<string[]> {
    return xmlTexts(await this.call('ListRoles', {}), 'RoleName');
  }

  public async providers(): Promise<DeployedProvider[]> {
    const arns = xmlTexts(await this.call('ListOpenIDConnectProviders', {}), 'Arn');
    return Promise.all(arns.map(async (arn) => {
      const xml = await this.call('GetOpenIDConnectProvider', { OpenIDConnectProviderArn: arn });
      const [, list = ''] = /<ClientIDList>(.*?)<\/ClientIDList>/s.exec(xml) ?? [];
      return { arn, url: xmlTexts(xml, 'Url')[0], audiences: xmlTexts(list, 'member') };
    }));
  }

  private call(action: string, params: Readonly<Record<string, string>>): Promise<string> {
    return query({ endpoint: this.endpoint, service: 'iam', credentials: this.credentials }, action, params);
  }
}
