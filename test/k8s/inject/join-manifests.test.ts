import { joinManifests } from '../../../src/k8s/inject/join-manifests';

describe('joinManifests', () => {
  test.each<[string, string[][], string]>([
    ['leaves one file as it is', [['\uFEFF', 'a: 1']], '\uFEFFa: 1'],
    ['puts a mark between files', [['a: 1\n'], ['b: 2\n', '---\nc: 3\n']], 'a: 1\n---\nb: 2\n---\nc: 3\n'],
    ['adds no second mark', [['a: 1\n'], ['---\nb: 2\n']], 'a: 1\n---\nb: 2\n'],
    ['ends the last line of a file', [['a: 1'], ['b: 2']], 'a: 1\n---\nb: 2\n'],
    ['takes the byte order mark from all but the first', [['\uFEFF', 'a: 1\n'], ['\uFEFF', '---\nb: 2\n']], '\uFEFFa: 1\n---\nb: 2\n'],
    ['leaves JSON alone among itself', [['{"a":1}', '\n{"b":2}'], ['{"c":3}\n']], '{"a":1}\n{"b":2}\n{"c":3}\n'],
    ['makes YAML of JSON among YAML', [['{"a":1}', '{"b":2}'], ['c: 3\n']], '---\n{"a":1}\n---\n{"b":2}\n---\nc: 3\n'],
    ['passes empty files over', [[''], ['a: 1\n']], '---\na: 1\n'],
  ])('%s', (_what, files, expected) => {
    expect(joinManifests(files)).toBe(expected);
  });
});
