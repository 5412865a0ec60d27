/** What `*` and `?` stand for in a pattern of IAM, told apart from the characters themselves. */
export enum Wildcard {
  /** `*`: any characters, none included. */
  ANY,
  /** `?`: exactly one character. */
  ONE,
}

/** A pattern, element by element: a character, or a wildcard. */
export type Pattern = ReadonlyArray<string | Wildcard>;

/**
 * Whether IAM's `StringLike` matches: `*` stands for any characters, none included, `?` for exactly one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
 */
export function isLike(value: string, pattern: string): boolean {
  return matchesPattern(value, patternOf(pattern));
}

/** A pattern as it is written, `*` and `?` being wildcards. */
export function patternOf(text: string): Pattern {
  return Array.from(text, character => character === '*' ? Wildcard.ANY : character === '?' ? Wildcard.ONE : character);
}

/** Linear in practice, whatever the pattern: it remembers only the last `*` instead of backtracking through all. */
export function matchesPattern(value: string, pattern: Pattern): boolean {
  const characters = Array.from(value);
  let v = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (v < characters.length) {
    if (pattern[p] === Wildcard.ANY) {
      star = p++;
      resume = v;
    } else if (pattern[p] === Wildcard.ONE || pattern[p] === characters[v]) {
      p++;
      v++;
    } else if (star >= 0) {
      p = star + 1;
      v = ++resume;
    } else {
      return false;
    }
  }
  return pattern.slice(p).every(element => element === Wildcard.ANY);
}
