import * as fs from 'node:fs';
import { UnreadableError } from './parsed-document';

/** Larger than any template (1 MB) and any manifest (1.5 MB an object) by far. */
export const MAX_BYTES = 64 * 1024 * 1024;

const START = { line: 1, column: 1 };

/**
 * The bytes of a file. What is found in a folder or named in a template may be a pipe or a device, which has no end or never begins.
 *
 * @param named whether somebody named it on the command line, where pipes of a shell are fine: `<(helm template web)`
 */
export function readFile(file: string, named = false): Buffer {
  const stat = fs.statSync(file);
  if (!stat.isFile() && !(named && stat.isFIFO())) {
    throw new UnreadableError(file, START, 'is not a file');
  }
  if (stat.size > MAX_BYTES) {
    throw tooLarge(file, stat.size);
  }
  return fs.readFileSync(file);
}

/** What is said of more than is read. */
export function tooLarge(file: string, size: number): UnreadableError {
  return new UnreadableError(file, START, `has ${size} bytes; templates and manifests have ${MAX_BYTES} at most`);
}
