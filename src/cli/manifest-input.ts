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

/**
 * The manifests that a path stands for: a file itself, a cloud assembly (`cdk.out`) with its nested ones by their indexes, any other folder by its `.yaml` and
 * `.yml` files.
 */
export function manifestsAt(input: string): ManifestInput[] {
  if (!fs.existsSync(input)) {
    throw new Error(`${input} does not exist; name a file, a folder of manifests, or the output folder of cdk synth`);
  }
  if (!fs.statSync(input).isDirectory()) {
    return [{ path: input, relative: path.basename(input) }];
  }
  const found = isAssembly(input) ? manifestsIn(input).map(file => toInput(file, input)) : inFolder(input, input);
  if (found.length === 0) {
    throw new Error(`${input} has no manifests; name the folder that cdk synth wrote to, or a folder with .yaml files`);
  }
  return found;
}

function inFolder(folder: string, base: string): ManifestInput[] {
  return children(folder).flatMap(child => {
    if (fs.statSync(child).isDirectory()) {
      return inFolder(child, base);
    }
    return /\.ya?ml$/.test(child) ? [toInput(child, base)] : [];
  });
}

function children(folder: string): string[] {
  return fs.readdirSync(folder).sort().map(name => path.join(folder, name));
}

function toInput(file: string, base: string): ManifestInput {
  return { path: file, relative: path.relative(base, file) };
}
