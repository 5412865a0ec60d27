import type { ManifestDocument } from './manifest-text';
import { CannotChange } from '../yaml/cannot-change';
import { rewriteDocument } from '../yaml/rewrite-document';
import { YamlError, type YamlSource } from '../yaml/yaml-source';

/** The text of a document that says something else. Fails with its place where that cannot be written. */
export function rewriteManifest(document: ManifestDocument, source: YamlSource, after: unknown): string {
  try {
    return rewriteDocument(source, after);
  } catch (error) {
    const place = document.placeOfObject([]);
    if (error instanceof CannotChange) {
      throw new Error(`${place}: the document has to be changed, and cannot be as it is written: ${error.message}`);
    }
    throw error instanceof YamlError || error instanceof RangeError ? new Error(`${place}: ${error.message}`) : error;
  }
}
