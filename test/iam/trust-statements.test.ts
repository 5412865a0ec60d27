import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import fc from 'fast-check';
import { expectPinned, type TrustPolicy } from './helpers';
import { ServiceAccountSubject } from '../../src';
import { type Trust, type TrustedProvider, trustStatements } from '../../src/iam/trust-statements';

const FIRST: TrustedProvider = { arn: 'arn:aws:iam::111111111111:oidc-provider/first.example/a', hostPath: 'first.example/a' };
const SECOND: TrustedProvider = { arn: 'arn:aws:iam::111111111111:oidc-provider/second.example/b', hostPath: 'second.example/b' };
const READER = ServiceAccountSubject.of('default', 'reader');
const WRITER = ServiceAccountSubject.of('default', 'writer');
const ANY = ServiceAccountSubject.anyInNamespace('jobs');
const TEAMS = ServiceAccountSubject.matching('team-*', 'deployer');

const ALLOW = { Action: 'sts:AssumeRoleWithWebIdentity', Effect: 'Allow' };

function policy(trust: Partial<Trust>): TrustPolicy {
  const document = new PolicyDocument({ statements: trustStatements({ providers: [FIRST], subjects: [READER], audience: 'sts.amazonaws.com', ...trust }) });
  return new Stack(new App()).resolve(document) as TrustPolicy;
}

test('one cluster, one service account: one statement', () => {
  expect(policy({})).toEqual({
    Version: '2012-10-17',
    Statement: [{
      ...ALLOW,
      Principal: { Federated: 'arn:aws:iam::111111111111:oidc-provider/first.example/a' },
      Condition: { StringEquals: { 'first.example/a:aud': 'sts.amazonaws.com', 'first.example/a:sub': 'system:serviceaccount:default:reader' } },
    }],
  });
});

test('one cluster, several service accounts: one statement with a list', () => {
  expect(policy({ subjects: [READER, WRITER] }).Statement).toEqual([{
    ...ALLOW,
    Principal: { Federated: FIRST.arn },
    Condition: {
      StringEquals: {
        'first.example/a:aud': 'sts.amazonaws.com',
        'first.example/a:sub': ['system:serviceaccount:default:reader', 'system:serviceaccount:default:writer'],
      },
    },
  }]);
});

test('several clusters, several service accounts: one statement a cluster', () => {
  expect(policy({ providers: [FIRST, SECOND], subjects: [READER, WRITER] }).Statement).toEqual([FIRST, SECOND].map(({ arn, hostPath }) => ({
    ...ALLOW,
    Principal: { Federated: arn },
    Condition: {
      StringEquals: {
        [`${hostPath}:aud`]: 'sts.amazonaws.com',
        [`${hostPath}:sub`]: ['system:serviceaccount:default:reader', 'system:serviceaccount:default:writer'],
      },
    },
  })));
});

test('patterns only: StringLike for sub, and still StringEquals for aud', () => {
  expect(policy({ subjects: [ANY, TEAMS] }).Statement).toEqual([{
    ...ALLOW,
    Principal: { Federated: FIRST.arn },
    Condition: {
      StringEquals: { 'first.example/a:aud': 'sts.amazonaws.com' },
      StringLike: { 'first.example/a:sub': ['system:serviceaccount:jobs:*', 'system:serviceaccount:team-*:deployer'] },
    },
  }]);
});

test('patterns among exact subjects: a statement of their own, for each cluster', () => {
  const { Statement } = policy({ providers: [FIRST, SECOND], subjects: [ANY, READER, TEAMS, WRITER] });

  const exact = ['system:serviceaccount:default:reader', 'system:serviceaccount:default:writer'];
  const patterns = ['system:serviceaccount:jobs:*', 'system:serviceaccount:team-*:deployer'];
  expect(Statement.map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { 'first.example/a:aud': 'sts.amazonaws.com', 'first.example/a:sub': exact } },
    { StringEquals: { 'first.example/a:aud': 'sts.amazonaws.com' }, StringLike: { 'first.example/a:sub': patterns } },
    { StringEquals: { 'second.example/b:aud': 'sts.amazonaws.com', 'second.example/b:sub': exact } },
    { StringEquals: { 'second.example/b:aud': 'sts.amazonaws.com' }, StringLike: { 'second.example/b:sub': patterns } },
  ]);
});

test('an own audience takes the place of the default', () => {
  expect(policy({ audience: 'my-audience' }).Statement[0].Condition.StringEquals['first.example/a:aud']).toBe('my-audience');
});

test('duplicate subjects count once', () => {
  expect(policy({ subjects: [READER, ServiceAccountSubject.of('default', 'reader')] })).toEqual(policy({}));
  expect(policy({ subjects: [ANY, ServiceAccountSubject.matching('jobs', '*')] })).toEqual(policy({ subjects: [ANY] }));
});

test('duplicate providers count once', () => {
  expect(policy({ providers: [FIRST, { ...FIRST }] })).toEqual(policy({}));
});

test('no subjects give no statement, rather than one without sub', () => {
  expect(trustStatements({ providers: [FIRST], subjects: [], audience: 'sts.amazonaws.com' })).toEqual([]);
});

test.each([undefined, ''])('fails when the audience is %j: a statement without aud takes tokens that are for others', audience => {
  expect(() => policy({ audience: audience as string })).toThrow('the audience of a trust policy comes to');
});

test.each([undefined, '', 5])('fails when a subject has the claim %j: a statement without sub is open to every pod', claim => {
  const wrong = { claim, isPattern: false } as unknown as ServiceAccountSubject;
  expect(() => policy({ subjects: [wrong] })).toThrow('a trust policy without sub was about to be written');
  expect(() => policy({ subjects: [READER, { ...wrong, isPattern: true } as ServiceAccountSubject] })).toThrow('a trust policy without sub was about to be written');
});

test('condition keys may be tokens, in a JSON string', () => {
  const stack = new Stack(new App());
  const hostPath = new CfnParameter(stack, 'HostPath').valueAsString;
  const document = new PolicyDocument({ statements: trustStatements({ providers: [{ ...FIRST, hostPath }], subjects: [READER], audience: 'sts.amazonaws.com' }) });

  const rendered = stack.resolve(stack.toJsonString(document)) as { 'Fn::Join': [string, unknown[]] };

  const text = rendered['Fn::Join'][1].map(part => typeof part === 'string' ? part : 'first.example/a').join('');
  expect(JSON.parse(text)).toEqual(policy({}));
});

test('whatever the subjects, sub and aud are pinned, and every subject stands in its own kind of comparison', () => {
  const part = fc.stringMatching(/^[a-z]([a-z-]{0,5}[a-z])?$/);
  const subject = fc.oneof(
    fc.tuple(part, part).map(([namespace, name]) => ServiceAccountSubject.of(namespace, name)),
    part.map(namespace => ServiceAccountSubject.anyInNamespace(namespace)),
    fc.tuple(part, part).map(([namespace, name]) => ServiceAccountSubject.matching(`${namespace}*`, name)),
  );
  fc.assert(fc.property(fc.array(subject, { minLength: 1, maxLength: 6 }), fc.subarray([FIRST, SECOND], { minLength: 1 }), (subjects, providers) => {
    const rendered = policy({ subjects, providers });
    expectPinned(rendered);
    for (const { arn, hostPath } of providers) {
      const statements = rendered.Statement.filter(({ Principal }) => JSON.stringify(Principal) === JSON.stringify({ Federated: arn }));
      const claims = (operator: string) => new Set(statements.flatMap(({ Condition }) => Condition[operator]?.[`${hostPath}:sub`] ?? []));
      expect(claims('StringEquals')).toEqual(new Set(subjects.filter(({ isPattern }) => !isPattern).map(({ claim }) => claim)));
      expect(claims('StringLike')).toEqual(new Set(subjects.filter(({ isPattern }) => isPattern).map(({ claim }) => claim)));
    }
  }));
});

test('the order of subjects and clusters does not change who is trusted', () => {
  const all = [READER, ANY, WRITER, TEAMS];
  const normal = ({ Statement }: TrustPolicy) => Statement
    .map(statement => JSON.stringify(statement, (_, value: unknown) => Array.isArray(value) ? [...value].sort() : value)).sort();

  const anyOrder = <T>(items: T[]) => fc.shuffledSubarray(items, { minLength: items.length });
  fc.assert(fc.property(anyOrder(all), anyOrder([FIRST, SECOND]), (subjects, providers) => {
    expect(normal(policy({ subjects, providers }))).toEqual(normal(policy({ subjects: all, providers: [FIRST, SECOND] })));
  }));
});
