import * as fs from 'node:fs';
import * as path from 'node:path';
import { messageOf, temporaryFolder, tree } from './helpers';
import { INDEX_FILE, listedFiles, replaceManifests } from '../../src/k8s/manifest-files';

function read(folder: string, file: string): string {
  return fs.readFileSync(path.join(folder, file), 'utf8');
}

function write(folder: string, file: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), content);
}

describe('replaceManifests', () => {
  test('writes the files and an index of them', () => {
    const folder = path.join(temporaryFolder(), 'manifests');

    replaceManifests(folder, [{ file: 'Stack/a.yaml', content: 'a' }, { file: 'Stack/Deep/b.yaml', content: 'b' }]);

    expect(tree(folder)).toEqual(['Stack/', 'Stack/Deep/', 'Stack/Deep/b.yaml', 'Stack/a.yaml', 'index.json']);
    expect(read(folder, 'Stack/Deep/b.yaml')).toBe('b');
    expect(listedFiles(folder)).toEqual(['Stack/a.yaml', 'Stack/Deep/b.yaml']);
  });

  test('replaces what it wrote before', () => {
    const folder = temporaryFolder();

    replaceManifests(folder, [{ file: 'a.yaml', content: 'old' }]);
    replaceManifests(folder, [{ file: 'a.yaml', content: 'new' }]);

    expect(read(folder, 'a.yaml')).toBe('new');
  });

  test('removes what the last index lists and the new one does not, with the folders that are empty then', () => {
    const folder = temporaryFolder();

    replaceManifests(folder, [{ file: 'Old/Deep/a.yaml', content: 'a' }, { file: 'Kept/a.yaml', content: 'a' }, { file: 'Kept/b.yaml', content: 'b' }]);
    replaceManifests(folder, [{ file: 'Kept/a.yaml', content: 'a' }]);

    expect(tree(folder)).toEqual(['Kept/', 'Kept/a.yaml', 'index.json']);
  });

  test('leaves an empty index where there is nothing to write any more', () => {
    const folder = temporaryFolder();

    replaceManifests(folder, [{ file: 'Old/a.yaml', content: 'a' }]);
    replaceManifests(folder, []);

    expect(tree(folder)).toEqual(['index.json']);
    expect(listedFiles(folder)).toEqual([]);
  });

  test('keeps the files of others, and the folders they are in', () => {
    const folder = temporaryFolder();
    replaceManifests(folder, [{ file: 'Stack/a.yaml', content: 'a' }]);
    write(folder, 'Stack/theirs.yaml', 'theirs');
    write(folder, 'README.md', 'theirs');

    replaceManifests(folder, []);

    expect(tree(folder)).toEqual(['README.md', 'Stack/', 'Stack/theirs.yaml', 'index.json']);
  });

  test('goes on where a stale file is gone already', () => {
    const folder = temporaryFolder();
    replaceManifests(folder, [{ file: 'Stack/a.yaml', content: 'a' }]);
    fs.rmSync(path.join(folder, 'Stack'), { recursive: true });

    replaceManifests(folder, [{ file: 'b.yaml', content: 'b' }]);

    expect(tree(folder)).toEqual(['b.yaml', 'index.json']);
  });

  test.each(['../outside.yaml', '../../outside.yaml', 'a/../../outside.yaml', '..', '/etc/outside.yaml', '..\\outside.yaml'])(
    'removes nothing outside when somebody wrote %p into the index', entry => {
      const parent = temporaryFolder();
      const folder = path.join(parent, 'a', 'manifests');
      write(parent, 'outside.yaml', 'theirs');
      write(parent, 'a/outside.yaml', 'theirs');
      write(folder, INDEX_FILE, JSON.stringify({ version: 1, files: [entry] }));

      replaceManifests(folder, []);

      expect(tree(parent)).toEqual(['a/', 'a/manifests/', 'a/manifests/index.json', 'a/outside.yaml', 'outside.yaml']);
    });

  test('removes nothing outside when somebody put a link to a folder in the place of one of ours', () => {
    const parent = temporaryFolder();
    const folder = path.join(parent, 'manifests');
    replaceManifests(folder, [{ file: 'Stack/a.yaml', content: 'a' }]);
    fs.rmSync(path.join(folder, 'Stack'), { recursive: true });
    write(parent, 'outside/a.yaml', 'theirs');
    fs.symlinkSync(path.join(parent, 'outside'), path.join(folder, 'Stack'));

    replaceManifests(folder, []);

    expect(read(parent, 'outside/a.yaml')).toBe('theirs');
  });

  test.each([['a folder', 'Stack'], ['the folder itself', '.'], ['nothing', ''], ['the index', INDEX_FILE]])(
    'removes no folder and not the index when somebody wrote %s into the index', (_what, entry) => {
      const folder = temporaryFolder();
      write(folder, 'Stack/theirs.yaml', 'theirs');
      write(folder, INDEX_FILE, JSON.stringify({ version: 1, files: [entry] }));

      replaceManifests(folder, [{ file: 'a.yaml', content: 'a' }]);

      expect(tree(folder)).toEqual(['Stack/', 'Stack/theirs.yaml', 'a.yaml', 'index.json']);
    });

  test.each(['', 'not json', '[]', '{}', 'null', '17', '{"files":"a.yaml"}', '{"files":[17,null,{}]}'])('writes over an index of somebody else: %p', index => {
    const folder = temporaryFolder();
    write(folder, INDEX_FILE, index);

    replaceManifests(folder, [{ file: 'a.yaml', content: 'a' }]);

    expect(listedFiles(folder)).toEqual(['a.yaml']);
  });

  describe('when it cannot write', () => {
    /** An old set of manifests, of which one cannot be replaced. */
    function blocked(block: (folder: string) => void): { folder: string; before: string[]; message: string } {
      const folder = temporaryFolder();
      replaceManifests(folder, [{ file: 'a.yaml', content: 'old' }]);
      block(folder);
      const before = tree(folder);
      const message = messageOf(() => replaceManifests(folder, [{ file: 'a.yaml', content: 'new' }, { file: 'New/b.yaml', content: 'new' }, { file: 'Stack/c.yaml', content: 'new' }]));
      return { folder, before, message };
    }

    const BLOCKS: Array<[string, (folder: string) => void]> = [
      ['a folder stands where a file should', folder => fs.mkdirSync(path.join(folder, 'Stack', 'c.yaml'), { recursive: true })],
      ['a file stands where a folder should', folder => fs.writeFileSync(path.join(folder, 'Stack'), 'theirs')],
    ];

    test.each(BLOCKS)('fails when %s, naming it and the way out', (_what, block) => {
      const { folder, message } = blocked(block);

      expect(message).toContain(`manifests cannot be written to ${folder}: `);
      expect(message).toContain(path.join(folder, 'Stack'));
      expect(message).toMatch(/make the folder writable, or choose another with 'cdk synth --output'$/);
    });

    test.each(BLOCKS)('leaves all as it was when %s', (_what, block) => {
      const { folder, before } = blocked(block);

      expect(tree(folder)).toEqual(before);
      expect(read(folder, 'a.yaml')).toBe('old');
      expect(listedFiles(folder)).toEqual(['a.yaml']);
    });

    test('fails when a folder stands where the index should, and leaves all as it was', () => {
      const folder = temporaryFolder();
      fs.mkdirSync(path.join(folder, INDEX_FILE));

      expect(messageOf(() => replaceManifests(folder, [{ file: 'a.yaml', content: 'a' }]))).toContain(path.join(folder, INDEX_FILE));
      expect(tree(folder)).toEqual(['index.json/']);
    });

    test('fails when the directory itself is a file, and leaves it', () => {
      const folder = path.join(temporaryFolder(), 'manifests');
      fs.writeFileSync(folder, 'theirs');

      expect(messageOf(() => replaceManifests(folder, [{ file: 'a.yaml', content: 'a' }]))).toContain(folder);
      expect(fs.readFileSync(folder, 'utf8')).toBe('theirs');
    });
  });
});

describe('listedFiles', () => {
  test('is empty where there is no index', () => {
    expect(listedFiles(path.join(temporaryFolder(), 'not-there'))).toEqual([]);
  });

  test('passes over what leads out of the directory', () => {
    const folder = temporaryFolder();
    write(folder, INDEX_FILE, JSON.stringify({ files: ['ok.yaml', '../a', '/etc/passwd', 'a/../../b', 'a..b/..c.yaml'] }));

    expect(listedFiles(folder)).toEqual(['ok.yaml', 'a..b/..c.yaml']);
  });
});
