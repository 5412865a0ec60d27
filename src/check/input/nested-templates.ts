import * as fs from 'node:fs';
import * as path from 'node:path';
import { isAssembly, readManifest } from './assembly';
import { at, entriesOf, stringOf } from '../json';
import { readFile } from '../source/read-file';
import { isNestedStack, templateUrl } from '../template/nested-stack';

/** A nested stack of a template. */
export interface NestedTemplate {
  /** Logical id of its resource. */
  readonly id: string;
  readonly file: string;
}

/**
 * The nested stacks of a template whose own templates are here: those of CDK, and those whose URL is still a path, before `aws cloudformation package`.
 *
 * @param folder where the template is
 */
export function nestedTemplates(template: unknown, folder: string): NestedTemplate[] {
  return entriesOf(at(template, 'Resources')).flatMap(([id, resource]) => {
    const file = isNestedStack(resource) ? fileOf(resource, templateUrl(resource), folder) : undefined;
    return file === undefined ? [] : [{ id, file: path.resolve(folder, file) }];
  });
}

function fileOf(resource: unknown, url: unknown, folder: string): string | undefined {
  const asset = stringOf(at(resource, 'Metadata', 'aws:asset:path'));
  if (asset?.endsWith('.json')) {
    return path.basename(asset);
  }
  // without that metadata, as in unit tests, the URL has the hash of an asset
  const [hash] = /[0-9a-f]{64}/.exec(typeof url === 'string' ? url : JSON.stringify(url) ?? '') ?? [];
  if (hash !== undefined) {
    return assetsIn(folder).get(hash);
  }
  return typeof url === 'string' && !/^[a-z][a-z0-9+.-]*:/i.test(url) && isFile(path.resolve(folder, url)) ? url : undefined;
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The files that a cloud assembly uploads, by their hashes. */
function assetsIn(folder: string): Map<string, string> {
  const artifacts = isAssembly(folder) ? Object.values(readManifest(folder).artifacts ?? {}) : [];
  return new Map(artifacts.flatMap(({ type, properties }) => {
    const file = type === 'cdk:asset-manifest' ? properties?.file : undefined;
    const assets: unknown = file === undefined ? {} : JSON.parse(readFile(path.join(folder, path.basename(file))).toString('utf8'));
    return entriesOf(at(assets, 'files')).flatMap(([hash, asset]): Array<[string, string]> => {
      const source = stringOf(at(asset, 'source', 'path'));
      return source?.endsWith('.json') ? [[hash, path.basename(source)]] : [];
    });
  }));
}
