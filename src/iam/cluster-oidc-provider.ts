import { Annotations, type RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import { CfnOIDCProvider, type IOidcProvider, type IOpenIdConnectProvider, type OIDCProviderReference } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { importedIssuer, ImportedOidcProvider } from './imported-oidc-provider';
import { providersInAccountOf, twinOf } from './provider-identity';
import { MAX_PROVIDER_QUOTA, providerQuota } from './quotas';
import { DEFAULT_AUDIENCE, validateAudience } from '../identity/audience';
import { OidcIssuer } from '../identity/oidc-issuer';

/** The IAM OIDC provider of a cluster, made here or imported. */
export interface IClusterOidcProvider extends IOidcProvider {
  /** The issuer whose tokens the account trusts through this provider. */
  readonly issuer: OidcIssuer;

  /**
   * The audiences (client ids) that the provider lists.
   *
   * @default - not known: the provider is imported
   */
  readonly audiences?: string[];
}

/** Properties of a `ClusterOidcProvider`. */
export interface ClusterOidcProviderProps {
  /** The cluster's issuer. */
  readonly issuer: OidcIssuer;

  /**
   * The audiences (client ids) that tokens may have: 1 to 100.
   *
   * @default - `sts.amazonaws.com`, in every partition
   */
  readonly audiences?: string[];

  /**
   * SHA-1 thumbprints of the certificate authority behind the issuer's host, 40 hexadecimal digits each, 5 at most.
   *
   * Only for issuers whose certificate comes from a private authority.
   *
   * @default - none: IAM verifies the host by its own library of trusted authorities
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
   */
  readonly thumbprints?: string[];

  /**
   * What happens to the provider when it is removed from the stack.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What is known of a provider that exists already. */
export interface ExistingProviderAttributes {
  /** The cluster's issuer. */
  readonly issuer: OidcIssuer;

  /**
   * The audiences (client ids) that the provider lists, if roles should be checked against them.
   *
   * @default - not known, and not checked
   */
  readonly audiences?: string[];
}

/**
 * The IAM OIDC provider of a cluster: makes the account trust the tokens of the cluster's service accounts.
 *
 * One `AWS::IAM::OIDCProvider`, no Lambda. An account has one for each issuer: where it exists already (eksctl and the console
 * make one, and so does `cluster.openIdConnectProvider`), import it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
export class ClusterOidcProvider extends Resource implements IClusterOidcProvider {
  /** A provider that exists in the account of `scope`: its ARN follows from the issuer. */
  public static fromIssuer(scope: Construct, id: string, attributes: ExistingProviderAttributes): IClusterOidcProvider {
    const stack = Stack.of(scope);
    attributes.issuer._assertUsableIn(stack, `${scope.node.path}/${id}`);
    const arn = stack.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: attributes.issuer.hostPath });
    return new ImportedOidcProvider(scope, id, { ...attributes, arn });
  }

  /** A provider that exists, by its ARN: `arn:PARTITION:iam::ACCOUNT:oidc-provider/HOST/PATH`. */
  public static fromOidcProviderArn(scope: Construct, id: string, oidcProviderArn: string): IClusterOidcProvider {
    return new ImportedOidcProvider(scope, id, { arn: oidcProviderArn, issuer: importedIssuer(oidcProviderArn) });
  }

  /** A provider made by CDK's own construct, such as `cluster.openIdConnectProvider` of aws-eks-v2. */
  public static fromOidcProvider(provider: IOidcProvider): IClusterOidcProvider {
    return ImportedOidcProvider._around(provider, provider.oidcProviderArn);
  }

  /** A provider made by CDK's older construct, such as `cluster.openIdConnectProvider` of aws-eks. */
  public static fromOpenIdConnectProvider(provider: IOpenIdConnectProvider): IClusterOidcProvider {
    return ImportedOidcProvider._around(provider, provider.openIdConnectProviderArn);
  }

  public readonly issuer: OidcIssuer;
  public readonly audiences?: string[];
  public readonly oidcProviderArn: string;
  public readonly oidcProviderIssuer: string;

  constructor(scope: Construct, id: string, props: ClusterOidcProviderProps) {
    // the name is what CDK builds the ARN from when a stack in another region uses the provider: IAM is global
    super(scope, id, { physicalName: props.issuer._isToken ? undefined : props.issuer.hostPath });
    const audiences = [...props.audiences ?? [DEFAULT_AUDIENCE]];
    props.issuer._assertUsableIn(this.stack, this.node.path);
    validateAudiences(audiences);
    validateThumbprints(props.thumbprints ?? []);

    const resource = new CfnOIDCProvider(this, 'Resource', {
      url: props.issuer.url,
      clientIdList: audiences,
      thumbprintList: props.thumbprints,
    });
    props.issuer._deployBefore(resource);
    if (props.removalPolicy) {
      resource.applyRemovalPolicy(props.removalPolicy);
    }

    this.issuer = props.issuer;
    this.audiences = audiences;
    this.oidcProviderIssuer = props.issuer.hostPath;
    this.oidcProviderArn = this.getResourceArnAttribute(resource.attrArn, {
      service: 'iam', region: '', resource: 'oidc-provider', resourceName: props.issuer.hostPath,
    });
    this.node.addValidation({
      validate: () => {
        this.warnAboutQuota(resource);
        return this.validateOnlyOne(resource);
      },
    });
  }

  /** The same as `oidcProviderArn`, by the name of CDK's older interface. */
  public get openIdConnectProviderArn(): string {
    return this.oidcProviderArn;
  }

  /** The same as `oidcProviderIssuer`, by the name of CDK's older interface. */
  public get openIdConnectProviderIssuer(): string {
    return this.oidcProviderIssuer;
  }

  /** A reference to this provider, as CDK's own constructs take it. */
  public get oidcProviderRef(): OIDCProviderReference {
    return { oidcProviderArn: this.oidcProviderArn };
  }

  /** Warns once an account: the first of its providers does. */
  private warnAboutQuota(resource: CfnOIDCProvider): void {
    const all = providersInAccountOf(resource);
    const quota = providerQuota(this);
    if (all.length > quota && all.find(({ node }) => node.scope instanceof ClusterOidcProvider) === resource) {
      Annotations.of(this).addWarningV2('cdk-irsa:oidcProviderQuota',
        `this app makes ${all.length} OIDC providers in one account, and IAM takes ${quota}, those of others included; raise the quota `
        + `'OpenId connect providers per account' (L-858F3967) of IAM in Service Quotas (up to ${MAX_PROVIDER_QUOTA}) and set the context `
        + 'cdk-irsa:oidcProviderQuota to what AWS granted, or move roles to other accounts');
    }
  }

  /** An account has one provider for each issuer: CloudFormation would fail on the second. */
  private validateOnlyOne(resource: CfnOIDCProvider): string[] {
    const twin = twinOf(resource);
    const account = Token.isUnresolved(this.env.account) ? 'one account' : `account ${this.env.account}`;
    return twin
      ? [`the OIDC provider of ${describe(this.stack.resolve(this.issuer.url))} is made twice in ${account}, here and at ${twin.node.path}; `
        + 'make it once and pass it on, or import it with ClusterOidcProvider.fromIssuer']
      : [];
  }
}

function describe(url: unknown): string {
  return typeof url === 'string' ? url : JSON.stringify(url);
}

function validateAudiences(audiences: string[]): void {
  if (Token.isUnresolved(audiences)) {
    throw new Error('audiences is a list that is known only at deployment; pass a list of strings, which may be tokens each');
  }
  if (audiences.length === 0 || audiences.length > 100) {
    throw new Error(`audiences has ${audiences.length} entries, and IAM takes 1 to 100; leave it out for ${DEFAULT_AUDIENCE}`);
  }
  audiences.forEach(validateAudience);
}

function validateThumbprints(thumbprints: string[]): void {
  if (Token.isUnresolved(thumbprints)) {
    return;
  }
  if (thumbprints.length > 5) {
    throw new Error(`thumbprints has ${thumbprints.length} entries, and IAM takes 5 at most`);
  }
  for (const thumbprint of thumbprints) {
    if (!Token.isUnresolved(thumbprint) && !/^[0-9a-fA-F]{40}$/.test(thumbprint)) {
      throw new Error(`'${thumbprint}' is not a thumbprint: 40 hexadecimal digits without colons are expected (SHA-1 of the authority's certificate)`);
    }
  }
}
