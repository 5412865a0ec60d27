/** Does a real API server take the flags, publish the same keys, and sign tokens that verify by ours? */
import * as assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createLocalJWKSet, JSONWebKeySet, jwtVerify } from 'jose';
import { AUDIENCE, resign, unique, world } from './context';
import { ApiServerFlags, OidcIssuer } from '../../src';
import { jwks } from '../../src/cli/jwks';
import { verifyIssuer } from '../../src/cli/verify-issuer';
import { kubernetesBinaries } from '../parts/go';
import { claimsOf, makeKey, SigningKey } from '../parts/keys';
import { Kubectl } from '../parts/kubectl';
import { startApiServer } from '../parts/kubernetes';
import { Run } from '../parts/run-dir';

const ISSUER = 'https://s3.eu-west-1.amazonaws.com/123456789012-g8s-mycluster-oidc-pod-identity';
const OLD_ISSUER = 'https://kubernetes.default.svc.cluster.local';
const DISCOVERY = '/.well-known/openid-configuration';
const JWKS = '/openid/v1/jwks';

const sorted = ({ keys }: JSONWebKeySet): unknown[] => [...keys].sort((one, other) => String(one.kid).localeCompare(String(other.kid)));

describe('a cluster that runs with our flags', () => {
  const folder = path.join(world.dir, unique('self-hosted'));
  let run: Run;
  let cluster: Kubectl;
  let rsa: SigningKey;
  const [rsaPub, ec256, ec384, ec521] = ['rsa', 'ec256', 'ec384', 'ec521'].map((name) => path.join(folder, `${name}.pub`));
  const files = { rsa: rsaPub, ec256, ec384, ec521 };

  before(async () => {
    fs.mkdirSync(folder);
    rsa = await makeKey(folder, 'rsa');
    fs.writeFileSync(files.rsa, createPublicKey(fs.readFileSync(rsa.keyFile)).export({ type: 'spki', format: 'pem' }));
    for (const [file, namedCurve] of [[files.ec256, 'P-256'], [files.ec384, 'P-384'], [files.ec521, 'P-521']]) {
      fs.writeFileSync(file, generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' }));
    }
    const { args } = ApiServerFlags.forIssuer(OidcIssuer.fromUrl(ISSUER), {
      previousIssuers: [OLD_ISSUER, 'k3s'], signingKeyFile: rsa.keyFile, keyFiles: Object.values(files),
    });
    run = new Run();
    const binaries = await kubernetesBinaries();
    cluster = new Kubectl({ kubectl: binaries.kubectl, kubeconfig: await startApiServer(run, { binaries, flags: args }), home: run.home });
    await cluster.createNamespace('app');
    await cluster.createServiceAccount('app', 'reader');
  });

  after(() => run.stop());

  /** What the command line prints for the same keys. */
  function ours(): { discovery: unknown; keySet: JSONWebKeySet } {
    const documents = JSON.parse(jwks({ key: Object.values(files), issuer: ISSUER })) as Record<string, unknown>;
    return { discovery: documents[`${ISSUER}${DISCOVERY}`], keySet: documents[`${ISSUER}${JWKS}`] as JSONWebKeySet };
  }

  async function authenticated(token: string): Promise<boolean> {
    const review = await cluster.run(['create', '-f', '-', '-o', 'json'], JSON.stringify({
      apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token },
    }));
    return (JSON.parse(review) as { status: { authenticated?: boolean } }).status.authenticated === true;
  }

  const signedAs = (token: string, issuer: string): string => resign(token, { iss: issuer }, { name: 'own', issuer, key: rsa });

  test('has the key set that we publish, member by member: RSA and EC', async () => {
    const theirs = JSON.parse(await cluster.run(['get', '--raw', JWKS])) as JSONWebKeySet;
    assert.equal(theirs.keys.length, 4);
    assert.deepEqual(sorted(theirs), sorted(ours().keySet));
    assert.equal(JSON.stringify(sorted(theirs)), JSON.stringify(sorted(ours().keySet)), 'to the byte');
  });

  test('has the discovery document that we publish', async () => {
    const theirs = await cluster.run(['get', '--raw', DISCOVERY]);
    assert.deepEqual(JSON.parse(theirs), ours().discovery);
    assert.equal(theirs, JSON.stringify(ours().discovery), 'to the byte');
  });

  test('signs with the first issuer, and jose verifies its token by our documents', async () => {
    const token = await cluster.createToken('app', 'reader', AUDIENCE);
    const { payload } = await jwtVerify(token, createLocalJWKSet(ours().keySet), { issuer: ISSUER, audience: AUDIENCE });
    assert.equal(payload.sub, 'system:serviceaccount:app:reader');
  });

  test('fails when another key signed', async () => {
    const token = resign(await cluster.createToken('app', 'reader', AUDIENCE), {}, world.green);
    await assert.rejects(jwtVerify(token, createLocalJWKSet(ours().keySet), { issuer: ISSUER, audience: AUDIENCE }));
  });

  test('takes tokens of the previous issuers, and of no other', async () => {
    const token = await cluster.createToken('app', 'reader', ISSUER);
    for (const issuer of [ISSUER, OLD_ISSUER, 'k3s']) {
      assert.equal(await authenticated(signedAs(token, issuer)), true, issuer);
    }
    assert.equal(await authenticated(signedAs(token, `${ISSUER}/`)), false);
    assert.equal(await authenticated(signedAs(token, 'https://oidc.example.com')), false);
  });

  test('takes tokens with the audience of a previous issuer, and none that is meant for AWS', async () => {
    assert.equal(await authenticated(await cluster.createToken('app', 'reader', OLD_ISSUER)), true);
    assert.equal(await authenticated(await cluster.createToken('app', 'reader', AUDIENCE)), false);
  });

  test('verify-issuer takes what the API server publishes, and sees a key that is missing', async () => {
    const published = path.join(folder, 'published');
    for (const document of [DISCOVERY, JWKS]) {
      fs.mkdirSync(path.dirname(path.join(published, document)), { recursive: true });
      fs.writeFileSync(path.join(published, document), await cluster.run(['get', '--raw', document]));
    }
    const verdict = await verifyIssuer(published, { key: Object.values(files) });
    assert.deepEqual([verdict.issuer, verdict.problems, verdict.keys.length], [ISSUER, [], 4]);

    const other = path.join(folder, 'other.pub');
    fs.writeFileSync(other, createPublicKey(fs.readFileSync(world.green.key.keyFile)).export({ type: 'spki', format: 'pem' }));
    assert.match((await verifyIssuer(published, { key: [other] })).problems.join(), /lacks the key/);
  });

  test('a token says the issuer that verify-issuer would look at', async () => {
    assert.equal(claimsOf(await cluster.createToken('app', 'reader', AUDIENCE)).iss, ISSUER);
  });
});
