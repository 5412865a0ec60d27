import { type Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';

/**
 * The partition of a region: `aws`, `aws-cn`, `aws-us-gov` …
 *
 * `stack.partition` stays a token in most apps, and a literal ARN needs it at synth.
 *
 * @returns `undefined` where the region is known only at deployment, or is one that aws-cdk-lib does not know
 */
export function partitionOf(region: string): string | undefined {
  return Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
}

/** What a pseudo parameter will be in this stack, where synth can know it. */
export function pseudoParameter(name: string, stack: Stack): string | undefined {
  switch (name) {
    case 'AWS::AccountId': return Token.isUnresolved(stack.account) ? undefined : stack.account;
    case 'AWS::Region': return Token.isUnresolved(stack.region) ? undefined : stack.region;
    case 'AWS::Partition': return partitionOf(stack.region);
    case 'AWS::URLSuffix': return Token.isUnresolved(stack.region) ? undefined : RegionInfo.get(stack.region).domainSuffix;
    case 'AWS::StackName': return Token.isUnresolved(stack.stackName) ? undefined : stack.stackName;
    default: return undefined;
  }
}
