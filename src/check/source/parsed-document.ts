import type { Source } from '../place';

/** A line and a column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A document as plain data, with a way back to where its parts stand. */
export interface ParsedDocument {
  readonly source: Source;
  readonly value: unknown;
  /** What may be read in another way than here, with its place. @default - nothing */
  readonly problems?: readonly string[];
  /** Where the part stands: its key, or its place in a list. The nearest part around it where it has no text of its own. */
  positionOf(path: ReadonlyArray<string | number>): Position;
}

/** A file that cannot be read as what it should be, with the place. */
export class UnreadableError extends Error {
  public constructor(file: string, { line, column }: Position, problem: string) {
    super(`${file}:${line}:${column}: ${problem}`);
  }
}

/** Deeper than any template or manifest; what goes deeper is made to break readers. */
export const MAX_DEPTH = 200;

/** A problem for people when a value is nested too deeply, or contains itself. */
export function depthProblem(value: unknown): string | undefined {
  const stack: Array<readonly [unknown, number]> = [[value, 0]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [current, depth] = next;
    if (depth > MAX_DEPTH) {
      return TOO_DEEP;
    }
    if (typeof current === 'object' && current !== null) {
      for (const each of Object.values(current)) {
        stack.push([each, depth + 1]);
      }
    }
  }
  return undefined;
}

/** What is said of a document that is nested too deeply. */
export const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep, or contains itself`;

/** Where brackets first go deeper than is read. */
export function deepestPosition(text: string): Position {
  let depth = 0;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    depth += character === '[' || character === '{' ? 1 : character === ']' || character === '}' ? -1 : 0;
    if (depth > MAX_DEPTH) {
      return positionAt(text, offset);
    }
  }
  return { line: 1, column: 1 };
}

/** The line and column of an offset. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}
