import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What a link of a chain allows, and on what conditions. */
export interface ChainConditions {
  readonly externalId?: string;
  readonly organizationId?: string;
  readonly sessionTagKeys?: string[];
  readonly sourceIdentity?: boolean;
}

/** What the caller's policy has to allow. */
export function permissionToAssume(calleeArn: string, { sessionTagKeys, sourceIdentity }: ChainConditions): PolicyStatement {
  return new PolicyStatement({
    actions: ['sts:AssumeRole', ...sourceIdentity ? ['sts:SetSourceIdentity'] : [], ...sessionTagKeys ? ['sts:TagSession'] : []],
    resources: [calleeArn],
  });
}

/**
 * What the callee's trust policy has to say: the caller by its exact ARN, and the conditions on `sts:AssumeRole`, without which the other
 * actions are good for nothing.
 */
export function trustInCaller(callerArn: string, { externalId, organizationId, sessionTagKeys, sourceIdentity }: ChainConditions): PolicyStatement[] {
  const allow = (action: string, conditions?: Record<string, Record<string, string | string[]>>) => new PolicyStatement({
    actions: [action], principals: [new ArnPrincipal(callerArn)], conditions,
  });
  const equal = {
    ...externalId === undefined ? {} : { 'sts:ExternalId': externalId },
    ...organizationId === undefined ? {} : { 'aws:PrincipalOrgID': organizationId },
  };
  return [
    allow('sts:AssumeRole', Object.keys(equal).length > 0 ? { StringEquals: equal } : undefined),
    ...sourceIdentity ? [allow('sts:SetSourceIdentity')] : [],
    ...sessionTagKeys ? [allow('sts:TagSession', { 'ForAllValues:StringEquals': { 'aws:TagKeys': sessionTagKeys } })] : [],
  ];
}
