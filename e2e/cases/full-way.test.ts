/**
 * The way of a user, from `npm install` to an object read in a pod, and the ways that must be closed. One set of tests
 * for every scenario in `scenarios.ts`.
 */
import * as assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { AUDIENCE, kubectl, readers, resign, TOKEN_FILE, world } from './context';
import { contentOf, createStrangers, deliver, Delivered, enforce, OBJECT, roleOf, ungranted } from './journey';
import { conflicts, Reader, Scenario, SCENARIOS, Subject } from './scenarios';
import { containerOf, createPod } from '../parts/kubelet';
import { assumeRoleWithWebIdentity } from '../parts/rgw-account';
import { Container } from '../parts/s3-readers';
import { admit, KubernetesObject, Pod } from '../parts/webhook';

/** While one waits for CloudFormation, another asks for tokens. */
const SCENARIOS_AT_ONCE = 2;

describe('the full way', { concurrency: SCENARIOS_AT_ONCE }, () => chosenScenarios().forEach(fullWay));

function fullWay(scenario: Scenario): void {
  describe(scenario.name, { concurrency: 1 }, () => {
    let delivered: Delivered;

    before(async () => {
      delivered = await deliver(scenario);
      await createStrangers(scenario);
      await enforce(scenario);
    });

    test('the API server accepts the manifests', async () => {
      const { accepted, message } = await kubectl.dryRun(delivered.yaml);
      assert.equal(accepted, true, message);
      await kubectl.apply(delivered.yaml);
    });

    for (const reader of scenario.readers) {
      const title = scenario.readers.length > 1 ? `${[...reader.subject, ...(reader.container ? [reader.container] : [])].join('/')}: ` : '';
      readsObject(title, reader, scenario);
      refusesOthers(title, reader, scenario, () => roleOf(delivered, reader));
    }
    if (scenario.readers.length > 1) {
      rolesAreApart(scenario, () => delivered);
    }
  });
}

/** `E2E_SCENARIOS` has names of scenarios, comma-separated, to run no others. */
function chosenScenarios(): readonly Scenario[] {
  const shared = conflicts(SCENARIOS);
  if (shared.length > 0) {
    throw new Error(`scenarios run side by side, and some have the same ${shared.join(', ')}: give each its own`);
  }
  const names = process.env.E2E_SCENARIOS?.split(',') ?? SCENARIOS.map(({ name }) => name);
  return names.map((name) => {
    const found = SCENARIOS.find((scenario) => scenario.name === name);
    if (found === undefined) {
      throw new Error(`no such scenario: '${name}'; there are ${SCENARIOS.map((scenario) => `'${scenario.name}'`).join(', ')}`);
    }
    return found;
  });
}

/** Programs in a pod of the workload, with nothing but what the manifests give them. */
function readsObject(title: string, reader: Reader, { deployments: [{ region }] }: Scenario): void {
  const { subject: [namespace, account], workload, bucket, configFile, container: name, tokenFile = TOKEN_FILE, bystander, webhook = true } = reader;
  let pod: Pod;
  let container: Container;

  test(`${title}a pod of the workload is accepted and gets its variables and token`, async () => {
    const podName = [workload, ...(name === undefined ? [] : [name]), 'pod'].join('-');
    pod = await createPod(kubectl, 'deployment', namespace, workload, podName, webhook ? region : undefined);
    container = await containerOf(kubectl, pod, name);
    const { AWS_CONFIG_FILE: config, AWS_WEB_IDENTITY_TOKEN_FILE: token } = container.env;
    assert.deepEqual([token, config], configFile ? [undefined, configFile.path] : [tokenFile, undefined]);
    assert.deepEqual(Object.keys(container.files).sort(), [...(config === undefined ? [] : [config]), tokenFile].sort());
  });

  if (bystander !== undefined) {
    test(`${title}the container ${bystander} beside it gets neither variables nor token`, async () => {
      assert.deepEqual(await containerOf(kubectl, pod, bystander), { env: {}, files: {} });
    });
  }

  if (!webhook) {
    test(`${title}a webhook that runs all the same has nothing to add`, async () => {
      assert.deepEqual(admit(pod, await kubectl.get<KubernetesObject>('serviceaccount', namespace, account), region), pod);
    });
  }

  for (const program of ['sdk', 'awsCli'] as const) {
    test(`${title}${program} reads the object`, async () => {
      assert.deepEqual(await readers[program](container, bucket, OBJECT), { allowed: true, text: contentOf(bucket), message: '' });
    });

    test(`${title}${program} fails for a bucket that was not granted`, async () => {
      assert.equal((await readers[program](container, ungranted(bucket), OBJECT)).allowed, false);
    });

    for (const [what, mistake] of Object.entries(configFile?.mistakes ?? {})) {
      test(`${title}${program} fails for a config file with ${what}`, async () => {
        const text = container.files[configFile!.path];
        assert.notEqual(mistake(text), text, 'the mistake is one');
        const files = { ...container.files, [configFile!.path]: mistake(text) };
        assert.equal((await readers[program]({ ...container, files }, bucket, OBJECT)).allowed, false);
      });
    }
  }
}

/** Each refusal is one step away from what is allowed. */
function refusesOthers(title: string, reader: Reader, { clusters = ['blue'] }: Scenario, role: () => string): void {
  const { subject, audience = AUDIENCE, strangers, friends = [] } = reader;
  const tokenOf = ([namespace, name]: Subject, of = audience): Promise<string> => kubectl.createToken(namespace, name, of);
  const allowed = async (token: string): Promise<boolean> => (await assumeRoleWithWebIdentity(world.rgw.endpoint, role(), token)).allowed;

  test(`${title}the role is assumed by the service account itself`, async () => {
    assert.equal(await allowed(await tokenOf(subject)), true);
  });

  for (const friend of friends) {
    test(`${title}the role is assumed by ${friend.join('/')} as well`, async () => {
      assert.equal(await allowed(await tokenOf(friend)), true);
    });
  }

  for (const [what, stranger] of Object.entries(strangers)) {
    test(`${title}fails for ${what}, ${stranger.join('/')}`, async () => {
      assert.equal(await allowed(await tokenOf(stranger)), false);
    });
  }

  for (const other of ['https://kubernetes.default.svc', audience === AUDIENCE ? 'reports.example.com' : AUDIENCE]) {
    test(`${title}fails for the audience ${other}`, async () => {
      assert.equal(await allowed(await tokenOf(subject, other)), false);
    });
  }

  for (const cluster of ['blue', 'green', 'red'] as const) {
    const trusted = (clusters as readonly string[]).includes(cluster);
    test(`${title}${trusted ? 'the role is assumed from' : 'fails for'} the cluster ${cluster}`, async () => {
      const token = resign(await tokenOf(subject), { iss: world[cluster].issuer }, world[cluster]);
      assert.equal(await allowed(token), trusted);
    });
  }

  test(`${title}fails for a token signed by another cluster's key`, async () => {
    assert.equal(await allowed(resign(await tokenOf(subject), {}, { ...world.blue, key: world.green.key })), false);
  });

  test(`${title}fails for an expired token`, async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = resign(await tokenOf(subject), { iat: now - 7200, nbf: now - 7200, exp: now - 3600 }, world.blue);
    assert.equal(await allowed(token), false);
  });
}

/** Where a scenario has several roles, none opens another. */
function rolesAreApart({ readers: all }: Scenario, delivered: () => Delivered): void {
  test('the service account of one role fails for another role', async () => {
    for (const { subject: [namespace, name], audience = AUDIENCE, ...mine } of all) {
      const token = await kubectl.createToken(namespace, name, audience);
      const own = roleOf(delivered(), { subject: [namespace, name], audience, ...mine });
      for (const other of all.map((reader) => roleOf(delivered(), reader)).filter((role) => role !== own)) {
        const { allowed } = await assumeRoleWithWebIdentity(world.rgw.endpoint, other, token);
        assert.equal(allowed, false, `${namespace}/${name} of ${mine.account} at ${other}`);
      }
    }
  });
}
