import { type IResolvable, Lazy, type Stack } from 'aws-cdk-lib';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';

/**
 * A policy document whose condition keys contain CloudFormation values, rendered as a JSON string.
 *
 * The key of a map cannot be an intrinsic function, but `AssumeRolePolicyDocument` may be a JSON *string*, and a string can be
 * joined from anything: no CfnJson, no custom resource. While CDK looks for references it validates the property as
 * an object and drops every cross-stack reference of the role, without a word, when it is not one: it is shown the string
 * inside an object. A document that turns out to be literal stays a readable object.
 */
export function jsonStringDocument(stack: Stack, document: PolicyDocument): IResolvable {
  return Lazy.uncachedAny({
    produce: context => {
      const json: unknown = context.resolve(stack.toJsonString(document));
      if (context.preparing) {
        return { json };
      }
      return typeof json === 'string' ? JSON.parse(json) as unknown : json;
    },
  });
}
