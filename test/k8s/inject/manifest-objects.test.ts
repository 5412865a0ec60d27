import { objectsIn, offsetOf, withObjects } from '../../../src/k8s/inject/manifest-objects';
import { readYaml } from '../../../src/k8s/yaml/yaml-source';

const TEXT = 'kind: List\nitems:\n- kind: A\n- kind: BList\n  apiVersion: b/v1\n  items: [{name: x}, {kind: C}]\n- text\n-\n';

describe('the objects of a document', () => {
  test('are those in lists, with the kind of their list if they have none', () => {
    expect(objectsIn(readYaml(TEXT).value)).toEqual([
      { value: { kind: 'A' }, path: ['items', 0] },
      { value: { name: 'x', kind: 'B', apiVersion: 'b/v1' }, path: ['items', 1, 'items', 0] },
      { value: { kind: 'C' }, path: ['items', 1, 'items', 1] },
    ]);
  });

  test.each([null, 'a', 5, [], [{ kind: 'A' }]])('are none in %p', value => {
    expect(objectsIn(value)).toEqual([]);
  });

  test('are lists themselves where those have no items', () => {
    expect(objectsIn({ kind: 'List', items: {} })).toEqual([{ value: { kind: 'List', items: {} }, path: [] }]);
  });

  test('are not looked for without end', () => {
    const list: Record<string, unknown> = { kind: 'List' };
    list.items = [list];

    expect(objectsIn(list)).toHaveLength(1);
  });

  test('are replaced where they are, as they are written', () => {
    const { value } = readYaml(TEXT);
    const changed = withObjects(value, new Map([['["items",1,"items",0]', object => ({ ...object as object, new: 1 })]])) as { items: unknown[] };

    expect(changed.items).toEqual([{ kind: 'A' }, { kind: 'BList', apiVersion: 'b/v1', items: [{ name: 'x', new: 1 }, { kind: 'C' }] }, 'text', null]);
    expect(value).toEqual(readYaml(TEXT).value);
  });

  test('have a place in the text', () => {
    const source = readYaml(TEXT);

    expect(TEXT.slice(offsetOf(source, ['items', 1, 'items', 1]))).toMatch(/^\{kind: C\}/);
    expect(offsetOf(source, [])).toBe(0);
    expect(TEXT.slice(offsetOf(source, ['items', 9]))).toMatch(/^- kind: A/);
  });
});
