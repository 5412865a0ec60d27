import type { Stack } from 'aws-cdk-lib';

/** The stack that is deployed by itself: the outermost around a nested one. */
export function topLevelStack(stack: Stack): Stack {
  return stack.nestedStackParent ? topLevelStack(stack.nestedStackParent) : stack;
}
