import * as fs from 'node:fs';
import * as path from 'node:path';
import { type ManifestInput, manifestsAt } from './manifest-input';
import { valuesInOutputs } from '../k8s/placeholder';
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
  const values = new Map(options.outputs.flatMap(file => [...valuesIn(file)]));
  const manifests = inputs.flatMap(manifestsAt);
  const rendered = manifests.map(manifest => ({ ...manifest, content: renderFile(manifest, values) }));
  if (options.outputDir === undefined) {
    return rendered.map(({ content }) => content).join('---\n');
  }
  return rendered.map(({ relative, content }) => `${writeBelow(options.outputDir!, relative, content)}\n`).join('');
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

function writeBelow(directory: string, relative: string, content: string): string {
  const file = path.join(directory, relative);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  return file;
}
