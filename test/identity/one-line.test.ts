import { isOneLine } from '../../src/identity/one-line';

test.each(['', 'a', ' two words ', 'é世𝒳', '\u0080', '\u2028'])('%j stays within its line', text => {
  expect(isOneLine(text)).toBe(true);
});

test.each(['a\nb', 'a\r', '\u0000', '\t', '\u001f', '\u007f'])('%j does not', text => {
  expect(isOneLine(text)).toBe(false);
});
