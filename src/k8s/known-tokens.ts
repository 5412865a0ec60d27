/**
 * The tokens that CDK has given out in this process. It keeps them in one map for all its copies, which no public way leads to: names such as `TOKEN.34` or
 * `AWS.Region.4`, a hint and a number that no two tokens share.
 */
interface TokenMap {
  readonly stringTokenMap?: unknown;
}

/** What CDK calls a token of which nothing else is known. */
export const USUAL_HINT = 'TOKEN';

/** The hints by number, for as long as the map has that size: it only grows. */
let index: { readonly size: number; readonly hints: ReadonlyMap<number, string> } | undefined;

/**
 * What stands before the number of a token in its name; `undefined` where there is no token of that number. Should a CDK keep its tokens elsewhere, every
 * number may be one's.
 */
export function tokenHint(number: number): string | undefined {
  const map = (globalThis as { __cdkTokenMap?: TokenMap }).__cdkTokenMap?.stringTokenMap;
  return map instanceof Map ? hintsIn(map).get(number) : USUAL_HINT;
}

function hintsIn(map: ReadonlyMap<unknown, unknown>): ReadonlyMap<number, string> {
  if (index?.size !== map.size) {
    const names = [...map.keys()].map(key => /^(.+)\.(\d+)$/.exec(String(key))).filter(match => match !== null);
    index = { size: map.size, hints: new Map(names.map(([, hint, number]) => [Number(number), hint])) };
  }
  return index.hints;
}
