import { runInNewContext } from 'node:vm';

/** Both take these for the same. */
const COMMON_ESCAPES = /\\[dDsSwWbBnrtfv!-/:-@[-`{-~]/g;

/** Only one of them knows these, or they take them for different things. */
const NOT_COMMON = /\\|\[\^?\]|\[\[:|\(\?(?!:)/;

/** Longer than any sensible one by far. */
const TIMEOUT_MILLISECONDS = 200;

/**
 * Whether an expression of Go, as kiam and kube2iam have them, matches any of the texts. Fails where that cannot be told here: an expression that only Go
 * knows, and one that takes for ever in JavaScript, which it does not in Go.
 */
export function matchesAny(expression: string, texts: readonly string[]): boolean {
  // the only flag that anybody uses
  const [, flag, pattern] = /^(\(\?i\))?([^]*)$/.exec(expression)!;
  if (NOT_COMMON.test(pattern.replace(COMMON_ESCAPES, 'x'))) {
    throw new Error(`the expression '${expression}' has what Go and JavaScript do not both know, or take for different things; write it another way`);
  }
  try {
    // only there does a time limit hold for a regular expression
    return runInNewContext('texts.some(text => new RegExp(pattern, flags).test(text))', { texts: [...texts], pattern, flags: flag ? 'i' : '' }, { timeout: TIMEOUT_MILLISECONDS }) as boolean;
  } catch (error) {
    throw new Error(`the expression '${expression}' cannot be evaluated: ${(error as Error).message}`);
  }
}

/** Whether a pattern of kube2iam, where `*` stands for anything, matches a text. */
export function globMatches(pattern: string, text: string): boolean {
  const [first, ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) {
    return pattern === text;
  }
  if (!text.startsWith(first) || !text.endsWith(last)) {
    return false;
  }
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) {
      return false;
    }
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
