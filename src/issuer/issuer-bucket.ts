import { Duration, Fn, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { DISCOVERY_PATH, discoveryDocument, JWKS_PATH } from './discovery-documents';
import { MAX_AGE } from './issuer-function';
import type { S3IssuerProps } from './issuer-props';
import type { PublicKeys } from './public-keys';
import type { Publication } from './publication';
import { shownValue } from '../identity/key-like';

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** What S3 keeps for its own. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const RESERVED_NAME = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

const ONLY_POLICIES_MAKE_PUBLIC = new BlockPublicAccess({
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
});

/** An issuer in a bucket of which anybody may read two objects. */
export function publishInBucket(scope: Construct, props: S3IssuerProps): Publication {
  const { bucketName, keys, removalPolicy = RemovalPolicy.RETAIN } = props;
  if (Token.isUnresolved(bucketName)) {
    throw new Error('bucketName is known only at deployment, and it is part of the URL of the issuer, which must never change; pass the name itself');
  }
  validateBucketName(bucketName);
  const bucket = issuerBucket(scope, {
    bucketName,
    removalPolicy,
    blockPublicAccess: ONLY_POLICIES_MAKE_PUBLIC,
  });
  bucket.addToResourcePolicy(new PolicyStatement({
    sid: 'AnybodyReadsTheIssuer',
    principals: [new AnyPrincipal()],
    actions: ['s3:GetObject'],
    resources: [DISCOVERY_PATH, JWKS_PATH].map(path => bucket.arnForObjects(path.slice(1))),
  }));
  const url = pathStyleUrl(bucket, bucketName);
  uploadDocuments(scope, { bucket, url, keys, removalPolicy });
  return { url, bucket };
}

interface IssuerBucketProps {
  readonly bucketName?: string;
  readonly removalPolicy: RemovalPolicy;
  readonly blockPublicAccess: BlockPublicAccess;
}

/** What a bucket of an issuer has, whoever may read it. */
export function issuerBucket(scope: Construct, props: IssuerBucketProps): Bucket {
  return new Bucket(scope, 'Bucket', {
    ...props,
    enforceSSL: true,
    // with a key of KMS nobody could read it
    encryption: BucketEncryption.S3_MANAGED,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    // a key set that was overwritten by mistake can be had back; but a bucket with versions cannot be deleted
    versioned: props.removalPolicy !== RemovalPolicy.DESTROY,
  });
}

interface DocumentsProps {
  readonly bucket: Bucket;
  readonly url: string;
  readonly keys: PublicKeys;
  readonly removalPolicy: RemovalPolicy;
  readonly distribution?: IDistribution;
}

/** Puts both documents into the bucket, by what CDK has for it. */
export function uploadDocuments(scope: Construct, { bucket, url, keys, removalPolicy, distribution }: DocumentsProps): void {
  new BucketDeployment(scope, 'Documents', {
    destinationBucket: bucket,
    sources: [
      Source.jsonData(DISCOVERY_PATH.slice(1), discoveryDocument(url, keys._keys)),
      Source.jsonData(JWKS_PATH.slice(1), { keys: keys._keys }),
    ],
    contentType: 'application/json',
    cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.seconds(MAX_AGE))],
    // what else is in the bucket is not ours
    prune: false,
    retainOnDelete: removalPolicy !== RemovalPolicy.DESTROY,
    distribution,
  });
}

/**
 * `https://s3.REGION.amazonaws.com/BUCKET`: the certificate of S3 covers it whatever the bucket is called.
 *
 * Where the region is known only at deployment the host is cut out of the bucket's own attribute: `AWS::Region` would be another one in a stack elsewhere
 * that uses the issuer.
 */
function pathStyleUrl(bucket: Bucket, bucketName: string): string {
  const { region } = Stack.of(bucket);
  const host = Token.isUnresolved(region)
    ? Fn.select(1, Fn.split(`${bucketName}.`, bucket.bucketRegionalDomainName))
    : `s3.${region}.${RegionInfo.get(region).domainSuffix ?? 'amazonaws.com'}`;
  return `https://${host}/${bucketName}`;
}

/** For CDK's own message has the name, whatever it is. */
export function validateBucketName(bucketName: string): void {
  if (!BUCKET_NAME.test(bucketName)) {
    throw new Error(`${shownValue(bucketName)} is not the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes, such as 123456789012-g8s-mycluster-oidc-pod-identity`);
  }
  if (RESERVED_NAME.test(bucketName)) {
    throw new Error(`'${bucketName}' is not the name of a bucket: S3 keeps names that begin with xn--, sthree- or amzn-s3-demo-, or end with -s3alias, --ol-s3, .mrap, --x-s3 or --table-s3`);
  }
}
