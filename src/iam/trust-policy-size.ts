import { type Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { MAX_TRUST_POLICY_QUOTA } from './quotas';
import type { Trust, TrustedProvider } from './trust-statements';
import { pseudoParameter } from '../identity/pseudo-parameters';

/** A count of characters; a range where synth cannot know it exactly. */
export interface Length {
  readonly min: number;
  readonly max: number;
}

/**
 * How long IAM will find a trust policy.
 *
 * @param rendered the policy as a JSON string, or the Fn::Join that makes one
 * @param intrinsicLength how long a CloudFormation value will be
 */
export function trustPolicyLength(rendered: unknown, intrinsicLength: (intrinsic: unknown) => Length): Length {
  if (typeof rendered === 'string') {
    return exactly(rendered.replace(/\s/g, '').length);
  }
  const parts = joinedParts(rendered);
  return parts
    ? parts.map(part => trustPolicyLength(part, intrinsicLength)).reduce(add, exactly(0))
    : intrinsicLength(rendered);
}

/** How long the CloudFormation values in a trust policy will be: issuers, provider ARNs and pseudo parameters. */
export function intrinsicLengths(stack: Stack, providers: readonly TrustedProvider[]): (intrinsic: unknown) => Length {
  const known = new Map(providers.flatMap(({ arn, hostPath }) => {
    const resolved: unknown = stack.resolve(hostPath);
    const issuer = publishedHostPathLength(resolved, stack) ?? eksHostPathLength(stack.region);
    return [
      [JSON.stringify(resolved), issuer],
      [JSON.stringify(stack.resolve(arn)), add(issuer, providerArnPrefixLength(stack))],
    ] as const;
  }));
  return intrinsic => known.get(JSON.stringify(intrinsic)) ?? publishedHostLength(intrinsic, stack) ?? pseudoLength(intrinsic, stack);
}

/** Says by how much a trust policy is too long, what would fit, and the ways out. */
export function tooLongMessage(length: number, quota: number, trust: Trust): string {
  return `trust policy is ${arithmetic(length, quota, trust)}. Use IrsaRoleShards, which makes the fewest roles that fit, `
    + `or ServiceAccountSubject.anyInNamespace, or ${HOW_TO_RAISE}`;
}

/** How to get more room. */
export const HOW_TO_RAISE = "raise the quota 'Role trust policy length' (L-C07B4B0D) of IAM in Service Quotas "
  + `(up to ${MAX_TRUST_POLICY_QUOTA}) and set the context cdk-irsa:trustPolicyQuota to what AWS granted`;

/** The sizes behind a trust policy that is too long, and what would fit. */
export function arithmetic(length: number, quota: number, trust: Pick<Trust, 'subjects'> & { readonly providers: readonly unknown[] }): string {
  const clusters = trust.providers.length;
  const claims = [...new Set(trust.subjects.map(subject => subject.claim))];
  // a comma goes with each element of a list but the first
  const perCluster = Math.ceil((length - ENVELOPE_LENGTH + 1) / clusters);
  const perSubject = claims.map(claim => claim.length + '"",'.length);
  const allSubjects = perSubject.reduce((sum, n) => sum + n, 0);
  const room = quota - ENVELOPE_LENGTH + 1;
  const clustersThatFit = Math.floor(room / perCluster);
  const subjectsThatFit = Math.floor((room / clusters - (perCluster - allSubjects)) / (allSubjects / claims.length));
  return `${length} characters long and IAM takes ${quota} (white space not counted): ${count(clusters, 'cluster')} of about ${perCluster} characters each, `
    + `${allSubjects} of them for ${count(claims.length, 'service account')}; ${fits(clustersThatFit, 'cluster', claims.length, 'service account')}, `
    + fits(subjectsThatFit, 'service account', clusters, 'cluster');
}

/** `{"Statement":[],"Version":"2012-10-17"}` */
export const ENVELOPE_LENGTH = 39;

/** What a role ARN or another value that somebody added to the policy may come to, up to the longest ARN of a role (path 512, name 64). */
const UNKNOWN_LENGTH: Length = { min: 1, max: 613 };

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function fits(n: number, what: string, others: number, other: string): string {
  return `${n > 0 ? count(n, what) : `not even one ${what}`} would fit with ${count(others, other)}`;
}

function exactly(n: number): Length {
  return { min: n, max: n };
}

function add(a: Length, b: Length): Length {
  return { min: a.min + b.min, max: a.max + b.max };
}

function joinedParts(value: unknown): unknown[] | undefined {
  const join = (value as { 'Fn::Join'?: [string, unknown] })['Fn::Join'];
  return join && join[0] === '' && Array.isArray(join[1]) ? join[1] as unknown[] : undefined;
}

function pseudoLength(intrinsic: unknown, stack: Stack): Length {
  const name = (intrinsic as { Ref?: string }).Ref;
  const value = name && pseudoParameter(name, stack);
  if (value) {
    return exactly(value.length);
  }
  switch (name) {
    case 'AWS::AccountId': return exactly(12);
    case 'AWS::Partition': return { min: 'aws'.length, max: 'aws-us-gov'.length };
    case 'AWS::Region': return REGION_LENGTH;
    case 'AWS::URLSuffix': return DOMAIN_LENGTH;
    default: return UNKNOWN_LENGTH;
  }
}

function providerArnPrefixLength(stack: Stack): Length {
  return add(exactly('arn::iam::123456789012:oidc-provider/'.length), pseudoLength({ Ref: 'AWS::Partition' }, stack));
}

const REGION_LENGTH: Length = { min: 'us-east-1'.length, max: 'us-isof-south-1'.length };
const DOMAIN_LENGTH: Length = { min: 'c2s.ic.gov'.length, max: 'amazonaws.com.cn'.length };

/** A literal issuer, or one that the app publishes: its host, and behind it the name of a bucket. */
function publishedHostPathLength(hostPath: unknown, stack: Stack): Length | undefined {
  if (typeof hostPath === 'string') {
    return exactly(hostPath.length);
  }
  const parts = (joinedParts(hostPath) ?? [hostPath]).map(part => typeof part === 'string' ? exactly(part.length) : publishedHostLength(part, stack));
  return parts.every(part => part !== undefined) ? parts.reduce(add, exactly(0)) : undefined;
}

/** Hosts of `SelfHostedIssuer`, by the attribute that CloudFormation takes them from: that of a distribution, or of S3 in a region. */
function publishedHostLength(intrinsic: unknown, { region }: Stack): Length | undefined {
  const text = JSON.stringify(intrinsic);
  if (/^\{"Fn::GetAtt":\["\w+","DomainName"\]\}$/.test(text)) {
    return CLOUDFRONT_LENGTH;
  }
  return /^\{"Fn::Select":\[1,\{"Fn::Split":\["[^"]+",\{"Fn::GetAtt":\["\w+","RegionalDomainName"\]\}\]\}\]\}$/.test(text)
    ? add(exactly('s3.'.length + '.'.length), add(regionLength(region), domainLength(region)))
    : undefined;
}

/** `d111111abcdef8.cloudfront.net`, with 13 or 14 characters first; `cloudfront.cn` in China. */
const CLOUDFRONT_LENGTH: Length = { min: 13 + '.cloudfront.cn'.length, max: 14 + '.cloudfront.net'.length };

/**
 * A deploy-time issuer that the app does not publish is a cluster's of the same app, so one that EKS made: `oidc.eks.REGION.DOMAIN/id/` and 32 characters, or
 * `oidc-eks.REGION.api.aws` instead where that is shorter.
 */
export function eksHostPathLength(region: string): Length {
  const fixed = exactly('oidc.eks.'.length + '.'.length + '/id/'.length + 32);
  const domain = domainLength(region);
  const shortest = { min: Math.min('api.aws'.length, domain.min), max: domain.max };
  return add(add(fixed, regionLength(region)), shortest);
}

function regionLength(region: string): Length {
  return Token.isUnresolved(region) ? REGION_LENGTH : exactly(region.length);
}

function domainLength(region: string): Length {
  const suffix = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).domainSuffix;
  return suffix ? exactly(suffix.length) : DOMAIN_LENGTH;
}
