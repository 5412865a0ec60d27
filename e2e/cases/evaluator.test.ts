/** Does the evaluator of `check` and `explain` decide as an STS does? Each trust policy and token is given to both. */
import * as assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { AUDIENCE, handWrittenTrust, resign, unique, uniqueAccount, world } from './context';
import { DIFFERENT_CASES, Facts, TRUST_CASES, TrustCase } from './trust-cases';
import { evaluateAssumeRole } from '../../src/check/assume-role';
import type { Decision } from '../../src/check/decision';
import { evaluateWebIdentity } from '../../src/check/web-identity';
import { Claims, claimsOf, signToken } from '../parts/keys';
import { assumeRole, AssumeRoleResult, assumeRoleWithWebIdentity, RgwAccount } from '../parts/rgw-account';

const AUDIENCES = [AUDIENCE, 'reports.example.com'];
const subject = `system:serviceaccount:${unique('evaluator')}:app`;

let account: RgwAccount;
let facts: Facts;
let token: string;

before(async () => {
  account = await RgwAccount.create(world.rgw, uniqueAccount());
  const [provider, otherProvider] = await Promise.all([world.blue, world.green].map(({ issuer }) => account.createOidcProvider(issuer, AUDIENCES)));
  facts = { provider, otherProvider, issuer: world.blue.issuer.replace('https://', ''), subject };
  const now = Math.floor(Date.now() / 1000);
  token = signToken(world.blue.key, { iss: world.blue.issuer, sub: subject, aud: [AUDIENCE], iat: now, nbf: now, exp: now + 3600 } as Claims);
  // the first session of a subject makes it known to the gateway; several first ones at once are in each other's way
  const first = await account.createRole(unique('known'), handWrittenTrust(provider, subject));
  assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, first, token)).allowed, true);
});

/** What both say of a policy and a token. */
async function ask({ statements, claims = {} }: TrustCase): Promise<{ decision: Decision; answer: AssumeRoleResult }> {
  const trustPolicy = { Version: '2012-10-17', Statement: statements(facts) };
  const roleArn = await account.createRole(unique('case'), trustPolicy);
  const asked = resign(token, claims, world.blue);
  const providers = [facts.provider, facts.otherProvider].map((arn) => ({ arn, clientIds: AUDIENCES }));
  return {
    decision: evaluateWebIdentity({ roleArn, trustPolicy, claims: claimsOf(asked), providers, now: new Date() }),
    answer: await assumeRoleWithWebIdentity(world.rgw.endpoint, roleArn, asked),
  };
}

describe('AssumeRoleWithWebIdentity', { concurrency: 4 }, () => {
  for (const each of TRUST_CASES) {
    const { title, allowed, code = 'AccessDenied' } = each;
    test(`${title}: ${allowed ? 'allowed' : `denied, ${code}`}`, async () => {
      const { decision, answer } = await ask(each);

      assert.deepEqual({ evaluator: decision.verdict === 'allowed', sts: answer.allowed }, { evaluator: allowed, sts: allowed }, decision.reason);
      assert.equal(decision.error?.code, allowed ? undefined : code);
    });
  }

  for (const each of DIFFERENT_CASES) {
    const { title, allowed, because } = each;
    test(`not compared, ${because}: ${title}`, async () => {
      const { decision, answer } = await ask(each);

      assert.deepEqual({ evaluator: decision.verdict === 'allowed', sts: answer.allowed }, { evaluator: allowed, sts: !allowed }, decision.reason);
    });
  }
});

describe('AssumeRole', () => {
  let first: string;
  let session: AssumeRoleResult;

  before(async () => {
    first = await account.createRole(unique('first'), handWrittenTrust(facts.provider, subject));
    session = await assumeRoleWithWebIdentity(world.rgw.endpoint, first, token);
    assert.equal(session.allowed, true);
  });

  const trust = (statement: object, ...more: object[]) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }, ...more] });
  const cases: ReadonlyArray<readonly [title: string, allowed: boolean, policy: () => { Version: string; Statement: object[] }]> = [
    ['the caller itself', true, () => trust({ Principal: { AWS: first } })],
    ['the caller among several', true, () => trust({ Principal: { AWS: [`${first}-2`, first] } })],
    ['another role', false, () => trust({ Principal: { AWS: `${first}-2` } })],
    ['a role whose name begins alike', false, () => trust({ Principal: { AWS: first.slice(0, -1) } })],
    ['a role of that name in another account', false, () => trust({ Principal: { AWS: first.replace(account.account, '999999999999') } })],
    ['the provider of the first hop', false, () => trust({ Principal: { Federated: facts.provider } })],
    ['the caller, for web identities', false, () => trust({ Principal: { AWS: first }, Action: 'sts:AssumeRoleWithWebIdentity' })],
    ['the caller, with a Deny', false, () => trust({ Principal: { AWS: first } }, { Effect: 'Deny', Principal: { AWS: first }, Action: 'sts:AssumeRole' })],
    ['the caller, with a Deny for another', true, () => trust({ Principal: { AWS: first } }, { Effect: 'Deny', Principal: { AWS: `${first}-2` }, Action: 'sts:AssumeRole' })],
    ['the caller in the second statement', true, () => trust({ Principal: { AWS: `${first}-2` } }, { Effect: 'Allow', Principal: { AWS: first }, Action: 'sts:AssumeRole' })],
    ['the caller, with an external id that it does not send', false, () => trust({ Principal: { AWS: first }, Condition: { StringEquals: { 'sts:ExternalId': 'x' } } })],
  ];

  for (const [title, allowed, policy] of cases) {
    test(`${title}: ${allowed ? 'allowed' : 'denied'}`, async () => {
      const trustPolicy = policy();
      const roleArn = await account.createRole(unique('hop'), trustPolicy);
      const decision = evaluateAssumeRole({ caller: { arn: first, identityPolicies: [] }, roleArn, trustPolicy });
      const answer = await assumeRole(world.rgw.endpoint, session, roleArn);

      assert.deepEqual({ evaluator: decision.verdict === 'allowed', sts: answer.allowed }, { evaluator: allowed, sts: allowed }, decision.reason);
    });
  }
});
