import * as fs from 'node:fs';
import * as path from 'node:path';
import { listedFiles, MANIFESTS_ARTIFACT, MANIFESTS_DIRECTORY } from '../../k8s/manifest-files';

/** What is read of `manifest.json`. */
export interface AssemblyManifest {
  readonly artifacts?: Record<string, {
    readonly type?: string;
    readonly environment?: string;
    readonly properties?: { readonly directoryName?: string; readonly templateFile?: string; readonly stackName?: string; readonly file?: string };
  }>;
  /** What the CDK CLI has to look up before it runs the app again. */
  readonly missing?: readonly unknown[];
}

/** Whether a folder is what `cdk synth` writes. */
export function isAssembly(folder: string): boolean {
  const manifest = path.join(folder, 'manifest.json');
  return fs.existsSync(manifest) && fs.statSync(manifest).isFile();
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

/** By the manifest of the assembly: the folder of a Stage that is gone stays behind. */
export function nestedAssemblies(assembly: string): string[] {
  return Object.values(readManifest(assembly).artifacts ?? {})
    .filter(({ type }) => type === 'cdk:cloud-assembly')
    .flatMap(({ properties }) => properties?.directoryName ? [path.join(assembly, path.basename(properties.directoryName))] : [])
    .filter(isAssembly);
}

/** The assembly of the app that an assembly is of: itself, or for one of a Stage the outermost around it. */
export function rootAssembly(assembly: string): string {
  const parent = path.dirname(assembly);
  return parent !== assembly && isAssembly(parent) && nestedAssemblies(parent).includes(assembly) ? rootAssembly(parent) : assembly;
}

/** Whether the CDK CLI will look something up and run the app again: until then templates have dummies, and manifests are not written. */
export function isLookupPass(assembly: string): boolean {
  return (readManifest(assembly).missing ?? []).length > 0;
}

/** The Kubernetes manifests of an assembly and of those in it, by their indexes: not those of an earlier synthesis, when the app still had some. */
export function manifestsIn(assembly: string): string[] {
  const directory = path.join(assembly, MANIFESTS_DIRECTORY);
  const own = readManifest(assembly).artifacts?.[MANIFESTS_ARTIFACT] ? listedFiles(directory).map(file => path.join(directory, file)) : [];
  return [...own, ...nestedAssemblies(assembly).flatMap(manifestsIn)];
}

/** Whether a file is in a folder, however deep. */
export function isBelow(file: string, folder: string): boolean {
  return file.startsWith(`${folder}${path.sep}`);
}
