import * as fs from 'node:fs';
import * as path from 'node:path';
import { INDEX_FILE, listedFiles, MANIFESTS_DIRECTORY } from '../k8s/manifest-files';

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
  const found = isAssembly(input) ? inAssembly(input, input) : inFolder(input, input);
  if (found.length === 0) {
    throw new Error(`${input} has no manifests; name the folder that cdk synth wrote to, or a folder with .yaml files`);
  }
  return found;
}

/** Whether a folder is what `cdk synth` writes. */
export function isAssembly(folder: string): boolean {
  return fs.existsSync(path.join(folder, 'manifest.json'));
}

/** The manifests of an assembly and of those in it, by their indexes. */
export function inAssembly(assembly: string, base: string): ManifestInput[] {
  const directory = path.join(assembly, MANIFESTS_DIRECTORY);
  const own = fs.existsSync(path.join(directory, INDEX_FILE)) ? listedFiles(directory).map(file => toInput(path.join(directory, file), base)) : [];
  const nested = nestedAssemblies(assembly).flatMap(folder => inAssembly(folder, base));
  return [...own, ...nested];
}

/** What is read of `manifest.json`. */
export interface AssemblyManifest {
  readonly artifacts?: Record<string, {
    readonly type?: string;
    readonly environment?: string;
    readonly properties?: { readonly directoryName?: string; readonly templateFile?: string; readonly stackName?: string };
  }>;
}

/** By the manifest of the assembly: the folder of a Stage that is gone stays behind. */
export function nestedAssemblies(assembly: string): string[] {
  return Object.values(readManifest(assembly).artifacts ?? {})
    .filter(({ type }) => type === 'cdk:cloud-assembly')
    .flatMap(({ properties }) => properties?.directoryName ? [path.join(assembly, path.basename(properties.directoryName))] : [])
    .filter(isAssembly);
}

/** The manifest of an assembly. */
export function readManifest(assembly: string): AssemblyManifest {
  const file = path.join(assembly, 'manifest.json');
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as AssemblyManifest;
  } catch (error) {
    throw new Error(`${file} is not what cdk synth writes: ${(error as Error).message}`);
  }
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
