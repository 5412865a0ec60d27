import { RemovalPolicy, Token } from 'aws-cdk-lib';
import {
  CachePolicy, Distribution, type FunctionAssociation, Function as CloudFrontFunction, FunctionCode, FunctionEventType, FunctionRuntime,
  type ICachePolicy, type IOrigin, SecurityPolicyProtocol, ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { discoveryDocument } from './discovery-documents';
import { issuerBucket, uploadDocuments, validateBucketName } from './issuer-bucket';
import { DOMAIN_PLACEHOLDER, issuerFunctionCode } from './issuer-function';
import type { CloudFrontFunctionIssuerProps, CloudFrontIssuerProps, S3WithCloudFrontIssuerProps } from './issuer-props';
import type { Publication } from './publication';
import { validateIssuerUrl } from '../identity/issuer-url';
import { isKeyLike, shownValue } from '../identity/key-like';

/** A distribution has to have an origin; this one is never asked, because the function answers everything. RFC 2606 keeps the name for such uses. */
const NO_ORIGIN = 'example.com';

/** An issuer in a bucket that only CloudFront reads. */
export function publishBehindCloudFront(scope: Construct, props: S3WithCloudFrontIssuerProps): Publication {
  validateDomain(props);
  const { bucketName, keys, removalPolicy = RemovalPolicy.RETAIN } = props;
  if (bucketName !== undefined && !Token.isUnresolved(bucketName)) {
    validateBucketName(bucketName);
  }
  const bucket = issuerBucket(scope, { bucketName, removalPolicy, blockPublicAccess: BlockPublicAccess.BLOCK_ALL });
  const distribution = issuerDistribution(scope, props, {
    origin: S3BucketOrigin.withOriginAccessControl(bucket),
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
  });
  const url = urlOf(distribution, props);
  uploadDocuments(scope, { bucket, url, keys, removalPolicy, distribution });
  return { url, bucket, distribution };
}

/** An issuer in the code of a CloudFront Function. */
export function publishInFunction(scope: Construct, props: CloudFrontFunctionIssuerProps): Publication {
  validateDomain(props);
  const keys = props.keys._keys;
  const code = issuerFunctionCode(discoveryDocument(`https://${props.domainName ?? DOMAIN_PLACEHOLDER}`, keys), { keys });
  const answer = new CloudFrontFunction(scope, 'Function', {
    code: FunctionCode.fromInline(code),
    runtime: FunctionRuntime.JS_2_0,
    comment: 'OIDC discovery of a Kubernetes cluster',
  });
  const distribution = issuerDistribution(scope, props, {
    origin: new HttpOrigin(NO_ORIGIN),
    cachePolicy: CachePolicy.CACHING_DISABLED,
    functionAssociations: [{ function: answer, eventType: FunctionEventType.VIEWER_REQUEST }],
  });
  return { url: urlOf(distribution, props), distribution };
}

interface Behavior {
  readonly origin: IOrigin;
  readonly cachePolicy: ICachePolicy;
  readonly functionAssociations?: FunctionAssociation[];
}

function issuerDistribution(scope: Construct, { domainName, certificate }: CloudFrontIssuerProps, behavior: Behavior): Distribution {
  return new Distribution(scope, 'Distribution', {
    comment: 'OIDC issuer of a Kubernetes cluster',
    defaultBehavior: { ...behavior, viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY },
    ...domainName === undefined ? {} : { domainNames: [domainName], certificate, minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021 },
  });
}

function urlOf(distribution: Distribution, { domainName }: CloudFrontIssuerProps): string {
  return `https://${domainName ?? distribution.distributionDomainName}`;
}

function validateDomain({ domainName, certificate }: CloudFrontIssuerProps): void {
  if (domainName === undefined) {
    if (certificate !== undefined) {
      throw new Error('a certificate is given, and no domain that it is for; pass domainName');
    }
    return;
  }
  if (Token.isUnresolved(domainName)) {
    throw new Error('domainName is known only at deployment, and it is the URL of the issuer, which must never change; pass the name itself');
  }
  if (domainName === '' || domainName.includes('/') || isKeyLike(domainName)) {
    throw new Error(`${shownValue(domainName)} is not a domain; pass it without https:// and without a path`);
  }
  validateIssuerUrl(`https://${domainName}`);
  if (certificate === undefined) {
    throw new Error(`the domain '${domainName}' needs a certificate, from the region us-east-1; pass certificate`);
  }
}
