import * as fs from 'node:fs';
import * as path from 'node:path';
import { isAssembly, manifestsIn } from '../check/input/assembly';

/** A manifest that was named on the command line, or found in a folder that was. */
export interface ManifestInput {
  /** Where it is. */
  readonly path: string;
  /** Where it goes below an output folder. */
  readonly relative: string;
}

/** What is taken from folders besides. */
export interface ManifestInputOptions {
  /** Whether `.json` files that say `apiVersion` and `kind` are manifests too. @default false */
  readonly json?: boolean;
}

/**
 * The manifests that a path stands for: a file itself, a cloud assembly (`cdk.out`) with its nested ones by their indexes, any other folder by its `.yaml` and
 * `.yml` files.
 */
export function manifestsAt(input: string, { json = false }: ManifestInputOptions = {}): ManifestInput[] {
  if (!fs.existsSync(input)) {
    throw new Error(`${input} does not exist; name a file, a folder of manifests, or the output folder of cdk synth`);
  }
  if (!fs.statSync(input).isDirectory()) {
    return [{ path: input, relative: path.basename(input) }];
  }
  const files = isAssembly(input) ? manifestsIn(input) : inFolder(input, [fs.realpathSync(input)], json);
  const found = files.map(file => toInput(file, input));
  if (found.length === 0) {
    throw new Error(`${input} has no manifests; name the folder that cdk synth wrote to, or a folder with .yaml files`);
  }
  return found;
}

/** @param above the folder and those that it is in, as they really are: a link to one of them leads nowhere new */
function inFolder(folder: string, above: readonly string[], json: boolean): string[] {
  return children(folder).flatMap(child => {
    const isManifest = /\.ya?ml$/.test(child);
    if (!fs.existsSync(child)) {
      if (isManifest) {
        throw new Error(`${child} is a link to nothing; remove it, or name the files beside it`);
      }
      return [];
    }
    if (fs.statSync(child).isDirectory()) {
      const real = fs.realpathSync(child);
      return above.includes(real) ? [] : inFolder(child, [...above, real], json);
    }
    return isManifest || json && isJsonManifest(child) ? [child] : [];
  });
}

/** Folders have other JSON, too, which is not even read as such. */
function isJsonManifest(file: string): boolean {
  return file.endsWith('.json') && [/"apiVersion"\s*:/, /"kind"\s*:/].every(field => field.test(fs.readFileSync(file, 'utf8')));
}

function children(folder: string): string[] {
  return fs.readdirSync(folder).sort().map(name => path.join(folder, name));
}

function toInput(file: string, base: string): ManifestInput {
  return { path: file, relative: path.relative(base, file) };
}
