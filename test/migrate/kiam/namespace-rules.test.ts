import { BASE } from './manifests';
import { refusalOf, type RestrictionOptions } from '../../../src/migrate/kiam/namespace-rules';
import { oldRole } from '../../../src/migrate/kiam/role-reference';

function allows(annotations: Record<string, unknown>, role: string, options: RestrictionOptions = {}): boolean {
  return refusalOf(annotations, oldRole(role, BASE), { baseRoleArn: BASE, ...options }) === undefined;
}

const permitted = (text: unknown) => ({ 'iam.amazonaws.com/permitted': text });
const allowed = (text: unknown) => ({ 'iam.amazonaws.com/allowed-roles': text });

test.each<[string, string, RestrictionOptions, boolean]>([
  ['reader', 'reader', {}, true],
  ['read', 'reader', {}, false],
  ['read', 'reader', { partialMatches: true }, true],
  ['reader', `${BASE}reader`, {}, true],
  ['team/.*', `${BASE}team/reader`, {}, true],
  [`${BASE}.*`, 'reader', {}, true],
  ['writer', 'reader', {}, false],
  ['', 'reader', {}, false],
  ['', 'reader', { partialMatches: true }, false],
])('kiam: permitted %p and the role %p, %j: %p', (expression, role, options, expected) => {
  expect(allows(permitted(expression), role, options)).toBe(expected);
});

test.each<[string, string, RestrictionOptions, boolean]>([
  ['["reader"]', 'reader', {}, true],
  ['["read"]', 'reader', {}, false],
  ['["read*"]', 'reader', {}, true],
  ['[]', 'reader', {}, false],
  ['["a", "arn:aws:iam::*:role/*"]', 'reader', {}, true],
  ['["arn:aws:iam::1*:role/reader"]', 'arn:aws:iam::210987654321:role/reader', {}, false],
  ['["read.*"]', 'reader', {}, false],
  ['["read.*"]', 'reader', { allowedRegexps: true }, true],
])('kube2iam: allowed %p and the role %p, %j: %p', (list, role, options, expected) => {
  expect(allows(allowed(list), role, options)).toBe(expected);
});

test('both have to agree, and a namespace that says nothing allows all', () => {
  expect(allows({ ...permitted('.*'), ...allowed('[]') }, 'reader')).toBe(false);
  expect(allows({}, 'reader')).toBe(true);
});

test.each([12, true, ['reader'], { a: 1 }])('fails when a rule is %j, which is no text', value => {
  const text = `is ${JSON.stringify(value)}, and a text is expected; put it into quotes`;
  expect(() => allows(permitted(value), 'reader')).toThrow(`iam.amazonaws.com/permitted of its namespace ${text}`);
  expect(() => allows(allowed(value), 'reader')).toThrow(`iam.amazonaws.com/allowed-roles of its namespace ${text}`);
});

test('an expression without a value is an empty one, which permits nothing', () => {
  expect(allows(permitted(null), 'reader')).toBe(false);
});

test.each(['reader', '{}', '[1]'])('fails when what is allowed is %s', list => {
  expect(() => allows(allowed(list), 'reader')).toThrow(`iam.amazonaws.com/allowed-roles is '${list}', and a list of texts in JSON is expected`);
});
