/** So many are named in a note. */
const NAMED = 3;

/** The first of them, and how many there are besides. */
export function namedList(titles: readonly string[]): string {
  const more = titles.length - NAMED;
  return `${titles.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
