import { DefaultTokenResolver, type IPostProcessor, type IResolvable, type IResolveContext, Reference, Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import { foldExpression, isExpression } from './fold-expression';
import { literalAttribute } from './literal-attribute';
import { referencesIn } from '../identity/token-references';

/** A token that only CloudFormation can evaluate. */
export interface DeployTimeToken {
  readonly token: IResolvable;
  /** The value as CloudFormation is asked for it, in the stack that has it; tells values apart. */
  readonly expression: unknown;
  /** The stack that will know the value; `undefined` where nothing says which. */
  readonly owner?: Stack;
  /** What the value is, for people: `Stack/Bucket/Resource.Ref`. */
  readonly description: string;
}

/** How to evaluate tokens. */
export interface EvaluationOptions {
  /** Where to evaluate what is made of no resource, such as `Aws.REGION`. */
  readonly fallback?: Stack;
  /** Whether the value goes into a manifest, and has to stay as it is from then on. */
  readonly hold: boolean;
  /** What stands for a value that only CloudFormation knows, and whether it is the whole of what was asked for. */
  readonly deployTime: (value: DeployTimeToken, whole: boolean) => string;
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
 * Evaluates a token as far as synth can. Each reference in it is evaluated for itself, in its own stack: two stacks may have resources of one
 * logical id. The names and ARNs of named resources and the pseudo parameters of known environments become literals, joins of these too;
 * `deployTime` stands in for the rest.
 */
export function evaluateToken(token: IResolvable, options: EvaluationOptions): unknown {
  const home = homeOf(token, options.fallback ?? nowhere());
  const evaluator = new Evaluator(home === agnosticStack ? undefined : home, options.hold);
  const value: unknown = Tokenization.resolve(token, { scope: home, resolver: evaluator, preparing: false });
  return evaluator.fillIn(value, options.deployTime);
}

/** The value of a token where synth knows all of it; else `undefined`. */
export function literalValue(token: IResolvable, hold: boolean): unknown {
  let known = true;
  const deployTime = () => {
    known = false;
    return '';
  };
  const value = evaluateToken(token, { hold, deployTime });
  return known ? value : undefined;
}

const MARKER = /⟦cdk-irsa:(\d+)⟧/g;

/** Puts a marker wherever only CloudFormation knows a value, so that strings can be joined around it. */
class Evaluator extends DefaultTokenResolver {
  private readonly pending: DeployTimeToken[] = [];

  constructor(private readonly home: Stack | undefined, private readonly hold: boolean) {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token)) {
      return this.resolveReference(token);
    }
    const value = foldExpression(super.resolveToken(token, context, postProcessor), this.home);
    return isExpression(value) ? this.mark(token) : value;
  }

  /** Replaces the markers in what was resolved. */
  public fillIn(value: unknown, deployTime: EvaluationOptions['deployTime'], whole = true): unknown {
    if (typeof value === 'string') {
      return value.replace(MARKER, (marker, index: string) => deployTime(this.pending[Number(index)], whole && marker === value));
    }
    if (Array.isArray(value)) {
      return value.map(item => this.fillIn(item, deployTime, false));
    }
    if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.fillIn(item, deployTime, false)]));
    }
    return value;
  }

  private resolveReference(reference: Reference): unknown {
    const owner = Stack.of(reference.target);
    const expression: unknown = owner.resolve(reference);
    return isExpression(expression) ? literalOf(reference, expression, this.hold) ?? this.mark(reference) : expression;
  }

  private mark(token: IResolvable): string {
    const owners = [...new Set(referencesIn(token, this.home ?? nowhere()).map(reference => Stack.of(reference.target)))];
    const [owner = this.home] = owners;
    const expression: unknown = (owner ?? nowhere()).resolve(token);
    const description = describe(token, owner, expression);
    if (owners.length > 1) {
      throw new Error(`${description} is computed from values of several stacks (${owners.map(stack => stack.node.path).join(', ')}), `
        + 'and no stack can put it into an output; pass the values one by one');
    }
    this.pending.push({ token, expression, owner, description });
    return `⟦cdk-irsa:${this.pending.length - 1}⟧`;
  }
}

/** Where the pseudo parameters in a token are read: the stack of what it refers to first. */
function homeOf(token: IResolvable, fallback: Stack): Stack {
  if (token instanceof StackValue) {
    return token.stack;
  }
  const [reference] = referencesIn(token, fallback);
  return reference ? Stack.of(reference.target) : fallback;
}

function literalOf(reference: Reference, expression: Record<string, unknown>, hold: boolean): string | undefined {
  const [name, argument] = Object.entries(expression)[0];
  const attribute = name === 'Ref' ? 'Ref' : name === 'Fn::GetAtt' && Array.isArray(argument) ? String(argument[1]) : undefined;
  return attribute === undefined ? undefined : literalAttribute(reference.target, attribute, hold);
}

function describe(token: IResolvable, owner: Stack | undefined, expression: unknown): string {
  const references = referencesIn(token, owner ?? nowhere());
  return references.length > 0
    ? references.map(reference => `${reference.target.node.path}.${reference.displayName}`).join('-')
    : [...owner ? [owner.node.path] : [], JSON.stringify(expression)].join('.');
}

let agnosticStack: Stack | undefined;

/** A place without account and region, where a token of no resource is resolved; made when one is met. */
function nowhere(): Stack {
  agnosticStack ??= new Stack();
  return agnosticStack;
}
