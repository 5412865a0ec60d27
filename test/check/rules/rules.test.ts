import { RULES } from '../../../src/check/rules';
import { parseFile } from '../../../src/check/source/parse-file';
import { checkText, rulesIn } from '../inputs';

test('ids are words with hyphens, and no two are the same', () => {
  expect(RULES.map(({ id }) => id).filter(id => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

describe.each(RULES.map(rule => [rule.id, rule] as const))('%s', (id, rule) => {
  test('finds something in its bad example, and nothing else does', () => {
    expect(rulesIn(rule.bad)).toEqual([id]);
  });

  test('has nothing to say of its good example, nor has any other rule', () => {
    expect(checkText(rule.good).findings).toEqual([]);
  });

  test('says what, how to put it right, and where', () => {
    const documents = parseFile(Buffer.from(rule.bad), 'example.yaml');
    const { findings } = checkText(rule.bad);

    for (const { message, fix, places } of findings) {
      expect(message).toMatch(/^[^A-Z].*[^.]$|^(?:ServiceAccount|Pod) .*[^.]$/);
      expect(fix).toMatch(/^[a-z].*[^.]$/);
      expect(`${message} ${fix}`).not.toMatch(/[\uE000\uE001]|undefined|\[object/);
      places.forEach(({ source, path }) => {
        const parsed = documents[source.document];
        const start = parsed.positionOf([]);
        // a place within a document, and not its start for want of a better one
        expect(path.length === 0 || parsed.positionOf(path).line > start.line).toBe(true);
      });
    }
  });
});
