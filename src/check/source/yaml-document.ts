import { Composer, type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, Parser } from 'yaml';
import { INTRINSIC_TAGS } from './intrinsic-tags';
import { depthProblem, MAX_DEPTH, type ParsedDocument, type Position, TOO_DEEP, UnreadableError } from './parsed-document';
import { shallowTokens } from '../../k8s/yaml/nesting';

/** How often an anchor may be repeated, in all: what needs more is made to break readers. */
const MAX_ALIASES = 100;

/**
 * Reads all documents of a YAML file that are not empty. CloudFormation's short forms (`!Ref`, `!Sub`, …) become the long ones.
 *
 * Nodes take much memory, and to keep those of thousands of documents takes longer than to read the few again that somebody asks a place of.
 */
export function parseYamlDocuments(text: string, file: string): ParsedDocument[] {
  const lines = new LineCounter();
  const found: ParsedDocument[] = [];
  let start = 0;
  let index = 0;
  for (const document of documentsIn(text, file, lines)) {
    const value = valueOf(document, file, lines);
    if (value !== null && value !== undefined) {
      found.push({ source: { file, document: index }, value, positionOf: positionsIn(text, file, lines, [start, document.range[2]]) });
    }
    start = document.range[2];
    index++;
  }
  return found;
}

/** One after the other: each can be forgotten when the next one comes. */
function* documentsIn(text: string, file: string, lines: LineCounter): Generator<Document.Parsed> {
  const composer = new Composer({
    customTags: INTRINSIC_TAGS,
    logLevel: 'silent',
    merge: true,
    prettyErrors: false,
    stringKeys: true,
    // a search through all keys for each of them: a file of many keys would take minutes
    uniqueKeys: false,
  });
  const tooDeep = (offset: number): Error => new UnreadableError(file, positionOf(offset, lines), TOO_DEEP);
  for (const document of composer.compose(shallowTokens(text, new Parser(lines.addNewLine), MAX_DEPTH, tooDeep), false, text.length)) {
    const [error] = document.errors;
    if (error) {
      throw new UnreadableError(file, positionOf(error.pos[0], lines), `is not YAML: ${error.message.replace(/\s+/g, ' ')}`);
    }
    yield document as Document.Parsed;
  }
}

/** Finds places in a part of the text that is one document, which is read again when the first is asked for. */
function positionsIn(text: string, file: string, lines: LineCounter, [start, end]: readonly [number, number]): ParsedDocument['positionOf'] {
  let document: Document.Parsed | undefined;
  return path => {
    document ??= documentsIn(text.slice(start, end), file, new LineCounter()).next().value as Document.Parsed;
    return positionOf(start + offsetOf(document, path), lines);
  };
}

function valueOf(document: Document.Parsed, file: string, lines: LineCounter): unknown {
  const start = positionOf(document.contents?.range?.[0] ?? 0, lines);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const problem = error instanceof RangeError ? TOO_DEEP
      : /alias count/i.test((error as Error).message) ? `repeats its anchors more than ${MAX_ALIASES} times; write out what they stand for`
        : (error as Error).message;
    throw new UnreadableError(file, start, problem);
  }
  const problem = depthProblem(value);
  if (problem) {
    throw new UnreadableError(file, start, problem);
  }
  return value;
}

function positionOf(offset: number, lines: LineCounter): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function offsetOf(document: Document.Parsed, path: ReadonlyArray<string | number>): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const part of path) {
    const container: Node | undefined | null = isAlias(node) ? node.resolve(document) : node;
    const [start, next] = step(container, part);
    if (start === undefined) {
      return offset;
    }
    offset = start;
    node = next;
  }
  return offset;
}

/** Where a part of a collection starts, and what it is. */
function step(container: Node | undefined | null, part: string | number): [number | undefined, Node | null] {
  if (isMap(container)) {
    const pair = container.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(part));
    const key = pair?.key;
    const value = isNode(pair?.value) ? pair.value : null;
    // a key that was put in for a short form has no place of its own
    return [(isNode(key) ? key.range?.[0] : undefined) ?? value?.range?.[0], value];
  }
  const item = isSeq(container) ? container.items[Number(part)] : undefined;
  return isNode(item) ? [item.range?.[0], item] : [undefined, null];
}
