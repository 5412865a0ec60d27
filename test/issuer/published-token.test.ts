import * as fs from 'node:fs';
import * as path from 'node:path';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, type JWTPayload, SignJWT } from 'jose';
import { ecPair, type KeyPair, pem, rsaPair } from './helpers';
import { PublicKeys, SelfHostedIssuer } from '../../src';
import { keyId } from '../../src/issuer/json-web-key';
import { newApp, newStack } from '../k8s/helpers';

const OLD = rsaPair();
const FRESH = ecPair('P-384');
const STRANGER = ecPair('P-384');

interface Published {
  readonly discovery: { readonly issuer: string; readonly id_token_signing_alg_values_supported: string[] };
  readonly keySet: JSONWebKeySet;
}

/** What lies in the assets of an app, as whoever fetches it gets it. */
function publish(keys: PublicKeys): Published {
  const app = newApp();
  SelfHostedIssuer.s3(newStack(app), 'Issuer', { keys, bucketName: '123456789012-g8s-mycluster-oidc-pod-identity' });
  const { directory } = app.synth();
  const read = (end: string): unknown => {
    const file = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).find(name => name.endsWith(end))!;
    return JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8'));
  };
  return { discovery: read('openid-configuration') as Published['discovery'], keySet: read('jwks') as JSONWebKeySet };
}

/** A token as an API server makes it: the header says algorithm and key. */
function token({ publicKey, privateKey }: KeyPair, issuer: string, kid = keyId(publicKey)): Promise<string> {
  return new SignJWT({ sub: 'system:serviceaccount:default:reader' })
    .setProtectedHeader({ alg: privateKey.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES384', kid })
    .setIssuer(issuer).setAudience(['sts.amazonaws.com']).setIssuedAt().setExpirationTime('10m')
    .sign(privateKey);
}

async function verify(text: string, { discovery, keySet }: Published): Promise<JWTPayload> {
  const { payload } = await jwtVerify(text, createLocalJWKSet(keySet), {
    issuer: discovery.issuer, audience: 'sts.amazonaws.com', algorithms: discovery.id_token_signing_alg_values_supported,
  });
  return payload;
}

describe('a token verifies by what is published', () => {
  test.each([['RSA', OLD], ['EC', FRESH]])('signed by an %s key', async (_kind, pair) => {
    const published = publish(PublicKeys.fromPem(pem(pair)));
    await expect(verify(await token(pair, published.discovery.issuer), published)).resolves.toMatchObject({ sub: 'system:serviceaccount:default:reader' });
  });

  test('signed by the old key and by the new one, while both are published', async () => {
    const published = publish(PublicKeys.fromPem(pem(FRESH), pem(OLD)));
    for (const pair of [OLD, FRESH]) {
      await expect(verify(await token(pair, published.discovery.issuer), published)).resolves.toBeDefined();
    }
  });

  test('fails when the key was taken out', async () => {
    const published = publish(PublicKeys.fromPem(pem(FRESH)));
    await expect(verify(await token(OLD, published.discovery.issuer), published)).rejects.toThrow();
  });

  test('fails for a stranger who says the kid of a published key', async () => {
    const published = publish(PublicKeys.fromPem(pem(FRESH)));
    await expect(verify(await token(STRANGER, published.discovery.issuer, keyId(FRESH.publicKey)), published)).rejects.toThrow('signature verification failed');
  });

  test('fails for another issuer', async () => {
    const published = publish(PublicKeys.fromPem(pem(FRESH)));
    await expect(verify(await token(FRESH, `${published.discovery.issuer}/`), published)).rejects.toThrow('"iss"');
  });
});
