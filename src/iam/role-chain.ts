import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { RoleChainLink } from './role-chain-link';
import type { RoleChainLinkOptions, RoleChainProps } from './role-chain-options';
import { ifGiven, validateProfileName, validateRegion, validateRoleSessionName } from '../identity/assume-role-parameters';

/**
 * Roles that lead from the role of a pod to others, in any accounts: each is assumed with the credentials of the one before it.
 *
 * Writes both sides of every link: `sts:AssumeRole` into the policy of the caller, and the caller's exact ARN into the trust policy of the role that it assumes.
 * Several links may begin at one role, and several chains lead to one. `AwsConfigFile.fromRoleChain` has the profiles that SDKs and tools go by.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export class RoleChain extends Construct {
  /** The role with which the chain begins. */
  public readonly role: IRole;

  /** The profile of that role. */
  public readonly profile: string;

  /**
   * The name of sessions, unless a link says another.
   *
   * @default - each SDK makes one up
   */
  public readonly roleSessionName?: string;

  /**
   * The region that profiles say, unless a link says another.
   *
   * @default - what the environment says
   */
  public readonly region?: string;

  private readonly added: RoleChainLink[] = [];

  constructor(scope: Construct, id: string, props: RoleChainProps) {
    super(scope, id);
    this.role = props.role;
    this.profile = validateProfileName(props.profile ?? 'default');
    this.roleSessionName = ifGiven(props.roleSessionName, validateRoleSessionName);
    this.region = ifGiven(props.region, validateRegion);
    this.node.addValidation({ validate: () => this.added.flatMap(link => link._problems()) });
  }

  /** All links, in the order in which they were added. */
  public get links(): RoleChainLink[] {
    return [...this.added];
  }

  /**
   * Lets the first role assume another one.
   *
   * @param role a role of this app, whose trust policy gets the first role's ARN; or an imported one, whose owner is told what to add
   * @param options the profile, and what the role asks for
   * @returns the link, from which the chain can go on
   */
  public to(role: IRole, options: RoleChainLinkOptions): RoleChainLink {
    return this._add(this.profile, this.role, role, options);
  }

  /** @internal */
  public _add(sourceProfile: string, caller: IRole, callee: IRole, options: RoleChainLinkOptions): RoleChainLink {
    if ([this.profile, ...this.added.map(({ profile }) => profile)].includes(options.profile)) {
      throw new Error(`${this.node.path} has a profile '${options.profile}' already; give the one of ${callee.node.path} another name`);
    }
    const link = RoleChainLink._of(this, sourceProfile, caller, callee, options);
    this.added.push(link);
    return link;
  }
}
