/** Do CloudFormation and the API server stand in well enough? Nothing of cdk-irsa in here. */
import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { before, describe, test } from 'node:test';
import { cdkApp, kubectl, unique, uniqueAccount, world } from './context';
import { readOutputs, STRICT_SYNTH } from '../parts/cdk';
import { check } from '../parts/exec';
import { list } from '../parts/kubectl';
import { MotoIam } from '../parts/moto';
import { pythonTool } from '../parts/python';

const APPS = path.join(__dirname, '..', 'apps');

describe('the CDK CLI and moto', () => {
  const app = cdkApp('trivial', [path.join(APPS, 'trivial.ts'), path.join(APPS, 'one-resource.ts')]);
  const [first, second] = [uniqueAccount(), uniqueAccount()];

  async function deploy(account: string, env: Readonly<Record<string, string>> = {}) {
    const assembly = await app.synth('trivial.ts', { APP_ACCOUNT: account, APP_ISSUER: world.green.issuer, ...env });
    const lint = pythonTool(world.python, 'cfn-lint', [path.join(assembly, 'Trivial.template.json')]);
    assert.equal(await check({ ...lint, env: { HOME: world.home } }), '');
    return readOutputs(await app.deploy({ account, assembly, stacks: ['Trivial'] })).Trivial;
  }

  test('a stack passes cfn-lint, makes the role and the provider, and gives outputs', async () => {
    const outputs = await deploy(first);
    const iam = await MotoIam.of(world.moto, first);
    assert.match(outputs.RoleArn, new RegExp(`^arn:aws:iam::${first}:role/`));
    const role = await iam.role(outputs.RoleArn.split('/')[1]);
    const [statement] = (JSON.parse(role.trustPolicy) as { Statement: Array<{ Principal: unknown }> }).Statement;
    assert.deepEqual(statement.Principal, { Federated: outputs.ProviderArn });
    assert.deepEqual(await iam.providers(), [{
      arn: outputs.ProviderArn, url: world.green.issuer.replace('https://', ''), audiences: ['sts.amazonaws.com'],
    }]);
  });

  test('a stack that changes changes its role and its provider', async () => {
    const outputs = await deploy(first, { APP_SERVICE_ACCOUNT: 'another', APP_AUDIENCE: 'reports.example.com' });
    const iam = await MotoIam.of(world.moto, first);
    const role = await iam.role(outputs.RoleArn.split('/')[1]);
    assert.match(role.trustPolicy, /:sub":"system:serviceaccount:default:another"/);
    assert.match(role.trustPolicy, /:aud":"reports.example.com"/);
    assert.deepEqual((await iam.providers()).map(({ audiences }) => audiences), [['reports.example.com']]);
  });

  test('another account has its own stack, and sees nothing of the first', async () => {
    const iam = await MotoIam.of(world.moto, second);
    assert.deepEqual(await iam.roleNames(), []);
    const outputs = await deploy(second);
    assert.equal(outputs.ProviderArn, `arn:aws:iam::${second}:oidc-provider/${world.green.issuer.replace('https://', '')}`);
    assert.equal((await iam.roleNames()).length, 1);
  });

  test('fails for a resource type that moto cannot create', async () => {
    const assembly = await app.synth('one-resource.ts', { APP_TYPE: 'AWS::Cassandra::Keyspace' });
    await assert.rejects(app.deploy({ account: first, assembly, stacks: ['OneResource'] }), /moto cannot create AWS::Cassandra::Keyspace/);
  });

  test('fails for a template that aws-cdk-lib itself finds wrong', async () => {
    await assert.rejects(app.synth('one-resource.ts', { APP_TYPE: 'AWS::Nowhere::Nothing', CDK_VALIDATION: 'true' }, STRICT_SYNTH), /AWS::Nowhere::Nothing.*\(CloudFormation Validate\)/);
  });
});

describe('kubectl apply --dry-run=server', () => {
  const namespace = unique('dry-run');
  before(() => kubectl.createNamespace(namespace, { 'pod-security.kubernetes.io/enforce': 'restricted' }));

  const secure = {
    allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' },
  };
  const pod = (container: object, volumes: readonly object[] = []) => list([{
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace },
    spec: { containers: [{ name: 'app', image: 'app:1', securityContext: secure, ...container }], volumes },
  }]);

  test('a pod is accepted, and not stored', async () => {
    const { accepted, message } = await kubectl.dryRun(pod({}));
    assert.equal(accepted, true, message);
    assert.equal(await kubectl.run(['get', 'pods', '-n', namespace, '-o', 'name']), '');
  });

  test('fails for two mounts at one path', async () => {
    const mount = { name: 'token', mountPath: '/var/run/secrets/eks.amazonaws.com/serviceaccount' };
    const verdict = await kubectl.dryRun(pod({ volumeMounts: [mount, mount] }, [{ name: 'token', emptyDir: {} }]));
    assert.equal(verdict.accepted, false);
    assert.match(verdict.message, /mountPath.*must be unique/);
  });

  test('fails for a token that expires within ten minutes', async () => {
    const volume = { name: 'token', projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 599, path: 'token' } }] } };
    const verdict = await kubectl.dryRun(pod({}, [volume]));
    assert.equal(verdict.accepted, false);
    assert.match(verdict.message, /may not specify a duration less than 10 minutes/);
  });

  test('fails for a field that does not exist', async () => {
    const verdict = await kubectl.dryRun(pod({ volumeMount: [] }));
    assert.equal(verdict.accepted, false);
    assert.match(verdict.message, /unknown field "(spec.containers\[0\].)?volumeMount"/);
  });

  test('fails for a pod that the Pod Security standard of the namespace forbids', async () => {
    const verdict = await kubectl.dryRun(pod({ securityContext: { privileged: true } }));
    assert.equal(verdict.accepted, false);
    assert.match(verdict.message, /violates PodSecurity "restricted/);
  });
});
