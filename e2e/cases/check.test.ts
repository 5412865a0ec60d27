/** `cdk-irsa check` and `explain` on what was deployed, as users run them: what they say is what the STS does. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { before, describe, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { AUDIENCE, cdkApp, kubectl, resign, unique, uniqueAccount, world } from './context';
import { isAllowed, Testbed } from './testbed';
import { CdkApp } from '../parts/cdk';
import { publicJwk } from '../parts/keys';
import { createPod } from '../parts/kubelet';
import { packLibrary } from '../parts/library';
import { replicate } from '../parts/replicate';
import { KubernetesObject } from '../parts/webhook';

const REGION = 'eu-west-1';
const APP = 'checked.ts';
const account = uniqueAccount();
const namespace = unique('checked');
const readers = ['known', 'later'] as const;

type Reader = typeof readers[number];

/** What is read of `check --format json`. */
interface Report {
  readonly findings: ReadonlyArray<{ readonly rule: string; readonly message: string }>;
  readonly notChecked: readonly unknown[];
  readonly seen: { readonly roles: number };
}

let user: CdkApp;
let assembly: string;
let outputs: string;
let rendered: string;
let roles: Readonly<Record<Reader, string>>;

const environment = { APP_ACCOUNT: account, APP_NAMESPACE: namespace, BLUE_ISSUER: world.blue.issuer };

function file(name: string, text: string): string {
  const target = path.join(fs.mkdtempSync(path.join(user.dir, 'check-')), name);
  fs.writeFileSync(target, text);
  return target;
}

async function check(...args: string[]): Promise<{ code: number | null; rules: string[]; report: Report }> {
  const { code, stdout, stderr } = await user.bin('cdk-irsa', ['check', ...args, '--strict', '--format', 'json']);
  assert.equal(stderr, '');
  const report = JSON.parse(stdout) as Report;
  return { code, rules: report.findings.map(({ rule }) => rule), report };
}

before(async () => {
  user = cdkApp('check', [path.join(__dirname, '..', 'apps', APP)]);
  await user.install(await packLibrary(world.dir));
  assembly = await user.synth(APP, environment);
  const files = [await user.deploy({ account, assembly, stacks: ['Checked'] }), await user.deploy({ account, assembly, stacks: ['CheckedLater'] })];
  outputs = file('outputs.json', JSON.stringify(Object.assign({}, ...files.map((each) => JSON.parse(fs.readFileSync(each, 'utf8')) as object))));
  const { code, stdout, stderr } = await user.bin('cdk-irsa', ['render', '--outputs', outputs, assembly]);
  assert.equal(code, 0, stderr);
  rendered = file('rendered.yaml', stdout);
  roles = Object.fromEntries(readers.map((reader) => [reader, annotationOf(stdout, reader)])) as Record<Reader, string>;
  await kubectl.createNamespace(namespace);
  await kubectl.createServiceAccount(namespace, 'stranger');
  await kubectl.apply(stdout);
  await Testbed.on(await replicate(world.rgw, world.moto, account));
});

function annotationOf(yaml: string, reader: Reader): string {
  const objects = parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject);
  const found = objects.find(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === reader);
  return found?.metadata.annotations?.['eks.amazonaws.com/role-arn'] ?? '';
}

/** A service account that somebody gave a role of others. */
function strangerWith(role: string): string {
  return file('stranger.yaml', `apiVersion: v1
kind: ServiceAccount
metadata: {name: stranger, namespace: ${namespace}, annotations: {eks.amazonaws.com/role-arn: "${role}"}}
`);
}

describe('check', () => {
  test('an assembly agrees, and all of it is known but the names that CloudFormation chooses', async () => {
    const { code, rules, report } = await check(assembly);
    assert.deepEqual({ code, rules, roles: report.seen.roles }, { code: 0, rules: [], roles: 2 });
  });

  test('with the outputs of the deployment everything is known', async () => {
    const { code, rules, report } = await check(assembly, '--outputs', outputs);
    assert.deepEqual({ code, rules, notChecked: report.notChecked }, { code: 0, rules: [], notChecked: [] });
  });

  test('templates and rendered manifests agree as files of anybody', async () => {
    const templates = ['Checked', 'CheckedLater'].map((stack) => path.join(assembly, `${stack}.template.json`));
    const { code, rules } = await check(...templates, rendered, '--account', account, '--region', REGION, '--outputs', outputs);
    assert.deepEqual({ code, rules }, { code: 0, rules: [] });
  });

  for (const reader of readers) {
    test(`${reader}: where nothing is found, the STS opens the role`, async () => {
      assert.equal(await isAllowed(roles[reader], await kubectl.createToken(namespace, reader, AUDIENCE)), true);
    });

    test(`${reader}: what is found for another service account is what the STS does`, async () => {
      const manifest = strangerWith(roles[reader]);
      const { code, rules } = await check(assembly, manifest, '--outputs', outputs);
      assert.deepEqual({ code, rules: rules.filter((rule) => rule.startsWith('trust-')) }, { code: 2, rules: ['trust-subject'] });
      assert.equal(await isAllowed(roles[reader], await kubectl.createToken(namespace, 'stranger', AUDIENCE)), false);
    });
  }

  test('the plug-in fails cdk synth for the same manifest, with CDK\'s report', async () => {
    const manifest = strangerWith(roles.known);
    await assert.rejects(user.synth(APP, { ...environment, APP_MANIFESTS: path.dirname(manifest) }), /ServiceAccount \S+\/stranger does not get the role/);
  });
});

describe('explain', () => {
  const explain = async (...args: string[]): Promise<{ code: number | null; stdout: string }> => {
    const { code, stdout, stderr } = await user.bin('cdk-irsa', ['explain', ...args]);
    assert.equal(stderr, '');
    return { code, stdout };
  };

  async function explainToken(token: string, reader: Reader): Promise<{ code: number | null; stdout: string }> {
    const jwks = file('jwks.json', JSON.stringify({ keys: [publicJwk(world.blue.key)] }));
    const template = path.join(assembly, 'Checked.template.json');
    const result = await explain('--token', file('token', token), '--role', roles[reader], '--trust', template, '--region', REGION, '--jwks', jwks);
    assert.equal(result.stdout.includes(token.split('.')[2]), false, 'the signature is not printed');
    return result;
  }

  /** Claims and key of a token, and what both sides say of it. */
  const tokens: ReadonlyArray<readonly [title: string, make: () => Promise<string>, error: string | undefined]> = [
    ['of the service account', () => kubectl.createToken(namespace, 'known', AUDIENCE), undefined],
    ['of another service account', () => kubectl.createToken(namespace, 'stranger', AUDIENCE), 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity'],
    ['for another audience', () => kubectl.createToken(namespace, 'known', 'vault'), 'InvalidIdentityToken: Incorrect token audience'],
    ['signed by another cluster', async () => resign(await kubectl.createToken(namespace, 'known', AUDIENCE), {}, { ...world.blue, key: world.green.key }), 'InvalidIdentityToken'],
    ['that has expired', async () => resign(await kubectl.createToken(namespace, 'known', AUDIENCE), { exp: 1_700_000_000 }, world.blue), 'ExpiredTokenException: Token expired'],
  ];

  for (const [title, make, error] of tokens) {
    test(`a token ${title}: ${error ?? 'allowed'}, as the STS says`, async () => {
      const token = await make();
      const { code, stdout } = await explainToken(token, 'known');
      assert.equal(await isAllowed(roles.known, token), error === undefined);
      assert.equal(code, error === undefined ? 0 : 2, stdout);
      assert.equal(/^STS answers: (.*)$/m.exec(stdout)?.[1]?.startsWith(error ?? '?') ?? error === undefined, true, stdout);
    });
  }

  test('a pod with what the webhook adds', async () => {
    const pod = await createPod(kubectl, 'deployment', namespace, 'known', 'with-webhook', REGION);
    const { code, stdout } = await explain('--pod', file('pod.json', JSON.stringify(pod)));
    assert.equal(code, 0, stdout);
    assert.match(stdout, new RegExp(`asks for ${roles.known}`));
  });

  test('fails for a pod that the webhook did not see', async () => {
    const pod = await createPod(kubectl, 'deployment', namespace, 'known', 'without-webhook', undefined);
    const { code, stdout } = await explain('--pod', file('pod.json', JSON.stringify(pod)));
    assert.equal(code, 2);
    assert.match(stdout, /falls back to the node's role: the webhook did not run/);
  });
});
