import { unicodeEscape } from '../../identity/unicode-escape';

/** Strings that every parser reads as strings, without quotes. */
const PLAIN = /^[A-Za-z/](?:[\w./:@+=,-]*[\w./@+=,-])?$/;

/** What one or the other version of YAML takes for something else. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** Line breaks to go-yaml, or nothing that it takes; JSON leaves them as they are. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u007f-\u009f\u00ad\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A value in one line, in brackets and quotes: JSON, which is YAML in any place. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(flowText).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, item]) => `${quoted(key)}: ${flowText(item)}`).join(', ')}}`;
  }
  return typeof value === 'string' ? quoted(value) : other(value);
}

/**
 * Lines of a map with these entries.
 *
 * @param listIndent columns by which lists are indented below their keys
 */
export function mapLines(entries: ReadonlyArray<[string, unknown]>, listIndent: number): string[] {
  return entries.flatMap(([key, value]) => {
    const name = scalarText(key);
    if (Array.isArray(value) && value.length > 0) {
      return [`${name}:`, ...indented(listLines(value, listIndent), listIndent)];
    }
    return isFilledMap(value) ? [`${name}:`, ...indented(mapLines(Object.entries(value), listIndent), 2)] : [`${name}: ${scalarText(value)}`];
  });
}

/** Lines of a list with these items. */
export function listLines(items: readonly unknown[], listIndent: number): string[] {
  return items.flatMap(item => {
    const lines = isFilledMap(item) ? mapLines(Object.entries(item), listIndent) : [scalarText(item)];
    return lines.map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
  });
}

/** The same lines, further right. */
export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map(line => `${' '.repeat(columns)}${line}`);
}

function isFilledMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

/** In quotes unless it is a string without them to everybody. */
export function scalarText(value: unknown): string {
  return typeof value === 'string' && PLAIN.test(value) && !RESERVED.test(value) ? value : flowText(value);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(UNSAFE, unicodeEscape);
}

function other(value: unknown): string {
  return typeof value !== 'number' || Number.isFinite(value) ? String(value) : Number.isNaN(value) ? '.nan' : value < 0 ? '-.inf' : '.inf';
}
