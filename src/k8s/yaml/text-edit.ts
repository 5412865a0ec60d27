/** Text that takes the place of another one. */
export interface TextEdit {
  readonly from: number;
  /** Where the text that is replaced ends; the same as `from` to insert. */
  readonly to: number;
  readonly text: string;
}

/** Makes edits that do not overlap. Of insertions at one place, the first comes first; and insertions before what is replaced there. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const edit of [...edits].sort((a, b) => a.from - b.from || a.to - b.to)) {
    parts.push(text.slice(end, edit.from), edit.text);
    end = edit.to;
  }
  return [...parts, text.slice(end)].join('');
}
