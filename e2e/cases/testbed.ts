import { handWrittenTrust, unique, world } from './context';
import { AUDIENCES } from './scenarios';
import { claimsOf } from '../parts/keys';
import { Replica } from '../parts/replicate';
import { assumeRoleWithWebIdentity, RgwAccount } from '../parts/rgw-account';

/**
 * An account as it was deployed, and roles beside the deployed ones that show what a refusal comes from. The gateway
 * refuses a token in the same way whether a trust policy, the provider or the token itself is against it, or its issuer
 * cannot be reached.
 */
export class Testbed {
  /** Has every account know a cluster that no role trusts, and the one that the tokens are of: so only a trust policy can refuse them. */
  public static async on({ account, providers, roles }: Replica): Promise<Testbed> {
    const known = new Set(providers);
    for (const { issuer } of [world.red, world.blue]) {
      if (!known.has(providerArn(account, issuer))) {
        known.add(await account.createOidcProvider(issuer, AUDIENCES));
      }
    }
    return new Testbed(account, known, roles);
  }

  private constructor(
    private readonly account: RgwAccount,
    private readonly providers: ReadonlySet<string>,
    /** The deployed ones. */
    public readonly roles: readonly string[],
  ) {}

  /** Whether the account has a provider for this issuer. */
  public knows(issuer: string): boolean {
    return this.providers.has(providerArn(this.account, issuer));
  }

  /** Whether a token opens a role that trusts it by its issuer, subject and audience: if not, no trust policy is needed to refuse it. */
  public async opensOwnRole(token: string): Promise<boolean> {
    const { iss, sub, aud } = claimsOf(token);
    const [audience] = [aud].flat();
    const role = await this.account.createRole(unique('own'), handWrittenTrust(providerArn(this.account, iss), sub, audience));
    return isAllowed(role, token);
  }

  /** Whether a token opens a role that trusts an AWS account and no web identity. */
  public async opensUntrusting(token: string): Promise<boolean> {
    const role = await this.account.createRole(unique('untrusting'), {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${this.account.account}:root` }, Action: 'sts:AssumeRole' }],
    });
    return isAllowed(role, token);
  }
}

/** What the STS says to a role and a token. */
export async function isAllowed(role: string, token: string): Promise<boolean> {
  return (await assumeRoleWithWebIdentity(world.rgw.endpoint, role, token)).allowed;
}

function providerArn({ account }: RgwAccount, issuer: string): string {
  return `arn:aws:iam::${account}:oidc-provider/${issuer.replace('https://', '')}`;
}
