/** More letters than that are another word, not a slip. */
const MOST = 2;

/**
 * How many letters have to be typed to make one word of another; whatever is more than a few is `Infinity`. Makes nothing and gives up soon, since a
 * name may be compared with those of a thousand roles.
 */
export function distance(a: string, b: string): number {
  return distanceFrom(a, 0, b, 0, MOST);
}

/** The same of what follows two positions, if it is no more than this. */
function distanceFrom(a: string, atA: number, b: string, atB: number, most: number): number {
  if (Math.abs(a.length - atA - (b.length - atB)) > most) {
    return Infinity;
  }
  let i = atA;
  let j = atB;
  while (i < a.length && j < b.length && a.charCodeAt(i) === b.charCodeAt(j)) {
    i++;
    j++;
  }
  const moreA = i < a.length;
  const moreB = j < b.length;
  if (!moreA && !moreB) {
    return 0;
  }
  if (most === 0) {
    return Infinity;
  }
  const swapped = i + 1 < a.length && j + 1 < b.length && a.charCodeAt(i) === b.charCodeAt(j + 1) && a.charCodeAt(i + 1) === b.charCodeAt(j);
  return 1 + Math.min(
    moreA && moreB ? distanceFrom(a, i + 1, b, j + 1, most - 1) : Infinity,
    moreA ? distanceFrom(a, i + 1, b, j, most - 1) : Infinity,
    moreB ? distanceFrom(a, i, b, j + 1, most - 1) : Infinity,
    swapped ? distanceFrom(a, i + 2, b, j + 2, most - 1) : Infinity,
  );
}
