import { type Reference, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { literalAttribute } from './literal-attribute';
import { pseudoParameter } from '../identity/pseudo-parameters';

/** A CloudFormation function: a map of nothing but `Ref` or `Fn::…`. */
export type Expression = Record<string, unknown>;

/** What an expression is read by. */
export interface Place {
  /** The stack whose pseudo parameters it has. */
  readonly stack: Stack;
  /** The references it is made of. */
  readonly references: readonly Reference[];
  /** Whether what is read goes into a manifest, and has to stay as it is. */
  readonly hold: boolean;
}

/** Whether a resolved value is a CloudFormation function. */
export function isExpression(value: unknown): value is Expression {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** Fills in what synth knows: pseudo parameters, attributes of named resources, and joins of literals. Else the expression as it is. */
export function foldExpression(expression: Expression, place: Place): unknown {
  const [name, argument] = Object.entries(expression)[0];
  switch (name) {
    case 'Ref': return argument === 'AWS::NoValue' ? undefined : foldRef(String(argument), place) ?? expression;
    case 'Fn::GetAtt': return foldGetAtt(argument, place) ?? expression;
    case 'Fn::Join': return foldJoin(argument, place) ?? expression;
    default: return expression;
  }
}

function foldRef(name: string, place: Place): string | undefined {
  const target = targetOf(name, place);
  return target ? literalAttribute(target, 'Ref', place.hold) : pseudoParameter(name, place.stack);
}

function foldGetAtt(argument: unknown, place: Place): string | undefined {
  const [logicalId, attribute] = Array.isArray(argument) ? argument as unknown[] : [];
  const target = targetOf(String(logicalId), place);
  return target && literalAttribute(target, String(attribute), place.hold);
}

function foldJoin(argument: unknown, place: Place): string | undefined {
  const [delimiter, list] = Array.isArray(argument) ? argument as unknown[] : [];
  if (!Array.isArray(list)) {
    return undefined;
  }
  const parts = list.map(part => isExpression(part) ? foldExpression(part, place) : part as unknown);
  return parts.every(part => typeof part === 'string') ? parts.join(String(delimiter)) : undefined;
}

function targetOf(logicalId: string, { references }: Place): IConstruct | undefined {
  return references.map(reference => reference.target)
    .find(target => 'logicalId' in target && Stack.of(target).resolve((target as { logicalId: unknown }).logicalId) === logicalId);
}
