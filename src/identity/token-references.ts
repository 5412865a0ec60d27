import { DefaultTokenResolver, type IPostProcessor, type IResolvable, type IResolveContext, Reference, StringConcat, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The CloudFormation references that a value is made of, in the order they occur.
 *
 * References are recorded, not resolved: resolving one from a foreign stack would make CDK set up what the crossing
 * needs (exports, physical names), and looking must not change anything.
 */
export function referencesIn(value: unknown, scope: IConstruct): Reference[] {
  const recorder = new ReferenceRecorder();
  Tokenization.resolve(value, { scope, resolver: recorder, preparing: false });
  return [...recorder.references];
}

class ReferenceRecorder extends DefaultTokenResolver {
  public readonly references = new Set<Reference>();

  constructor() {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token)) {
      this.references.add(token);
      return token.displayName;
    }
    return super.resolveToken(token, context, postProcessor);
  }
}
