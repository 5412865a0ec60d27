import type { Stack } from 'aws-cdk-lib';
import { pseudoParameter } from '../identity/pseudo-parameters';

/** Whether a resolved value is a CloudFormation function: a map of nothing but `Ref` or `Fn::…`. */
export function isExpression(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/**
 * Computes what synth can of a CloudFormation function: pseudo parameters of a stack whose environment is known, and joins of what is
 * known. Else gives it back.
 */
export function foldExpression(value: unknown, stack: Stack | undefined): unknown {
  if (!isExpression(value)) {
    return value;
  }
  const [name, argument] = Object.entries(value)[0];
  switch (name) {
    case 'Ref': return argument === 'AWS::NoValue' ? undefined : (stack && pseudoParameter(String(argument), stack)) ?? value;
    case 'Fn::Join': return foldJoin(argument, stack) ?? value;
    default: return value;
  }
}

function foldJoin(argument: unknown, stack: Stack | undefined): string | undefined {
  const [delimiter, list] = Array.isArray(argument) ? argument as unknown[] : [];
  if (!Array.isArray(list)) {
    return undefined;
  }
  const parts = list.map(part => foldExpression(part, stack));
  return parts.every(part => typeof part === 'string') ? parts.join(String(delimiter)) : undefined;
}
