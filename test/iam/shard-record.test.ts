import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { readRecord, recordEntry, recordKey } from '../../src/iam/shard-record';

const KEY = 'cdk-irsa:shards:Stack/Shards';

function scope(record?: unknown): Construct {
  return new Construct(new Stack(new App({ context: record === undefined ? {} : { [KEY]: record } }), 'Stack'), 'Shards');
}

test('each construct has a record of its own, by its path', () => {
  expect(recordKey(scope())).toBe(KEY);
});

test.each([[undefined], [{}], [{ clusters: {} }]])('nothing is recorded in %j', record => {
  expect(readRecord(scope(record))).toEqual({ clusters: new Map(), serviceAccounts: new Map() });
});

test('reads what it says should be recorded', () => {
  const layout = { clusters: new Map([['oidc.example.com/a', 0], ['oidc.example.com/b', 12]]), serviceAccounts: new Map([['default/reader', 0]]) };
  const pasted = JSON.parse(`{${recordEntry(scope(), layout)}}`) as Record<string, unknown>;

  expect(readRecord(scope(pasted[KEY]))).toEqual(layout);
});

test.each([
  ['a list', []],
  ['a string', '{}'],
  ['a number', 1],
  ['false', false],
  ['an unknown part', { cluster: {} }],
])('fails when it is %s', (_, record) => {
  expect(() => readRecord(scope(record))).toThrow(`the context ${KEY} is ${JSON.stringify(record)}; { "clusters": { … }, "serviceAccounts": { … } } is expected`);
});

test.each([
  ['a list', ['a']],
  ['a string', 'a'],
])('fails when the clusters are %s', (_, clusters) => {
  expect(() => readRecord(scope({ clusters }))).toThrow(`the context ${KEY} clusters is ${JSON.stringify(clusters)}; an object with a shard number for each key is expected`);
});

test.each([[-1], [1.5], ['0'], [null], [1e400]])('fails when a shard is %j', shard => {
  expect(() => readRecord(scope({ serviceAccounts: { 'default/reader': shard } }))).toThrow(
    `the context ${KEY} serviceAccounts has ${JSON.stringify(shard)} as the shard of 'default/reader'; an integer from 0 is expected`);
});
