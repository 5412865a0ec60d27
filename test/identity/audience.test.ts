import { Lazy } from 'aws-cdk-lib';
import { DEFAULT_AUDIENCE, validateAudience } from '../../src/identity/audience';

test('the default is what the pod identity webhook asks for', () => {
  expect(DEFAULT_AUDIENCE).toBe('sts.amazonaws.com');
});

test.each([
  ['one character', 'a'],
  ['the default', 'sts.amazonaws.com'],
  ['a URL', 'https://kubernetes.default.svc'],
  ['a URN', 'urn:example:audience'],
  ['255 characters', 'a'.repeat(255)],
  ['all that URLs have', 'https://a-b_c.example:8080/~d/%20;e=f,g@h+i!(j)#k&l'],
])('takes %s', (_, audience) => {
  expect(validateAudience(audience)).toBe(audience);
});

test('takes a token, whatever it will be', () => {
  const token = Lazy.string({ produce: () => 'sts.amazonaws.com' });

  expect(validateAudience(token)).toBe(token);
});

test.each([
  ['empty', ''],
  ['256 characters long', 'a'.repeat(256)],
  ['with a blank', 'sts amazonaws.com'],
  ['with a *', 'sts.*'],
  ['with a ?', 'sts?'],
  ['with a policy variable', '${aws:username}'],
])('fails when the audience is %s', (_, audience) => {
  expect(() => validateAudience(audience)).toThrow(`'${audience}' is not an audience: 1 to 255 printable ASCII characters without blanks, quotes or wildcards`);
  expect(() => validateAudience(audience)).toThrow('leave it out for sts.amazonaws.com');
});

test.each([
  ['a line break', 'sts.amazonaws.com\n', "'sts.amazonaws.com\\u000a'"],
  ['a zero-width space', 'sts.amazonaws.com\u200b', "'sts.amazonaws.com\\u200b'"],
  ['a non-breaking space', 'sts.amazonaws.com\u00a0', "'sts.amazonaws.com\\u00a0'"],
  ['a byte order mark', '\ufeffsts.amazonaws.com', "'\\ufeffsts.amazonaws.com'"],
  ['NUL', 'sts\0', "'sts\\u0000'"],
  ['DEL', 'sts\x7f', "'sts\\u007f'"],
  ['a letter that is not ASCII', 'caf\u00e9', "'caf\\u00e9'"],
  ['a Cyrillic letter', 'st\u0455.amazonaws.com', "'st\\u0455.amazonaws.com'"],
  ['a direction mark', 'sts\u202e', "'sts\\u202e'"],
  ['a double quote', '"sts.amazonaws.com"', "'\"sts.amazonaws.com\"'"],
  ['a single quote', "'sts", "''sts'"],
  ['a backtick', '`sts', "'`sts'"],
])('fails when the audience has %s, and shows what cannot be seen', (_, audience, shown) => {
  expect(() => validateAudience(audience)).toThrow(`${shown} is not an audience`);
});

test.each<[string, unknown, string]>([
  ['a list', ['sts.amazonaws.com'], '["sts.amazonaws.com"]'],
  ['a number', 5, '5'],
])('fails when the audience is %s', (_, audience, shown) => {
  expect(() => validateAudience(audience as string)).toThrow(`${shown} is not an audience`);
});
