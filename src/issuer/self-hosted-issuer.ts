import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ApiServerFlags, type ApiServerFlagsOptions } from './api-server-flags';
import { jwksUriOf } from './discovery-documents';
import { publishInBucket } from './issuer-bucket';
import { publishBehindCloudFront, publishInFunction } from './issuer-distribution';
import type { CloudFrontFunctionIssuerProps, CommonIssuerProps, S3IssuerProps, S3WithCloudFrontIssuerProps } from './issuer-props';
import type { PublicKeys } from './public-keys';
import type { Publication } from './publication';
import { OidcIssuer } from '../identity/oidc-issuer';

/**
 * The issuer of a cluster that is not EKS, published for AWS to read: the discovery document and the public keys that verify its tokens.
 *
 * `issuer` goes to `ClusterOidcProvider`, and `apiServerFlags()` to the cluster. A `ClusterOidcProvider` in the same app is deployed after the documents.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
 */
export class SelfHostedIssuer extends Construct {
  /**
   * In a bucket, of which anybody may read two objects: `https://s3.REGION.amazonaws.com/BUCKET`.
   *
   * Uploaded by CDK's `BucketDeployment`, which is a Lambda. An account or organization that blocks public access to S3 refuses the bucket's policy: lift `BlockPublicPolicy`
   * and `RestrictPublicBuckets` there, or take one of the other two.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
   */
  public static s3(scope: Construct, id: string, props: S3IssuerProps): SelfHostedIssuer {
    return new SelfHostedIssuer(scope, id, props, self => publishInBucket(self, props));
  }

  /** In a private bucket behind CloudFront, with an own domain or without. Uploaded by CDK's `BucketDeployment`, which is a Lambda. */
  public static s3WithCloudFront(scope: Construct, id: string, props: S3WithCloudFrontIssuerProps): SelfHostedIssuer {
    return new SelfHostedIssuer(scope, id, props, self => publishBehindCloudFront(self, props));
  }

  /**
   * In the code of a CloudFront Function, with an own domain or without: no bucket, no Lambda.
   *
   * Has room for some twenty RSA keys of 2,048 bits.
   */
  public static cloudFrontFunction(scope: Construct, id: string, props: CloudFrontFunctionIssuerProps): SelfHostedIssuer {
    return new SelfHostedIssuer(scope, id, props, self => publishInFunction(self, props));
  }

  /** The issuer: what tokens say in `iss`. */
  public readonly issuer: OidcIssuer;

  /** Where the public keys are. */
  public readonly jwksUri: string;

  /** The public keys that are published. */
  public readonly keys: PublicKeys;

  /**
   * The bucket of the documents.
   *
   * @default - none: they are in a CloudFront Function
   */
  public readonly bucket?: IBucket;

  /**
   * The distribution, for the DNS record of an own domain.
   *
   * @default - none: they are in a public bucket
   */
  public readonly distribution?: IDistribution;

  private constructor(scope: Construct, id: string, props: CommonIssuerProps, publish: (self: Construct) => Publication) {
    super(scope, id);
    const { url, bucket, distribution } = publish(this);
    this.issuer = OidcIssuer._publishedBy(this, url);
    this.jwksUri = jwksUriOf(url);
    this.keys = props.keys;
    this.bucket = bucket;
    this.distribution = distribution;
  }

  /** What the API server of the cluster has to be told, as flags and for the tools that set clusters up. */
  public apiServerFlags(options: ApiServerFlagsOptions = {}): ApiServerFlags {
    return ApiServerFlags.forIssuer(this.issuer, options);
  }
}
