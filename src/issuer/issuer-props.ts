import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { PublicKeys } from './public-keys';

/** What every way to host an issuer has. */
export interface CommonIssuerProps {
  /** The public keys that tokens are signed by: that of today, and while keys are rotated the one before or after. */
  readonly keys: PublicKeys;
}

/** Properties of an issuer in a public bucket. */
export interface S3IssuerProps extends CommonIssuerProps {
  /**
   * Name of the bucket, known at synth: it is part of the issuer's URL, which must never change.
   *
   * Giant Swarm's clusters have `ACCOUNT-g8s-CLUSTER-oidc-pod-identity`.
   */
  readonly bucketName: string;

  /**
   * What happens to bucket and documents when they are removed from the stack. Without them no role works any more.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The own domain of an issuer behind CloudFront. */
export interface CloudFrontIssuerProps extends CommonIssuerProps {
  /**
   * Domain of the issuer, such as `oidc.example.com`; needs `certificate`, and a DNS record that points to `distribution`.
   *
   * With a domain of its own the issuer's URL is known at synth, and does not change with the distribution.
   *
   * @default - the distribution's own, `….cloudfront.net`, which is known only at deployment
   */
  readonly domainName?: string;

  /**
   * Certificate for the domain, in us-east-1.
   *
   * @default - none: CloudFront's own
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
   */
  readonly certificate?: ICertificate;
}

/** Properties of an issuer in a private bucket behind CloudFront. */
export interface S3WithCloudFrontIssuerProps extends CloudFrontIssuerProps {
  /**
   * Name of the bucket.
   *
   * @default - named by CloudFormation: it is not part of the issuer's URL
   */
  readonly bucketName?: string;

  /**
   * What happens to bucket and documents when they are removed from the stack. Without them no role works any more.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Properties of an issuer in a CloudFront Function. */
export interface CloudFrontFunctionIssuerProps extends CloudFrontIssuerProps {}
