import { Tokenization } from 'aws-cdk-lib';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { foldedText } from './folded-text';
import { isLookupDummy, ROLE_ARN } from '../identity/role-arn-pattern';

/** Fails unless a role that is not made here is one role, as far as synth knows its ARN: a wildcard in it would stand for roles that nobody named. */
export function assertOneRole(role: IRole): void {
  // a lazy ARN is known when the template is written, and to ask now would settle it
  const [problem] = isLazy(role.roleArn) ? [] : oneRoleProblems(role);
  if (problem !== undefined) {
    throw new Error(problem);
  }
}

/** The same when the template is written: a lazy ARN has become what it is by then. */
export function oneRoleProblems(role: IRole): string[] {
  if (Role.isRole(role) || isLookupDummy(role.roleArn)) {
    return [];
  }
  const arn = String(foldedText(role.stack, role.roleArn));
  // references are JSON, and an unknown pseudo parameter is ${…}
  const isOne = arn.includes('{') ? !/[*?]|AWS::NoValue/.test(arn) : ROLE_ARN.test(arn);
  return isOne ? [] : [`${role.node.path} has '${arn}', which is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME): it has to be one role; pass each by itself`];
}

function isLazy(arn: string): boolean {
  return JSON.stringify(Tokenization.reverseString(arn).tokens).includes('<unresolved-lazy>');
}
