import * as fs from 'node:fs';
import * as path from 'node:path';
import { cached, isCached, versionOf } from './cache';
import { check, HALF_AN_HOUR } from './exec';

/** The release that is built; `go/go.mod` names the modules of the same one. */
export const KUBERNETES_VERSION = 'v1.34.2';

const SOURCES = path.join(__dirname, 'go');
const COMMANDS = ['etcd', 'kube-apiserver', 'kubectl'] as const;

/** Paths of the programs. */
export type KubernetesBinaries = Readonly<Record<typeof COMMANDS[number], string>>;

/** Builds etcd, the API server and kubectl from the Go module proxy: no released binaries can be had from it. */
export async function kubernetesBinaries(): Promise<KubernetesBinaries> {
  const dir = await cached('kubernetes', version(), build);
  return Object.fromEntries(COMMANDS.map((name) => [name, path.join(dir, name)])) as KubernetesBinaries;
}

/** Whether they have to be built: nothing else needs Go. */
export function needsGo(): boolean {
  return !isCached('kubernetes', version());
}

function version(): string {
  const sources = ['go.mod', 'go.sum', ...COMMANDS.map((name) => `cmd/${name}/main.go`)];
  return `${KUBERNETES_VERSION}-${versionOf(...sources.map((file) => fs.readFileSync(path.join(SOURCES, file), 'utf8')))}`;
}

async function build(dir: string): Promise<void> {
  const [major, minor] = KUBERNETES_VERSION.slice(1).split('.');
  const stamp = 'k8s.io/component-base/version';
  // kubectl refuses a server whose version it cannot parse, and an unstamped one says v0.0.0-master
  const flags = `-s -w -X ${stamp}.gitVersion=${KUBERNETES_VERSION} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}`;
  await check({
    command: 'go',
    args: ['build', '-trimpath', '-ldflags', flags, '-o', `${dir}/`, ...COMMANDS.map((name) => `./cmd/${name}`)],
    cwd: SOURCES,
    env: { ...process.env as Record<string, string>, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
    // minutes on a fast machine; a slow one may take its time
    timeoutMs: 4 * HALF_AN_HOUR,
  });
}
