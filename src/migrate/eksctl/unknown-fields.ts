import type { Fields } from './fields';

/** Where a field belongs that people put somewhere else. */
export interface Elsewhere {
  readonly fields: readonly string[];
  /** Where it belongs, for people. */
  readonly belongs: string;
  /** How that looks, as lines of YAML. */
  readonly instead: (field: string) => readonly string[];
}

/** Other words for a field, from other tools and other places of the same file. */
export type OtherWords = Readonly<Record<string, string>>;

/** Says which fields are not known, and where they belong or how they are written. */
export function reportUnknown(
  fields: Fields,
  what: string,
  known: readonly string[],
  elsewhere: readonly Elsewhere[] = [],
  words: OtherWords = {},
): void {
  for (const field of fields.names.filter(name => !known.includes(name))) {
    const place = elsewhere.find(candidate => candidate.fields.includes(field));
    if (place) {
      fields.problem(field, `${field} belongs ${place.belongs}, not into ${what}`, place.instead(field));
      continue;
    }
    const meant = Object.hasOwn(words, field) ? words[field] : alike(field, known);
    fields.problem(field, `${what} has no field ${JSON.stringify(field)}${meant === undefined ? `; it takes ${known.join(', ')}` : `; write ${meant}`}`);
  }
}

/** The known name that was meant: in another case, without its plural, or with a slip of the finger. */
export function alike(name: string, known: readonly string[]): string | undefined {
  const simple = (text: string) => text.toLowerCase().replace(/[-_\s]/g, '').replace(/s$/, '');
  return known.find(candidate => simple(candidate) === simple(name)) ?? known.find(candidate => name.length > 4 && isOneSlipAway(name, candidate));
}

/** Whether one text becomes the other by one character that is put in, left out, changed, or swapped with the next. */
function isOneSlipAway(one: string, other: string): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) {
    start++;
  }
  const [restOfOne, restOfOther] = [one.slice(start), other.slice(start)];
  return restOfOne.slice(1) === restOfOther
    || restOfOne === restOfOther.slice(1)
    || restOfOne.slice(1) === restOfOther.slice(1)
    || (restOfOne.slice(2) === restOfOther.slice(2) && restOfOne[0] === restOfOther[1] && restOfOne[1] === restOfOther[0]);
}
