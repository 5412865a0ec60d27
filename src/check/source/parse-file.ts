import { parseJsonDocument } from './json-document';
import { type ParsedDocument, positionAt, UnreadableError } from './parsed-document';
import { MAX_BYTES, tooLarge } from './read-file';
import { parseYamlDocuments } from './yaml-document';

/** Reads a file of JSON, or of one or several documents of YAML. Fails with the place of what cannot be read. */
export function parseFile(bytes: Uint8Array, file: string): ParsedDocument[] {
  if (bytes.length > MAX_BYTES) {
    throw tooLarge(file, bytes.length);
  }
  const text = decode(bytes, file);
  if (text.trim() === '') {
    return [];
  }
  return /\.json$/i.test(file) || isJson(text) ? [parseJsonDocument(text, file)] : parseYamlDocuments(text, file);
}

/** A template may have any name; YAML would take JSON as well, and longer. */
function isJson(text: string): boolean {
  try {
    return /^\s*[{[]/.test(text) && JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

function decode(bytes: Uint8Array, file: string): string {
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    throw new UnreadableError(file, positionAt(Buffer.from(bytes.subarray(0, zero)).toString('latin1'), zero), 'is binary, or not in UTF-8');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableError(file, { line: 1, column: 1 }, 'is binary, or not in UTF-8');
  }
}
