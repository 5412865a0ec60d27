import { type IResolvable, type IResolveContext, Token } from 'aws-cdk-lib';
import { AUDIENCE_SYNTAX, isAudience, shownAudience } from '../identity/audience-syntax';
import { isKept, shownLost } from '../identity/kept-value';

/** An audience for a trust policy: one that is not known yet fails when it comes to nothing, wherever it is rendered. */
export function pinnedAudience(audience: string): string | IResolvable {
  if (Token.isUnresolved(audience)) {
    return new PinnedAudience(audience);
  }
  if (!isKept(audience)) {
    throw new Error(lost(audience));
  }
  return audience;
}

/** What is wrong with an audience as the template has it. */
export function audienceProblem(value: unknown): string | undefined {
  if (Array.isArray(value) || !isKept(value)) {
    return lost(value);
  }
  return typeof value === 'string' && !isAudience(value) ? `the audience of a trust policy comes to ${shownAudience(value)}, which is none: ${AUDIENCE_SYNTAX}` : undefined;
}

function lost(value: unknown): string {
  return `the audience of a trust policy comes to ${shownLost(value)}, so that aud would not be pinned; pass one that has a value in every case`;
}

class PinnedAudience implements IResolvable {
  /** Where it was made says less than where it is used. */
  public readonly creationStack: string[] = [];

  constructor(private readonly audience: string) {}

  public resolve(context: IResolveContext): unknown {
    const value: unknown = context.resolve(this.audience);
    // while references are looked for nothing is written, and validation comes later: it says which role it is
    const problem = context.preparing ? undefined : audienceProblem(value);
    if (problem !== undefined) {
      throw new Error(`${problem} (${context.documentPath.map(part => String(context.resolve(part))).join('/')})`);
    }
    return value;
  }

  public toString(): string {
    return Token.asString(this);
  }

  /** The same text for the same audience: statements are compared by it. */
  public toJSON(): string {
    return this.audience;
  }
}
