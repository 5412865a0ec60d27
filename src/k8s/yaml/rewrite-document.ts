import { isDeepStrictEqual } from 'node:util';
import { visit } from 'yaml';
import { CannotChange, WRITE_PLAINLY } from './cannot-change';
import { changesTo } from './change-value';
import { flowText } from './print-value';
import { applyEdits, type TextEdit } from './text-edit';
import { hasAliases, MAX_ALIASES, readYaml, YamlError, type YamlSource } from './yaml-source';

/** What aliases may come to when they are written out: nobody has that in a manifest by honest means. */
const MAX_EXPANSION = 1_000_000;

/** What can make whole lines mean something else than where they stand: anchors, merges, tags, explicit keys, and blanks and line breaks that not all take for such. */
const UNUSUAL = /(?:^|[\s,[{:-])(?:[&!]\S|\?(?:\s|$))|<<|[\t\u0085\u2028\u2029]|\r(?!\n)/;

/**
 * The text of a document that says something else, with everything in its place that is not part of the change. Unless nothing but lines was added
 * to a document that has nothing but plain YAML, it is read back: what comes out says what was asked for, and nothing else, or this fails.
 */
export function rewriteDocument(source: YamlSource, after: unknown): string {
  try {
    return rewritten(source, after);
  } catch (error) {
    if (!(error instanceof CannotChange) || !hasAliases(source)) {
      throw error;
    }
    // what stands behind an anchor changes for all who use it; written out, it does not
    return rewritten(readYaml(withoutAliases(source)), after);
  }
}

function rewritten(source: YamlSource, after: unknown): string {
  const { edits, onlyLines } = changesTo(source, after);
  // two documents at a time would be in memory otherwise
  source.forgetNodes();
  const text = applyEdits(source.text, edits);
  if (!(onlyLines && !UNUSUAL.test(source.text)) && !isDeepStrictEqual(valueOf(text), after)) {
    throw new CannotChange(`the change would mean something else here; ${WRITE_PLAINLY}`);
  }
  return text;
}

function valueOf(text: string): unknown {
  try {
    return readYaml(text).value;
  } catch (error) {
    throw error instanceof YamlError ? new CannotChange(`the change would not be YAML here (${error.message}); ${WRITE_PLAINLY}`) : error;
  }
}

/** The same document, with every alias replaced by what it stands for. */
function withoutAliases({ text, document }: YamlSource): string {
  const edits: TextEdit[] = [];
  let size = 0;
  visit(document, {
    Alias(_key, alias) {
      const [from, to] = alias.range!;
      const expanded = flowText(alias.toJS(document, { maxAliasCount: MAX_ALIASES }));
      size += expanded.length;
      if (size > MAX_EXPANSION) {
        throw new YamlError('aliases stand for too much; write out what they stand for', from);
      }
      edits.push({ from, to, text: expanded });
    },
  });
  return applyEdits(text, edits);
}
