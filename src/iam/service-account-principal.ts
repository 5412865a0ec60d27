import { Annotations } from 'aws-cdk-lib';
import { type PolicyDocument, PrincipalBase, PrincipalPolicyFragment, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IClusterOidcProvider } from './cluster-oidc-provider';
import { addTrust } from './document-trust';
import { ASSUME_ROLE_WITH_WEB_IDENTITY, type Trust, trustStatements } from './trust-statements';
import { assertSameAccount, validateTrust, warnAboutPatterns } from './trust-validation';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** Properties of a `ServiceAccountPrincipal`. */
export interface ServiceAccountPrincipalProps {
  /** The OIDC providers of the clusters, in the account of the role: one a cluster. */
  readonly providers: IClusterOidcProvider[];

  /** The service accounts, in each of the clusters. */
  readonly serviceAccounts: ServiceAccountSubject[];

  /**
   * The audience that tokens must have.
   *
   * @default - `sts.amazonaws.com`
   */
  readonly audience?: string;
}

/**
 * Service accounts of one or several clusters, as whom a role trusts.
 *
 * For the `assumedBy` of a plain `iam.Role`, alone or in an `iam.CompositePrincipal`; issuers have to be known at synth there.
 * `IrsaRole` takes deploy-time issuers as well.
 */
export class ServiceAccountPrincipal extends PrincipalBase {
  public readonly assumeRoleAction: string = ASSUME_ROLE_WITH_WEB_IDENTITY;
  private readonly trust: Trust;
  private readonly firstProvider: IClusterOidcProvider;

  constructor(props: ServiceAccountPrincipalProps) {
    super();
    this.trust = validateTrust('ServiceAccountPrincipal', props);
    this.firstProvider = props.providers[0];
    props.providers.forEach(assertLiteralIssuer);
    assertSameAccount('ServiceAccountPrincipal', this.firstProvider.env.account, props.providers);
  }

  /** Adds one statement a cluster, and one more where subjects are patterns. */
  public addToAssumeRolePolicy(document: PolicyDocument): void {
    // a principal has no place in the construct tree where a warning could stand; its provider has
    warnAboutPatterns(Annotations.of(this.firstProvider), this.trust.subjects);
    addTrust(document, this.trust);
  }

  /** The principal as a part of one statement. Fails where several statements are needed. */
  public get policyFragment(): PrincipalPolicyFragment {
    const [statement, ...more] = trustStatements(this.trust);
    if (more.length > 0) {
      throw new Error(`ServiceAccountPrincipal needs ${more.length + 1} statements (one a cluster, patterns apart), and a single one was asked for; `
        + 'use it as assumedBy of a role and without withConditions, or make one principal for each cluster');
    }
    return fragmentOf(statement);
  }

  /** Equal principals have equal strings. */
  public dedupeString(): string | undefined {
    return `ServiceAccountPrincipal:${JSON.stringify([this.trust.providers, this.trust.subjects.map(({ claim }) => claim), this.trust.audience])}`;
  }
}

function fragmentOf(statement: PolicyStatement): PrincipalPolicyFragment {
  return new PrincipalPolicyFragment(statement.principals[0].policyFragment.principalJson, statement.conditions as Record<string, unknown>);
}

function assertLiteralIssuer(provider: IClusterOidcProvider): void {
  if (provider.issuer._isToken) {
    throw new Error(`ServiceAccountPrincipal got the provider ${provider.node.path}, whose issuer is known only at deployment, `
      + 'and a plain iam.Role cannot have it in a condition key; use IrsaRole, which can');
  }
}
