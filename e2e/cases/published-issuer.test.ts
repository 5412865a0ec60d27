/** Does an STS trust tokens by the documents that the library publishes, through the provider and the role that it makes? */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { before, describe, test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { AUDIENCE, kubectl, resign, unique, uniqueAccount, world } from './context';
import { ClusterOidcProvider, IrsaRole, PublicKeys, SelfHostedIssuer, ServiceAccountSubject } from '../../src';
import { assumeRoleWithWebIdentity, PolicyDocument, RgwAccount } from '../parts/rgw-account';

describe('an issuer that the library publishes', () => {
  const namespace = unique('hosted');
  let role: string;
  let issuer: string;
  let token: string;

  before(async () => {
    await kubectl.createNamespace(namespace);
    await kubectl.createServiceAccount(namespace, 'reader');
    await kubectl.createServiceAccount(namespace, 'stranger');
    const account = await RgwAccount.create(world.rgw, uniqueAccount());
    const { url, trust } = synthesized(account.account);
    issuer = url;
    const provider = await account.createOidcProvider(url, [AUDIENCE]);
    // the only reference in it is to the provider
    const known = JSON.parse(trust, (_key, value: unknown) => isReference(value) ? provider : value) as PolicyDocument;
    role = await account.createRole('reader', known);
    token = await tokenOf('reader');
  });

  function synthesized(account: string): { url: string; trust: string } {
    const app = new App({ outdir: path.join(world.dir, unique('published-app')), analyticsReporting: false });
    const stack = new Stack(app, 'Stack', { env: { account, region: 'eu-west-1' } });
    const hosted = SelfHostedIssuer.s3(stack, 'Issuer', {
      keys: PublicKeys.fromFile(world.hosted.key.certificateFile), bucketName: world.hosted.issuer.split('/').pop()!,
    });
    new IrsaRole(stack, 'Reader', {
      providers: [new ClusterOidcProvider(stack, 'Provider', { issuer: hosted.issuer })],
      serviceAccounts: [ServiceAccountSubject.of(namespace, 'reader')],
    });
    const { Resources: resources } = JSON.parse(fs.readFileSync(app.synth().getStackArtifact('Stack').templateFullPath, 'utf8')) as {
      Resources: Record<string, { Type: string; Properties: { AssumeRolePolicyDocument: unknown } }>;
    };
    const [, reader] = Object.entries(resources).find(([id, { Type: type }]) => type === 'AWS::IAM::Role' && id.startsWith('Reader'))!;
    return { url: hosted.issuer.url, trust: JSON.stringify(reader.Properties.AssumeRolePolicyDocument) };
  }

  /** Of the API server, as the cluster that is not EKS would have made it. */
  async function tokenOf(serviceAccount: string): Promise<string> {
    return resign(await kubectl.createToken(namespace, serviceAccount, AUDIENCE), { iss: issuer }, world.hosted);
  }

  const status = async (what: string): Promise<number> => (await assumeRoleWithWebIdentity(world.rgw.endpoint, role, what)).status;

  test('has the URL under which its documents are', () => {
    assert.equal(issuer, world.hosted.issuer);
  });

  test('is trusted by the STS: the documents verify the token, and the role trusts the service account', async () => {
    assert.equal(await status(token), 200);
  });

  test('fails for another service account', async () => {
    assert.deepEqual([await status(token), await status(await tokenOf('stranger'))], [200, 403]);
  });

  test('fails for a key that is not published', async () => {
    assert.deepEqual([await status(token), await status(resign(token, {}, world.green))], [200, 403]);
  });

  test('fails for an issuer that differs by a slash', async () => {
    assert.deepEqual([await status(token), await status(resign(token, { iss: `${issuer}/` }, world.hosted))], [200, 403]);
  });

  test('fails for another audience', async () => {
    assert.deepEqual([await status(token), await status(resign(token, { aud: [issuer] }, world.hosted))], [200, 403]);
  });
});

function isReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::GetAtt' in value);
}
