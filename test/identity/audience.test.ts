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
  ['with a line break', 'sts.amazonaws.com\n'],
  ['with a non-breaking space', 'sts.amazonaws.com\u00a0'],
  ['with a *', 'sts.*'],
  ['with a ?', 'sts?'],
  ['with a policy variable', '${aws:username}'],
])('fails when the audience is %s', (_, audience) => {
  expect(() => validateAudience(audience)).toThrow(`'${audience}' is not an audience`);
  expect(() => validateAudience(audience)).toThrow('leave it out for sts.amazonaws.com');
});
