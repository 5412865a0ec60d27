/**
 * What references to resources stand for, each worked out once: in a template where every name repeats the one before twice, working them out
 * again would double with each.
 */
export class ResolvedValues {
  private readonly values = new Map<string, string>();
  private cuts = 0;

  /** Says that something was left open because it lies too deep, so that what is being worked out holds for this depth only. */
  public cut(): void {
    this.cuts++;
  }

  public of(id: string, attribute: string, depth: number, find: () => string): string {
    const [everywhere, here] = [JSON.stringify([id, attribute]), JSON.stringify([id, attribute, depth])];
    const known = this.values.get(everywhere);
    if (known !== undefined) {
      return known;
    }
    const before = this.cuts;
    const value = this.values.get(here) ?? find();
    if (this.values.has(here)) {
      this.cut();
    }
    this.values.set(this.cuts === before ? everywhere : here, value);
    return value;
  }
}

/** More than any text of a template that CloudFormation takes: a property of IAM has a few kilobytes. */
const MAX_LENGTH = 64 * 1024;

/** The parts in one text; `undefined` when it would be too long. */
export function joined(parts: readonly string[], separator: string): string | undefined {
  const length = parts.reduce((sum, part) => sum + part.length + separator.length, 0);
  return length > MAX_LENGTH ? undefined : parts.join(separator);
}
