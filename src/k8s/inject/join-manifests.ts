/**
 * One stream of several. A single one stays what it is to the letter.
 *
 * @param files the documents of each
 */
export function joinManifests(files: ReadonlyArray<readonly string[]>): string {
  if (files.length === 1) {
    return files[0].join('');
  }
  const documents = files.flat().filter(document => document.trim() !== '');
  // kubectl takes objects one after another, as long as nothing but JSON comes
  if (documents.every(isJson)) {
    return files.map(file => withLineBreak(file.join(''))).join('');
  }
  // behind a mark, JSON is YAML like any other
  const texts = files.map(file => file.some(isJson) ? file.map(withLineBreak).join(MARK) : withLineBreak(file.join('')));
  return texts.map((text, index) => index === 0 && !isJson(text) || text.startsWith('---') ? text : `${MARK}${withoutByteOrderMark(text)}`).join('');
}

const MARK = '---\n';

function isJson(document: string): boolean {
  return /^\s*\{/.test(document);
}

function withLineBreak(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** It has its place at the start of a stream, and nowhere else. */
function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF(?:---\r?\n)?/, '');
}
