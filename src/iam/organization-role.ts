import { Aws, Stack, Token } from 'aws-cdk-lib';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IClusterOidcProvider } from './cluster-oidc-provider';
import { roleResource } from './deploy-before';
import { generatedNameOf } from './generated-name';
import type { InlineTemplate } from './inline-template';
import { IrsaRole } from './irsa-role';
import type { IrsaRoleOptions } from './irsa-role-options';
import { withKnownTrust } from './known-trust';
import { roleResourceName } from './role-arn-elsewhere';
import { validateRoleName } from './role-name';
import { partitionOf } from '../identity/pseudo-parameters';
import type { ServiceAccountSubject } from '../identity/service-account-subject';
import { referencesIn } from '../identity/token-references';

/** What a role in the accounts of an organization can be told. In its policies, `Aws.ACCOUNT_ID` is the account that the role is in. */
export interface OrganizationRoleOptions extends IrsaRoleOptions {
  /**
   * The name, the same in every account: 1 to 64 letters, digits and `_+=,.@-`.
   *
   * @default - generated from stack name and path, and from account and region of the stack where these are known at synth
   */
  readonly roleName?: string;
}

/** The StackSet that a role belongs to. */
export interface OrganizationRoleHome {
  /** What is deployed to each account. */
  readonly template: InlineTemplate;
  /** The provider in that template. */
  readonly provider: IClusterOidcProvider;
  /** The management account, which StackSets leave out, where it is known at synth. */
  readonly managementAccount?: string;
}

/** A role that is in every account of some units of an organization, under one name. Made by `OrganizationOidcProvider.addRole`. */
export class OrganizationRole extends Construct {
  /** @internal */
  public static _in(scope: Construct, id: string, home: OrganizationRoleHome, options: OrganizationRoleOptions): OrganizationRole {
    return new OrganizationRole(scope, id, home, options);
  }

  /** The name of the role in each account. */
  public readonly roleName: string;

  /** Who may assume the role. */
  public readonly serviceAccounts: ServiceAccountSubject[];

  /** The audience that tokens must have. */
  public readonly audience: string;

  private readonly path: string;
  private readonly managementAccount?: string;

  private constructor(scope: Construct, id: string, home: OrganizationRoleHome, options: OrganizationRoleOptions) {
    super(scope, id);
    assertSelfContained(this, home.template, options);
    this.roleName = options.roleName === undefined ? generatedNameOf(this) : validateRoleName(options.roleName);
    this.path = options.path ?? '/';
    this.managementAccount = home.managementAccount;

    const role = new IrsaRole(home.template, id, { ...options, providers: [home.provider], roleName: this.roleName });
    this.serviceAccounts = role.serviceAccounts;
    this.audience = role.audience;
    this.node.addValidation({ validate: () => this.validateName(role) });
  }

  /**
   * The role's ARN in one of the accounts.
   *
   * @param account 12 digits; must be in one of the units, which cannot be checked here
   */
  public roleArnIn(account: string): string {
    if (!Token.isUnresolved(account) && !/^\d{12}$/.test(account)) {
      throw new Error(`'${account}' is not an account: 12 digits are expected`);
    }
    if (account === this.managementAccount) {
      throw new Error(`${this.node.path} is not in account ${account}: a StackSet does not reach the management account of the organization; `
        + 'make a ClusterOidcProvider and an IrsaRole there');
    }
    return `arn:${partitionOf(Stack.of(this).region) ?? Aws.PARTITION}:iam::${account}:role${this.path}${this.roleName}`;
  }

  /**
   * The role in one of the accounts, for the `role` of an `IrsaServiceAccount` or as a principal in the policy of a bucket.
   *
   * Granting to it changes the policies of resources only: what the role itself may do is said when it is added.
   *
   * @param account 12 digits, known at synth
   */
  public roleIn(account: string): IRole {
    const existing = this.node.tryFindChild(account) as IRole | undefined;
    return existing ?? withKnownTrust(Role.fromRoleArn(this, account, this.roleArnIn(account), { mutable: false }), this);
  }

  /** An aspect may rename the role in the template, and `roleArnIn` has told the other name by then. */
  private validateName(role: IrsaRole): string[] {
    const resource = roleResource(role);
    const [expected, actual] = [`${this.path}${this.roleName}`, resource && `/${roleResourceName(resource)}`];
    return actual === expected
      ? []
      : [`the role is ${actual === undefined ? 'not in the template' : `'${actual}' in the template`}, and manifests have '${expected}'; `
        + 'leave it out of the aspect or Role.customizeRoles that changes it, and pass path and roleName to addRole'];
  }
}

/** A reference to a resource of the app means nothing in the accounts that the template is for. */
function assertSelfContained(role: Construct, template: InlineTemplate, options: OrganizationRoleOptions): void {
  const policies = [...options.managedPolicies ?? [], ...options.permissionsBoundary ? [options.permissionsBoundary] : []];
  const values = [options.inlinePolicies, policies.map(policy => policy.managedPolicyArn)];
  const [reference] = referencesIn(values, template).filter(({ target }) => Stack.isStack(target) || Stack.of(target) !== template);
  if (reference) {
    throw new Error(`${role.node.path} refers to ${reference.target.node.path} (${reference.displayName}), which the accounts of the organization do not have; `
      + 'use literal names and ARNs, with Aws.ACCOUNT_ID for the account that the role is in');
  }
}
