import * as fs from 'node:fs';
import * as path from 'node:path';
import { type ManifestInput, manifestsAt } from './manifest-input';
import type { FileContent } from '../k8s/atomic-files';
import type { ManifestText } from '../k8s/inject/manifest-text';
import { projectFiles } from '../migrate/project-files';

/** What is written, and what people have to know of it. */
export interface KiamFiles {
  readonly files: readonly FileContent[];
  readonly notes: readonly string[];
}

/** Manifests that were read, without what an earlier run has written. */
export interface KiamInputs {
  readonly inputs: readonly ManifestInput[];
  readonly notes: readonly string[];
}

/** Each manifest once, whatever names it. An output folder that is in a folder of manifests is not one of them. */
export function kiamInputs(paths: readonly string[], outputDir: string | undefined): KiamInputs {
  const named = paths.flatMap(from => manifestsAt(from, { json: true }).map(input => ({ input, from: fs.realpathSync(from) })));
  const all = [...new Map(named.map(each => [fs.realpathSync(each.input.path), each]))];
  const output = outputDir !== undefined && fs.existsSync(outputDir) ? fs.realpathSync(outputDir) : undefined;
  const inputs = all.filter(([file, { from }]) => output === undefined || !isBelow(output, from) || !isBelow(file, output))
    .map(([, { input }]) => input);
  const left = all.length - inputs.length;
  const said = `${outputDir!} is in a folder of manifests, and is the output folder: `
    + `${left} manifest${left === 1 ? ' in it was' : 's in it were'} not read`;
  return { inputs, notes: left === 0 ? [] : [said] };
}

function isBelow(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** The app with what it needs. One that is there stays: people are asked to work on it. */
export function appFiles(app: string, outputDir: string, version: string): KiamFiles {
  const files = projectFiles('kiam-migration', app, version).map(({ name, content }) => ({ file: path.join(outputDir, name), content }));
  const [{ file }] = files;
  if (fs.existsSync(file)) {
    return saysElse(files[0])
      ? {
        files: [],
        notes: [`${file} is there already, and says something else than what this run would write: it stays as it is, and roles that it lacks `
        + 'have to be added; to see what this run would write, name another --output-dir'],
      }
      : { files: [], notes: [] };
  }
  const other = files.find(saysElse);
  if (other) {
    throw new Error(`${other.file} is there already, and says something else; name another --output-dir, or leave it out to change manifests only`);
  }
  return { files, notes: [] };
}

function saysElse({ file, content }: FileContent): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true && fs.readFileSync(file, 'utf8') !== content;
}

/** A manifest that changes, and where it goes. */
export interface EditedManifest {
  /** The file that was read. */
  readonly name: string;
  /** What it says. */
  readonly before: string;
  readonly file: string;
  readonly content: string;
}

/**
 * Fails unless manifests can be written without a loss.
 *
 * @param otherStep what the same run would write with --keep, or without it: the step before this one
 */
export function assertNothingLost(manifests: readonly EditedManifest[], otherStep: () => readonly ManifestText[]): void {
  manifests.forEach(({ name, file }, index) => {
    const other = manifests.slice(0, index).find(each => each.file === file);
    if (other) {
      throw new Error(`${other.name} and ${name} would both be written to ${file}; import them from a folder above both, or with --write`);
    }
    if (fs.existsSync(file) && fs.realpathSync(file) === fs.realpathSync(name)) {
      throw new Error(`${file} would be replaced; that is what --write is for, else choose another --output-dir`);
    }
  });
  const different = manifests.filter(each => saysElse(each) && saysElse({ file: each.file, content: each.before }));
  if (different.length > 0) {
    const others = new Map(otherStep().map(({ name, text }) => [name, text]));
    const lost = different.find(({ name, file }) => fs.readFileSync(file, 'utf8') !== others.get(name));
    if (lost) {
      throw new Error(`${lost.file} is there already, and says something else; name another --output-dir, or remove it`);
    }
  }
}
