import { isDeepStrictEqual } from 'node:util';
import { isCollection, isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { flowText, indented, listLines, mapLines } from './print-value';
import type { TextEdit } from './text-edit';
import type { YamlSource } from './yaml-source';

/** A change that cannot be made in the text: below an alias, for one. */
export class CannotChange extends Error {}

/** The way out, mostly. */
export const WRITE_PLAINLY = 'write it without anchors, tags and keys that are there twice';

/** A document where nothing is known yet about how lists are indented below their keys. */
const LIST_INDENT = 0;

/**
 * The edits that make a document say something else: what is added to maps, and to the front or the end of lists. Everything else keeps its
 * text, comments and all.
 */
export function changesTo({ text, root, value }: YamlSource, after: unknown): { edits: readonly TextEdit[]; onlyLines: boolean } {
  const changes = new Changes(text);
  changes.change(root, value, after, LIST_INDENT);
  return changes;
}

class Changes {
  /** In the order in which they have to come where they meet: what is further inside first. */
  public readonly edits: TextEdit[] = [];
  /** Whether nothing in brackets was changed. */
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
    } else if (!isDeepStrictEqual(before, after)) {
      throw new CannotChange(`a value would have to be replaced; ${WRITE_PLAINLY}`);
    }
  }

  private changeMap(map: YAMLMap, before: Record<string, unknown>, after: Record<string, unknown>, listIndent: number): void {
    const added: Array<[string, unknown]> = [];
    for (const [key, value] of Object.entries(after).filter(entry => !Object.hasOwn(before, entry[0]) || before[entry[0]] !== entry[1])) {
      const pair = lastPair(map, key);
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
      this.changeInBrackets({ from, to, text: `${from === to ? ' ' : ''}${flowText(value)}` });
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
      this.changeInBrackets({ from: position, to: position, text: items.map(item => `${flowText(item)},${separator}`).join('') });
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
      this.changeInBrackets({ from: start + 1, to: start + 1, text: printed.join(', ') });
      return;
    }
    const behind = lastOfItem(last).range![1];
    const comma = /^\s*,/.exec(this.text.slice(behind, end - 1))?.[0] ?? '';
    const at = Math.max(behind + comma.length, position);
    const added = printed.map((item, index) => `${comma !== '' && index === 0 ? '' : ','}${separator}${item}`);
    this.changeInBrackets({ from: at, to: at, text: added.join('') });
  }

  private changeInBrackets(edit: TextEdit): void {
    this.onlyLines = false;
    this.edits.push(edit);
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
    const at = this.belowComments(this.endOfLine(end), column);
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
      at = this.endOfLine(comment.lastIndex);
    }
  }

  /** Before the line break. */
  private endOfLine(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end < 0 ? this.text.length : this.text[end - 1] === '\r' ? end - 1 : end;
  }
}

/** Of keys that are there twice, kubectl takes the last. */
function lastPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.filter(pair => isScalar(pair.key) && typeof pair.key.value !== 'symbol' && String(pair.key.value) === key).at(-1);
}

/** By how much the lists in a map are indented; `undefined` where it has none. */
function listIndentIn(map: YAMLMap): number | undefined {
  const list = map.flow ? undefined : map.items.map(({ value }) => value).find((value): value is YAMLSeq => isSeq(value) && !value.flow);
  return list && columnOf(list) - columnOf(map);
}

/** The column of keys, or dashes, of what is not in brackets. */
function columnOf({ srcToken }: YAMLMap | YAMLSeq): number {
  return srcToken && 'indent' in srcToken ? srcToken.indent : 0;
}

/** What a value ends with in the text. */
function lastLeaf(node: Node): Node {
  return isCollection(node) && !node.flow ? lastOfItem(node.items.at(-1)) : node;
}

function lastOfItem(item: unknown): Node {
  const { key, value } = isPair(item) ? item : { key: item, value: undefined };
  return lastLeaf((isNode(value) ? value : key) as Node);
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
