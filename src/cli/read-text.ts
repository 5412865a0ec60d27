import * as fs from 'node:fs';

/** Standard input, on the command line. */
export const STANDARD_INPUT = '-';

/** More than any manifest has, and less than JavaScript puts into a string. */
const MAX_BYTES = 256 * 1024 * 1024;

const PAUSE_MILLISECONDS = 10;

/** The text of a file, or of standard input. Fails for what is not UTF-8, which could not be written as it was read. */
export function readText(file: string): string {
  const bytes = file === STANDARD_INPUT ? readStandardInput() : fs.readFileSync(file);
  if (bytes.length > MAX_BYTES) {
    throw new Error(`${nameOf(file)} has ${bytes.length} bytes, and ${MAX_BYTES} are the most that is read at once; split it`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`${nameOf(file)} is not UTF-8 text; manifests are`);
  }
}

/** How a file is called in messages. */
export function nameOf(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : file;
}

/** To its end. A pipe that was opened by others may say that it has nothing yet, instead of waiting. */
function readStandardInput(): Buffer {
  const parts: Buffer[] = [];
  for (let size = 0; size <= MAX_BYTES;) {
    const part = Buffer.alloc(1024 * 1024);
    const read = readPart(part);
    if (read === 0) {
      break;
    }
    parts.push(part.subarray(0, read));
    size += read;
  }
  return Buffer.concat(parts);
}

function readPart(part: Buffer): number {
  for (;;) {
    try {
      return fs.readSync(0, part);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') {
        return 0;
      }
      if (code !== 'EAGAIN') {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MILLISECONDS);
    }
  }
}
