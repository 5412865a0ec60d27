import { type PolicyDocument, PrincipalBase, PrincipalPolicyFragment, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import type { CommonRoleProps } from './common-role-props';
import { deployRoleBefore, roleResource } from './deploy-before';
import { physicalName } from './role-name';
import { roleTwins } from './role-twins';

/** Properties of a `ChainedRole`: what `iam.Role` offers, but for whom it trusts. Sessions last one hour at most, whatever a role allows. */
export interface ChainedRoleProps extends CommonRoleProps {
  /**
   * A physical name, 1 to 64 letters, digits and `_+=,.@-`.
   *
   * @default - generated from stack name, path, account and region where these are known at synth; else by CloudFormation
   */
  readonly roleName?: string;
}

/**
 * A role that is assumed by other roles, and by nobody else: `RoleChain.to` adds those that come to it, each by its exact ARN.
 *
 * An `iam.Role` like any other. Its name is known at synth where account and region are, so that roles of other accounts can name it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export class ChainedRole extends Role {
  constructor(scope: Construct, id: string, props: ChainedRoleProps = {}) {
    super(scope, id, {
      ...props,
      roleName: physicalName(scope, id, props.roleName, true),
      assumedBy: new NobodyYet(),
    });
    this.node.addValidation({ validate: () => [...roleTwins(this), ...this.validateCallers()] });
  }

  /**
   * Has resources that name this role by its ARN deployed after it: a bucket policy or key in another account or region, say.
   *
   * Within an environment CloudFormation sees the reference and waits by itself. Across environments CDK writes the ARN as a literal, without
   * a dependency, and AWS refuses a policy whose principal does not exist yet ("Invalid principal in policy").
   */
  public deployBefore(...consumers: IConstruct[]): void {
    deployRoleBefore(this, consumers);
  }

  private validateCallers(): string[] {
    return roleResource(this) && this.assumeRolePolicy!.isEmpty
      ? ['nobody could assume the role: no chain leads to it; add it to one with RoleChain.to, or use an iam.Role']
      : [];
  }
}

/** A trust policy to begin with: nothing in it. */
class NobodyYet extends PrincipalBase {
  public readonly policyFragment = new PrincipalPolicyFragment({});

  public addToAssumeRolePolicy(_document: PolicyDocument): void {}

  public dedupeString(): undefined {
    return undefined;
  }
}
