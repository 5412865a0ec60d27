/** A part of a stream: one document, with the marks and comments around it. */
export interface DocumentText {
  readonly text: string;
  /** Number of its first line in the stream. */
  readonly line: number;
}

/** A line that ends a document: `---` begins the next one, `...` does not. */
const MARK = /(?<![^\n])(---|\.\.\.)(?=[ \t\r\n]|$)/g;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Splits a stream into its documents, as kubectl does: at lines with `---`, and where JSON objects follow one another. The parts make up the
 * stream to the letter.
 */
export function splitDocuments(stream: string): DocumentText[] {
  const mark = stream.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const parts = cut(stream.slice(mark.length)).flatMap(text => jsonObjects(text) ?? [text]);
  let line = 1;
  return (mark === '' ? parts : [mark, ...parts]).map(text => {
    const part = { text, line };
    line += lineBreaks(text);
    return part;
  });
}

function cut(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const { 0: found, index } of text.matchAll(MARK)) {
    const end = found === '---' ? index : endOfLine(text, index);
    // directives come before the mark of their document
    if (end > start && !(found === '---' && DIRECTIVES.test(text.slice(start, end)))) {
      parts.push(text.slice(start, end));
      start = end;
    }
  }
  return start < text.length || parts.length === 0 ? [...parts, text.slice(start)] : parts;
}

/** Lines of directives, comments and nothing else. */
const DIRECTIVES = /^(?:[ \t]*(?:#[^\n]*|\r?)\n)*%[^\n]*\n(?:(?:[ \t]*(?:#[^\n]*|\r?)|%[^\n]*)\n)*$/;

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

/** Objects without a mark between them, as jq prints them; `undefined` for anything else. */
function jsonObjects(text: string): string[] | undefined {
  if (!/^\s*\{/.test(text) || isJson(text)) {
    return undefined;
  }
  const ends = objectEnds(text);
  const parts = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, index === ends.length - 1 ? text.length : end));
  return parts.length > 1 && parts.every(isJson) ? parts : undefined;
}

/** Where the outermost braces are closed, but for those in strings. */
function objectEnds(text: string): number[] {
  const ends: number[] = [];
  let depth = 0;
  let quoted = false;
  // piece by piece, for a pattern that spans a string takes stack for each of its characters
  for (const { 0: token, index } of text.matchAll(/\\[^]|["{}]/g)) {
    if (token === '"') {
      quoted = !quoted;
    } else if (!quoted) {
      depth += token === '{' ? 1 : token === '}' ? -1 : 0;
      if (token === '}' && depth === 0) {
        ends.push(index + 1);
      }
    }
  }
  return ends;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    count++;
  }
  return count;
}
