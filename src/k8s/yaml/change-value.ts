import { isDeepStrictEqual } from 'node:util';
import { isCollection, isMap, isNode, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { CannotChange, WRITE_PLAINLY } from './cannot-change';
import { flowText, indented, listLines, mapLines, scalarText } from './print-value';
import { removalsOf } from './remove-entries';
import type { TextEdit } from './text-edit';
import { columnOf, endOfLine, lastLeaf, lastOfItem, pairsOf } from './yaml-nodes';
import type { YamlSource } from './yaml-source';

/** A document where nothing is known yet about how lists are indented below their keys. */
const LIST_INDENT = 0;

/**
 * The edits that make a document say something else: what is added to maps, and to the front or the end of lists; keys that are removed, and
 * texts that are replaced. Everything else keeps its text, comments and all.
 */
export function changesTo({ text, root, value }: YamlSource, after: unknown): { edits: readonly TextEdit[]; onlyLines: boolean } {
  const changes = new Changes(text);
  changes.change(root, value, after, LIST_INDENT);
  return changes;
}

class Changes {
  /** In the order in which they have to come where they meet: what is further inside first. */
  public readonly edits: TextEdit[] = [];
  /** Whether lines were added, and nothing else was done. */
  public onlyLines = true;
  private readonly lineBreak: string;

  public constructor(private readonly text: string) {
    this.lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  }

  public change(node: unknown, before: unknown, after: unknown, listIndent: number): void {
    if (before === after) {
      return;
    }
    if (isMap(node) && isRecord(before) && isRecord(after)) {
      this.changeMap(node, before, after, listIndentIn(node) ?? listIndent);
    } else if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) {
      this.changeList(node, before, after, listIndent);
    } else if (isText(before) && isText(after) && isScalar(node)) {
      this.replaceText(node, after);
    } else if (!isDeepStrictEqual(before, after)) {
      throw new CannotChange(`a value would have to be replaced; ${WRITE_PLAINLY}`);
    }
  }

  private changeMap(map: YAMLMap, before: Record<string, unknown>, after: Record<string, unknown>, listIndent: number): void {
    const removed = Object.keys(before).filter(key => !Object.hasOwn(after, key));
    if (removed.length > 0) {
      this.editInPlace(...removalsOf(this.text, map, removed));
    }
    const added: Array<[string, unknown]> = [];
    for (const [key, value] of Object.entries(after).filter(entry => !Object.hasOwn(before, entry[0]) || before[entry[0]] !== entry[1])) {
      const pair = pairsOf(map, key).at(-1);
      if (!pair) {
        // not there, or merged in from elsewhere: an own key wins
        added.push([key, value]);
      } else if (isEmpty(before[key]) && isFilled(value)) {
        this.fill(map, pair, value, listIndent);
      } else {
        this.change(pair.value, before[key], value, listIndent);
      }
    }
    if (added.length > 0 && map.flow) {
      this.append(map, added.map(([key, value]) => `${flowText(key)}: ${flowText(value)}`));
    } else if (added.length > 0) {
      this.insertLines(lastLeaf(map), columnOf(map), mapLines(added, listIndent));
    }
  }

  /** Puts a value where there is none: `env:`, `env: null` and `env: []` are all the same. */
  private fill(map: YAMLMap, { value: node }: Pair, value: object, listIndent: number): void {
    if (!isNode(node) || !node.range || !(isScalar(node) || isCollection(node)) || node.anchor !== undefined || node.tag !== undefined) {
      throw new CannotChange(`an empty value with an anchor or a tag would have to be replaced; ${WRITE_PLAINLY}`);
    }
    const [from, to] = node.range;
    const comments = this.text.slice(from, to).includes('\n');
    if (isSeq(node) && comments) {
      this.change(node, [], value, listIndent);
    } else if (map.flow || comments) {
      this.editInPlace({ from, to, text: `${from === to ? ' ' : ''}${flowText(value)}` });
    } else {
      const lines = Array.isArray(value)
        ? indented(listLines(value, listIndent), listIndent)
        : indented(mapLines(Object.entries(value), listIndent), 2);
      if (to > from) {
        this.edits.push({ from: this.beforeBlanks(from), to, text: '' });
      }
      this.insertLines(node, columnOf(map), lines);
    }
  }

  private changeList(list: YAMLSeq, before: readonly unknown[], after: readonly unknown[], listIndent: number): void {
    const more = after.length - before.length;
    if (more === 0) {
      list.items.forEach((item, index) => this.change(item, before[index], after[index], listIndent));
    } else if (more > 0 && isDeepStrictEqual(after.slice(0, before.length), before)) {
      const items = after.slice(before.length);
      if (list.flow) {
        this.append(list, items.map(flowText));
      } else {
        this.insertLines(lastLeaf(list), columnOf(list), listLines(items, listIndent));
      }
    } else if (more > 0 && isDeepStrictEqual(after.slice(more), before)) {
      this.prepend(list, after.slice(0, more), listIndent);
    } else {
      throw new CannotChange(`items of a list would have to be replaced; ${WRITE_PLAINLY}`);
    }
  }

  private prepend(list: YAMLSeq, items: readonly unknown[], listIndent: number): void {
    const [start] = list.range!;
    if (list.flow) {
      const { position, separator } = this.firstItem(start);
      this.editInPlace({ from: position, to: position, text: items.map(item => `${flowText(item)},${separator}`).join('') });
      return;
    }
    const lines = listLines(items, listIndent);
    const at = this.aboveComments(start);
    if (at === undefined) {
      const margin = `${this.lineBreak}${' '.repeat(columnOf(list))}`;
      this.edits.push({ from: start, to: start, text: lines.map(line => `${line}${margin}`).join('') });
    } else {
      this.edits.push({ from: at, to: at, text: indented(lines, columnOf(list)).map(line => `${line}${this.lineBreak}`).join('') });
    }
  }

  /** Where the line begins that a place is on, or the first of the comments above; `undefined` where the line has something else before it. */
  private aboveComments(place: number): number | undefined {
    let start = this.beforeBlanks(place);
    if (start > 0 && this.text[start - 1] !== '\n') {
      return undefined;
    }
    for (let line = start; line > 0; line = this.text.lastIndexOf('\n', line - 2) + 1) {
      const above = this.text.slice(this.text.lastIndexOf('\n', line - 2) + 1, line);
      if (!above.trimStart().startsWith('#')) {
        break;
      }
      start -= above.length;
    }
    return start;
  }

  private beforeBlanks(place: number): number {
    let start = place;
    while (start > 0 && (this.text[start - 1] === ' ' || this.text[start - 1] === '\t')) {
      start--;
    }
    return start;
  }

  /** Adds what is printed already to what stands in brackets. */
  private append(collection: YAMLMap | YAMLSeq, printed: readonly string[]): void {
    const [start, end] = collection.range!;
    const last = collection.items.at(-1);
    const { position, separator } = this.firstItem(start);
    if (last === undefined) {
      this.editInPlace({ from: start + 1, to: start + 1, text: printed.join(', ') });
      return;
    }
    const behind = lastOfItem(last).range![1];
    const comma = /^\s*,/.exec(this.text.slice(behind, end - 1))?.[0] ?? '';
    const at = Math.max(behind + comma.length, position);
    const added = printed.map((item, index) => `${comma !== '' && index === 0 ? '' : ','}${separator}${item}`);
    this.editInPlace({ from: at, to: at, text: added.join('') });
  }

  private editInPlace(...edits: TextEdit[]): void {
    this.onlyLines = false;
    this.edits.push(...edits);
  }

  private replaceText({ range, anchor, tag, type }: Scalar, text: string): void {
    if (!range || anchor !== undefined || tag !== undefined || type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') {
      throw new CannotChange(`a text in a block, or with an anchor or a tag, would have to be replaced; ${WRITE_PLAINLY}`);
    }
    const [from, to] = range;
    // JSON has everything in quotes
    this.editInPlace({ from, to, text: type === 'PLAIN' ? scalarText(text) : flowText(text) });
  }

  /** Where the first item in brackets is, and what stands between items: a line break, when the first has one before it. */
  private firstItem(start: number): { position: number; separator: string } {
    const blanks = /^\s*/.exec(this.text.slice(start + 1))![0];
    const margin = blanks.slice(blanks.lastIndexOf('\n') + 1);
    return { position: start + 1 + blanks.length, separator: blanks.includes('\n') ? `${this.lineBreak}${margin}` : ' ' };
  }

  /** Inserts lines below the one that a value ends on, below its comment, and below comments that are further to the right. */
  private insertLines(node: Node, column: number, lines: readonly string[]): void {
    const end = node.range![1];
    const text = indented(lines, column);
    // block scalars end with their last line break
    if (this.text[end - 1] === '\n') {
      this.edits.push({ from: end, to: end, text: text.map(line => `${line}${this.lineBreak}`).join('') });
      return;
    }
    if (end === this.text.length && isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')) {
      throw new CannotChange('it ends in the middle of a block of text, where a line break would become part of that; put one at its end');
    }
    const at = this.belowComments(endOfLine(this.text, end), column);
    this.edits.push({ from: at, to: at, text: text.map(line => `${this.lineBreak}${line}`).join('') });
  }

  /** The end of the last line with nothing but a comment that is right of a column. */
  private belowComments(end: number, column: number): number {
    const comment = /\r?\n( *)#/y;
    let at = end;
    for (;;) {
      comment.lastIndex = at;
      const found = comment.exec(this.text);
      if (!found || found[1].length <= column) {
        return at;
      }
      at = endOfLine(this.text, comment.lastIndex);
    }
  }
}

/** By how much the lists in a map are indented; `undefined` where it has none. */
function listIndentIn(map: YAMLMap): number | undefined {
  const list = map.flow ? undefined : map.items.map(({ value }) => value).find((value): value is YAMLSeq => isSeq(value) && !value.flow);
  return list && columnOf(list) - columnOf(map);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'object' && Object.keys(value).length === 0;
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && !isEmpty(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
