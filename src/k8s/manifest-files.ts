import * as fs from 'node:fs';
import * as path from 'node:path';
import { writeFilesAtomically } from './atomic-files';

/** A file to be written, by its path below the directory of manifests. */
export interface ManifestFile {
  readonly file: string;
  readonly content: string;
}

/** Folder of all manifests in a cloud assembly. */
export const MANIFESTS_DIRECTORY = 'manifests';

/** What says in the manifest of a cloud assembly that its manifests are of the same synthesis. */
export const MANIFESTS_ARTIFACT = 'cdk-irsa.manifests';

/** The list of what was written, beside the folders of the `Manifests` constructs. */
export const INDEX_FILE = 'index.json';

const INDEX_VERSION = 1;

/**
 * Replaces the manifests in a directory: all of them, or none. Everything is written under temporary names first, then renamed; what the last
 * index lists and the new one does not is removed.
 */
export function replaceManifests(directory: string, files: readonly ManifestFile[]): void {
  // one file on macOS and Windows, where names differ in case only
  const kept = new Set(files.map(({ file }) => file.toLowerCase()));
  const stale = listedFiles(directory).filter(file => !kept.has(file.toLowerCase()));
  const index = { version: INDEX_VERSION, files: files.map(({ file }) => file) };
  const all = [...files, { file: INDEX_FILE, content: `${JSON.stringify(index, undefined, 2)}\n` }];
  try {
    writeFilesAtomically(all.map(({ file, content }) => ({ file: path.join(directory, file), content })));
  } catch (error) {
    throw new Error(`manifests cannot be written to ${directory}: ${(error as Error).message}; make the folder writable, or choose another with 'cdk synth --output'`);
  }
  stale.forEach(file => remove(directory, file));
}

/** Files that the index of a directory lists; none where there is no index, or one that somebody else wrote. */
export function listedFiles(directory: string): string[] {
  const file = path.join(directory, INDEX_FILE);
  if (!fs.existsSync(file)) {
    return [];
  }
  try {
    const { files } = JSON.parse(fs.readFileSync(file, 'utf8')) as { files?: unknown };
    return Array.isArray(files) ? files.filter(isInside) : [];
  } catch {
    return [];
  }
}

/** An index is a file that anybody can edit: what it lists must not lead out of the directory. */
function isInside(file: unknown): file is string {
  return typeof file === 'string' && !path.isAbsolute(file) && file !== INDEX_FILE && !file.split(/[\\/]/).some(part => ['', '.', '..'].includes(part));
}

/** Removes a stale file, and the folders that are empty then: neither a folder nor anything behind a link. */
function remove(directory: string, file: string): void {
  const target = path.join(directory, file);
  if (!fs.lstatSync(target, { throwIfNoEntry: false })?.isFile() || isBehindLink(directory, file)) {
    return;
  }
  fs.rmSync(target);
  for (let folder = path.dirname(file); folder !== '.'; folder = path.dirname(folder)) {
    const absolute = path.join(directory, folder);
    if (fs.readdirSync(absolute).length === 0) {
      fs.rmdirSync(absolute);
    }
  }
}

function isBehindLink(directory: string, file: string): boolean {
  return fs.realpathSync(path.join(directory, path.dirname(file))) !== path.join(fs.realpathSync(directory), path.dirname(file));
}
