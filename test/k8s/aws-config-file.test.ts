import * as fs from 'node:fs';
import * as path from 'node:path';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import { parseKnownFiles } from '@smithy/shared-ini-file-loader';
import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { temporaryFolder } from './helpers';
import { AwsConfigFile, AwsCredentialSource, AwsProfile } from '../../src';

const ROLE = 'arn:aws:iam::123456789012:role/pod';
const TOKEN = 'header.payload.signature';

const pod = AwsProfile.webIdentity('default', { roleArn: ROLE });
const from = (name: string, sourceProfile: string) => AwsProfile.assumeRole(name, { roleArn: `arn:aws:iam::345678901234:role/${name}`, sourceProfile });

/** What the SDK for JavaScript reads in a file with this text. */
async function load(text: string): Promise<Record<string, Record<string, string | undefined>>> {
  return parseKnownFiles({ configFilepath: write(text), filepath: '/nonexistent', ignoreCache: true });
}

function write(text: string): string {
  const file = path.join(temporaryFolder(), 'config');
  fs.writeFileSync(file, text);
  return file;
}

/** The roles that the SDK for JavaScript assumes for a profile, one after the other, each with the credentials of the one before it. */
async function walk(text: string, profile: string): Promise<string[]> {
  const calls: string[] = [];
  const credentials = (roleArn: string) => ({ accessKeyId: roleArn, secretAccessKey: 'secret', sessionToken: 'session' });
  const { accessKeyId } = await fromIni({
    profile,
    configFilepath: write(text),
    filepath: '/nonexistent',
    ignoreCache: true,
    roleAssumerWithWebIdentity: async ({ RoleArn, WebIdentityToken }) => {
      calls.push(`${WebIdentityToken} → ${RoleArn}`);
      return credentials(RoleArn!);
    },
    roleAssumer: async (source, { RoleArn, ExternalId, DurationSeconds }) => {
      calls.push([source.accessKeyId, '→', RoleArn, ...ExternalId ? [ExternalId] : [], ...DurationSeconds === 3600 ? [] : [DurationSeconds]].join(' '));
      return credentials(RoleArn!);
    },
  })();
  expect(calls[calls.length - 1].split(' ')[2]).toBe(accessKeyId);
  return calls;
}

/** Texts of some of these letters. */
function letters(alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
}

test('profiles stand in the order they are given', () => {
  expect(AwsConfigFile.of(from('b', 'default'), pod, from('a', 'b')).text).toBe([
    '[profile b]', 'source_profile = default', 'role_arn = arn:aws:iam::345678901234:role/b',
    '[default]', `role_arn = ${ROLE}`, 'web_identity_token_file = /var/run/secrets/eks.amazonaws.com/serviceaccount/token',
    '[profile a]', 'source_profile = b', 'role_arn = arn:aws:iam::345678901234:role/a',
    '',
  ].join('\n'));
});

test('cannot be changed from outside', () => {
  const file = AwsConfigFile.of(pod);
  file.profiles.push(from('a', 'default'));
  expect(file.profiles).toEqual([pod]);
});

describe('the SDK for JavaScript', () => {
  test('walks a chain of three roles in the right order', async () => {
    const token = path.join(temporaryFolder(), 'token');
    fs.writeFileSync(token, TOKEN);
    const file = AwsConfigFile.of(
      AwsProfile.webIdentity('default', { roleArn: ROLE, tokenFile: token }),
      AwsProfile.assumeRole('admin', { roleArn: 'arn:aws:iam::345678901234:role/admin', sourceProfile: 'default', externalId: 'id-1' }),
      AwsProfile.assumeRole('special', { roleArn: 'arn:aws:iam::567890123456:role/special', sourceProfile: 'admin', duration: Duration.minutes(20) }),
    );
    expect(await walk(file.text, 'special')).toEqual([
      `${TOKEN} → ${ROLE}`,
      `${ROLE} → arn:aws:iam::345678901234:role/admin id-1`,
      'arn:aws:iam::345678901234:role/admin → arn:aws:iam::567890123456:role/special 1200',
    ]);
    expect(await walk(file.text, 'default')).toEqual([`${TOKEN} → ${ROLE}`]);
  });

  test('reads what was written, whatever it is', async () => {
    const word = 'abzAZ09_-.';
    const common = {
      roleArn: letters('abzAZ09_-.@+=,/', 1, 30).map(name => `arn:aws:iam::123456789012:role/${name}`),
      roleSessionName: fc.option(letters(`${word}+=,@`, 2, 20), { nil: undefined }),
      region: fc.option(fc.constantFrom('eu-west-1', 'us-gov-east-1'), { nil: undefined }),
      regionalSts: fc.option(fc.boolean(), { nil: undefined }),
    };
    const web = fc.record({ ...common, tokenFile: letters('abz09_-./@:+=,', 1, 30).map(rest => `/${rest}`) });
    const assume = fc.record({
      ...common,
      externalId: fc.option(letters(`${word}+=,@:/`, 2, 30), { nil: undefined }),
      duration: fc.option(fc.integer({ min: 900, max: 3600 }).map(seconds => Duration.seconds(seconds)), { nil: undefined }),
      credentialSource: fc.option(fc.constantFrom(...Object.values(AwsCredentialSource)), { nil: undefined }),
      source: fc.nat(),
    });
    const names = fc.uniqueArray(letters(`${word}%@:/+`, 1, 20).filter(name => name !== '__proto__'), { minLength: 4, maxLength: 4 });

    await fc.assert(fc.asyncProperty(names, web, fc.array(assume, { minLength: 3, maxLength: 3 }), async ([first, ...more], webOptions, options) => {
      const profiles = [AwsProfile.webIdentity(first, webOptions)];
      options.forEach(({ source, credentialSource, ...rest }, index) => profiles.push(AwsProfile.assumeRole(more[index], {
        ...rest, ...credentialSource ? { credentialSource } : { sourceProfile: profiles[source % profiles.length].name },
      })));
      const expected = Object.fromEntries(profiles.map(({ name, settings }) => [name, settings]));
      expect(await load(AwsConfigFile.of(...profiles).text)).toEqual(expected);
    }), { numRuns: 60 });
  });
});

describe('fails', () => {
  test('without a profile', () => {
    expect(() => AwsConfigFile.of()).toThrow('an AWS config file has at least one profile');
  });

  test('for a source that is not there, and says which are', () => {
    expect(() => AwsConfigFile.of(pod, from('a', 'defualt'))).toThrow("profile 'a' has the source profile 'defualt', which is not in the file (default, a)");
    expect(() => AwsConfigFile.of(from('b', 'a'), from('a', 'x'))).toThrow("profile 'a' has the source profile 'x'");
  });

  test.each([
    [[from('a', 'a')], 'a → a'],
    [[from('a', 'b'), from('b', 'a')], 'a → b → a'],
    [[pod, from('a', 'b'), from('b', 'c'), from('c', 'b')], 'a → b → c → b'],
  ])('for sources that go round in a circle', (profiles, circle) => {
    expect(() => AwsConfigFile.of(...profiles)).toThrow(`the source profiles ${circle} go round in a circle`);
  });

  test('for a name that is there twice', () => {
    expect(() => AwsConfigFile.of(pod, from('a', 'default'), from('a', 'default'))).toThrow("profile 'a' is there twice");
    expect(() => AwsConfigFile.of(pod, pod)).toThrow("profile 'default' is there twice");
  });
});

test('names differ by their case', () => {
  expect(AwsConfigFile.of(pod, from('a', 'default'), from('A', 'a')).profiles).toHaveLength(3);
});

test('a hundred profiles in a row are one chain', () => {
  const profiles = Array.from({ length: 100 }, (_, n) => from(`p${n}`, n === 0 ? 'default' : `p${n - 1}`));
  expect(AwsConfigFile.of(...profiles.reverse(), pod).profiles).toHaveLength(101);
});
