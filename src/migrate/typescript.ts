/** Longer values are written in lines. */
const LINE = 120;

/** Text that JSON leaves as it is, and that ends a line in some editors, or changes the direction of what is read. */
const INVISIBLE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A value of JSON as TypeScript: in one line where there is room, quotes as this repository has them. */
export function literal(value: unknown, indent = ''): string {
  const inline = inlineLiteral(value);
  if (inline.length + indent.length <= LINE || typeof value !== 'object' || value === null) {
    return inline;
  }
  const deeper = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map(item => literal(item, deeper))
    : Object.entries(value).map(([key, item]) => `${propertyName(key)}: ${literal(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.map(line => `${deeper}${line},\n`).join('')}${indent}${close}`;
}

/** Text between single quotes, whatever is in it. */
export function textLiteral(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\(.)/g, (escape, character: string) => character === '"' ? '"' : escape).replace(/'/g, "\\'");
  return `'${escaped.replace(INVISIBLE, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}

/** A comment of one line: whatever would end it, or is not seen, is a blank. */
export function comment(text: string): string {
  return `// ${text.replace(INVISIBLE, ' ').replace(/[\x00-\x1f]+/g, ' ')}`;
}

/** The name of a property, in quotes where it has to be. */
export function propertyName(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : key === '__proto__' ? "['__proto__']" : textLiteral(key);
}

/** Names for things of one scope, each of them once. */
export class Names {
  private readonly taken: Set<string>;

  /** @param reserved what they must not be */
  public constructor(...reserved: readonly string[]) {
    this.taken = new Set(reserved);
  }

  /** `['apps', 'web-1']` becomes `AppsWeb1`, or with a number behind it if there is one already. */
  public pascal(...parts: readonly string[]): string {
    return this.unique(pascal(parts));
  }

  /** `['apps', 'web-1']` becomes `appsWeb1`. */
  public camel(...parts: readonly string[]): string {
    const name = pascal(parts);
    const letters = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    return this.unique(/^[a-z]/.test(letters) ? letters : `_${letters}`);
  }

  private unique(name: string): string {
    let found = name;
    for (let number = 2; this.taken.has(found.toLowerCase()); number++) {
      found = `${name}${number}`;
    }
    this.taken.add(found.toLowerCase());
    return found;
  }
}

function pascal(parts: readonly string[]): string {
  return parts.flatMap(part => part.split(/[^A-Za-z0-9]+/)).filter(Boolean).map(word => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}

function inlineLiteral(value: unknown): string {
  if (typeof value === 'string') {
    return textLiteral(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(inlineLiteral).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${propertyName(key)}: ${inlineLiteral(item)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return String(value);
}
