import { type IResolvable, Lazy, type Stack } from 'aws-cdk-lib';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';

/**
 * A policy document whose condition keys contain CloudFormation values, rendered as a JSON string.
 *
 * The key of a map cannot be an intrinsic function, but `AssumeRolePolicyDocument` may be a JSON *string*, and a string can be
 * joined from anything: no CfnJson, no custom resource. While CDK looks for references it validates the property as
 * an object and drops every cross-stack reference of the role, without a word, when it is not one: it is shown the string
 * inside an object. A document whose keys turn out to be literal stays a readable object.
 *
 * @param keys what condition keys are made of
 */
export function jsonStringDocument(stack: Stack, document: PolicyDocument, keys: readonly string[]): IResolvable {
  return Lazy.uncachedAny({
    produce: context => {
      if (keys.every(key => typeof context.resolve(key) === 'string')) {
        return context.resolve(document) as unknown;
      }
      const json: unknown = context.resolve(stack.toJsonString(document));
      return context.preparing ? { json } : json;
    },
  });
}
