import { applyEdits } from '../../../src/k8s/yaml/text-edit';

describe('applyEdits', () => {
  test('inserts, replaces and removes, in whatever order', () => {
    expect(applyEdits('abcdef', [{ from: 6, to: 6, text: '!' }, { from: 2, to: 4, text: 'X' }, { from: 0, to: 1, text: '' }])).toBe('bXef!');
  });

  test('keeps the order of insertions at one place', () => {
    expect(applyEdits('ab', ['1', '2', '3'].map(text => ({ from: 1, to: 1, text })))).toBe('a123b');
  });

  test('leaves a text without edits as it is', () => {
    expect(applyEdits('ab', [])).toBe('ab');
  });
});
