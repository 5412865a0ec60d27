import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { generateRoleName } from './role-name';
import { topLevelStack } from '../identity/top-level-stack';

/** The name of something that is made in other accounts than that of its stack: known at synth in every case. */
export function generatedNameOf(construct: IConstruct): string {
  const stack = topLevelStack(Stack.of(construct));
  const known = (value: string) => Token.isUnresolved(value) ? '' : value;
  return generateRoleName({
    stackName: stack.stackName,
    path: construct.node.path.slice(stack.node.path.length + 1),
    account: known(stack.account),
    region: known(stack.region),
  });
}
