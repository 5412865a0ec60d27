import { Composer, type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, Parser } from 'yaml';
import { INTRINSIC_TAGS } from './intrinsic-tags';
import { depthProblem, MAX_DEPTH, type ParsedDocument, type Position, TOO_DEEP, UnreadableError } from './parsed-document';
import { shallowTokens } from '../../k8s/yaml/nesting';

/** How many values anchors may repeat, in all: what needs more is made to break readers. */
const MAX_REPEATED = 100_000;

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
      const problems = duplicateKeys(document).map(({ key, offset }) => {
        const { line, column } = positionOf(offset, lines);
        return `${file}:${line}:${column}: has the key '${key}' twice in one mapping; for some the last one counts, for others it is an error`;
      });
      const source = { file, document: index };
      const more = problems.length > 0 ? { problems } : {};
      found.push({ source, value, ...more, positionOf: positionsIn(text, file, lines, [start, document.range[2]]) });
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
      throw new UnreadableError(file, positionOf(error.pos[0], lines), /\{\{[^}]*\}\}/.test(text) ? 'looks like a Helm template; render it first, with helm template'
        : `is not YAML: ${error.message.replace(/\s+/g, ' ')}`);
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
    value = document.toJS({ maxAliasCount: -1 });
  } catch (error) {
    throw new UnreadableError(file, start, error instanceof RangeError ? TOO_DEEP : (error as Error).message);
  }
  const problem = repeatedValues(value) > MAX_REPEATED ? `repeats more than ${MAX_REPEATED} values by its anchors; write out what they stand for` : depthProblem(value);
  if (problem) {
    throw new UnreadableError(file, start, problem);
  }
  return value;
}

/** How many values there are more than are written: what stands behind several aliases is one object here. `Infinity` for one that contains itself. */
function repeatedValues(root: unknown): number {
  const sizes = new Map<object, number>();
  const sizeOf = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null) {
      return 1;
    }
    const known = sizes.get(value);
    if (known !== undefined || depth > MAX_DEPTH) {
      return known ?? 0;
    }
    // what contains itself, or lies too deep, is found elsewhere
    sizes.set(value, 0);
    const size = Object.values(value).reduce<number>((sum, each) => sum + sizeOf(each, depth + 1), 1);
    sizes.set(value, size);
    return size;
  };
  const all = sizeOf(root, 0);
  return all - [...sizes.keys()].reduce((sum, each) => sum + 1 + Object.values(each).filter(value => typeof value !== 'object' || value === null).length, 0);
}

/** Keys that stand twice in one mapping. The library looks for them too, but in a time that grows with the square of their number. */
function duplicateKeys({ contents }: Document.Parsed): Array<{ readonly key: string; readonly offset: number }> {
  const found: Array<{ key: string; offset: number }> = [];
  const stack: unknown[] = [contents];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isMap(node)) {
      const keys = new Set<string>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : undefined;
        if (name !== undefined && name !== '<<' && keys.has(name)) {
          found.push({ key: name, offset: (key as Node).range?.[0] ?? 0 });
        }
        keys.add(name ?? '');
        stack.push(value);
      }
    } else if (isSeq(node)) {
      node.items.forEach(item => stack.push(item));
    }
  }
  return found;
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
