import type { Node, Pair, YAMLMap } from 'yaml';
import { CannotChange, WRITE_PLAINLY } from './cannot-change';
import type { TextEdit } from './text-edit';
import { endOfLine, lastOfItem, pairsOf } from './yaml-nodes';

/** The edits that take keys out of a map. Lines with nothing but a comment stay. */
export function removalsOf(text: string, map: YAMLMap, keys: readonly string[]): TextEdit[] {
  const removed = keys.flatMap(key => {
    const pairs = pairsOf(map, key);
    if (pairs.length === 0) {
      throw new CannotChange(`the key '${key}', which is merged in from elsewhere, would have to be removed; ${WRITE_PLAINLY}`);
    }
    return pairs;
  });
  return map.flow ? inBrackets(map, new Set(removed)) : removed.map(pair => inLines(text, map, pair));
}

/** Up to the next item; at the end of the brackets, from the item before. */
function inBrackets({ items }: YAMLMap, removed: ReadonlySet<Pair>): TextEdit[] {
  const last = items.reduce((found, item, index) => removed.has(item) ? found : index, -1);
  const behind = items.slice(last + 1);
  const between = items.slice(0, Math.max(last, 0)).flatMap((item, index) => removed.has(item) ? [{ from: startOf(item), to: startOf(items[index + 1]), text: '' }] : []);
  return behind.length === 0 ? between : [...between, { from: last < 0 ? startOf(items[0]) : endOf(items[last]), to: endOf(items.at(-1)!), text: '' }];
}

function inLines(text: string, { items }: YAMLMap, pair: Pair): TextEdit {
  const start = startOf(pair);
  const line = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(line, start).trim() !== '') {
    return firstOfItem(text, items, pair);
  }
  const end = endOf(pair);
  const to = endOfLine(text, text[end - 1] === '\n' ? end - 1 : end);
  const comments = text.slice(line, to).split('\n').filter(each => each.trimStart().startsWith('#')).map(each => each.trimEnd());
  if (line === 0) {
    const next = text.startsWith('\r\n', to) ? to + 2 : to + 1;
    return { from: 0, to: Math.min(next, text.length), text: comments.map(each => `${each}\n`).join('') };
  }
  // with the line break before it: lines may be added behind it
  const lineBreak = text[line - 2] === '\r' ? '\r\n' : '\n';
  return { from: line - lineBreak.length, to, text: comments.map(each => `${lineBreak}${each}`).join('') };
}

/** Behind the dash of a list: the next key takes its place. */
function firstOfItem(text: string, items: readonly Pair[], pair: Pair): TextEdit {
  const next = items[items.indexOf(pair) + 1];
  if (next === undefined || text.slice(startOf(pair), startOf(next)).includes('#')) {
    throw new CannotChange(`what stands behind a dash would have to be removed; ${WRITE_PLAINLY}`);
  }
  return { from: startOf(pair), to: startOf(next), text: '' };
}

function startOf({ key }: Pair): number {
  return (key as Node).range![0];
}

function endOf(pair: Pair): number {
  return lastOfItem(pair).range![1];
}
