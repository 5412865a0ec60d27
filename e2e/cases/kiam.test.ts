/** `cdk-irsa import kiam`: pods that had their roles from kiam get new ones by their service accounts, and read what they read before. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { before, describe, test } from 'node:test';
import { AUDIENCE, cdkApp, kubectl, readers, TOKEN_FILE, unique, uniqueAccount, world } from './context';
import { contentOf, OBJECT, ungranted } from './journey';
import { isAllowed } from './testbed';
import { CdkApp } from '../parts/cdk';
import { Result } from '../parts/exec';
import { containerOf, createPod } from '../parts/kubelet';
import { packLibrary } from '../parts/library';
import { replicate } from '../parts/replicate';
import { KubernetesObject, Pod } from '../parts/webhook';

const REGION = 'eu-west-1';
const ROLE = 'iam.amazonaws.com/role';

/** As a team has it for kiam: one workload without a service account of its own, one with. */
function manifestsIn(namespace: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  annotations: {iam.amazonaws.com/permitted: "team-.*"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations:
        ${ROLE}: team-web  # by name
    spec:
      automountServiceAccountToken: false
      containers: [{name: web, image: web:1, env: [{name: ENABLED, value: "on"}]}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: ${namespace}}
spec:
  schedule: "0 2 * * *"
  jobTemplate:
    spec:
      template:
        metadata: {annotations: {${ROLE}: team-nightly}}
        spec:
          serviceAccount: nightly
          restartPolicy: Never
          containers: [{name: nightly, image: nightly:1}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: nightly, namespace: ${namespace}}
automountServiceAccountToken: false
`;
}

/** What AWS says of the roles: each may read one bucket. */
function detailsOf(account: string, buckets: Readonly<Record<string, string>>): object {
  return {
    RoleDetailList: Object.entries(buckets).map(([role, bucket]) => ({
      RoleName: role,
      Arn: `arn:aws:iam::${account}:role/${role}`,
      RolePolicyList: [{
        PolicyName: 'read',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` }] },
      }],
      AttachedManagedPolicies: [],
    })),
  };
}

/** Accounts of moto are not bootstrapped. */
function withoutBootstrap(app: string): string {
  return app.replace('{ App,', '{ App, BootstraplessSynthesizer,').replace('new App()', 'new App({ defaultStackSynthesizer: new BootstraplessSynthesizer() })');
}

describe('import kiam', { concurrency: 1 }, () => {
  const account = uniqueAccount();
  const namespace = unique('kiam');
  const buckets = { 'team-web': unique('web-data'), 'team-nightly': unique('nightly-data') };
  let user: CdkApp;
  let folder: string;
  let assembly: string;

  /** The command that npm installed. */
  function importKiam(...options: string[]): Promise<Result> {
    return user.bin('cdk-irsa', [
      'import', 'kiam', path.join(folder, 'kiam'), '--issuer', world.blue.issuer, '--base-role-arn', `arn:aws:iam::${account}:role/`,
      '--account-details', path.join(folder, 'roles.json'), '--region', REGION, ...options,
    ]);
  }

  const edited = (output: string): string => fs.readFileSync(path.join(folder, output, 'manifests', 'team.yaml'), 'utf8');

  before(async () => {
    user = cdkApp('kiam', []);
    await user.install(await packLibrary(world.dir));
    folder = fs.mkdtempSync(path.join(user.dir, 'migration-'));
    fs.mkdirSync(path.join(folder, 'kiam'));
    fs.writeFileSync(path.join(folder, 'kiam', 'team.yaml'), manifestsIn(namespace));
    fs.writeFileSync(path.join(folder, 'roles.json'), JSON.stringify(detailsOf(account, buckets)));
    await kubectl.createNamespace(namespace);
    await kubectl.apply(manifestsIn(namespace));
  });

  test('writes an app that deploys, and leaves the manifests as they are', async () => {
    const { code, stdout, stderr } = await importKiam('--output-dir', path.join(folder, 'out'));
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^${namespace}/nightly \\(as it is\\).*\n${namespace}/web \\(made by the app\\)`));
    assert.equal(fs.readFileSync(path.join(folder, 'kiam', 'team.yaml'), 'utf8'), manifestsIn(namespace));
    fs.writeFileSync(path.join(user.dir, 'kiam-migration.ts'), withoutBootstrap(fs.readFileSync(path.join(folder, 'out', 'app.ts'), 'utf8')));
    assembly = await user.synth('kiam-migration.ts');
    await user.deploy({ account, region: REGION, assembly, stacks: ['KiamMigration'] });
  });

  test('cdk-irsa check finds nothing in what came out', async () => {
    const { code, stdout } = await user.bin('cdk-irsa', ['check', assembly, path.join(folder, 'out', 'manifests'), '--strict']);
    assert.equal(code, 0, stdout);
  });

  test('the API server accepts it in the place of the old', async () => {
    const { stdout } = await user.bin('cdk-irsa', ['render', assembly, '--outputs', emptyOutputs()]);
    for (const yaml of [stdout, edited('out')]) {
      const { accepted, message } = await kubectl.dryRun(yaml);
      assert.equal(accepted, true, message);
      await kubectl.apply(yaml);
    }
    assert.deepEqual(await webPods(), [undefined, 'web']);
  });

  test('a pod of each workload has a role that reads what the old one read, and nothing else', async () => {
    const { account: replica } = await replicate(world.rgw, world.moto, account);
    for (const bucket of Object.values(buckets).flatMap((name) => [name, ungranted(name)])) {
      await replica.createBucket(bucket);
      await replica.putObject(bucket, OBJECT, contentOf(bucket));
    }
    for (const [kind, name] of [['deployment', 'web'], ['cronjob', 'nightly']] as const) {
      const container = await containerOf(kubectl, await createPod(kubectl, kind, namespace, name, `${name}-pod`, REGION));
      assert.deepEqual([container.env.AWS_ROLE_ARN, Object.keys(container.files)], [await roleOf(name), [TOKEN_FILE]]);
      const bucket = buckets[`team-${name}`];
      assert.deepEqual(await readers.sdk(container, bucket, OBJECT), { allowed: true, text: contentOf(bucket), message: '' });
      for (const other of [ungranted(bucket), ...Object.values(buckets).filter((each) => each !== bucket)]) {
        assert.equal((await readers.sdk(container, other, OBJECT)).allowed, false, other);
      }
    }
  });

  test('fails for service accounts of others, that of pods without one of their own among them', async () => {
    const role = await roleOf('web');
    for (const [name, allowed] of [['web', true], ['default', false], ['nightly', false]] as const) {
      assert.equal(await isAllowed(role, await kubectl.createToken(namespace, name, AUDIENCE)), allowed, name);
    }
  });

  test('fails for the pod as it was: it has neither variables nor token', async () => {
    await kubectl.apply(manifestsIn(namespace).split('---\n')[1].replace('name: web,', 'name: old,'));
    const { env, files } = await containerOf(kubectl, await createPod(kubectl, 'deployment', namespace, 'old', 'old-pod', REGION));
    assert.deepEqual([env, files], [{ ENABLED: 'on' }, {}]);
  });

  test('with --keep pods say both, and the way back is a service account without the role', async () => {
    const { code, stderr } = await importKiam('--keep', '--output-dir', path.join(folder, 'kept'));
    assert.equal(code, 0, stderr);
    await kubectl.apply(edited('kept'));
    assert.deepEqual(await webPods(), [{ [ROLE]: 'team-web' }, 'web']);
    await kubectl.run(['annotate', 'serviceaccount', 'web', '-n', namespace, 'eks.amazonaws.com/role-arn-']);
    const { env, files } = await containerOf(kubectl, await createPod(kubectl, 'deployment', namespace, 'web', 'web-back', REGION));
    assert.deepEqual([env, files], [{ ENABLED: 'on' }, {}]);
  });

  test('fails as a way back: the API server keeps the service account when the old manifests are applied', async () => {
    await kubectl.apply(manifestsIn(namespace));
    assert.deepEqual(await webPods(), [{ [ROLE]: 'team-web' }, 'web']);
  });

  async function webPods(): Promise<[annotations: unknown, serviceAccount: unknown]> {
    const { spec: { template: { metadata, spec } } } = await kubectl.get<{ spec: { template: Pod } }>('deployment', namespace, 'web');
    return [metadata.annotations, spec.serviceAccountName];
  }

  async function roleOf(name: string): Promise<string> {
    const { metadata } = await kubectl.get<KubernetesObject>('serviceaccount', namespace, name);
    return metadata.annotations?.['eks.amazonaws.com/role-arn'] ?? '';
  }

  function emptyOutputs(): string {
    const file = path.join(folder, 'outputs.json');
    fs.writeFileSync(file, '{}');
    return file;
  }
});
