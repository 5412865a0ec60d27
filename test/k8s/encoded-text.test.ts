import { decodingsOf, isReadable } from '../../src/k8s/encoded-text';

const TEXT = 'postgres://User:pa55@host:5432/db??>>~';

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');
const decoded = (text: string) => decodingsOf(text).map(({ encoding, text: plain }) => `${encoding}: ${plain}`);

/** A loaded machine takes a second; what scans the rest of the text from every place in it takes minutes. */
const MEGABYTE = 1024 * 1024;
const GENEROUS = 3_000;

describe('decodingsOf', () => {
  test.each([
    ['base64', base64(TEXT), 'base64'],
    ['base64 of a length that is no multiple of three', base64(`${TEXT}x`), 'base64'],
    ['base64 without padding', base64(`${TEXT}x`).replace(/=+$/, ''), 'base64'],
    ['base64url', Buffer.from(TEXT).toString('base64url'), 'base64'],
    ['base64 in JSON', JSON.stringify({ auth: base64(TEXT) }), 'base64'],
    ['base64 after another word', `Basic${base64(TEXT)}`, 'base64'],
    ['base64 in lines', base64(TEXT.repeat(5)).replace(/(.{76})/g, '$1\n  '), 'base64'],
    ['base64 of two bytes a character', Buffer.from(TEXT, 'utf16le').toString('base64'), 'base64'],
    ['hexadecimal digits', Buffer.from(TEXT).toString('hex'), 'hexadecimal digits'],
    ['hexadecimal digits in capitals', Buffer.from(TEXT).toString('hex').toUpperCase(), 'hexadecimal digits'],
    ['hexadecimal digits after a digit', `0${Buffer.from(TEXT).toString('hex')}`, 'hexadecimal digits'],
    ['a URL', `https://host/?a=${encodeURIComponent(TEXT)}`, 'a URL'],
  ])('decodes %s', (_form, text, encoding) => {
    expect(decoded(text)).toContainEqual(expect.stringMatching(new RegExp(`^${encoding}: .*${TEXT.replace(/[?.]/g, '\\$&')}`)));
  });

  test.each<[string, string]>([
    ['base64', base64(Buffer.from(Array.from({ length: MEGABYTE }, (_each, index) => (index * 7919) % 251)))],
    ['hexadecimal digits', '0123456789abcdef'.repeat(MEGABYTE / 16)],
    ['one letter', 'a'.repeat(MEGABYTE)],
    ['lines', `${'a'.repeat(76)}\n`.repeat(MEGABYTE / 77)],
    ['blanks', `${'a'.repeat(76)}${' '.repeat(MEGABYTE)}`],
  ])('takes no time for a megabyte of %s', (_what, text) => {
    const start = Date.now();

    decodingsOf(text);

    expect(Date.now() - start).toBeLessThan(GENEROUS);
  });

  test('decodes what is short, if it is all of the text', () => {
    expect(decoded(base64('33]}'))).toEqual(['base64: 33]}']);
    expect(decoded(`x: ${base64('33]}')}`)).toEqual([]);
  });

  test.each(['', 'a text of plain words', 'internationalisation-of-everything', '100% of it', 'a bad cafe'])('has nothing to decode in %p', text => {
    expect(decoded(text)).toEqual([]);
  });
});

test.each([['ordinary text', true], ['zwei Wörter\tund\r\neine Zeile ✓', true], ['a\u0007', false], ['a\u0000', false], ['a\ufffd', false], ['\u007f', false]])('%j is readable: %p', (text, readable) => {
  expect(isReadable(text)).toBe(readable);
});
