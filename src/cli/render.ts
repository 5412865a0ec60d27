import * as fs from 'node:fs';
import * as path from 'node:path';
import { type ManifestInput, manifestsAt } from './manifest-input';
import { writeFilesAtomically } from '../k8s/atomic-files';
import { mergeValues, valuesInOutputs } from '../k8s/placeholder';
import { renderManifest } from '../k8s/render-manifest';

/** Options of `cdk-irsa render`. */
export interface RenderOptions {
  /** Files that `cdk deploy --outputs-file` wrote. */
  readonly outputs: string[];
  /** Folder to write to, instead of standard output. */
  readonly outputDir?: string;
}

/** Fills manifests in, all of them or none. Returns what goes to standard output. */
export function render(inputs: string[], options: RenderOptions): string {
  const values = valuesOf(options.outputs);
  const manifests = inputs.flatMap(input => manifestsAt(input));
  const rendered = manifests.map(manifest => ({ ...manifest, content: renderFile(manifest, values) }));
  if (options.outputDir === undefined) {
    return rendered.map(({ content }) => /\n$/.test(content) ? content : `${content}\n`).join('---\n');
  }
  assertDistinct(rendered);
  const files = rendered.map(({ path: source, relative, content }) => ({ source, file: path.join(options.outputDir!, relative), content }));
  files.forEach(({ source, file }) => assertNotInput(source, file));
  writeFilesAtomically(files);
  return files.map(({ file }) => `${file}\n`).join('');
}

function valuesOf(files: string[]): Map<string, string> {
  const values = files.map(valuesIn);
  try {
    return mergeValues(values);
  } catch (error) {
    throw new Error(`${files.join(' and ')}: together ${(error as Error).message}`);
  }
}

function valuesIn(file: string): Map<string, string> {
  if (!fs.existsSync(file)) {
    throw new Error(`${file} does not exist; write it with 'cdk deploy --outputs-file ${file}'`);
  }
  try {
    return valuesInOutputs(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

function renderFile(manifest: ManifestInput, values: ReadonlyMap<string, string>): string {
  try {
    return renderManifest(fs.readFileSync(manifest.path, 'utf8'), values);
  } catch (error) {
    throw new Error(`${manifest.path}: ${(error as Error).message}`);
  }
}

function assertDistinct(manifests: readonly ManifestInput[]): void {
  const seen = new Map<string, string>();
  for (const manifest of manifests) {
    const other = seen.get(manifest.relative);
    if (other !== undefined) {
      throw new Error(`${other} and ${manifest.path} would both be written to ${manifest.relative}; render them one by one, into different folders`);
    }
    seen.set(manifest.relative, manifest.path);
  }
}

/** A manifest that replaced its own template could not be rendered for the next deployment. */
function assertNotInput(source: string, file: string): void {
  if (fs.existsSync(file) && fs.realpathSync(file) === fs.realpathSync(source)) {
    throw new Error(`${file} would replace itself; choose another --output-dir`);
  }
}
