import { CfnParameter, Intrinsic, type IResolvable, type IResolveContext, type Reference, Stack, Token } from 'aws-cdk-lib';
import { type Expression, foldExpression, isExpression } from './fold-expression';
import { owningStack, referencesIn } from '../identity/token-references';

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

/** A value that belongs to a stack, whatever it is made of: its pseudo parameters are those of that stack. */
export class StackValue implements IResolvable {
  public readonly creationStack: string[] = [];

  constructor(private readonly value: string, public readonly stack: Stack) {}

  public resolve(context: IResolveContext): unknown {
    return context.resolve(this.value);
  }

  public toString(): string {
    return Token.asString(this);
  }
}

/**
 * Evaluates a token as far as synth can: in the stack whose resources it is made of, with the pseudo parameters of that stack
 * and the names of roles and providers filled in.
 *
 * @param fallback where to evaluate what is made of no resource, such as `Aws.REGION`
 * @param hold whether the value goes into a manifest, and has to stay as it is from then on
 */
export function evaluateToken(token: IResolvable, fallback: Stack | undefined, hold: boolean): TokenValue {
  const home = token instanceof StackValue ? token.stack : fallback;
  const references = referencesIn(token, home ?? nowhere());
  const owner = owningStack(token, home ?? nowhere()) ?? home;
  const stack = owner ?? nowhere();
  const resolved: unknown = stack.resolve(token);
  return {
    value: mapExpressions(resolved, expression => foldExpression(expression, { stack, references, hold })),
    owner,
    description: describe(references, owner, resolved),
    secret: references.some(isSecret),
  };
}

/**
 * What a lazy value produces, with the tokens that are in it: each of them may be of another stack. `undefined` for other tokens, and
 * for lazy values that resolve what is in them by themselves.
 */
export function producedBy(token: IResolvable, fallback: Stack | undefined): { readonly value: unknown } | undefined {
  if (token instanceof Intrinsic || token instanceof StackValue) {
    return undefined;
  }
  let resolvesItself = false;
  const resolve = (value: unknown) => {
    resolvesItself = true;
    return value;
  };
  try {
    const value: unknown = token.resolve({
      scope: fallback ?? nowhere(), preparing: false, documentPath: [], resolve, registerPostProcessor: () => { resolvesItself = true; },
    });
    return resolvesItself ? undefined : { value };
  } catch {
    return undefined;
  }
}

/** A copy of a value with every CloudFormation function in it replaced. */
export function mapExpressions(value: unknown, replace: (expression: Expression) => unknown): unknown {
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

function describe(references: readonly Reference[], owner: Stack | undefined, resolved: unknown): string {
  return references.length > 0
    ? references.map(reference => `${reference.target.node.path}.${reference.displayName}`).join('-')
    : [...owner ? [owner.node.path] : [], JSON.stringify(resolved) ?? 'undefined'].join('.');
}

function isSecret({ target }: Reference): boolean {
  return target instanceof CfnParameter && target.noEcho;
}

let agnosticStack: Stack | undefined;

/** A place without account and region, where a token of no resource is resolved; made when one is met. */
function nowhere(): Stack {
  agnosticStack ??= new Stack();
  return agnosticStack;
}
