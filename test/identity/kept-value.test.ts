import { isDynamicReference, isKept } from '../../src/identity/kept-value';

const NO_VALUE = { Ref: 'AWS::NoValue' };

test.each<[string, unknown]>([
  ['text', 'a'],
  ['a list', ['a', { Ref: 'B' }]],
  ['a list in which something is lost: the rest is there', ['a', NO_VALUE]],
  ['a reference', { Ref: 'Parameter' }],
  ['a choice between two values', { 'Fn::If': ['C', 'a', { 'Fn::GetAtt': ['B', 'Arn'] }] }],
  ['a choice within a choice', { 'Fn::If': ['C', 'a', { 'Fn::If': ['D', 'b', 'c'] }] }],
  ['joined text', { 'Fn::Join': ['', ['a', { Ref: 'AWS::Partition' }]] }],
])('keeps %s', (_, value) => {
  expect(isKept(value)).toBe(true);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['empty text', ''],
  ['an empty list', []],
  ['an empty object', {}],
  ['a list in which everything is lost', [undefined, NO_VALUE]],
  ['NoValue', NO_VALUE],
  ['a choice with NoValue', { 'Fn::If': ['C', 'a', NO_VALUE] }],
  ['a choice with empty text', { 'Fn::If': ['C', '', 'a'] }],
  ['a choice within a choice with NoValue', { 'Fn::If': ['C', 'a', { 'Fn::If': ['D', NO_VALUE, 'c'] }] }],
  ['NoValue in joined text', { 'Fn::Join': ['', ['a', NO_VALUE]] }],
  ['NoValue in substituted text', { 'Fn::Sub': 'a${AWS::NoValue}' }],
  ['a choice in joined text', { 'Fn::Join': ['', ['a', { 'Fn::If': ['C', 'b', NO_VALUE] }]] }],
])('loses %s', (_, value) => {
  expect(isKept(value)).toBe(false);
});

test.each([
  ['{{resolve:ssm:/cluster}}', true],
  ['{{resolve:secretsmanager:a:SecretString:b}}', true],
  ['a{{resolve:ssm:/cluster}}', false],
  ['{{resolve:}}', false],
  ['production', false],
])('whether %s is a dynamic reference: %s', (text, expected) => {
  expect(isDynamicReference(text)).toBe(expected);
});
