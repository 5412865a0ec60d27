import { type IResolvable, type Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import { App, type IResolver, type ResolutionContext } from 'cdk8s';
import type { PlaceholderKind } from './placeholder';
import { checkNow } from './rendered-app';
import { type DeployTimeToken, evaluateToken } from './token-value';

/**
 * Lets the manifests of a cdk8s app use values of CDK: tokens that synth knows become literals, such as the ARN of an `IrsaRole`; what only
 * CloudFormation knows fails, with the way out.
 *
 * For a cdk8s `App` of your own: `new cdk8s.App({ resolvers: [new CdkTokenResolver()] })`. `Manifests` has it built in, and can do
 * deploy-time values as well.
 *
 * @see https://cdk8s.io/docs/latest/basics/app/
 */
export class CdkTokenResolver implements IResolver {
  /** Called by cdk8s for every value of every object. */
  public resolve(context: ResolutionContext): void {
    if (context.key.length === 0) {
      checkNow(App.of(context.obj));
    }
    const value: unknown = context.value;
    if (typeof value === 'string' && Token.isUnresolved(value)) {
      context.replaceValue(this.resolveString(value, context));
    } else if (typeof value === 'number' && Token.isUnresolved(value)) {
      context.replaceValue(this.resolveToken(Tokenization.reverseNumber(value)!, context, 'number'));
    } else if (Array.isArray(value) && Token.isUnresolved(value)) {
      context.replaceValue(this.resolveList(value as string[], context));
    } else if (isCdkToken(value)) {
      context.replaceValue(this.resolveToken(value, context, 'string'));
    }
  }

  /** @internal where to evaluate what is made of no resource */
  public _fallback(): Stack | undefined {
    return undefined;
  }

  /** @internal what stands in the manifest for a value that not even this deployment gives; `undefined` where that cannot be written */
  public _withoutValue(_description: string): string | undefined {
    return undefined;
  }

  /** @internal what stands in the manifest for a value that only CloudFormation knows */
  public _deployTime(value: DeployTimeValue, context: ResolutionContext): string {
    throw new Error(`${context.obj.node.path}: ${context.key.join('.')}: ${value.description} is known only at deployment, and this cdk8s app is written before; `
      + 'put the chart into a Manifests construct, which fills such values in after deployment, or give the resource a literal name and its stack an environment');
  }

  private resolveString(value: string, context: ResolutionContext): unknown {
    const fragments = Tokenization.reverseString(value);
    return fragments.length === 1
      ? this.resolveToken(fragments.firstToken!, context, 'string')
      : fragments.mapTokens({ mapToken: token => this.resolveToken(token, context, 'string') }).join(new StringConcat());
  }

  private resolveList(value: string[], context: ResolutionContext): unknown {
    const token = Tokenization.reverseList(value);
    if (!token) {
      throw new Error(`${context.obj.node.path}: ${context.key.join('.')}: a list that is known only at deployment stands beside other elements; pass it alone`);
    }
    const resolved = this.resolveToken(token, context, 'list');
    return Array.isArray(resolved) ? resolved : [resolved];
  }

  private resolveToken(token: IResolvable, context: ResolutionContext, kind: PlaceholderKind): unknown {
    const value = evaluateToken(token, {
      fallback: this._fallback(),
      hold: true,
      deployTime: (deployTime, whole) => this._deployTime({ ...deployTime, kind: whole ? kind : 'string' }, context),
    });
    if (JSON.stringify(value ?? null).includes('{{resolve:')) {
      throw new Error(`${context.obj.node.path}: ${context.key.join('.')} holds a dynamic reference ('{{resolve:…'), which only CloudFormation resolves: `
        + 'let the cluster fetch the secret');
    }
    return value;
  }
}

/** A value for a manifest that only CloudFormation knows. */
export interface DeployTimeValue extends DeployTimeToken {
  readonly kind: PlaceholderKind;
}

/** cdk8s has objects with a `resolve` of their own, which are not for us. */
function isCdkToken(value: unknown): value is IResolvable {
  return Tokenization.isResolvable(value) && 'creationStack' in value;
}
