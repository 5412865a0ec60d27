/** What does the policy of an issuer's bucket open to the world? A gateway that enforces it decides. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { before, describe, test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { unique, uniqueAccount, world } from './context';
import { PublicKeys, SelfHostedIssuer } from '../../src';
import { PolicyDocument, RgwAccount } from '../parts/rgw-account';

const DOCUMENTS = ['.well-known/openid-configuration', 'openid/v1/jwks'];

interface Statement {
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: unknown;
  readonly Resource: unknown;
}

describe('an issuer in a bucket', () => {
  const bucketName = unique('issuer');
  let account: RgwAccount;
  let statements: readonly Statement[];

  before(async () => {
    account = await RgwAccount.create(world.rgw, uniqueAccount());
    await account.createBucket(bucketName);
    for (const key of [...DOCUMENTS, 'secret', 'openid/v1/jwks.bak', 'openid/v1/jwks/x', '.well-known/other']) {
      await account.putObject(bucketName, key, `this is ${key}`);
    }
    const app = new App({ outdir: path.join(world.dir, unique('issuer-app')), analyticsReporting: false });
    const stack = new Stack(app, 'Stack', { env: { account: account.account, region: 'eu-west-1' } });
    SelfHostedIssuer.s3(stack, 'Issuer', { keys: PublicKeys.fromFile(world.blue.key.certificateFile), bucketName });
    statements = statementsIn(fs.readFileSync(app.synth().getStackArtifact('Stack').templateFullPath, 'utf8'), bucketName);
  });

  async function statuses(keys: readonly string[]): Promise<Record<string, number>> {
    const answers = await Promise.all(keys.map(async (key) => [key, (await account.getAnonymously(bucketName, key)).status] as const));
    return Object.fromEntries(answers);
  }

  test('is closed to the world without its policy', async () => {
    assert.deepEqual(await statuses([...DOCUMENTS, 'secret', '']), { [DOCUMENTS[0]]: 403, [DOCUMENTS[1]]: 403, 'secret': 403, '': 403 });
  });

  test('with it, anybody reads exactly the two documents', async () => {
    // the gateway of the tests has no TLS: what denies requests without it is left out
    await account.putBucketPolicy(bucketName, policyOf(statements.filter(({ Effect: effect }) => effect === 'Allow')));
    assert.deepEqual(await statuses([...DOCUMENTS, 'secret', 'openid/v1/jwks.bak', 'openid/v1/jwks/x', '.well-known/other', '']), {
      [DOCUMENTS[0]]: 200, [DOCUMENTS[1]]: 200, 'secret': 403, 'openid/v1/jwks.bak': 403, 'openid/v1/jwks/x': 403, '.well-known/other': 403, '': 403,
    });
    assert.equal((await account.getAnonymously(bucketName, DOCUMENTS[1])).body, 'this is openid/v1/jwks');
  });

  test('nobody else may write', async () => {
    const { status } = await fetch(`${world.rgw.endpoint}/${account.account}:${bucketName}/${DOCUMENTS[1]}`, { method: 'PUT', body: '{"keys":[]}' });
    assert.equal(status, 403);
    assert.equal((await account.getAnonymously(bucketName, DOCUMENTS[1])).body, 'this is openid/v1/jwks');
  });
});

function policyOf(statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/** The statements of the bucket's policy, with the ARN that the bucket will have. */
function statementsIn(template: string, bucketName: string): Statement[] {
  const { Resources: resources } = JSON.parse(template, (_key, value: unknown) => resolved(value, bucketName)) as {
    Resources: Record<string, { Type: string; Properties: { PolicyDocument: { Statement: Statement[] } } }>;
  };
  return Object.values(resources).filter(({ Type: type }) => type === 'AWS::S3::BucketPolicy')
    .flatMap(({ Properties: { PolicyDocument: document } }) => document.Statement);
}

function resolved(value: unknown, bucketName: string): unknown {
  const [[intrinsic, argument] = []] = typeof value === 'object' && value !== null ? Object.entries(value) as Array<[string, unknown]> : [];
  if (intrinsic === 'Fn::GetAtt' && /^IssuerBucket/.test((argument as string[])[0])) {
    return `arn:aws:s3:::${bucketName}`;
  }
  return intrinsic === 'Fn::Join' ? (argument as [string, string[]])[1].join((argument as [string, string[]])[0]) : value;
}
