import { Annotations, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type App, Lazy } from 'cdk8s';
import { CdkTokenResolver } from './cdk-token-resolver';
import { literalValue, StackValue } from './token-value';
import { isLookupDummy, ROLE_ARN } from '../identity/role-arn-pattern';

/**
 * The ARN as it stands when the manifest is rendered: aspects may have renamed the role by then. An app without our resolver can have
 * literals only, so there it is looked up now as well, to fail in the line that is wrong.
 */
export function roleArn(user: string, role: IRole, app: App): unknown {
  const resolver = app.resolvers.find((candidate): candidate is CdkTokenResolver => candidate instanceof CdkTokenResolver);
  const isReported = resolver && isUnnamed(role);
  if (isReported) {
    Annotations.of(role).addWarningV2('cdk-irsa:roleWithoutName',
      'Role.customizeRoles has no name for this role yet, so its service account cannot have the ARN; add it to usePrecreatedRoles');
  }
  if (resolver && (isReported || isLookupDummy(role.roleArn))) {
    // nothing is written yet: the CDK CLI looks the role up and runs the app again, or somebody makes it
    return Lazy.any({ produce: () => resolver._withoutValue(`${role.node.path}.Arn`) ?? literalRoleArn(user, role, false) });
  }
  if (resolver && Token.isUnresolved(role.roleArn)) {
    return new StackValue(role.roleArn, role.stack);
  }
  literalRoleArn(user, role, false);
  return Lazy.any({ produce: () => literalRoleArn(user, role, true) });
}

/** `Role.customizeRoles` makes a report of the roles that somebody else has to create; a role without a name there has an ARN that just ends. */
function isUnnamed(role: IRole): boolean {
  return !role.node.tryFindChild('Resource') && /:role$/.test(String(knownRoleArn(role, false)));
}

function knownRoleArn(role: IRole, hold: boolean): unknown {
  return Token.isUnresolved(role.roleArn) ? literalValue(new StackValue(role.roleArn, role.stack), hold) : role.roleArn;
}

function literalRoleArn(user: string, role: IRole, hold: boolean): string {
  const arn = knownRoleArn(role, hold);
  if (typeof arn !== 'string') {
    throw new Error(`${user}: the ARN of ${role.node.path} is known only at deployment; put the chart into a Manifests construct, which fills it in later, `
      + 'or give the stack of the role an account and region');
  }
  if (isLookupDummy(arn)) {
    throw new Error(`${user}: the ARN of ${role.node.path} is not known before the CDK CLI has looked it up; put the chart into a Manifests construct, which waits for it, `
      + 'or use iam.Role.fromRoleArn');
  }
  if (!ROLE_ARN.test(arn)) {
    throw new Error(`${user}: '${arn}' is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME): the webhook would inject it all the same, and STS refuse it`);
  }
  return arn;
}
