import { Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { AwsProfile } from './aws-profile';
import { StackValue } from './token-value';
import { IrsaRole } from '../iam/irsa-role';
import type { RoleChain } from '../iam/role-chain';

/**
 * An AWS config file with profiles that build on each other: SDKs, the CLI and all tools that only know profiles find their roles by it.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export class AwsConfigFile {
  /** A file with these profiles, in this order. */
  public static of(...profiles: AwsProfile[]): AwsConfigFile {
    if (profiles.length === 0) {
      throw new Error('an AWS config file has at least one profile; pass AwsProfile.webIdentity(…)');
    }
    assertConnected(profiles);
    return new AwsConfigFile(() => profiles);
  }

  /**
   * The file that belongs to a chain of roles: the profile of the pod's own role first, then one a link, in the order of declaration.
   *
   * Links that are added to the chain later are in it as well.
   */
  public static fromRoleChain(chain: RoleChain): AwsConfigFile {
    if (IrsaRole.isIrsaRole(chain.role) && chain.role.providers.length === 0) {
      throw new Error(`${chain.node.path} begins with ${chain.role.node.path}, which EKS Pod Identity alone may assume, and the profile [default] of a chain has a token; `
        + 'give the role providers, or write profiles with AwsCredentialSource.ECS_CONTAINER, which EKS Pod Identity answers');
    }
    return new AwsConfigFile(() => chainProfiles(chain), chain);
  }

  private constructor(private readonly produce: () => AwsProfile[], private readonly chain?: RoleChain) {}

  /** The profiles, in the order of the file. */
  public get profiles(): AwsProfile[] {
    return [...this.produce()];
  }

  /** The text of the file. Contains CDK tokens where a profile does: pass it on to constructs, and don't write it yourself. */
  public get text(): string {
    return this._render(value => value);
  }

  /** @internal the text with what is known by now */
  public _render(valueOf: (value: string, name: string) => string): string {
    return this.profiles.map(profile => `${profile._render(valueOf)}\n`).join('');
  }

  /** @internal the chain of roles that the file is of; `undefined` for profiles of the user's own */
  public get _chain(): RoleChain | undefined {
    return this.chain;
  }

  /** @internal the profile with which the chain of sources begins; of a profile that is still to come, the first of the file */
  public _rootOf(name: string): AwsProfile {
    const { profiles } = this;
    let profile = profiles.find(candidate => candidate.name === name) ?? profiles[0];
    while (profile.sourceProfile !== undefined) {
      profile = profiles.find(candidate => candidate.name === profile.sourceProfile)!;
    }
    return profile;
  }
}

/** Fails unless the sources of all profiles lead to credentials. */
function assertConnected(profiles: readonly AwsProfile[]): void {
  const byName = new Map<string, AwsProfile>();
  for (const profile of profiles) {
    if (byName.has(profile.name)) {
      throw new Error(`profile '${profile.name}' is there twice, and SDKs would mix the two; rename one`);
    }
    byName.set(profile.name, profile);
  }
  for (const profile of profiles) {
    assertLeadsToCredentials(profile, byName);
  }
}

function assertLeadsToCredentials(profile: AwsProfile, byName: ReadonlyMap<string, AwsProfile>): void {
  const visited = [profile.name];
  for (let source = profile.sourceProfile; source !== undefined; source = byName.get(source)!.sourceProfile) {
    if (!byName.has(source)) {
      throw new Error(`profile '${visited[visited.length - 1]}' has the source profile '${source}', which is not in the file (${[...byName.keys()].join(', ')}); `
        + 'add it, or correct the name');
    }
    if (visited.includes(source)) {
      throw new Error(`the source profiles ${[...visited, source].join(' → ')} go round in a circle; one of them has to begin, with AwsProfile.webIdentity`);
    }
    visited.push(source);
  }
}

function chainProfiles(chain: RoleChain): AwsProfile[] {
  const { profile, roleSessionName, region } = chain;
  return [
    AwsProfile.webIdentity(profile, { roleArn: arnOf(chain.role), roleSessionName, region }),
    ...chain.links.map(link => AwsProfile.assumeRole(link.profile, {
      sourceProfile: link.sourceProfile,
      roleArn: arnOf(link.role),
      externalId: link.externalId,
      duration: link.duration,
      roleSessionName: link.roleSessionName,
      region: link.region,
    })),
  ];
}

/** Pseudo parameters in the ARN of a role are those of its own stack. */
function arnOf(role: IRole): string {
  return Token.isUnresolved(role.roleArn) ? Token.asString(new StackValue(role.roleArn, role.stack)) : role.roleArn;
}
