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
      writeAs(file, temporary, content);
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

/** With the permissions of the file that it replaces, never with more. */
function writeAs(file: string, temporary: string, content: string): void {
  const replaced = fs.lstatSync(file, { throwIfNoEntry: false });
  const mode = replaced?.isFile() ? replaced.mode % 0o1000 : undefined;
  fs.writeFileSync(temporary, content, { flag: 'wx', mode });
  if (mode !== undefined) {
    // the process may mask some
    fs.chmodSync(temporary, mode);
  }
}

/** A folder where a file should be cannot be renamed over: found before anything is replaced. */
function assertReplaceable(file: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${file} is a folder`);
  }
}
