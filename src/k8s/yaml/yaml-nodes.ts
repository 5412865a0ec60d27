import { isCollection, isNode, isPair, isScalar, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** The pairs of a map with a key of its own; of several, kubectl takes the last. */
export function pairsOf(map: YAMLMap, key: string): Pair[] {
  return map.items.filter(pair => isScalar(pair.key) && typeof pair.key.value !== 'symbol' && String(pair.key.value) === key);
}

/** The column of keys, or dashes, of what is not in brackets. */
export function columnOf({ srcToken }: YAMLMap | YAMLSeq): number {
  return srcToken && 'indent' in srcToken ? srcToken.indent : 0;
}

/** What a value ends with in the text. */
export function lastLeaf(node: Node): Node {
  return isCollection(node) && !node.flow ? lastOfItem(node.items.at(-1)) : node;
}

/** The same for a pair of a map, or an item of a list. */
export function lastOfItem(item: unknown): Node {
  const { key, value } = isPair(item) ? item : { key: item, value: undefined };
  return lastLeaf((isNode(value) ? value : key) as Node);
}

/** Where the line ends that a place is on, before the line break. */
export function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end;
}
