import { Aws, CfnParameter, Fn, Lazy, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { tokenLeaks } from '../../src/k8s/token-leaks';

const stack = new Stack();
const bucket = new Bucket(stack, 'Bucket');
const string = Lazy.string({ produce: () => 'x' });
const list = Lazy.list({ produce: () => ['x'] });
const number = Lazy.number({ produce: () => 1 });

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('tokenLeaks', () => {
  test.each<[string, unknown]>([
    ['a string', string],
    ['a concatenation', `s3://${bucket.bucketName}/`],
    ['a reference', bucket.bucketArn],
    ['a pseudo parameter', Aws.REGION],
    ['a function', Fn.join('', ['a', Aws.REGION])],
    ['a parameter', new CfnParameter(stack, 'Parameter').valueAsString],
    ['a secret', SecretValue.unsafePlainText('x').toString()],
    ['a string in upper case', bucket.bucketName.toUpperCase()],
    ['a string in lower case', bucket.bucketName.toLowerCase()],
    ['a list', list],
    ['an element of a list', list[0]],
    ['a list joined to text', list.join(',')],
    ['a list in lower case', list[0].toLowerCase()],
    ['a number', number],
    ['a number in text', `port ${number}`],
    ['a number in text, in upper case', `PORT ${number}`.toUpperCase()],
    ['JSON', JSON.stringify({ a: { b: bucket.bucketName } })],
    ['JSON with a number', JSON.stringify({ a: number })],
    ['JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: bucket.bucketName }) })],
    ['base64', base64(bucket.bucketName)],
    ['base64 of a list', base64(JSON.stringify(list))],
    ['base64 of JSON', base64(JSON.stringify({ password: string }))],
    ['base64 of a number', base64(`postgres://host:${number}/db`)],
    ['base64 of upper case', base64(string.toUpperCase())],
    ['base64 of lower case', base64(string.toLowerCase())],
    ['base64 in lines', base64(`${'x'.repeat(52)}${string}${'y'.repeat(50)}`).replace(/(.{76})/g, '$1\n')],
    ['a dynamic reference', '{{resolve:ssm:/a/b}}'],
    ['a dynamic reference to a secure parameter', '{{resolve:ssm-secure:/a/b:1}}'],
    ['a dynamic reference in text', 'password={{resolve:secretsmanager:a:SecretString:b}}'],
  ])('finds %s', (_form, value) => {
    expect(tokenLeaks({ data: { key: value } })).toEqual([{ at: expect.stringMatching(/^data\.key/) as string, problem: expect.any(String) as string }]);
  });

  test('finds numbers of any token of a long synthesis', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 50_000_000 }), index => {
      const bits = new DataView(new ArrayBuffer(8));
      bits.setUint32(0, 0xFBFF0000);
      bits.setUint32(4, index);
      const magic = bits.getFloat64(0);

      expect(Token.isUnresolved(magic)).toBe(true);
      expect(tokenLeaks(magic)).toHaveLength(1);
      expect(tokenLeaks(`port-${magic}`)).toHaveLength(1);
    }));
  });

  test.each<[string, unknown]>([
    ['string', { [string]: 1 }],
    ['string in lower case', { [bucket.bucketName.toLowerCase()]: 1 }],
    ['number', { [number]: 1 }],
    ['list', { [list[0]]: 1 }],
  ])('finds a %s that is the key of a map, and says that it cannot be filled in', (_form, value) => {
    expect(tokenLeaks({ metadata: { labels: value } })).toEqual([
      { at: 'metadata.labels', problem: expect.stringMatching(/holds a CDK token \('.*'\) as a map key, which cannot be filled in$/) as string },
    ]);
  });

  test('says where, in maps and lists, for every leak', () => {
    const value = { spec: { containers: [{ image: 'a' }, { args: ['-v', string] }] }, metadata: { labels: { app: string } } };

    expect(tokenLeaks(value).map(({ at }) => at)).toEqual(['spec.containers.1.args.1', 'metadata.labels.app']);
  });

  test('shows what it found', () => {
    expect(tokenLeaks({ a: bucket.bucketName })[0].problem).toBe(`holds a CDK token ('${bucket.bucketName}')`);
  });

  test('shows the beginning of a long text only', () => {
    expect(tokenLeaks({ a: `${bucket.bucketName}${'x'.repeat(1000)}` })[0].problem.length).toBeLessThan(120);
  });

  test('finds a token in base64, whatever is before and after it', () => {
    const bytes = fc.uint8Array({ maxLength: 100 });

    fc.assert(fc.property(bytes, fc.constantFrom(string, list[0], bucket.bucketArn), bytes, (before, token, after) => {
      const encoded = Buffer.concat([before, Buffer.from(token), after]).toString('base64');

      expect(tokenLeaks({ data: { password: encoded } })).toEqual([{ at: 'data.password', problem: expect.stringContaining('base64') as string }]);
    }), { numRuns: 1000 });
  });

  test('finds a token, whatever is before and after it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(string, list[0]), fc.string({ unit: 'binary' }), (before, token, after) => {
      expect(tokenLeaks(`${before}${token}${after}`)).toHaveLength(1);
    }));
  });

  test('finds nothing in what has no token', () => {
    const marker = /[$#]\{token\[|\{\{resolve:|e\+(2[789]|30)\d/i;
    const text = fc.string({ unit: 'binary' }).filter(value => !marker.test(value));
    const json = fc.jsonValue().filter(value => !marker.test(JSON.stringify(value)));

    fc.assert(fc.property(text, json, (value, other) => {
      expect(tokenLeaks({ value, other, encoded: base64(value), encodedOther: base64(JSON.stringify(other)) })).toEqual([]);
    }), { numRuns: 500 });
  });

  test.each<[string, unknown]>([
    ['a shell variable', 'echo ${TOKEN} $TOKEN ${token}'],
    ['a placeholder of ours', '${cdk-irsa:Stack/Role.Arn-01234567}'],
    ['a template of Helm', '{{ .Values.token }}'],
    ['a type in a comment', '/** @returns {{resolve: Function}} */ type A = {{resolve:Function}}'],
    ['words with a number that is no token\'s', 'token-token-1000000 csrf-token_token_1000000'],
    ['nothing', undefined],
    ['null', null],
    ['an empty map', {}],
    ['a truth value', true],
    ['large numbers', [1e308, -1e289, -1.8e289, Number.MAX_SAFE_INTEGER, -0]],
  ])('passes %s', (_what, value) => {
    expect(tokenLeaks({ key: value })).toEqual([]);
  });
});

test.each<[string, (token: string) => string]>([
  ['made fit for a label', token => token.replace(/[^\w-]/g, '-')],
  ['encoded for a URL', encodeURIComponent],
  ['encoded for a URL twice', token => encodeURIComponent(encodeURIComponent(token))],
  ['cut at the beginning', token => token.slice(2)],
  ['with another dot', token => token.replace(/\./g, '-')],
  ['with underscores', token => token.replace(/\W/g, '_')],
  ['without brackets', token => token.replace(/[^\w.]/g, '')],
  ['with letters and digits only', token => token.replace(/\W/g, '')],
  ['cut by a scheme', token => token.slice('https://'.length)],
  ['cut by the beginning of an ARN', token => token.slice('arn:aws:s3:::'.length)],
  ['after another text', token => `host=${token.slice('https://'.length)}`],
  ['right after another text', token => `host${token.slice('https://'.length)}`],
  ['before another text', token => `${token.slice('https://'.length)}/path`],
  ['in JSON', token => JSON.stringify({ a: { host: token.slice('https://'.length) } })],
  ['in JSON, with its number only', token => JSON.stringify({ resources: [`${token.slice('arn:aws:s3:::'.length)}/*`] })],
  ['in JSON in JSON', token => JSON.stringify({ a: JSON.stringify({ host: token.slice('https://'.length) }) })],
  ['in a file of settings', token => `A={x}\nB=[1]\nHOST=${token.split('.').slice(1).join('.')}\nC={y}`],
  ['in YAML', token => `a: {x: [1]}\nhost: ${token.slice('https://'.length)}\n`],
  ['without scheme and the last character', token => token.slice('https://'.length, -1)],
  ['split at dots', token => token.split('.').slice(1).join('.')],
  ['split at its bracket', token => token.split('[')[1]],
  ['cut in the middle of its name', token => token.slice(10)],
  ['cut in lower case', token => token.toLowerCase().slice(8)],
  ['cut short', token => token.slice(0, 3)],
  ['cut short, with something after it', token => `${token.slice(0, 7)}-web`],
  ['in hexadecimal digits', token => Buffer.from(token).toString('hex')],
  ['in hexadecimal digits, after another', token => `f${Buffer.from(token).toString('hex')}`],
  ['in base64url', token => Buffer.from(`${token}??>>`).toString('base64url')],
  ['in base64 for a URL', token => encodeURIComponent(base64(`~~?${token}`))],
  ['in base64 of base64', token => base64(JSON.stringify({ auths: { registry: { auth: base64(`user:${token}`) } } }))],
  ['in base64 of two bytes a character', token => Buffer.from(token, 'utf16le').toString('base64')],
  ['in base64 right after another text', token => `Basic${base64(`user:${token}`)}`],
  ['cut, in base64', token => base64(token.slice('https://'.length))],
  ['split, in base64', token => base64(token.split('.')[1])],
  ['cut, in base64 in JSON', token => JSON.stringify({ a: base64(`host=${token.slice('https://'.length)}`) })],
  ['cut, in hexadecimal digits', token => Buffer.from(token.slice('https://'.length)).toString('hex')],
  ['cut, for a URL', token => encodeURIComponent(token.slice('https://'.length))],
])('finds a token %s', (_name, change) => {
  expect(tokenLeaks({ a: change(Token.asString({ Ref: 'X' })) })).toHaveLength(1);
  expect(tokenLeaks({ a: change(Token.asList({ Ref: 'X' })[0]) })).toHaveLength(1);
});

test.each<[string, (token: string) => string]>([
  ['made fit for a label', token => token.replace(/[^\w-]/g, '-')],
  ['with letters and digits only', token => token.replace(/\W/g, '')],
  ['cut by a scheme', token => token.slice('https://'.length)],
  ['cut in the middle of its name, in JSON', token => JSON.stringify({ a: token.slice(14) })],
  ['split at dots', token => token.split('.').pop()!],
])('finds a token with a name of its own, %s', (_name, change) => {
  expect(tokenLeaks({ a: change(Token.asString({ Ref: 'X' }, { displayHint: 'Web-Queue.Arn' })) })).toHaveLength(1);
  expect(tokenLeaks({ a: change(Aws.URL_SUFFIX) })).toHaveLength(1);
});

test.each<[string, (token: number) => unknown]>([
  ['doubled', token => token * 2],
  ['without sign', token => Math.abs(token)],
  ['negated', token => -token],
  ['negated, in text', token => `port ${-token}`],
  ['in bits', token => token * 8],
  ['in thousands, in text', token => String(token / 1000)],
  ['in bytes, in text', token => `${token * 1024 * 1024 * 1024}`],
  ['by ten, in text', token => String(token * 10)],
  ['rounded', token => token.toPrecision(5)],
  ['rounded more', token => token.toExponential(2)],
  ['doubled, in base64', token => base64(`port=${token * 2}`)],
  ['as the key of a map', token => ({ [token * 2]: 1 })],
])('finds the number of a token, %s', (_name, change) => {
  expect(tokenLeaks({ a: change(number) })).toHaveLength(1);
});

test('says of a piece what it is, and the way out', () => {
  const piece = Token.asString({ Ref: 'X' }).slice('https://'.length);

  expect(tokenLeaks({ a: piece })).toEqual([{
    at: 'a',
    problem: `holds what is left of a CDK token ('${piece}'): its value is not known yet, so that it cannot be cut here; use it whole, or cut it by Fn.split and Fn.select`,
  }]);
});

test.each([['token-expiration: 86400'], ['a token, 5 of them'], ['tokens/12'], ['Token'], ['csrf-token-17']])('%s is no token', text => {
  expect(tokenLeaks({ a: text })).toEqual([]);
});

test('looks through a long list in no time: arguments may be JSON that was split at blanks', () => {
  const numbers = Array.from({ length: 10_000 }, () => /\.(\d+)\]/.exec(Token.asString({ Ref: 'X' }))![1]);
  const args = numbers.slice(0, 8_000).map(each => `{"a":[${each}]}`);
  const start = Date.now();

  expect(tokenLeaks({ args })).toEqual([]);
  expect(tokenLeaks({ args: [...args, `${numbers[0]}]}`] }).map(({ at }) => at)).toEqual(['args.8000']);
  expect(Date.now() - start).toBeLessThan(3_000);
});

test('looks through a megabyte of binary data in no time', () => {
  const start = Date.now();

  for (const text of [Buffer.alloc(786_432, 'cdk').toString('base64'), base64(base64('Some text 1 of words. '.repeat(25_000))), '6162'.repeat(262_144), 'a'.repeat(1_048_576)]) {
    expect(tokenLeaks({ binaryData: { key: text } })).toEqual([]);
  }
  expect(Date.now() - start).toBeLessThan(10_000);
});
