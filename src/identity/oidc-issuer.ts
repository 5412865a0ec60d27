import { createHash } from 'node:crypto';
import { ContextProvider, Fn, Lazy, Stack, Stage, Token } from 'aws-cdk-lib';
import { ContextProvider as ContextProviderName } from 'aws-cdk-lib/cloud-assembly-schema';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct, IConstruct } from 'constructs';
import { hostPathOf, validateIssuerUrl } from './issuer-url';
import { referencesIn } from './token-references';

/** Where to find a cluster whose issuer is asked from AWS. */
export interface OidcIssuerLookupOptions {
  /** Name of the EKS cluster, in the account and region of the scope. Has to be known at synth. */
  readonly clusterName: string;
}

/**
 * The OIDC issuer of a Kubernetes cluster: the `iss` claim in the tokens of its service accounts.
 *
 * EKS makes one for each cluster; other clusters have what `--service-account-issuer` says.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
 */
export abstract class OidcIssuer {
  /**
   * The issuer with this URL.
   *
   * @param url `https://…` without query, fragment, port or trailing slash, 255 characters at most; or a token, such as
   *   `cluster.clusterOpenIdConnectIssuerUrl`
   */
  public static fromUrl(url: string): OidcIssuer {
    return Token.isUnresolved(url)
      ? new TokenIssuer(url, deployTimeHostPath(url))
      : new LiteralIssuer(validateIssuerUrl(url));
  }

  /**
   * The issuer of an existing EKS cluster, asked from AWS by the CDK CLI at synth and kept in `cdk.context.json`.
   *
   * Looks into the account and region of `scope`; needs a stack with a concrete environment.
   *
   * @see https://docs.aws.amazon.com/cdk/v2/guide/context.html
   */
  public static fromLookup(scope: Construct, options: OidcIssuerLookupOptions): OidcIssuer {
    const { clusterName } = options;
    if (Token.isUnresolved(clusterName) || clusterName.length === 0) {
      throw new Error(`OidcIssuer.fromLookup needs a cluster name that is known at synth, got '${clusterName}'; `
        + 'for a cluster of this app use OidcIssuer.fromUrl(cluster.clusterOpenIdConnectIssuerUrl)');
    }
    const { account, region } = Stack.of(scope);
    if (Token.isUnresolved(account) || Token.isUnresolved(region)) {
      throw new Error(`OidcIssuer.fromLookup('${clusterName}') needs a stack with a concrete environment, and ${Stack.of(scope).node.path} has none; `
        + 'give it env: { account, region }, or use OidcIssuer.fromUrl with the literal URL');
    }
    const found: unknown = ContextProvider.getValue(scope, {
      provider: ContextProviderName.CC_API_PROVIDER,
      props: { typeName: 'AWS::EKS::Cluster', exactIdentifier: clusterName, propertiesToReturn: [ISSUER_PROPERTY] },
      dummyValue: [{ [ISSUER_PROPERTY]: dummyUrl(account, region, clusterName) }],
    }).value;
    return new LiteralIssuer(validateIssuerUrl(issuerIn(found, clusterName)));
  }

  /** @internal the issuer behind a provider's ARN, of which only CloudFormation knows the tail */
  public static _fromHostPath(hostPath: string): OidcIssuer {
    return Token.isUnresolved(hostPath)
      ? new TokenIssuer(`https://${hostPath}`, hostPath)
      : new LiteralIssuer(validateIssuerUrl(`https://${hostPath}`));
  }

  /** @internal an issuer that this app publishes, by the construct that does. Its URL begins with its scheme, even if the rest is a token. */
  public static _publishedBy(publisher: IConstruct, url: string): OidcIssuer {
    return Token.isUnresolved(url)
      ? new TokenIssuer(url, hostPathOf(url), publisher)
      : new LiteralIssuer(validateIssuerUrl(url), publisher);
  }

  /** The URL of the issuer, with its scheme. A token where CloudFormation makes the cluster. */
  public abstract readonly url: string;

  /**
   * The URL without its scheme: the prefix of the condition keys in a trust policy (`<hostPath>:sub`) and the tail of
   * the OIDC provider's ARN.
   */
  public abstract readonly hostPath: string;

  /** @internal what publishes the issuer, if this app does */
  public readonly _publisher?: IConstruct;

  constructor() {
    // abstract classes can be subclassed from Python and Java; an issuer of one's own would pass by the validation
    if (!(this instanceof LiteralIssuer || this instanceof TokenIssuer)) {
      throw new Error('OidcIssuer cannot be subclassed; use OidcIssuer.fromUrl or OidcIssuer.fromLookup');
    }
  }

  /** @internal whether the URL is known only at deployment */
  public get _isToken(): boolean {
    return Token.isUnresolved(this.hostPath);
  }

  /**
   * @internal has what uses the issuer deployed after it is published, where this app does that: IAM looks at an issuer when a provider is made.
   * A Stage is deployed by itself, and nothing in it can wait for another.
   */
  public _deployBefore(consumer: IConstruct): void {
    if (!this._publisher || Stage.of(this._publisher) !== Stage.of(consumer)) {
      return;
    }
    if (consumer.node.scopes.includes(this._publisher)) {
      throw new Error(`${consumer.node.path} waits for everything in ${this._publisher.node.path} and is itself in it; put it beside the issuer, not into it`);
    }
    consumer.node.addDependency(this._publisher);
  }

  /**
   * @internal fails where CloudFormation could not carry a deploy-time issuer: to another account or region, or to another Stage.
   * Old versions of CDK throw there, new ones add roles or Lambdas to make the crossing; we say the same on all.
   */
  public _assertUsableIn(consumer: Stack, user: string): void {
    const origins = this._isToken ? referencesIn(this.url, consumer).map(reference => Stack.of(reference.target)) : [];
    const origin = origins.find(stack => stack.environment !== consumer.environment || Stage.of(stack) !== Stage.of(consumer));
    if (!origin) {
      return;
    }
    throw new Error(`${user} (${consumer.environment}) uses an issuer that is known only when ${origin.node.path} (${origin.environment}) is deployed, `
      + 'and a deploy-time value stays in its account, region and Stage; use OidcIssuer.fromLookup or the literal URL with OidcIssuer.fromUrl');
  }
}

const ISSUER_PROPERTY = 'OpenIdConnectIssuerUrl';

class LiteralIssuer extends OidcIssuer {
  public readonly hostPath: string;

  constructor(public readonly url: string, public readonly _publisher?: IConstruct) {
    super();
    this.hostPath = hostPathOf(url);
  }
}

class TokenIssuer extends OidcIssuer {
  constructor(public readonly url: string, public readonly hostPath: string, public readonly _publisher?: IConstruct) {
    super();
  }
}

/** Cut out by CloudFormation; or here, where a lazy value turns out to be literal. */
function deployTimeHostPath(url: string): string {
  return Lazy.uncachedString({
    produce: context => {
      const resolved: unknown = context.resolve(url);
      return typeof resolved === 'string' ? hostPathOf(validateIssuerUrl(resolved)) : Fn.select(1, Fn.split('//', url));
    },
  });
}

/** Stands in until the lookup is done: of the real length, and another one for each cluster. */
function dummyUrl(account: string, region: string, clusterName: string): string {
  const id = createHash('sha256').update(JSON.stringify([account, region, clusterName])).digest('hex').slice(0, 32).toUpperCase();
  return `https://oidc.eks.${region}.${RegionInfo.get(region).domainSuffix ?? 'amazonaws.com'}/id/${id}`;
}

function issuerIn(found: unknown, clusterName: string): string {
  const [cluster] = Array.isArray(found) ? found as unknown[] : [];
  const url = typeof cluster === 'object' && cluster !== null ? (cluster as Record<string, unknown>)[ISSUER_PROPERTY] : undefined;
  if (typeof url !== 'string') {
    throw new Error(`the lookup of EKS cluster '${clusterName}' gave no ${ISSUER_PROPERTY}: ${JSON.stringify(found)}; `
      + "remove the entry with 'cdk context --reset', or use OidcIssuer.fromUrl with the literal URL");
  }
  return url;
}
