import { Composer, type Document, isAlias, type ParsedNode, Parser, visit } from 'yaml';
import { GO_YAML } from './go-yaml-schema';
import { shallowTokens } from './nesting';

/** How often one anchor may be used, in depth: what is above that is there to exhaust whoever reads it. */
export const MAX_ALIASES = 10_000;

/** What is wrong with a YAML document, and where. */
export class YamlError extends Error {
  public constructor(message: string, public readonly offset: number) {
    super(message);
  }
}

/** A YAML document: its text, and what that says. */
export class YamlSource {
  /**
   * Reads a document as kubectl does: of a key that is there twice, the last one counts. What is JSON is read as JSON, which takes a fraction
   * of the time.
   */
  public static read(text: string): YamlSource {
    if (/^\s*\{/.test(text)) {
      try {
        return new YamlSource(text, JSON.parse(text));
      } catch {
        // braces are YAML, too
      }
    }
    const document = parse(text);
    if (text.includes('&')) {
      assertFewAliases(document);
    }
    return new YamlSource(text, valueOf(document), document);
  }

  private constructor(
    public readonly text: string,
    /** What kubectl reads. */
    public readonly value: unknown,
    private parsed?: Document.Parsed,
  ) {}

  /** Nodes, which know where they are in the text. They take much memory. */
  public get document(): Document.Parsed {
    this.parsed ??= parse(this.text);
    return this.parsed;
  }

  public get root(): ParsedNode | null {
    return this.document.contents;
  }

  /** Forgets the nodes: they can be had again. */
  public forgetNodes(): void {
    this.parsed = undefined;
  }
}

export const readYaml = (text: string): YamlSource => YamlSource.read(text);

/** Levels of maps and lists. Beyond some three times as many the stack is at its end, in a way that ends the process. */
export const MAX_DEPTH = 300;

const OPTIONS = { schema: GO_YAML, uniqueKeys: false, keepSourceTokens: true, logLevel: 'error' } as const;

function parse(text: string): Document.Parsed {
  const tokens = [...shallowTokens(text, new Parser(), MAX_DEPTH, offset => new YamlError(`nested more than ${MAX_DEPTH} levels deep`, offset))];
  const [document, ...more] = new Composer(OPTIONS).compose(tokens, true, text.length);
  const [error] = document.errors;
  if (error) {
    throw new YamlError(error.message, error.pos[0]);
  }
  if (more.length > 0) {
    throw new YamlError("another document begins without a line '---' before it", more[0].range[0]);
  }
  return document;
}

function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    throw new YamlError((error as Error).message, firstAlias(document));
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
