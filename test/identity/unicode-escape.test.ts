import { unicodeEscape } from '../../src/identity/unicode-escape';

test.each([
  ['', ''],
  ['\0', '\\u0000'],
  ['a', '\\u0061'],
  ['\u200b', '\\u200b'],
  ['\u{1f600}', '\\ud83d\\ude00'],
])('%j is %s', (text, escaped) => {
  expect(unicodeEscape(text)).toBe(escaped);
  expect(JSON.parse(`"${escaped}"`)).toBe(text);
});
