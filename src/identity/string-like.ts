/**
 * Whether IAM's `StringLike` matches: `*` stands for any characters, none included, `?` for exactly one.
 *
 * Linear in practice, whatever the pattern: it remembers only the last `*` instead of backtracking through all.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
 */
export function isLike(value: string, pattern: string): boolean {
  let v = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (v < value.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = v;
    } else if (pattern[p] === '?' || pattern[p] === value[v]) {
      p++;
      v++;
    } else if (star >= 0) {
      p = star + 1;
      v = ++resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(p));
}
