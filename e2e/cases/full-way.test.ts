/**
 * The way of a user, from `npm install` to an object read in a pod, and the ways that must be closed. One set of tests
 * for every scenario in `scenarios.ts`.
 */
import * as assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { AUDIENCE, kubectl, readers, TOKEN_FILE } from './context';
import { contentOf, createStrangers, deliver, Delivered, enforce, OBJECT, roleOf, ungranted } from './journey';
import { Place, refusesOthers } from './refusals';
import { conflicts, Reader, Scenario, SCENARIOS } from './scenarios';
import { isAllowed, Testbed } from './testbed';
import { containerOf, createPod } from '../parts/kubelet';
import { Container } from '../parts/s3-readers';
import { admit, KubernetesObject, Pod } from '../parts/webhook';

/** While one waits for CloudFormation, another asks for tokens. */
const SCENARIOS_AT_ONCE = 2;

describe('the full way', { concurrency: SCENARIOS_AT_ONCE }, () => chosenScenarios().forEach(fullWay));

/** What a scenario's tests are about. */
interface State {
  readonly delivered: Delivered;
  readonly testbeds: ReadonlyMap<string, Testbed>;
}

function placeOf(reader: Reader, { delivered, testbeds }: State): Place {
  const role = roleOf(delivered, reader);
  const testbed = testbeds.get(role.split(':')[4]);
  assert.ok(testbed, `the manifests name ${role}, and nothing was deployed to its account`);
  return { role, testbed };
}

function fullWay(scenario: Scenario): void {
  describe(scenario.name, { concurrency: 1 }, () => {
    let state: State;

    before(async () => {
      const delivered = await deliver(scenario);
      await createStrangers(scenario);
      state = { delivered, testbeds: await enforce(scenario) };
    });

    test('the API server accepts the manifests', async () => {
      const { yaml } = state.delivered;
      const { accepted, message } = await kubectl.dryRun(yaml);
      assert.equal(accepted, true, message);
      await kubectl.apply(yaml);
    });

    for (const reader of scenario.readers) {
      const title = scenario.readers.length > 1 ? `${[...reader.subject, ...(reader.container ? [reader.container] : [])].join('/')}: ` : '';
      readsObject(title, reader, scenario);
      refusesOthers(title, reader, scenario, () => placeOf(reader, state));
    }
    if ((scenario.closedRoles ?? 0) > 0) {
      closedRolesRefuse(scenario, () => state);
    }
    if (scenario.readers.length > 1 && !scenario.oneRole) {
      rolesAreApart(scenario, () => state.delivered);
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

/** Every other role that was deployed, such as those further down a chain, is closed to tokens. */
function closedRolesRefuse({ readers: all, closedRoles = 0 }: Scenario, state: () => State): void {
  test(`tokens fail for all of the ${closedRoles} other roles that are deployed`, async () => {
    const { delivered, testbeds } = state();
    const own = all.map((reader) => roleOf(delivered, reader));
    const [{ subject: [namespace, name], audience = AUDIENCE }] = all;
    const token = await kubectl.createToken(namespace, name, audience);
    const asked: string[] = [];
    for (const testbed of testbeds.values()) {
      for (const role of testbed.roles.filter((arn) => !own.includes(arn))) {
        asked.push(role);
        assert.equal(await testbed.opensOwnRole(token), true, `a role in the account of ${role} that trusts the token is opened`);
        assert.equal(await isAllowed(role, token), false, role);
      }
    }
    assert.equal(asked.length, closedRoles, asked.join());
  });
}

/** Where a scenario has several roles, none opens another. */
function rolesAreApart({ readers: all }: Scenario, delivered: () => Delivered): void {
  test('the service account of one role fails for another role', async () => {
    for (const { subject: [namespace, name], audience = AUDIENCE, ...mine } of all) {
      const token = await kubectl.createToken(namespace, name, audience);
      const own = roleOf(delivered(), { subject: [namespace, name], audience, ...mine });
      const others = all.map((reader) => roleOf(delivered(), reader)).filter((role) => role !== own);
      assert.equal(others.length, all.length - 1);
      for (const other of others) {
        assert.equal(await isAllowed(other, token), false, `${namespace}/${name} of ${mine.account} at ${other}`);
      }
    }
  });
}
