import { Lazy } from 'aws-cdk-lib';
import { ServiceAccountSubject } from '../../src';
import { assertSubject, assertSubjects } from '../../src/identity/subject-check';

const { of, anyInNamespace, matching } = ServiceAccountSubject;

/** As another copy of the package makes it: the same members, of a class that we do not know. */
function foreign(subject: ServiceAccountSubject, changes: object = {}): unknown {
  const { namespace, name, isPattern, claim } = subject;
  return { namespace, name, isPattern, claim, includes: () => false, ...changes };
}

test.each([
  ['exactly one', of('a', 'b')],
  ['a name with dots', of('a', 'b.c.d')],
  ['a namespace', anyInNamespace('a')],
  ['a pattern', matching('team-*', 'run?er')],
])('takes %s, also from another copy of the package', (_, subject) => {
  expect(() => assertSubjects('Stack/Role', [subject, foreign(subject)])).not.toThrow();
});

test.each<[string, unknown, string]>([
  ['text', 'ns/sa', "'ns/sa'"],
  ['a claim', 'system:serviceaccount:ns:sa', "'system:serviceaccount:ns:sa'"],
  ['namespace and name', { namespace: 'ns', name: 'sa' }, '{"namespace":"ns","name":"sa"}'],
])('fails when it is %s, and says what to write', (_, value, shown) => {
  expect(() => assertSubject('Stack/Role', 'serviceAccounts', value)).toThrow(
    `Stack/Role has ${shown} in serviceAccounts, which is not a ServiceAccountSubject; pass ServiceAccountSubject.of('ns', 'sa')`);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a number', 5, '5'],
  ['a list', ['ns', 'sa'], '["ns","sa"]'],
  ['text that names none', '*', "'*'"],
  ['a wildcard in text', 'ns/*', "'ns/*'"],
  ['a circle', (() => { const circle: Record<string, unknown> = {}; circle.self = circle; return circle; })(), 'an Object'],
  ['a function', of, 'a function'],
  ['a long text', 'x'.repeat(300), `'${'x'.repeat(255)}…'`],
])('fails when it is %s', (_, value, shown) => {
  expect(() => assertSubject('Stack/Role', 'subject', value)).toThrow(
    `Stack/Role has ${shown} in subject, which is not a ServiceAccountSubject; pass ServiceAccountSubject.of('namespace', 'name')`);
});

test.each<[string, object]>([
  ['no claim', { claim: undefined }],
  ['the claim of another', { claim: 'system:serviceaccount:kube-system:admin' }],
  ['a pattern as its name', { name: '*', claim: 'system:serviceaccount:a:*' }],
  ['a token as its name', { name: Lazy.string({ produce: () => 'b' }) }],
  ['a name that is no text', { name: 5, claim: 'system:serviceaccount:a:5' }],
  ['everybody', { namespace: '*', name: '*', claim: 'system:serviceaccount:*:*', isPattern: true }],
  ['no way to compare it', { includes: undefined }],
])('fails when something like a subject has %s', (_, changes) => {
  expect(() => assertSubject('Stack/Role', 'subject', foreign(of('a', 'b'), changes))).toThrow('in subject, which is not a ServiceAccountSubject');
});

test.each<[string, unknown, string]>([
  ['missing', undefined, 'undefined'],
  ['a single subject', of('ns', 'sa'), 'ns/sa'],
  ['text', 'ns/sa', "'ns/sa'"],
])('fails when the list is %s', (_, list, shown) => {
  expect(() => assertSubjects('Stack/Role', list)).toThrow(
    `Stack/Role has ${shown} as serviceAccounts, and a list is expected; pass serviceAccounts: [ServiceAccountSubject.of('namespace', 'name')]`);
});

test('fails when one of several is wrong', () => {
  expect(() => assertSubjects('Stack/Role', [of('a', 'b'), 'c/d'])).toThrow("'c/d'");
});

test('fails when the list has a hole, or is known only at deployment', () => {
  // eslint-disable-next-line no-sparse-arrays
  expect(() => assertSubjects('Stack/Role', [, of('a', 'b')])).toThrow('has undefined in serviceAccounts');
  expect(() => assertSubjects('Stack/Role', Lazy.list({ produce: () => ['a/b'] }))).toThrow('which is not a ServiceAccountSubject');
});
