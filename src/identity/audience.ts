import { Token } from 'aws-cdk-lib';
import { AUDIENCE_SYNTAX, DEFAULT_AUDIENCE, isAudience, shownAudience } from './audience-syntax';

export { DEFAULT_AUDIENCE } from './audience-syntax';

/** Fails unless IAM takes the audience as a client id of a provider; tokens pass. */
export function validateAudience(audience: string): string {
  if (!Token.isUnresolved(audience) && !isAudience(audience)) {
    throw new Error(`${shownAudience(audience)} is not an audience: ${AUDIENCE_SYNTAX}; leave it out for ${DEFAULT_AUDIENCE}`);
  }
  return audience;
}
