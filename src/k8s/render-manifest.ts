import { type Document, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, Parser, Scalar, visit } from 'yaml';
import { fillPlaceholders, placeholderNames, UNRENDERED_ANNOTATION, UNRENDERED_COMMENT } from './placeholder';
import { shallowTokens } from './yaml/nesting';
import { MAX_DEPTH } from './yaml/yaml-source';

/** Version of the YAML that kubectl reads: `on` and `0777` mean something else in later ones. */
const YAML_VERSION = '1.1';

/**
 * Fills the placeholders of a manifest in, and takes away the marks that it has some.
 *
 * Works on the YAML itself and not on its text, so that a value cannot change what it stands in. A manifest without
 * placeholders comes back as it is.
 */
export function renderManifest(manifest: string, values: ReadonlyMap<string, string>): string {
  if (placeholderNames(manifest).length === 0) {
    return manifest;
  }
  return documentsOf(manifest.replace(UNRENDERED_COMMENT, '')).map(document => {
    assertParsed(document);
    removeMark(document);
    fill(document, values);
    // on one line each: folded strings do not always come back as they were
    return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  }).join('');
}

function documentsOf(text: string): Document.Parsed[] {
  const lines = new LineCounter();
  const tooDeep = (offset: number): Error => {
    const { line, col } = lines.linePos(offset);
    return new Error(`nested more than ${MAX_DEPTH} levels deep at line ${line}, column ${col}`);
  };
  // all of them, before any of it is read
  Array.from(shallowTokens(text, new Parser(lines.addNewLine), MAX_DEPTH, tooDeep));
  return [...parseAllDocuments(text, { version: YAML_VERSION, intAsBigInt: true })];
}

function assertParsed(document: Document.Parsed): void {
  const [error] = document.errors;
  if (error) {
    throw new Error(error.message);
  }
}

function fill(document: Document.Parsed, values: ReadonlyMap<string, string>): void {
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && placeholderNames(node.value).length > 0) {
        fillScalar(node, values);
      }
      return undefined;
    },
    Collection(_key, node) {
      // a list placeholder is the only element of its list, and becomes all of them
      if (isSeq(node) && node.items.length === 1) {
        const [item] = node.items;
        const elements = isScalar(item) && typeof item.value === 'string' ? fillPlaceholders(item.value, values) : undefined;
        if (Array.isArray(elements)) {
          node.items = elements.map(element => quoted(element));
          return visit.SKIP;
        }
      }
      return undefined;
    },
  });
}

function removeMark(document: Document.Parsed): void {
  const annotations: unknown = document.getIn(['metadata', 'annotations']);
  if (isMap(annotations) && annotations.delete(UNRENDERED_ANNOTATION) && annotations.items.length === 0) {
    document.deleteIn(['metadata', 'annotations']);
  }
}

/** In place: a node that replaces another is visited again, and what a value has must not be filled in. */
function fillScalar(node: Scalar, values: ReadonlyMap<string, string>): void {
  node.value = fillPlaceholders(node.value as string, values);
  node.type = typeof node.value === 'string' ? Scalar.QUOTE_DOUBLE : Scalar.PLAIN;
  node.source = undefined;
}

/** In quotes, whatever it looks like: parsers disagree on what is a number or a truth value. */
function quoted(value: string): Scalar {
  const scalar = new Scalar(value);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
