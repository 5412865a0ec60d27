/** Whether a text stays within its line of a file: a line break or another control character would begin something else. */
export function isOneLine(text: string): boolean {
  return !/[\x00-\x1f\x7f]/.test(text);
}
