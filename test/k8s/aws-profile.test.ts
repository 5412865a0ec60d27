import { Aws, Duration, Token } from 'aws-cdk-lib';
import { AwsCredentialSource, AwsProfile } from '../../src';

const ROLE = 'arn:aws:iam::123456789012:role/pod';

describe('a profile of a web identity', () => {
  test('reads the token where the webhook mounts it', () => {
    expect(AwsProfile.webIdentity('default', { roleArn: ROLE }).toString()).toBe([
      '[default]',
      `role_arn = ${ROLE}`,
      'web_identity_token_file = /var/run/secrets/eks.amazonaws.com/serviceaccount/token',
    ].join('\n'));
  });

  test('says what it is told, and nothing of a duration, which SDKs do not read there', () => {
    const profile = AwsProfile.webIdentity('web', {
      roleArn: ROLE, tokenFile: '/var/run/secrets/other/token', roleSessionName: 'web', region: 'eu-west-1', regionalSts: true,
    });
    expect(profile.settings).toEqual({
      role_arn: ROLE,
      web_identity_token_file: '/var/run/secrets/other/token',
      role_session_name: 'web',
      region: 'eu-west-1',
      sts_regional_endpoints: 'regional',
    });
    expect(profile.toString()).toMatch(/^\[profile web\]\n/);
    expect(profile.sourceProfile).toBeUndefined();
  });

  test.each(['', 'token', './token', '/a b', '/a\nb', '/a#b', '/a;b', ' /a', '/a ', '~/token', '$HOME/token', '/ä', Token.asString({ Ref: 'File' })])(
    'fails for the token file %j', tokenFile => {
      expect(() => AwsProfile.webIdentity('default', { roleArn: ROLE, tokenFile })).toThrow('is not a token file: an absolute path');
    });
});

describe('a profile that assumes a role', () => {
  test('names its source first', () => {
    expect(AwsProfile.assumeRole('admin', { roleArn: ROLE, sourceProfile: 'default' }).toString()).toBe(`[profile admin]\nsource_profile = default\nrole_arn = ${ROLE}`);
  });

  test('says what it is told', () => {
    const { settings } = AwsProfile.assumeRole('admin', {
      roleArn: ROLE, sourceProfile: 'default', externalId: 'id-1', duration: Duration.minutes(20), roleSessionName: 'me', region: 'eu-west-1', regionalSts: false,
    });
    expect(settings).toEqual({
      source_profile: 'default',
      role_arn: ROLE,
      external_id: 'id-1',
      duration_seconds: '1200',
      role_session_name: 'me',
      region: 'eu-west-1',
      sts_regional_endpoints: 'legacy',
    });
  });

  test.each([
    [AwsCredentialSource.ENVIRONMENT, 'Environment'],
    [AwsCredentialSource.EC2_INSTANCE_METADATA, 'Ec2InstanceMetadata'],
    [AwsCredentialSource.ECS_CONTAINER, 'EcsContainer'],
  ])('may begin with %s', (credentialSource, text) => {
    expect(AwsProfile.assumeRole('admin', { roleArn: ROLE, credentialSource }).settings).toEqual({ credential_source: text, role_arn: ROLE });
  });

  test('fails without a source, and with two', () => {
    expect(() => AwsProfile.assumeRole('admin', { roleArn: ROLE })).toThrow("profile 'admin' has neither sourceProfile nor credentialSource");
    expect(() => AwsProfile.assumeRole('admin', { roleArn: ROLE, sourceProfile: 'default', credentialSource: AwsCredentialSource.ENVIRONMENT }))
      .toThrow("profile 'admin' has both sourceProfile and credentialSource");
  });

  test.each([
    { sourceProfile: 'default' },
    { credentialSource: AwsCredentialSource.EC2_INSTANCE_METADATA },
    { credentialSource: AwsCredentialSource.ECS_CONTAINER },
  ])('fails for more than an hour with %j, which is a role itself', source => {
    expect(() => AwsProfile.assumeRole('admin', { roleArn: ROLE, duration: Duration.hours(2), ...source })).toThrow('duration is 7200 seconds; whole seconds from 900 to 3600');
  });

  test('may last up to 12 hours with the keys of an IAM user', () => {
    const options = { roleArn: ROLE, credentialSource: AwsCredentialSource.ENVIRONMENT };
    expect(AwsProfile.assumeRole('admin', { ...options, duration: Duration.hours(12) }).settings.duration_seconds).toBe('43200');
    expect(() => AwsProfile.assumeRole('admin', { ...options, duration: Duration.hours(13) })).toThrow('whole seconds from 900 to 43200');
  });

  test.each([
    ['externalId', ''], ['externalId', 'a\nrole_arn = evil'], ['roleSessionName', 'a b'], ['roleSessionName', ''], ['region', 'x\n'], ['region', ''],
  ])('fails for the %s %j', (name, value) => {
    expect(() => AwsProfile.assumeRole('admin', { roleArn: ROLE, sourceProfile: 'default', [name]: value })).toThrow(`'${value}' is not`);
  });
});

test.each(['', 'admin', 'arn:aws:iam::123456789012:user/admin', `${ROLE}\n`, ` ${ROLE}`, 'arn:aws:iam::12345678901:role/x', `${ROLE}\n[profile evil]`, 'arn:aws:sts::123456789012:assumed-role/x/y'])(
  'fails for the role %j', roleArn => {
    expect(() => AwsProfile.webIdentity('default', { roleArn })).toThrow('is not the ARN of a role');
    expect(() => AwsProfile.assumeRole('admin', { roleArn, sourceProfile: 'default' })).toThrow('is not the ARN of a role');
  });

test.each(['arn:aws-cn:iam::123456789012:role/pod', 'arn:aws-us-gov:iam::123456789012:role/a/b/pod', `arn:aws:iam::${Aws.ACCOUNT_ID}:role/pod`])('takes the role %s', roleArn => {
  expect(AwsProfile.webIdentity('default', { roleArn }).settings.role_arn).toBe(roleArn);
});

test.each(['profile default', 'a b', '', 'a]'])('fails for the name %j', name => {
  expect(() => AwsProfile.webIdentity(name, { roleArn: ROLE })).toThrow(/profile name|begins with the word/);
});

test('settings cannot be changed past the checks', () => {
  const { settings } = AwsProfile.webIdentity('default', { roleArn: 'arn:aws:iam::111122223333:role/pod' });
  expect(() => { settings.credential_process = 'evil'; }).toThrow(TypeError);
});
