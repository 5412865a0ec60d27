import { findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { deepestPosition, depthProblem, type ParsedDocument, positionAt, UnreadableError } from './parsed-document';

/** Reads JSON. Places are looked for only when somebody asks for one: most files have no findings. */
export function parseJsonDocument(text: string, file: string): ParsedDocument {
  const value = parseValue(text, file);
  const problem = depthProblem(value);
  if (problem) {
    throw new UnreadableError(file, deepestPosition(text), problem);
  }
  let root: Node | undefined;
  return {
    source: { file, document: 0 },
    value,
    positionOf: path => {
      root ??= parseTree(text);
      return positionAt(text, offsetOf(root, path));
    },
  };
}

function parseValue(text: string, file: string): unknown {
  try {
    // not the parser with places: it is slower, takes more than JSON, and lets a key __proto__ replace a prototype
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableError(file, positionAt(text, errorOffset(text)), `is not JSON: ${(error as Error).message.replace(/\s+/g, ' ')}`);
  }
}

function errorOffset(text: string): number {
  const errors: ParseError[] = [];
  try {
    parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // nested too deeply for this parser
    return 0;
  }
  return errors[0]?.offset ?? 0;
}

function offsetOf(root: Node | undefined, path: ReadonlyArray<string | number>): number {
  for (let length = path.length; root && length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) {
      return node.parent?.type === 'property' ? node.parent.offset : node.offset;
    }
  }
  return root?.offset ?? 0;
}
