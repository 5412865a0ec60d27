import { type Document, isAlias, type ParsedNode, parseDocument, visit } from 'yaml';
import { GO_YAML } from './go-yaml-schema';

/** How often one anchor may be used, in depth: what is above that is there to exhaust whoever reads it. */
export const MAX_ALIASES = 10_000;

/** A YAML document: its text, and what that says. */
export interface YamlSource {
  readonly text: string;
  /** Nodes know where they are in the text. */
  readonly document: Document.Parsed;
  readonly root: ParsedNode | null;
  /** What kubectl reads. */
  readonly value: unknown;
}

/** What is wrong with a YAML document, and where. */
export class YamlError extends Error {
  public constructor(message: string, public readonly offset: number) {
    super(message);
  }
}

/** Reads a document as kubectl does: of a key that is there twice, the last one counts. */
export function readYaml(text: string): YamlSource {
  const document = parseDocument(text, { schema: GO_YAML, uniqueKeys: false, keepSourceTokens: true, prettyErrors: false, logLevel: 'error' });
  const [error] = document.errors;
  if (error) {
    throw new YamlError(error.code === 'RESOURCE_EXHAUSTION' ? TOO_DEEP : error.message, error.pos[0]);
  }
  if (text.includes('&')) {
    assertFewAliases(document);
  }
  return { text, document, root: document.contents, value: valueOf(document) };
}

const TOO_DEEP = 'nested too deeply';

function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    throw error instanceof RangeError ? new YamlError(TOO_DEEP, 0) : new YamlError((error as Error).message, firstAlias(document));
  }
}

/** Looking them up takes time that grows with their square. */
function assertFewAliases(document: Document.Parsed): void {
  let count = 0;
  visit(document, {
    Alias(_key, alias) {
      count++;
      if (count > MAX_ALIASES) {
        throw new YamlError(`more than ${MAX_ALIASES} aliases; write out what they stand for`, alias.range?.[0] ?? 0);
      }
    },
  });
}

/** Whatever fails after parsing is about aliases. */
function firstAlias(document: Document.Parsed): number {
  let offset = 0;
  visit(document, {
    Alias(_key, alias) {
      offset = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** Whether any node stands for another one. */
export function hasAliases({ document }: YamlSource): boolean {
  let found = false;
  visit(document, {
    Node(_key, node) {
      found = isAlias(node);
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}
