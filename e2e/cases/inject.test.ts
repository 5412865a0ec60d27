/** `cdk-irsa inject`, between manifests of somebody else and a cluster without the webhook. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { before, describe, test } from 'node:test';
import { AUDIENCE, cdkApp, handWrittenTrust, kubectl, TOKEN_FILE, unique, uniqueAccount, world } from './context';
import { CdkApp } from '../parts/cdk';
import { containerOf, createPod } from '../parts/kubelet';
import { packLibrary } from '../parts/library';
import { assumeRoleWithWebIdentity, RgwAccount } from '../parts/rgw-account';
import { admit, KubernetesObject, Pod } from '../parts/webhook';

const REGION = 'eu-west-1';

/** What the webhook adds, by its names. */
const ADDED = /^AWS_|^aws-iam-token$/;

let user: CdkApp;

/** The command that npm installed, on a file. */
async function inject(manifests: string, ...options: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const file = path.join(fs.mkdtempSync(path.join(user.dir, 'inject-')), 'manifests.yaml');
  fs.writeFileSync(file, manifests);
  return user.bin('cdk-irsa', ['inject', file, ...options]);
}

async function injected(manifests: string, ...options: string[]): Promise<string> {
  const { code, stdout, stderr } = await inject(manifests, ...options);
  assert.equal(code, 0, stderr);
  return stdout;
}

function serviceAccount(namespace: string, name: string, role: string): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}, namespace: ${namespace}, annotations: {eks.amazonaws.com/role-arn: "${role}"}}
`;
}

/** As charts have it: comments, strings that YAML 1.1 would take for something else, lists in lines and in brackets. */
function deployment(namespace: string): string {
  return `# Source: chart/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: ${namespace}
  annotations: {"on": "yes", grouped: "1_000"}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      serviceAccountName: app
      initContainers: [{name: prepare, image: web:1}]
      containers:
      - name: web  # the main one
        image: web:1
        args: ["on", "0o17", '1_000', "2001-12-14"]
        env:
        # theirs
        - {name: ENABLED, value: "on"}
      volumes: []
`;
}

before(async () => {
  user = cdkApp('inject', []);
  await user.install(await packLibrary(world.dir));
});

describe('inject', () => {
  const namespace = unique('inject');
  let role: string;
  let manifests: string;

  before(async () => {
    await kubectl.createNamespace(namespace);
    await kubectl.createServiceAccount(namespace, 'other');
    const account = await RgwAccount.create(world.rgw, uniqueAccount());
    const provider = await account.createOidcProvider(world.blue.issuer, [AUDIENCE]);
    role = await account.createRole('app', handWrittenTrust(provider, `system:serviceaccount:${namespace}:app`));
    manifests = `---\n${serviceAccount(namespace, 'app', role)}---\n${deployment(namespace)}`;
  });

  test('the API server takes what comes out', async () => {
    const text = await injected(manifests, '--region', REGION, '--strict');
    const { accepted, message } = await kubectl.dryRun(text);
    assert.equal(accepted, true, message);
    await kubectl.apply(text);
  });

  test('a pod of it has a token that the STS takes for its role', async () => {
    const pod = await createPod(kubectl, 'deployment', namespace, 'web', 'web-pod', undefined);
    const { env, files } = await containerOf(kubectl, pod);
    assert.deepEqual(
      { role: env.AWS_ROLE_ARN, token: env.AWS_WEB_IDENTITY_TOKEN_FILE, region: env.AWS_REGION, theirs: env.ENABLED },
      { role, token: TOKEN_FILE, region: REGION, theirs: 'on' },
    );
    assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, env.AWS_ROLE_ARN, files[TOKEN_FILE])).allowed, true);
    const other = await kubectl.createToken(namespace, 'other', AUDIENCE);
    assert.equal((await assumeRoleWithWebIdentity(world.rgw.endpoint, env.AWS_ROLE_ARN, other)).allowed, false);
  });

  test('fails for a pod that was not injected: it has neither variables nor token', async () => {
    await kubectl.apply(deployment(namespace).replace('name: web\n', 'name: plain\n'));
    const { env, files } = await containerOf(kubectl, await createPod(kubectl, 'deployment', namespace, 'plain', 'plain-pod', undefined));
    assert.deepEqual([env, Object.keys(files)], [{ ENABLED: 'on' }, []]);
  });

  test('the webhook finds nothing to add', async () => {
    const { template } = await specOf(await injected(manifests, '--region', REGION));
    const pod = { apiVersion: 'v1', kind: 'Pod', ...template } as unknown as Pod;
    const account = { metadata: { name: 'app', annotations: { 'eks.amazonaws.com/role-arn': role } } } as unknown as KubernetesObject;
    assert.deepEqual(admit(pod, account, REGION), pod);
  });

  test('with --webhook-parity comes out what the webhook makes of it', async () => {
    const { template } = await specOf(await injected(manifests, '--region', REGION, '--regional-sts', '--webhook-parity'));
    const { template: plain } = await specOf(manifests);
    const account = { metadata: { name: 'app', annotations: { 'eks.amazonaws.com/role-arn': role } } } as unknown as KubernetesObject;
    assert.deepEqual({ apiVersion: 'v1', kind: 'Pod', ...template }, admit({ apiVersion: 'v1', kind: 'Pod', ...plain } as unknown as Pod, account, REGION));
  });

  test('fails, and prints nothing, for a volume where the token goes, which the API server would refuse', async () => {
    const mount = `        volumeMounts: [{name: theirs, mountPath: ${path.posix.dirname(TOKEN_FILE)}}]\n`;
    const taken = manifests.replace('      volumes: []\n', `${mount}      volumes: [{name: theirs, emptyDir: {}}]\n`);
    const { code, stdout, stderr } = await inject(taken);
    assert.deepEqual([code, stdout], [1, '']);
    const both = (await injected(manifests)).replace('        volumeMounts:\n', `${mount.trimEnd().replace(/\[(.*)\]/, '\n        - $1')}\n`)
      .replace('      volumes:\n', '      volumes:\n      - {name: theirs, emptyDir: {}}\n');
    const { accepted, message } = await kubectl.dryRun(both);
    assert.deepEqual([accepted, /volumeMounts.*: Invalid value: .*must be unique/.test(message)], [false, true], message);
    assert.match(stderr, /manifests\.yaml:7:1: Deployment [^/]+\/web: container 'web' has the volume 'theirs'/);
  });

  test('fails, and prints nothing, for what is no YAML', async () => {
    const { code, stdout, stderr } = await inject('a: 1\nb: [\n');
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /manifests\.yaml:3:1: /);
  });

  const odd = 'x: [on, y, 0o17, 017, 0b11, 1_000, 1e3, .5, 190:20:30, 2001-12-14, ~, "on", \'0o17\', 12345678901234567, !!str 5]';
  const forms: Readonly<Record<string, (text: string) => string>> = {
    'as it is': (text) => text,
    'with line breaks of Windows': (text) => text.replace(/\n/g, '\r\n'),
    'without a line break at the end': (text) => text.trimEnd(),
    'with an anchor and a merge': (text) => text.replace('- name: web ', '- &c\n        name: web ').replace('volumes: []', '- <<: *c\n        name: second'),
    'with an alias in the place of variables': (text) => text.replace('[{name: prepare', '[{name: zero, env: &e [{name: N, value: "off"}]}, {name: prepare, env: *e'),
    'with keys that are there twice': (text) => text.replace('      volumes: []\n', '      volumes: [{name: a}]\n      volumes: []\n'),
    'with odd scalars': (text) => text.replace('spec:\n', `${odd}\nspec:\n`),
  };
  for (const [what, form] of Object.entries(forms)) {
    test(`kubectl reads the same as before, ${what}`, async () => {
      const text = form(deployment(namespace));
      const [, after] = splitOnce(await injected(`${serviceAccount(namespace, 'app', role)}---\n${text}`));
      assert.notEqual(after, text);
      assert.deepEqual(withoutAdditions(await asKubectlReads(after)), withoutAdditions(await asKubectlReads(text)));
      assert.equal(JSON.stringify(await asKubectlReads(after)).includes(role), true);
    });
  }
});

/** No server is asked: this is kubectl's own YAML. */
async function asKubectlReads(text: string): Promise<unknown> {
  return JSON.parse(await kubectl.run(['annotate', '--local', '-f', '-', 'read-by=kubectl', '-o', 'json'], text));
}

async function specOf(manifests: string): Promise<{ template: object }> {
  const { spec } = await asKubectlReads(splitOnce(manifests.replace(/^---\n/, ''))[1]) as { spec: { template: object } };
  return spec;
}

function splitOnce(manifests: string): [string, string] {
  const [first, ...rest] = manifests.split('---\n');
  return [first, rest.join('---\n')];
}

function withoutAdditions(value: unknown): unknown {
  const lists = ['env', 'volumeMounts', 'volumes'];
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => {
    if (!lists.includes(key)) {
      return item;
    }
    const theirs = (item as Array<{ name: string }>).filter(({ name }) => !ADDED.test(name));
    return theirs.length > 0 ? theirs : undefined;
  }));
}
