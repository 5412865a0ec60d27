import { BASE } from './manifests';
import { oldRole, validateBaseRoleArn } from '../../../src/migrate/kiam/role-reference';

test.each<[string, string, string, string]>([
  ['reader', BASE, `${BASE}reader`, 'reader'],
  ['/reader', BASE, `${BASE}reader`, 'reader'],
  ['team/reader', BASE, `${BASE}team/reader`, 'reader'],
  ['reader', `${BASE}kiam-`, `${BASE}kiam-reader`, 'kiam-reader'],
  ['arn:aws-cn:iam::123456789012:role/a/b', BASE, 'arn:aws-cn:iam::123456789012:role/a/b', 'b'],
])('%s behind %s is %s', (text, base, arn, name) => {
  expect(oldRole(text, base)).toMatchObject({ text, arn, name, account: '123456789012' });
});

test.each(['', 'a b', 'arn:aws:iam::1:role/a', 'arn:aws:iam::123456789012:user/a', 'arn:aws:iam::123456789012:role/a/', '${ROLE}', "a'"])('fails when it is %p', text => {
  expect(() => oldRole(text, BASE)).toThrow('is not the ARN of a role');
});

test('a base may go on behind its slash', () => {
  expect(validateBaseRoleArn('arn:aws-us-gov:iam::123456789012:role/kiam-')).toBe('arn:aws-us-gov:iam::123456789012:role/kiam-');
});

test.each(['reader', 'arn:aws:iam::123456789012:role', 'arn:aws:iam::12:role/', 'arn:aws:iam::123456789012:role/ '])('fails when the base is %p', text => {
  expect(() => validateBaseRoleArn(text)).toThrow(`the base ARN of roles is '${text}'`);
});
