import { Aws, CfnCondition, CfnParameter, CfnStackSet, Fn, Stack, Token } from 'aws-cdk-lib';
import type { CfnOIDCProvider } from 'aws-cdk-lib/aws-iam';
import { Construct, Dependable } from 'constructs';
import { ClusterOidcProvider, type IClusterOidcProvider } from './cluster-oidc-provider';
import { generatedNameOf } from './generated-name';
import { ImportedOidcProvider } from './imported-oidc-provider';
import { InlineTemplate } from './inline-template';
import { OrganizationRole, type OrganizationRoleHome, type OrganizationRoleOptions } from './organization-role';
import { ifGiven, validateRegion } from '../identity/assume-role-parameters';
import { OidcIssuer } from '../identity/oidc-issuer';

/** Properties of an `OrganizationOidcProvider`. */
export interface OrganizationOidcProviderProps {
  /** The cluster's issuer. One that is known only at deployment is passed to the accounts as a parameter. */
  readonly issuer: OidcIssuer;

  /** The organizational units (`ou-…`) whose accounts get the provider, or the root (`r-…`) for all; accounts that join later get it too. */
  readonly organizationalUnitIds: string[];

  /**
   * The audiences (client ids) that tokens may have: 1 to 100.
   *
   * @default - `sts.amazonaws.com`, in every partition
   */
  readonly audiences?: string[];

  /**
   * SHA-1 thumbprints of the certificate authority behind the issuer's host: see `ClusterOidcProvider`.
   *
   * @default - none
   */
  readonly thumbprints?: string[];

  /**
   * Accounts that have a provider for this issuer already (eksctl and the console make one): roles use that one.
   *
   * An account has one for each issuer, so without this the deployment to such an account fails.
   *
   * @default - none
   */
  readonly existingProviderIn?: string[];

  /**
   * Whether the stack is in an account that is a delegated administrator for StackSets.
   *
   * @default false - the stack is in the management account of the organization
   */
  readonly delegatedAdmin?: boolean;

  /**
   * The region in which each account has the stack of provider and roles; one, since IAM is global. Has to be enabled in every account.
   *
   * @default - the region of this stack
   */
  readonly region?: string;

  /**
   * Whether provider and roles stay in an account that leaves the units.
   *
   * @default false
   */
  readonly retainStacksOnAccountRemoval?: boolean;
}

/**
 * The IAM OIDC provider of a cluster in every account of some units of an organization, and roles beside it.
 *
 * One `AWS::CloudFormation::StackSet` with service-managed permissions, no Lambda. Accounts that join a unit get provider and roles by themselves. The
 * management account is not reached, even if it is in one of the units: make a `ClusterOidcProvider` there.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html
 */
export class OrganizationOidcProvider extends Construct {
  private readonly home: OrganizationRoleHome;
  private readonly roles: OrganizationRole[] = [];

  constructor(scope: Construct, id: string, private readonly props: OrganizationOidcProviderProps) {
    super(scope, id);
    const stack = Stack.of(this);
    props.issuer._assertUsableIn(stack, this.node.path);
    validateUnits(props.organizationalUnitIds);
    validateAccounts(props.existingProviderIn ?? []);
    ifGiven(props.region, validateRegion);

    const template = new InlineTemplate(this, 'Template');
    this.home = {
      template,
      provider: providerIn(template, props),
      managementAccount: props.delegatedAdmin || Token.isUnresolved(stack.account) ? undefined : stack.account,
    };
    const stackSet = this.makeStackSet(template, props);
    // what depends on this waits for the StackSet, and not for what is in its template
    Dependable.implement(this, { dependencyRoots: [stackSet] });
    this.node.addValidation({ validate: () => this.validateOnlyOne() });
  }

  /** Adds a role to every account. */
  public addRole(id: string, options: OrganizationRoleOptions): OrganizationRole {
    const twin = this.roles.find(({ roleName }) => roleName.toLowerCase() === options.roleName?.toLowerCase());
    if (twin) {
      throw new Error(`${this.node.path}/${id} has the roleName '${options.roleName}', which is that of ${twin.node.path} (IAM does not tell case apart); give it another`);
    }
    const role = OrganizationRole._in(this, id, this.home, options);
    this.roles.push(role);
    return role;
  }

  /** An account has one provider for each issuer: the StackSet that comes second would fail in it. */
  private validateOnlyOne(): string[] {
    const { issuer, organizationalUnitIds } = this.props;
    const neighbours = this.node.root.node.findAll()
      .filter((node): node is OrganizationOidcProvider => node instanceof OrganizationOidcProvider && node !== this)
      .filter(node => Stack.of(node).account === Stack.of(this).account && overlap(node.props.organizationalUnitIds, organizationalUnitIds));
    const names = this.roles.map(({ roleName }) => roleName.toLowerCase());
    const twice = 'made twice in accounts of the same units, here and at';
    return [
      ...neighbours.filter(({ props }) => props.issuer.hostPath === issuer.hostPath)
        .map(({ node }) => `the OIDC provider of ${issuer.hostPath} is ${twice} ${node.path}; make it once and add all roles to it`),
      ...neighbours.flatMap(({ roles }) => roles).filter(({ roleName }) => names.includes(roleName.toLowerCase()))
        .map(({ node, roleName }) => `the role ${roleName} is ${twice} ${node.path}; give one another roleName`),
    ];
  }

  private makeStackSet(template: InlineTemplate, props: OrganizationOidcProviderProps): CfnStackSet {
    return new CfnStackSet(this, 'Resource', {
      stackSetName: generatedNameOf(this),
      permissionModel: 'SERVICE_MANAGED',
      callAs: props.delegatedAdmin ? 'DELEGATED_ADMIN' : 'SELF',
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: props.retainStacksOnAccountRemoval ?? false },
      capabilities: ['CAPABILITY_NAMED_IAM'],
      // operations that come at the same time wait for each other instead of failing
      managedExecution: { Active: true },
      // all accounts at once; the first failure still stops the operation
      operationPreferences: { concurrencyMode: 'SOFT_FAILURE_TOLERANCE', maxConcurrentPercentage: 100 },
      stackInstancesGroup: [{
        deploymentTargets: { organizationalUnitIds: props.organizationalUnitIds },
        regions: [props.region ?? Stack.of(this).region],
      }],
      parameters: props.issuer._isToken ? [{ parameterKey: ISSUER_PARAMETER, parameterValue: props.issuer.url }] : undefined,
      templateBody: template.body,
    });
  }
}

const ISSUER_PARAMETER = 'IssuerUrl';
const UNIT = /^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/;
const ACCOUNT = /^\d{12}$/;

/** The provider in the template: made there, or, in accounts that have it already, the one there is. */
function providerIn(template: InlineTemplate, props: OrganizationOidcProviderProps): IClusterOidcProvider {
  const { audiences, thumbprints, existingProviderIn = [] } = props;
  const issuer = props.issuer._isToken ? OidcIssuer.fromUrl(new CfnParameter(template, ISSUER_PARAMETER).valueAsString) : props.issuer;
  const made = new ClusterOidcProvider(template, 'Provider', { issuer, audiences, thumbprints });
  if (existingProviderIn.length === 0) {
    return made;
  }
  const missing = new CfnCondition(template, 'ProviderIsMissing', {
    expression: Fn.conditionNot(Fn.conditionOr(...existingProviderIn.map(account => Fn.conditionEquals(Aws.ACCOUNT_ID, account)))),
  });
  (made.node.defaultChild as CfnOIDCProvider).cfnOptions.condition = missing;
  const existing = template.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: issuer.hostPath });
  return new ImportedOidcProvider(template, 'ProviderOrExisting', {
    arn: Fn.conditionIf(missing.logicalId, made.oidcProviderArn, existing).toString(), issuer, audiences,
  });
}

/** Whether some account is in both, for certain: units may be within each other, which synth cannot know. */
function overlap(a: readonly string[], b: readonly string[]): boolean {
  return [...a, ...b].some(unit => unit.startsWith('r-')) || a.some(unit => b.includes(unit));
}

function validateUnits(units: string[]): void {
  if (units.length === 0) {
    throw new Error("organizationalUnitIds is empty, so no account would get the provider; pass units ('ou-…'), or the root ('r-…') for all accounts");
  }
  for (const unit of Token.isUnresolved(units) ? [] : units) {
    if (!Token.isUnresolved(unit) && !UNIT.test(unit)) {
      throw new Error(`'${unit}' is not an organizational unit: ou-XXXX-XXXXXXXX, or r-XXXX for the root, is expected; 'aws organizations list-organizational-units-for-parent' tells`);
    }
  }
}

function validateAccounts(accounts: string[]): void {
  for (const account of accounts) {
    if (!ACCOUNT.test(account)) {
      throw new Error(`'${account}' in existingProviderIn is not an account: 12 digits are expected`);
    }
  }
}
