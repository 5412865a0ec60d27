import { Annotations, type Duration } from 'aws-cdk-lib';
import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { assertNoCircle, assertPossible } from './chain-checks';
import { type ChainHop, order, permit, trust } from './chain-hop';
import { assertInOrder } from './chain-order';
import { permissionToAssume, trustInCaller } from './chain-statements';
import { emptyConditions, waysAroundConditions } from './conditions-check';
import { oneRoleProblems } from './role-arn-check';
import { literalRoleArn } from './role-arn-elsewhere';
import type { RoleChain } from './role-chain';
import type { RoleChainLinkOptions } from './role-chain-options';
import {
  ifGiven, MAX_CHAINED_SECONDS, sessionSeconds, validateExternalId, validateOrganizationId, validateProfileName, validateRegion,
  validateRoleSessionName, validateSessionTagKeys,
} from '../identity/assume-role-parameters';

/** A role in a chain, and how it is come by. `RoleChain.to` makes it. */
export class RoleChainLink {
  /** @internal */
  public static _of(chain: RoleChain, sourceProfile: string, caller: IRole, callee: IRole, options: RoleChainLinkOptions): RoleChainLink {
    validate(options);
    const conditions = { ...options, sessionTagKeys: ifGiven(options.sessionTagKeys, keys => [...keys]) };
    const link = new RoleChainLink(chain, sourceProfile, { caller, callee, conditions }, options);
    link.connect();
    return link;
  }

  /** The role that is assumed. */
  public readonly role: IRole;

  /** The profile of the role. */
  public readonly profile: string;

  /**
   * The external id that the role asks for.
   *
   * @default - none
   */
  public readonly externalId?: string;

  /**
   * How long a session lasts.
   *
   * @default - one hour
   */
  public readonly duration?: Duration;

  /**
   * The name of the session.
   *
   * @default - that of the chain; else each SDK makes one up
   */
  public readonly roleSessionName?: string;

  /**
   * The region that the profile says.
   *
   * @default - that of the chain; else what the environment says
   */
  public readonly region?: string;

  private constructor(
    private readonly chain: RoleChain,
    /** The profile whose credentials the role is assumed with. */
    public readonly sourceProfile: string,
    private readonly hop: ChainHop,
    options: RoleChainLinkOptions,
  ) {
    this.role = hop.callee;
    this.profile = options.profile;
    this.externalId = options.externalId;
    this.duration = options.duration;
    this.roleSessionName = options.roleSessionName ?? chain.roleSessionName;
    this.region = options.region ?? chain.region;
  }

  /**
   * Lets this role assume another one.
   *
   * @param role a role of this app, whose trust policy gets this role's ARN; or an imported one, whose owner is told what to add
   * @param options the profile, and what the role asks for
   * @returns the link, from which the chain can go on
   */
  public to(role: IRole, options: RoleChainLinkOptions): RoleChainLink {
    return this.chain._add(this.profile, this.role, role, options);
  }

  /**
   * What the trust policy of the role has to say for this link. Nothing has to be done about a role of this app, which has it; the owner of an imported one
   * adds it.
   */
  public trustStatements(): PolicyStatement[] {
    const { caller, conditions } = this.hop;
    return trustInCaller(literalRoleArn(caller) ?? caller.roleArn, conditions);
  }

  /**
   * What the policy of the role before this one has to say for this link. Nothing has to be done about a role that can be changed, which has it; the owner of
   * another one adds it.
   */
  public permissionStatement(): PolicyStatement {
    const { callee, conditions } = this.hop;
    return permissionToAssume(literalRoleArn(callee) ?? callee.roleArn, conditions);
  }

  /** @internal */
  public _problems(): string[] {
    const ways = waysAroundConditions(this.hop).map(({ certain, problem }) => ({ certain, text: `${this.role.node.path} ${problem}` }));
    ways.filter(({ certain }) => !certain).forEach(({ text }) => this.warn('cdk-irsa:conditionMayNotHold', text));
    const { caller, callee } = this.hop;
    return [
      ...[caller, callee].flatMap(oneRoleProblems),
      ...emptyConditions(this.hop),
      ...ways.filter(({ certain }) => certain).map(({ text }) => text),
    ];
  }

  private connect(): void {
    const { caller, callee, conditions } = this.hop;
    assertPossible(this.hop);
    assertNoCircle(this.hop);
    assertInOrder(this.hop);
    if (!permit(this.hop)) {
      this.warn('cdk-irsa:permissionOfImportedRole',
        `${name(caller)} is not made here: its owner has to add to its own policy: ${json(permissionToAssume(name(callee), conditions))}`);
    }
    if (!trust(this.hop)) {
      this.warn('cdk-irsa:trustOfImportedRole',
        `${name(callee)} is not made here: its owner has to add to its trust policy: ${trustInCaller(name(caller), conditions).map(json).join(', ')}`);
    }
    if (!order(this.hop)) {
      this.warn('cdk-irsa:chainAcrossStages',
        `deploy ${caller.stack.node.path} before ${callee.stack.node.path}, which is in another Stage: IAM takes no trust policy with a role that does not exist yet`);
    }
  }

  private warn(id: string, message: string): void {
    Annotations.of(this.chain).addWarningV2(id, `profile ${this.profile}: ${message}`);
  }
}

function validate(options: RoleChainLinkOptions): void {
  validateProfileName(options.profile);
  ifGiven(options.externalId, validateExternalId);
  ifGiven(options.organizationId, validateOrganizationId);
  ifGiven(options.duration, duration => sessionSeconds(duration, MAX_CHAINED_SECONDS));
  ifGiven(options.sessionTagKeys, validateSessionTagKeys);
  ifGiven(options.roleSessionName, validateRoleSessionName);
  ifGiven(options.region, validateRegion);
}

/** The ARN of a role, or what to put in its place. */
function name(role: IRole): string {
  return literalRoleArn(role) ?? `<the ARN of ${role.node.path}, known after deployment>`;
}

function json(statement: PolicyStatement): string {
  return JSON.stringify(statement.toStatementJson());
}
