/** Do the parts themselves tell right from wrong? Nothing of cdk-irsa in here: policies and tokens are written by hand. */
import * as assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { AUDIENCE, handWrittenTrust, kubectl, readers, resign, TOKEN_FILE, unique, uniqueAccount, world } from './context';
import { assumeRoleWithWebIdentity, RgwAccount } from '../parts/rgw-account';

describe('tokens of the API server at the STS', () => {
  const namespace = unique('tokens');
  const other = unique('other');
  let account: RgwAccount;
  let provider: string;
  let role: string;
  let token: string;

  before(async () => {
    await kubectl.createNamespace(namespace);
    await kubectl.createNamespace(other);
    for (const [where, name] of [[namespace, 'app'], [namespace, 'app-2'], [namespace, 'ap'], [other, 'app']]) {
      await kubectl.createServiceAccount(where, name);
    }
    account = await RgwAccount.create(world.rgw, uniqueAccount());
    provider = await account.createOidcProvider(world.blue.issuer, [AUDIENCE]);
    role = await account.createRole('app', handWrittenTrust(provider, `system:serviceaccount:${namespace}:app`));
    token = await kubectl.createToken(namespace, 'app', AUDIENCE);
  });

  /** Each refusal differs from what is allowed in one thing; that the rest is right is shown again beside it. */
  async function refused(what: string): Promise<void> {
    assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, role, token)).status, 200, 'the right token is allowed');
    assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, role, what)).status, 403);
  }

  test('the named service account is allowed', async () => {
    assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, role, token)).allowed, true);
  });

  test('a token signed by the tests is as good as one of the API server', async () => {
    assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, role, resign(token, {}, world.blue))).allowed, true);
  });

  test('fails for another service account', async () => {
    await refused(await kubectl.createToken(namespace, 'app-2', AUDIENCE));
  });

  test('fails for a service account whose name is a prefix', async () => {
    await refused(await kubectl.createToken(namespace, 'ap', AUDIENCE));
  });

  test('fails for the same name in another namespace', async () => {
    await refused(await kubectl.createToken(other, 'app', AUDIENCE));
  });

  test('fails for another audience', async () => {
    await refused(await kubectl.createToken(namespace, 'app', 'https://kubernetes.default.svc'));
  });

  test('fails for the key of another cluster', async () => {
    await refused(resign(token, {}, { ...world.blue, key: world.green.key }));
  });

  test('fails for an expired token', async () => {
    const now = Math.floor(Date.now() / 1000);
    await refused(resign(token, { iat: now - 7200, nbf: now - 7200, exp: now - 3600 }, world.blue));
  });

  test('fails for a cluster that the account has no provider for', async () => {
    await refused(resign(token, { iss: world.green.issuer }, world.green));
  });

  test('fails for a cluster that has a provider but is not in the trust policy', async () => {
    const both = await RgwAccount.create(world.rgw, uniqueAccount());
    const blue = await both.createOidcProvider(world.blue.issuer, [AUDIENCE]);
    const green = await both.createOidcProvider(world.green.issuer, [AUDIENCE]);
    const subject = `system:serviceaccount:${namespace}:app`;
    const greenToken = resign(token, { iss: world.green.issuer }, world.green);
    const blueRole = await both.createRole('blue', handWrittenTrust(blue, subject));
    const greenRole = await both.createRole('green', handWrittenTrust(green, subject));
    assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, greenRole, greenToken)).status, 200);
    assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, blueRole, greenToken)).status, 403);
  });

  test('fails for a role whose trust policy names an AWS account only', async () => {
    const untrusting = await account.createRole('untrusting', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account.account}:root` }, Action: 'sts:AssumeRole' }],
    });
    assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, untrusting, token)).status, 403);
  });
});

describe('programs in a pod', () => {
  const namespace = unique('pods');
  const bucket = unique('bucket');
  let role: string;

  before(async () => {
    await kubectl.createNamespace(namespace);
    await kubectl.createServiceAccount(namespace, 'reader');
    await kubectl.createServiceAccount(namespace, 'stranger');
    const account = await RgwAccount.create(world.rgw, uniqueAccount());
    const provider = await account.createOidcProvider(world.blue.issuer, [AUDIENCE]);
    role = await account.createRole('reader', handWrittenTrust(provider, `system:serviceaccount:${namespace}:reader`));
    await account.createBucket(bucket);
    await account.putObject(bucket, 'hello', 'hello from the bucket');
    await account.putObject(bucket, 'secret', 'not for readers');
    await account.putRolePolicy('reader', 'read', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:GetObject*'], Resource: `arn:aws:s3:::${bucket}/hello` }],
    });
  });

  async function container(serviceAccount: string) {
    return {
      env: { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: TOKEN_FILE, AWS_REGION: 'eu-west-1' },
      files: { [TOKEN_FILE]: await kubectl.createToken(namespace, serviceAccount, AUDIENCE) },
    };
  }

  for (const reader of ['sdk', 'awsCli'] as const) {
    test(`${reader} reads the object it may read`, async () => {
      const result = await readers[reader](await container('reader'), bucket, 'hello');
      assert.deepEqual(result, { allowed: true, text: 'hello from the bucket', message: '' });
    });

    test(`${reader} fails for an object that the role may not read`, async () => {
      assert.equal((await readers[reader](await container('reader'), bucket, 'secret')).allowed, false);
    });

    test(`${reader} fails for the token of another service account, right after the right one`, async () => {
      assert.equal((await readers[reader](await container('stranger'), bucket, 'hello')).allowed, false);
    });

    test(`${reader} complains when there are no credentials at all`, async () => {
      await assert.rejects(readers[reader]({ env: { AWS_REGION: 'eu-west-1' }, files: {} }, bucket, 'hello'), /(Could not load|Unable to locate) credentials/);
    });
  }
});
