/** Do botocore and the AWS CLI read in an AWS config file what cdk-irsa wrote? The SDK for JavaScript is asked in the unit tests. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { before, describe, test } from 'node:test';
import { Duration } from 'aws-cdk-lib';
import { unique, world } from './context';
import { AwsConfigFile, AwsCredentialSource, AwsProfile } from '../../src';
import { check } from '../parts/exec';
import { pythonTool } from '../parts/python';

const roleArn = 'arn:aws:iam::123456789012:role/a-_.@+=,/b';

const FILE = AwsConfigFile.of(
  AwsProfile.webIdentity('default', { roleArn, tokenFile: '/a/b_c.d@e:f+g=h,i-j', roleSessionName: 'a_+=,.@-', region: 'eu-west-1', regionalSts: true }),
  // every character that a name may have
  AwsProfile.assumeRole('Az09_.%@:/+-', { roleArn, sourceProfile: 'default', externalId: '=a_+=,.@:/-', duration: Duration.minutes(15), regionalSts: false }),
  AwsProfile.assumeRole('.', { roleArn, sourceProfile: 'Az09_.%@:/+-' }),
  AwsProfile.assumeRole('profile', { roleArn, sourceProfile: '.' }),
  AwsProfile.assumeRole('DEFAULT', { roleArn, sourceProfile: 'profile', externalId: '--' }),
  AwsProfile.assumeRole('toString', { roleArn, credentialSource: AwsCredentialSource.ECS_CONTAINER }),
  AwsProfile.assumeRole('x'.repeat(128), { roleArn, credentialSource: AwsCredentialSource.ENVIRONMENT, duration: Duration.hours(12) }),
);

const LOAD = 'import botocore.session, json; print(json.dumps(botocore.session.Session().full_config["profiles"]))';

describe('an AWS config file', () => {
  const configFile = path.join(world.dir, unique('aws-config'));
  const env = { PATH: process.env.PATH ?? '', HOME: world.home, AWS_CONFIG_FILE: configFile, PYTHONDONTWRITEBYTECODE: '1' };

  before(() => fs.writeFileSync(configFile, FILE.text));

  test('botocore reads what was written', async () => {
    const profiles = JSON.parse(await check({ command: world.python, args: ['-c', LOAD], env })) as unknown;
    assert.deepEqual(profiles, Object.fromEntries(FILE.profiles.map(({ name, settings }) => [name, settings])));
  });

  // two are enough: it reads by botocore, and takes seconds for each setting
  for (const { name, settings } of FILE.profiles.slice(0, 2)) {
    test(`the AWS CLI reads the settings of ${name}`, async () => {
      for (const [setting, value] of Object.entries(settings)) {
        assert.equal((await check({ ...pythonTool(world.python, 'aws', ['configure', 'get', setting, '--profile', name]), env })).trim(), value);
      }
    });
  }
});
