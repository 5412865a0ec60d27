import { Resource } from 'aws-cdk-lib';
import { type AddToPrincipalPolicyResult, type IPrincipal, Policy, type PolicyStatement, PrincipalPolicyFragment } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { IrsaRole } from './irsa-role';

/**
 * Several roles that are granted the same: one `AWS::IAM::Policy` for all of them, and all of them as principals where a resource has a policy of its own.
 *
 * A resource, so that keys and buckets see in which account and region their grantee is.
 */
export class RolesPrincipal extends Resource implements IPrincipal {
  public readonly grantPrincipal: IPrincipal = this;
  public readonly assumeRoleAction = 'sts:AssumeRole';
  public readonly principalAccount = this.env.account;
  private readonly policy: Policy;

  constructor(scope: Construct, id: string, private readonly roles: readonly IrsaRole[]) {
    super(scope, id);
    // empty ones do not get into the template
    this.policy = new Policy(this, 'Policy', { roles: [...roles] });
  }

  public get policyFragment(): PrincipalPolicyFragment {
    return new PrincipalPolicyFragment({ AWS: this.roles.map(role => role.roleArn) });
  }

  public addToPolicy(statement: PolicyStatement): boolean {
    return this.addToPrincipalPolicy(statement).statementAdded;
  }

  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.policy.addStatements(statement);
    return { statementAdded: true, policyDependable: this.policy };
  }
}
