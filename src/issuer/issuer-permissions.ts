import { Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { DISCOVERY_PATH, JWKS_PATH } from './discovery-documents';
import type { OidcIssuer } from '../identity/oidc-issuer';

/** Which provider an operator may manage. */
export interface ProviderPermissionsOptions {
  /**
   * The account of the provider, 12 digits. It has to be that of the role that gets the statement: IAM manages providers of the caller's own account only.
   *
   * @default - that of the scope
   */
  readonly account?: string;
}

/**
 * What who sets a cluster's issuer up has to be allowed, and no more: an operator in a management cluster, a pipeline, or the role that CloudFormation deploys with.
 *
 * Statements for a policy, each for one issuer.
 */
export class IssuerPermissions {
  /**
   * To create, change, tag and delete the OIDC provider of one issuer.
   *
   * Listing all providers is not among it: IAM knows no resource for that.
   *
   * @param scope where the policy is
   * @param issuer the issuer
   * @param options the account, if it is another one
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
   */
  public static forProvider(scope: Construct, issuer: OidcIssuer, options: ProviderPermissionsOptions = {}): PolicyStatement {
    const { account } = options;
    const stack = Stack.of(scope);
    if (account !== undefined && !Token.isUnresolved(account) && !/^\d{12}$/.test(account)) {
      throw new Error(`'${account}' is not an account: 12 digits are expected`);
    }
    issuer._assertUsableIn(stack, scope.node.path);
    return new PolicyStatement({
      sid: 'OidcProviderOfTheIssuer',
      actions: [
        'CreateOpenIDConnectProvider', 'GetOpenIDConnectProvider', 'DeleteOpenIDConnectProvider',
        'AddClientIDToOpenIDConnectProvider', 'RemoveClientIDFromOpenIDConnectProvider', 'UpdateOpenIDConnectProviderThumbprint',
        'TagOpenIDConnectProvider', 'UntagOpenIDConnectProvider', 'ListOpenIDConnectProviderTags',
      ].map(action => `iam:${action}`),
      resources: [stack.formatArn({ service: 'iam', region: '', account, resource: 'oidc-provider', resourceName: issuer.hostPath })],
    });
  }

  /**
   * To read, put and delete the two documents of an issuer in its bucket.
   *
   * @param bucket the bucket, such as `SelfHostedIssuer.bucket`
   */
  public static forDocuments(bucket: IBucket): PolicyStatement {
    return new PolicyStatement({
      sid: 'DocumentsOfTheIssuer',
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [DISCOVERY_PATH, JWKS_PATH].map(path => bucket.arnForObjects(path.slice(1))),
    });
  }

  private constructor() {}
}
