import { Fn, type IResource, Resource, Token } from 'aws-cdk-lib';
import { CfnOIDCProvider, type OIDCProviderReference } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { IClusterOidcProvider } from './cluster-oidc-provider';
import { validateAudience } from '../identity/audience';
import { OidcIssuer } from '../identity/oidc-issuer';

const SEPARATOR = ':oidc-provider/';
const PROVIDER_ARN = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/.+$/;

interface ImportedOidcProviderProps {
  readonly arn: string;
  readonly issuer: OidcIssuer;
  readonly audiences?: string[];
}

/** A provider that somebody else made: its ARN and issuer, no resource. */
export class ImportedOidcProvider extends Resource implements IClusterOidcProvider {
  /** Ours around CDK's: a child of the other provider, made once. */
  public static _around(provider: IResource, arn: string): IClusterOidcProvider {
    if (isOurs(provider)) {
      return provider;
    }
    const existing = provider.node.tryFindChild(WRAPPER_ID);
    return existing instanceof ImportedOidcProvider
      ? existing
      : new ImportedOidcProvider(provider, WRAPPER_ID, { arn, ...wrapped(provider, arn) }, provider);
  }

  public readonly issuer: OidcIssuer;
  public readonly audiences?: string[];
  public readonly oidcProviderArn: string;
  public readonly oidcProviderIssuer: string;

  constructor(scope: Construct, id: string, props: ImportedOidcProviderProps, original?: IResource) {
    super(scope, id, { account: accountIn(props.arn) ?? original?.env.account, region: original?.env.region });
    props.audiences?.forEach(validateAudience);
    this.issuer = props.issuer;
    this.audiences = props.audiences && [...props.audiences];
    this.oidcProviderArn = props.arn;
    this.oidcProviderIssuer = props.issuer.hostPath;
  }

  public get openIdConnectProviderArn(): string {
    return this.oidcProviderArn;
  }

  public get openIdConnectProviderIssuer(): string {
    return this.oidcProviderIssuer;
  }

  public get oidcProviderRef(): OIDCProviderReference {
    return { oidcProviderArn: this.oidcProviderArn };
  }
}

const WRAPPER_ID = 'ClusterOidcProvider';

function isOurs(provider: IResource): provider is IClusterOidcProvider {
  return 'issuer' in provider && provider.issuer instanceof OidcIssuer;
}

/** The account in an ARN, whatever its partition is. `undefined`, for that of the stack, where it is known only at deployment. */
function accountIn(arn: string): string | undefined {
  const account = arn.startsWith('arn:') ? arn.split(':')[4] : undefined;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** The issuer in a provider's ARN; a literal one even where account and partition are tokens. */
export function importedIssuer(arn: string): OidcIssuer {
  if (!Token.isUnresolved(arn) && !PROVIDER_ARN.test(arn)) {
    throw new Error(`'${arn}' is not the ARN of an OIDC provider: arn:PARTITION:iam::ACCOUNT:oidc-provider/HOST/PATH is expected`);
  }
  const at = arn.indexOf(SEPARATOR);
  return OidcIssuer._fromHostPath(at < 0 ? Fn.select(1, Fn.split(SEPARATOR, arn)) : arn.slice(at + SEPARATOR.length));
}

/** Issuer and audiences as the provider's resource was given them: the issuer may be literal where the ARN is not. */
function wrapped(provider: IResource, arn: string): { issuer: OidcIssuer; audiences?: string[] } {
  const resource = provider.node.findAll().find((node): node is CfnOIDCProvider => node instanceof CfnOIDCProvider);
  const { url, clientIdList } = resource ?? {};
  return {
    issuer: url ? OidcIssuer.fromUrl(url) : importedIssuer(arn),
    audiences: clientIdList && !Token.isUnresolved(clientIdList) ? clientIdList : undefined,
  };
}
