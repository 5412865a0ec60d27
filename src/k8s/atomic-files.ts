import * as fs from 'node:fs';
import * as path from 'node:path';

/** A file to be written. */
export interface FileContent {
  readonly file: string;
  readonly content: string;
}

/**
 * Writes files, all of them or none: under temporary names first, then renamed. A link in the place of a file is replaced, not followed. After
 * a failure nothing is left, not even the folders that were made.
 */
export function writeFilesAtomically(files: readonly FileContent[]): void {
  const temporaries: string[] = [];
  const folders: string[] = [];
  try {
    const renames = files.map(({ file, content }) => {
      const made = fs.mkdirSync(path.dirname(file), { recursive: true });
      folders.push(...made === undefined ? [] : [made]);
      const temporary = `${file}.${process.pid}.tmp`;
      temporaries.push(temporary);
      fs.writeFileSync(temporary, content, { flag: 'wx' });
      assertReplaceable(file);
      return { temporary, file };
    });
    renames.forEach(({ temporary, file }) => fs.renameSync(temporary, file));
  } catch (error) {
    temporaries.forEach(temporary => fs.rmSync(temporary, { force: true }));
    folders.reverse().forEach(folder => fs.rmSync(folder, { recursive: true, force: true }));
    throw error;
  }
}

/** A folder where a file should be cannot be renamed over: found before anything is replaced. */
function assertReplaceable(file: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${file} is a folder`);
  }
}
