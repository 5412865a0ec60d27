import { Annotations, Stack } from 'aws-cdk-lib';
import { CfnRole, type PolicyDocument, PrincipalBase, PrincipalPolicyFragment, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import type { IClusterOidcProvider } from './cluster-oidc-provider';
import type { ClusterRoleOptions } from './cluster-role-options';
import { deployRoleBefore } from './deploy-before';
import type { IrsaRoleOptions } from './irsa-role-options';
import { jsonStringDocument } from './json-string-document';
import { audienceProblem } from './pinned-audience';
import { podIdentityTooLong, PodIdentityTrust } from './pod-identity-trust';
import { issuerProblems } from './provider-check';
import { trustPolicyQuota } from './quotas';
import { physicalName } from './role-name';
import { roleTwins } from './role-twins';
import { intrinsicLengths, tooLongMessage, trustPolicyLength } from './trust-policy-size';
import { ASSUME_ROLE_WITH_WEB_IDENTITY, type Trust, trustStatements } from './trust-statements';
import { assertSameAccount, validateTrust, warnAboutPatterns } from './trust-validation';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** Properties of an `IrsaRole`: whom it trusts, and what `iam.Role` offers. */
export interface IrsaRoleProps extends IrsaRoleOptions, ClusterRoleOptions {}

/**
 * A role that Kubernetes service accounts assume, with `sub` and `aud` of their tokens pinned.
 *
 * An `iam.Role` like any other: one `AWS::IAM::Role`, and one `AWS::IAM::Policy` once something is granted.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
 */
export class IrsaRole extends Role {
  /** Whether a construct is an `IrsaRole`, from whatever copy of this package. */
  public static isIrsaRole(x: unknown): x is IrsaRole {
    return typeof x === 'object' && x !== null && IRSA_ROLE in x;
  }

  /** The providers of the clusters whose service accounts may assume the role. */
  public readonly providers: IClusterOidcProvider[];

  /** Who may assume the role. */
  public readonly serviceAccounts: ServiceAccountSubject[];

  /** The audience that tokens must have. */
  public readonly audience: string;

  /** @internal */
  public readonly _podIdentity?: PodIdentityTrust;

  constructor(scope: Construct, id: string, props: IrsaRoleProps) {
    const {
      providers, serviceAccounts, audience, nameAtSynth, roleName, podIdentity, podIdentityClusterArns, podIdentitySessionTags, ...roleProps
    } = props;
    const user = `${scope.node.path}/${id}`;
    const stack = Stack.of(scope);
    const trust = validateTrust(user, { providers, serviceAccounts, audience }, podIdentity);
    const pods = PodIdentityTrust.of(user, stack, serviceAccounts, { podIdentity, podIdentityClusterArns, podIdentitySessionTags });
    assertSameAccount(user, stack.account, providers);
    providers.forEach(provider => provider.issuer._assertUsableIn(stack, user));
    const deployTime = providers.some(provider => provider.issuer._isToken);

    super(scope, id, {
      ...roleProps,
      roleName: physicalName(scope, id, roleName, nameAtSynth ?? true),
      assumedBy: new TrustPrincipal(deployTime ? [] : [trust], pods),
    });
    Object.defineProperty(this, IRSA_ROLE, { value: true });
    // what is trusted does not change any more
    this.providers = frozenCopy(providers);
    this.serviceAccounts = frozenCopy(serviceAccounts);
    this.audience = trust.audience;
    this._podIdentity = pods;

    if (deployTime) {
      this.trustDeployTimeIssuers(trust);
    }
    warnAboutPatterns(Annotations.of(this), serviceAccounts);
    this.node.addValidation({ validate: () => [...pods?.problems() ?? [], ...roleTwins(this), ...this.validateTrustPolicy(trust)] });
  }

  /**
   * Has resources that name this role by its ARN deployed after it: a bucket policy or key in another account or region, say.
   *
   * Within an environment CloudFormation sees the reference and waits by itself. Across environments CDK writes the ARN as a literal, without
   * a dependency, and AWS refuses a policy whose principal does not exist yet ("Invalid principal in policy").
   */
  public deployBefore(...consumers: IConstruct[]): void {
    deployRoleBefore(this, consumers);
  }

  /**
   * The condition keys are tokens then. The statements come after the constructor of `iam.Role`, which reads the trust policy for
   * its report (`Role.customizeRoles`) and cannot read those.
   */
  private trustDeployTimeIssuers(trust: Trust): void {
    this.assumeRolePolicy!.addStatements(...trustStatements(trust));
    const resource = this.node.tryFindChild('Resource');
    if (resource instanceof CfnRole) {
      resource.assumeRolePolicyDocument = jsonStringDocument(this.stack, this.assumeRolePolicy!, trust.providers.map(({ hostPath }) => hostPath));
    } else {
      Annotations.of(this).addWarningV2('cdk-irsa:trustNotReported',
        'the report of Role.customizeRoles cannot have the trust policy of this role, whose issuer is known only at deployment; '
        + 'write it when the cluster exists, or use the literal URL of the issuer');
    }
  }

  private validateTrustPolicy(trust: Trust): string[] {
    const audience = audienceProblem(this.stack.resolve(trust.audience));
    const lost = [...issuerProblems(this.stack, this.providers), ...audience === undefined ? [] : [audience]];
    if (lost.length > 0) {
      // without them the policy has no size
      return lost;
    }
    const quota = trustPolicyQuota(this);
    const rendered: unknown = this.stack.resolve(this.stack.toJsonString(this.assumeRolePolicy));
    const ofProviders = intrinsicLengths(this.stack, trust.providers);
    const intrinsicLength = (intrinsic: unknown) => this._podIdentity?.clusterLength(intrinsic) ?? ofProviders(intrinsic);
    const { min, max } = trustPolicyLength(rendered, intrinsicLength);
    if (min <= quota && max > quota) {
      Annotations.of(this).addWarningV2('cdk-irsa:trustPolicyMayExceedQuota',
        `trust policy will be ${min} to ${max} characters long, and IAM takes ${quota}: what it comes to depends on the region it is deployed to`);
    }
    const podIdentity = this._podIdentity?.length(intrinsicLength).min;
    return min <= quota ? [] : [podIdentity ? podIdentityTooLong(min, quota, podIdentity) : tooLongMessage(min, quota, trust)];
  }
}

const IRSA_ROLE = Symbol.for('cdk-irsa.IrsaRole');

/** What `iam.Role` is constructed with: the statements, or none where they cannot be read yet. */
class TrustPrincipal extends PrincipalBase {
  public readonly assumeRoleAction = ASSUME_ROLE_WITH_WEB_IDENTITY;
  public readonly policyFragment = new PrincipalPolicyFragment({});

  constructor(private readonly trusts: Trust[], private readonly pods?: PodIdentityTrust) {
    super();
  }

  public addToAssumeRolePolicy(document: PolicyDocument): void {
    document.addStatements(...this.trusts.flatMap(trustStatements), ...this.pods?.statements ?? []);
  }

  public dedupeString(): undefined {
    return undefined;
  }
}

function frozenCopy<T>(list: T[]): T[] {
  const copy = [...list];
  Object.freeze(copy);
  return copy;
}
