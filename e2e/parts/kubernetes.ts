import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as https from 'node:https';
import * as path from 'node:path';
import { KubernetesBinaries } from './go';
import { makeKey, SigningKey } from './keys';
import { onFreePorts } from './ports';
import { Run } from './run-dir';
import { atMost, startService } from './service';

export interface ApiServerOptions {
  readonly binaries: KubernetesBinaries;
  /** The URL in `iss` of its tokens. */
  readonly issuer: string;
  /** Signs its tokens. */
  readonly key: SigningKey;
}

/** An API server whose flags for tokens are somebody else's. */
export interface ApiServerFlagOptions {
  readonly binaries: KubernetesBinaries;
  /** `--service-account-issuer` and so on. */
  readonly flags: readonly string[];
}

/** As a person who knows how writes them. */
function flagsOf({ issuer, key }: ApiServerOptions): string[] {
  return [
    `--service-account-issuer=${issuer}`,
    `--service-account-jwks-uri=${issuer}/keys`,
    `--service-account-signing-key-file=${key.keyFile}`,
    `--service-account-key-file=${key.keyFile}`,
    `--api-audiences=https://kubernetes.default.svc,${issuer}`,
  ];
}

/** etcd and an API server on top of it: no controllers, no scheduler, no kubelet. The answer is a kubeconfig's path. */
export async function startApiServer(run: Run, options: ApiServerOptions | ApiServerFlagOptions): Promise<string> {
  const etcd = await onFreePorts(2, ([client, peer]) => startEtcd(run, options.binaries.etcd, client, peer));
  const dir = path.join(run.dir, 'kubernetes');
  fs.mkdirSync(dir);
  const tls = await makeKey(dir, 'kube-apiserver');
  const token = randomBytes(16).toString('hex');
  // the one user there is; a client certificate would need an authority
  fs.writeFileSync(path.join(dir, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const port = await onFreePorts(1, async ([bind]) => {
    await startService(run, {
      name: 'kube-apiserver',
      command: options.binaries['kube-apiserver'],
      args: [
        `--etcd-servers=${etcd}`,
        '--bind-address=127.0.0.1',
        '--advertise-address=127.0.0.1',
        `--secure-port=${bind}`,
        `--tls-cert-file=${tls.certificateFile}`,
        `--tls-private-key-file=${tls.keyFile}`,
        `--cert-dir=${dir}`,
        '--endpoint-reconciler-type=none',
        '--service-cluster-ip-range=10.96.0.0/16',
        '--authorization-mode=RBAC',
        // as EKS: otherwise the API server itself refuses what Pod Security is there for
        '--allow-privileged=true',
        `--token-auth-file=${path.join(dir, 'tokens.csv')}`,
        ...'flags' in options ? options.flags : flagsOf(options),
        '--service-account-max-token-expiration=24h',
      ],
      ready: async () => await status(`https://127.0.0.1:${bind}/readyz`, tls.certificateFile) === 200,
    });
    return bind;
  });
  return writeKubeconfig(run, `https://127.0.0.1:${port}`, tls.certificateFile, token);
}

async function startEtcd(run: Run, binary: string, client: number, peer: number): Promise<string> {
  const url = `http://127.0.0.1:${client}`;
  const peerUrl = `http://127.0.0.1:${peer}`;
  await startService(run, {
    name: 'etcd',
    command: binary,
    args: [
      // a folder for each attempt: the ports are part of what it stores
      `--data-dir=${path.join(run.dir, `etcd-${client}`)}`,
      `--listen-client-urls=${url}`, `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`, `--initial-advertise-peer-urls=${peerUrl}`, `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync', '--log-level=warn',
    ],
    ready: async () => (await fetch(`${url}/health`, { signal: atMost() })).ok,
  });
  return url;
}

function writeKubeconfig(run: Run, server: string, authority: string, token: string): string {
  const file = path.join(run.dir, 'kubeconfig');
  // JSON is YAML
  fs.writeFileSync(file, JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'clusters': [{ name: 'e2e', cluster: { server, 'certificate-authority': authority } }],
    'users': [{ name: 'admin', user: { token } }],
    'contexts': [{ name: 'e2e', context: { cluster: 'e2e', user: 'admin' } }],
    'current-context': 'e2e',
  }), { mode: 0o600 });
  return file;
}

function status(url: string, certificateFile: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    https.get(url, { ca: fs.readFileSync(certificateFile), agent: false, signal: atMost() }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
