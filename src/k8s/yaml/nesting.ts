import { CST, Parser } from 'yaml';

/**
 * Tokens of a YAML text as they are read, when no map or list is nested too deeply. Before nodes are made of them: that goes from function to
 * function, and what is nested some thousand levels deep ends the process.
 *
 * @param tooDeep what is wrong, with the offset of the first token that is
 */
export function* shallowTokens(text: string, parser: Parser, maxDepth: number, tooDeep: (offset: number) => Error): Generator<CST.Token> {
  for (const token of parser.parse(text)) {
    const offset = token.type === 'document' && token.value ? deepOffset(token.value, maxDepth) : undefined;
    if (offset !== undefined) {
      throw tooDeep(offset);
    }
    yield token;
  }
}

/** In the order of the text; with a list of what is left to look at, since functions would end the process here. */
function deepOffset(root: CST.Token, maxDepth: number): number | undefined {
  const left: Array<readonly [CST.Token, number]> = [[root, 1]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [token, depth] = next;
    if (!CST.isCollection(token)) {
      continue;
    }
    if (depth > maxDepth) {
      return token.offset;
    }
    for (let index = token.items.length - 1; index >= 0; index--) {
      const { key, value } = token.items[index];
      if (CST.isCollection(value)) {
        left.push([value, depth + 1]);
      }
      if (CST.isCollection(key)) {
        left.push([key, depth + 1]);
      }
    }
  }
  return undefined;
}
