import * as fs from 'node:fs';
import * as path from 'node:path';
import { manifestsAt } from '../../src/cli/manifest-input';
import { MANIFESTS_ARTIFACT } from '../../src/k8s/manifest-files';
import { messageOf, temporaryFolder } from '../k8s/helpers';

/** Writes files and gives the folder they are in. */
function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [file, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), content);
  }
  return folder;
}

function index(...files: string[]): string {
  return JSON.stringify({ version: 1, files });
}

/** What the CDK writes for an assembly with manifests, and the nested ones it knows. */
function assembly(...nested: string[]): string {
  return JSON.stringify({
    version: '50.0.0',
    artifacts: {
      ...Object.fromEntries(nested.map(directoryName => [directoryName, { type: 'cdk:cloud-assembly', properties: { directoryName } }])),
      [MANIFESTS_ARTIFACT]: { type: 'none' },
    },
  });
}

function relativesAt(input: string): string[] {
  return manifestsAt(input).map(({ relative }) => relative);
}

describe('manifestsAt', () => {
  test('is a file itself, whatever its name', () => {
    const folder = folderWith({ 'deep/a.txt': '' });

    expect(manifestsAt(path.join(folder, 'deep/a.txt'))).toEqual([{ path: path.join(folder, 'deep/a.txt'), relative: 'a.txt' }]);
  });

  test('is all YAML of a folder, deep and in order', () => {
    const folder = folderWith({ 'b.yaml': '', 'a.yml': '', 'deep/deeper/c.yaml': '', 'README.md': '', 'd.json': '', 'e.yaml.bak': '' });

    expect(relativesAt(folder)).toEqual(['a.yml', 'b.yaml', 'deep/deeper/c.yaml']);
    expect(manifestsAt(folder)[2].path).toBe(path.join(folder, 'deep/deeper/c.yaml'));
  });

  test('is manifests in JSON too where they are asked for, and no other JSON', () => {
    const folder = folderWith({ 'a.yaml': '', 'list.json': '{"apiVersion": "v1", "kind" : "List"}', 'tsconfig.json': '{ // "apiVersion": "v1"\n}' });

    expect(manifestsAt(folder, { json: true }).map(({ relative }) => relative)).toEqual(['a.yaml', 'list.json']);
  });

  test('has each file once where links lead in circles, and passes by a link to nothing that is no manifest', () => {
    const folder = folderWith({ 'a.yaml': '', 'deep/b.yaml': '' });
    fs.symlinkSync('.', path.join(folder, 'self'));
    fs.symlinkSync('..', path.join(folder, 'deep', 'up'));
    fs.symlinkSync('loop', path.join(folder, 'loop'));

    expect(relativesAt(folder)).toEqual(['a.yaml', 'deep/b.yaml']);
  });

  test('fails for a manifest that is a link to nothing', () => {
    const folder = folderWith({ 'a.yaml': '' });
    fs.symlinkSync('nowhere', path.join(folder, 'b.yaml'));

    expect(messageOf(() => manifestsAt(folder))).toBe(`${path.join(folder, 'b.yaml')} is a link to nothing; remove it, or name the files beside it`);
  });

  test('takes a folder with a slash at its end', () => {
    expect(relativesAt(`${folderWith({ 'a.yaml': '' })}/`)).toEqual(['a.yaml']);
  });

  test('is what the index of a cloud assembly lists, in its order, and not the other YAML', () => {
    const folder = folderWith({
      'manifest.json': assembly(),
      'manifests/index.json': index('Stack/M/b.k8s.yaml', 'Stack/M/a.k8s.yaml'),
      'manifests/Stack/M/a.k8s.yaml': '',
      'manifests/Stack/M/b.k8s.yaml': '',
      'manifests/Stack/M/theirs.yaml': '',
      'asset.1/values.yaml': '',
    });

    expect(relativesAt(folder)).toEqual(['manifests/Stack/M/b.k8s.yaml', 'manifests/Stack/M/a.k8s.yaml']);
  });

  test('has those of nested assemblies too', () => {
    const folder = folderWith({
      'manifest.json': assembly('assembly-Dev', 'assembly-Prod'),
      'manifests/index.json': index('M/a.yaml'),
      'assembly-Dev/manifest.json': assembly('assembly-Dev-Inner'),
      'assembly-Dev/manifests/index.json': index('M/a.yaml'),
      'assembly-Dev/assembly-Dev-Inner/manifest.json': assembly(),
      'assembly-Dev/assembly-Dev-Inner/manifests/index.json': index('M/a.yaml'),
      'assembly-Prod/manifest.json': assembly(),
    });

    expect(relativesAt(folder)).toEqual(['manifests/M/a.yaml', 'assembly-Dev/manifests/M/a.yaml', 'assembly-Dev/assembly-Dev-Inner/manifests/M/a.yaml']);
  });

  test('passes over the nested assembly of a Stage that is gone: cdk synth leaves its folder behind', () => {
    const folder = folderWith({
      'manifest.json': assembly('assembly-Prod'),
      'assembly-Prod/manifest.json': assembly(),
      'assembly-Prod/manifests/index.json': index('M/a.yaml'),
      'assembly-Gone/manifest.json': assembly(),
      'assembly-Gone/manifests/index.json': index('M/a.yaml'),
    });

    expect(relativesAt(folder)).toEqual(['assembly-Prod/manifests/M/a.yaml']);
  });

  test('passes over manifests of an earlier synthesis: cdk synth leaves their folder behind', () => {
    const folder = folderWith({
      'manifest.json': assembly('assembly-Prod'),
      'manifests/index.json': index('M/a.yaml'),
      'assembly-Prod/manifest.json': '{"version":"50.0.0"}',
      'assembly-Prod/manifests/index.json': index('M/gone.yaml'),
    });

    expect(relativesAt(folder)).toEqual(['manifests/M/a.yaml']);
  });

  test('does not follow an index out of the assembly', () => {
    const folder = folderWith({ 'manifest.json': assembly(), 'secret.yaml': '', 'manifests/index.json': index('../secret.yaml', '/etc/hosts', 'M/a.yaml') });

    expect(relativesAt(folder)).toEqual(['manifests/M/a.yaml']);
  });

  test('fails when the path does not exist, naming it and what would', () => {
    const missing = path.join(temporaryFolder(), 'missing');

    expect(messageOf(() => manifestsAt(missing))).toBe(`${missing} does not exist; name a file, a folder of manifests, or the output folder of cdk synth`);
  });

  test.each<[string, Record<string, string>]>([
    ['an empty folder', {}],
    ['a folder without YAML', { 'README.md': '' }],
    ['an assembly without manifests', { 'manifest.json': assembly() }],
    ['an assembly with an empty index', { 'manifest.json': assembly(), 'manifests/index.json': index() }],
    ['an assembly with the manifests of an earlier synthesis', { 'manifest.json': '{"version":"50.0.0"}', 'manifests/index.json': index('M/gone.yaml'), 'manifests/M/gone.yaml': '' }],
    ['an assembly with a broken index', { 'manifest.json': assembly(), 'manifests/index.json': '{' }],
  ])('fails for %s, naming it', (_what, files) => {
    const folder = folderWith(files);

    expect(messageOf(() => manifestsAt(folder))).toBe(`${folder} has no manifests; name the folder that cdk synth wrote to, or a folder with .yaml files`);
  });
});
