import { Lazy, type Stack } from 'aws-cdk-lib';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { MAX_SESSION_POLICY_LENGTH } from '../identity/pod-identity';

interface SessionOptions {
  readonly sessionPolicy?: PolicyDocument;
  readonly sessionTags?: boolean;
}

/** The session policy of an association as EKS takes it: JSON as a string. */
export function validateSessionPolicy(user: string, stack: Stack, options: SessionOptions): unknown {
  const { sessionPolicy, sessionTags = true } = options;
  if (!sessionPolicy) {
    return undefined;
  }
  if (sessionTags) {
    throw new Error(`${user} has a sessionPolicy and session tags, and EKS takes one of the two; set sessionTags: false, and podIdentitySessionTags: false on an IrsaRole`);
  }
  return Lazy.uncachedAny({
    produce: context => {
      // CDK leaves an empty document out, and no session policy is all that the role allows
      if (sessionPolicy.isEmpty) {
        throw new Error(`the sessionPolicy of ${user} has no statements, so that its pods could do nothing; add some, or leave sessionPolicy out for all that the role allows`);
      }
      const json: unknown = context.resolve(stack.toJsonString(sessionPolicy));
      if (typeof json === 'string' && json.length > MAX_SESSION_POLICY_LENGTH) {
        throw new Error(`the sessionPolicy of ${user} is ${json.length} characters long, and EKS takes ${MAX_SESSION_POLICY_LENGTH}; `
          + 'shorten it, or attach to the role what all its pods may do');
      }
      return json;
    },
  });
}
