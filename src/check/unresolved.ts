/**
 * Text of a template that only a deployment knows, kept as an opaque part of a string: two such parts are equal when they are the same
 * expression, and nothing is known otherwise.
 *
 * Marked by two characters of Unicode's private use area, which no policy and no name contains.
 */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const PART = /\uE000([^\uE001]*)\uE001/g;

/** A string that stands for an expression. */
export function unresolved(expression: string): string {
  return `${OPEN}${expression.replaceAll(OPEN, '').replaceAll(CLOSE, '')}${CLOSE}`;
}

/** Whether a part of the text is known only at deployment. */
export function isUnresolved(text: string): boolean {
  return text.includes(OPEN);
}

/** The text for people: expressions as `${…}`. */
export function readable(text: string): string {
  return text.replace(PART, (_, expression: string) => `\${${decoded(expression)}}`);
}

/** A string that stands for an expression, wherever it stands: in an ARN, whose parts are divided, or in a policy that is JSON in a string. */
export function opaqueText(expression: string): string {
  return unresolved(readable(expression).replace(/[%:/"\\]/g, character => `%${character.charCodeAt(0).toString(16)}`));
}

function decoded(expression: string): string {
  return expression.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** The text in pieces: what is known as a string, what is not as `undefined`. */
export function knownParts(text: string): Array<string | undefined> {
  return text.split(PART).map((part, index) => index % 2 === 0 ? part : undefined);
}
