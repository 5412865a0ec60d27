import { unicodeEscape } from '../identity/unicode-escape';

/** What stands in a program as it is, and not as a text. */
export class Code {
  constructor(public readonly text: string) {}
}

/** A value in a program: plain data, in which some places are code. */
export type Printable = Code | string | number | boolean | null | readonly Printable[] | { readonly [key: string]: Printable | undefined };

const MAX_WIDTH = 120;
const NAME = /^[A-Za-z_$][\w$]*$/;

/** What ends a line, turns text around, or cannot be seen: never in a program as it is. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

/**
 * A value as an expression, in one line where it fits.
 *
 * @param before how much stands before it in its first line
 * @param indent how far its other lines are indented
 */
export function expression(value: Printable, before = 0, indent = 0): string {
  const short = inOneLine(value);
  if (before + short.length <= MAX_WIDTH || typeof value !== 'object' || value === null || value instanceof Code) {
    return short;
  }
  const inner = indent + 2;
  const margin = ' '.repeat(inner);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const lines = Array.isArray(value)
    ? (value as Printable[]).map(item => margin + expression(item, inner, inner))
    : entriesOf(value as Record<string, Printable>).map(([key, item]) => `${margin}${keyText(key)}: ${expression(item, inner + keyText(key).length + 2, inner)}`);
  return [open, ...lines.map(line => `${line},`), ' '.repeat(indent) + close].join('\n');
}

/** A text in single quotes, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(INVISIBLE, unicodeEscape)}'`;
}

/** Comment lines, of which none ends early. */
export function comment(lines: readonly string[]): string {
  return lines.map(line => `// ${line.replace(INVISIBLE, ' ')}`.trimEnd()).join('\n');
}

function inOneLine(value: Printable): string {
  if (value instanceof Code) {
    return value.text;
  }
  if (typeof value === 'string') {
    return quoted(value);
  }
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  if (Array.isArray(value)) {
    return `[${(value as Printable[]).map(inOneLine).join(', ')}]`;
  }
  const entries = entriesOf(value as Record<string, Printable>);
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, item]) => `${keyText(key)}: ${inOneLine(item)}`).join(', ')} }`;
}

function entriesOf(value: Readonly<Record<string, Printable | undefined>>): Array<[string, Printable]> {
  return Object.entries(value).filter((entry): entry is [string, Printable] => entry[1] !== undefined);
}

/** `__proto__` would set the prototype. */
function keyText(key: string): string {
  return key === '__proto__' ? "['__proto__']" : NAME.test(key) ? key : quoted(key);
}
