import * as fs from 'node:fs';

const BEGIN = '<!-- benchmark:begin -->';
const END = '<!-- benchmark:end -->';

/** Replaces what stands between the markers of a Markdown file. */
export function writeBetweenMarkers(file: string, tables: string): void {
  const [before, after] = fs.readFileSync(file, 'utf8').split(new RegExp(`${BEGIN}[^]*${END}`));
  if (after === undefined) {
    throw new Error(`${file} has no lines '${BEGIN}' and '${END}' for the results to go between`);
  }
  fs.writeFileSync(file, `${before}${BEGIN}\n\n${tables}\n\n${END}${after}`);
}
