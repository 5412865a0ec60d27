/** A text as JSON, JavaScript and TypeScript may write it: each of its UTF-16 units by its number, `\u200b`. */
export function unicodeEscape(text: string): string {
  return Array.from({ length: text.length }, (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}
