import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Where an issuer has been published. */
export interface Publication {
  /** The issuer's URL: literal, or a token where only CloudFormation knows it. */
  readonly url: string;
  readonly bucket?: IBucket;
  readonly distribution?: IDistribution;
}
