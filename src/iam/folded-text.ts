import type { Stack } from 'aws-cdk-lib';
import { pseudoParameter } from '../identity/pseudo-parameters';

/**
 * A value of a stack's template as one text, for comparing: joins are joined, known pseudo parameters filled in, and unknown ones written as
 * `Fn::Sub` writes them. Any other intrinsic is JSON.
 */
export function foldedText(stack: Stack, value: unknown): string {
  return fold(stack, stack.resolve(value));
}

/** An ARN whatever its partition: a role and its caller are in one, or the hop would have failed. */
export function anyPartition(text: string): string {
  return text.replace(/^arn:[^:]*(?:::Partition\})?:/, 'arn:*:');
}

function fold(stack: Stack, value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const { Ref: ref, 'Fn::Join': join } = (value ?? {}) as { readonly 'Ref'?: string; readonly 'Fn::Join'?: [string, unknown] };
  if (ref?.startsWith('AWS::')) {
    return pseudoParameter(ref, stack) ?? `\${${ref}}`;
  }
  return join && Array.isArray(join[1]) ? join[1].map(part => fold(stack, part)).join(join[0]) : JSON.stringify(value);
}
