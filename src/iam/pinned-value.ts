import { captureStackTrace, type IResolvable, type IResolveContext, Token } from 'aws-cdk-lib';
import { validateAudience } from '../identity/audience';
import { isKept, shownLost } from '../identity/kept-value';

/** An audience for a trust policy: one that is not known yet fails when it comes to nothing, wherever it is rendered. */
export function pinnedAudience(audience: string): string | IResolvable {
  return Token.isUnresolved(audience) ? new PinnedAudience(audience) : audience;
}

class PinnedAudience implements IResolvable {
  public readonly creationStack = captureStackTrace();

  constructor(private readonly audience: string) {}

  public resolve(context: IResolveContext): unknown {
    const value: unknown = context.resolve(this.audience);
    if (Array.isArray(value) || !isKept(value)) {
      throw new Error(`the audience of a trust policy comes to ${shownLost(value)}, so that aud would not be pinned; pass one that has a value in every case`);
    }
    return typeof value === 'string' ? validateAudience(value) : value;
  }

  public toString(): string {
    return Token.asString(this);
  }

  /** The same text for the same audience: statements are compared by it. */
  public toJSON(): string {
    return this.audience;
  }
}
