import { CfnParameter, type IResolvable, type Reference, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { literalAttribute } from './literal-attribute';
import { pseudoParameter } from '../identity/pseudo-parameters';
import { referencesIn } from '../identity/token-references';

/** What a token comes to at synth. */
export interface TokenValue {
  /** The value; where synth cannot know it, or a part of it, an expression of CloudFormation stands there (`isExpression`). */
  readonly value: unknown;
  /** The stack that will know the expressions; `undefined` where nothing says which. */
  readonly owner?: Stack;
  /** What the value is, for people: `Stack/Bucket/Resource.Ref`. */
  readonly description: string;
  /** Whether it comes from a parameter that CloudFormation is told not to show. */
  readonly secret: boolean;
}

/**
 * Evaluates a token as far as synth can: in the stack whose resources it is made of, with the pseudo parameters of that stack
 * and the names of roles and providers filled in.
 *
 * @param fallback where to evaluate what is made of no resource, such as `Aws.REGION`
 */
export function evaluateToken(token: IResolvable, fallback: Stack | undefined): TokenValue {
  const references = referencesIn(token, fallback ?? nowhere());
  const owner = references.length > 0 ? Stack.of(references[0].target) : fallback;
  const place = owner ?? nowhere();
  const resolved: unknown = place.resolve(token);
  const value = mapExpressions(resolved, expression => fold(expression, place, references));
  const description = references.length > 0
    ? references.map(reference => `${reference.target.node.path}.${reference.displayName}`).join('-')
    : [...owner ? [owner.node.path] : [], JSON.stringify(resolved) ?? 'undefined'].join('.');
  return { value, owner, description, secret: references.some(isSecret) };
}

/** Whether a resolved value is a CloudFormation function: a map of nothing but `Ref` or `Fn::…`. */
export function isExpression(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** A copy of a value with every CloudFormation function in it replaced. */
export function mapExpressions(value: unknown, replace: (expression: Record<string, unknown>) => unknown): unknown {
  if (isExpression(value)) {
    return replace(value);
  }
  if (Array.isArray(value)) {
    return value.map(item => mapExpressions(item, replace));
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapExpressions(item, replace)]));
  }
  return value;
}

let agnosticStack: Stack | undefined;

/** A place without account and region, where a token of no resource is resolved; made when one is met. */
function nowhere(): Stack {
  agnosticStack ??= new Stack();
  return agnosticStack;
}

function isSecret({ target }: Reference): boolean {
  return target instanceof CfnParameter && target.noEcho;
}

/** Fills in what is known: pseudo parameters, attributes of named roles and providers, and joins of literals. */
function fold(expression: Record<string, unknown>, stack: Stack, references: Reference[]): unknown {
  const [name, argument] = Object.entries(expression)[0];
  switch (name) {
    case 'Ref': return argument === 'AWS::NoValue' ? undefined : foldRef(String(argument), stack, references) ?? expression;
    case 'Fn::GetAtt': return foldGetAtt(argument, references) ?? expression;
    case 'Fn::Join': return foldJoin(argument, stack, references) ?? expression;
    default: return expression;
  }
}

function foldRef(name: string, stack: Stack, references: Reference[]): string | undefined {
  const target = targetOf(name, references);
  return target ? literalAttribute(target, 'Ref') : pseudoParameter(name, stack);
}

function foldGetAtt(argument: unknown, references: Reference[]): string | undefined {
  const [logicalId, attribute] = Array.isArray(argument) ? argument as unknown[] : [];
  const target = targetOf(String(logicalId), references);
  return target && literalAttribute(target, String(attribute));
}

function foldJoin(argument: unknown, stack: Stack, references: Reference[]): string | undefined {
  const [delimiter, list] = Array.isArray(argument) ? argument as unknown[] : [];
  if (!Array.isArray(list)) {
    return undefined;
  }
  const parts = list.map(part => isExpression(part) ? fold(part, stack, references) : part as unknown);
  return parts.every(part => typeof part === 'string') ? parts.join(String(delimiter)) : undefined;
}

function targetOf(logicalId: string, references: Reference[]): IConstruct | undefined {
  return references.map(reference => reference.target)
    .find(target => 'logicalId' in target && Stack.of(target).resolve((target as { logicalId: unknown }).logicalId) === logicalId);
}
