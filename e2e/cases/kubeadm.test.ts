/** Which API server does kubeadm run with our configuration? The first issuer signs, so the order of flags decides. */
import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { before, describe, test } from 'node:test';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { unique, world } from './context';
import { ApiServerFlags, ApiServerFlagsOptions, ClusterApiVersion, KubeadmVersion, OidcIssuer } from '../../src';
import { KUBERNETES_VERSION, kubernetesBinaries } from '../parts/go';
import { apiServerCommand, controlPlanePod, type KubeadmInput } from '../parts/kubeadm';

const ISSUER = 'https://s3.eu-west-1.amazonaws.com/123456789012-g8s-mycluster-oidc-pod-identity';
const OLD_ISSUER = 'https://kubernetes.default.svc.cluster.local';
const MIGRATION: ApiServerFlagsOptions = {
  previousIssuers: [OLD_ISSUER, 'k3s'],
  signingKeyFile: '/etc/kubernetes/pki/new.key',
  keyFiles: ['/etc/kubernetes/pki/new.pub', '/etc/kubernetes/pki/a-old.pub'],
};

const flags = (options?: ApiServerFlagsOptions): ApiServerFlags => ApiServerFlags.forIssuer(OidcIssuer.fromUrl(ISSUER), options);

/** Its values, in the order in which the API server reads them. */
function values(command: readonly string[], flag: string): string[] {
  return command.filter((argument) => argument.startsWith(`--${flag}=`)).map((argument) => argument.slice(flag.length + 3));
}

describe('kubeadm', () => {
  let kubeadm: string;

  before(async () => {
    ({ kubeadm } = await kubernetesBinaries());
  });

  /** With what else a configuration has to say on a machine that kubeadm knows nothing of. */
  function inputOf(documents: readonly object[], files?: Readonly<Record<string, string>>): KubeadmInput {
    const [cluster, init] = documents as readonly [{ apiVersion: string }, object?];
    const config = [
      { ...cluster, kubernetesVersion: KUBERNETES_VERSION },
      {
        apiVersion: cluster.apiVersion,
        kind: 'InitConfiguration',
        ...init,
        localAPIEndpoint: { advertiseAddress: '10.0.0.1' },
        nodeRegistration: { name: 'node-1', criSocket: 'unix:///run/none.sock' },
      },
    ].map((document) => stringify(document)).join('---\n');
    return { kubeadm, root: path.join(world.dir, unique('kubeadm')), config, files };
  }

  function command(documents: readonly object[], files?: Readonly<Record<string, string>>): Promise<string[]> {
    return apiServerCommand(inputOf(documents, files));
  }

  const read = (yaml: string): object[] => parseAllDocuments(yaml).map((document) => document.toJS() as object);

  for (const version of [KubeadmVersion.V1BETA3, KubeadmVersion.V1BETA4]) {
    test(`${version}: a new cluster`, async () => {
      const { yaml, files } = flags().kubeadm(version);
      const made = await command(read(yaml), files);
      assert.deepEqual(values(made, 'service-account-issuer'), [ISSUER]);
      assert.deepEqual(values(made, 'service-account-jwks-uri'), [`${ISSUER}/openid/v1/jwks`]);
      assert.deepEqual(values(made, 'service-account-key-file'), ['/etc/kubernetes/pki/sa.pub']);
      assert.deepEqual(values(made, 'api-audiences'), [ISSUER]);
    });

    test(`${version}: in a migration the new issuer is the first, and nothing gets lost`, async () => {
      const { yaml, files } = flags(MIGRATION).kubeadm(version);
      const made = await command(read(yaml), files);
      const wanted = flags(MIGRATION).args;
      assert.deepEqual(values(made, 'service-account-issuer'), [ISSUER, OLD_ISSUER, 'k3s']);
      assert.deepEqual(made.filter((argument) => /^--(service-account|api-audiences)/.test(argument)).sort(), [...wanted].sort());
    });
  }

  for (const version of [KubeadmVersion.V1BETA3, KubeadmVersion.V1BETA4]) {
    test(`${version}: key files of one's own are in the pods, and both who sign have the same key`, async () => {
      const { yaml, files } = flags({ signingKeyFile: '/keys/new.key', keyFiles: ['/keys/new.pub', '/etc/kubernetes/pki/sa.pub'] }).kubeadm(version);
      const pods = await Promise.all((['apiserver', 'controller-manager'] as const)
        .map((component) => controlPlanePod(inputOf(read(yaml), files), component)));
      const mounts = pods.map(({ spec }) => spec.containers[0].volumeMounts.filter(({ mountPath }) => mountPath.startsWith('/keys/')));
      assert.deepEqual(
        mounts.map((list) => list.map(({ mountPath, readOnly }) => [mountPath, readOnly])),
        [[['/keys/new.key', true], ['/keys/new.pub', true]], [['/keys/new.key', true]]],
      );
      mounts.forEach((list, index) => list.forEach(({ name, mountPath }) => {
        assert.deepEqual(pods[index].spec.volumes.find((volume) => volume.name === name)?.hostPath, { path: mountPath, type: 'File' });
      }));
      assert.deepEqual(values(pods[0].spec.containers[0].command, 'service-account-signing-key-file'), ['/keys/new.key']);
      assert.deepEqual(values(pods[1].spec.containers[0].command, 'service-account-private-key-file'), ['/keys/new.key']);
    });
  }

  for (const version of [ClusterApiVersion.V1BETA1, ClusterApiVersion.V1BETA2]) {
    test(`${version}: what Cluster API hands on to kubeadm`, async () => {
      const { spec } = flags(MIGRATION).clusterApi(version).toJson() as {
        spec: {
          kubeadmConfigSpec: { clusterConfiguration: object; initConfiguration: object; files: ReadonlyArray<{ path: string; content: string }> };
        };
      };
      const { clusterConfiguration, initConfiguration, files } = spec.kubeadmConfigSpec;
      const apiVersion = version === ClusterApiVersion.V1BETA1 ? KubeadmVersion.V1BETA3 : KubeadmVersion.V1BETA4;
      const made = await command(
        [{ apiVersion, kind: 'ClusterConfiguration', ...clusterConfiguration }, initConfiguration],
        Object.fromEntries(files.map((file) => [file.path, file.content])),
      );
      assert.deepEqual(values(made, 'service-account-issuer'), [ISSUER, OLD_ISSUER, 'k3s']);
    });
  }

  test('fails by hand: kubeadm sorts, and the old issuer goes on signing', async () => {
    const [cluster] = read(flags().kubeadm().yaml) as [{ apiServer: { extraArgs: object[] } }];
    const byHand = parse(stringify(cluster)) as typeof cluster;
    byHand.apiServer.extraArgs.push({ name: 'service-account-issuer', value: OLD_ISSUER });
    assert.deepEqual(values(await command([byHand]), 'service-account-issuer'), [OLD_ISSUER, ISSUER]);
  });
});
