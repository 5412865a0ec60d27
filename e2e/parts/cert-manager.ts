import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { cached, isCached } from './cache';
import { check, patiently } from './exec';
import { Kubectl, list } from './kubectl';

const MODULE = 'github.com/cert-manager/cert-manager';
const VERSION = 'v1.18.2';
/** What the Go checksum database says of it. */
const SUM = 'h1:H2P75ycGcTMauV3gvpkDqLdS3RSXonWF2S49QGA1PZE=';

const KINDS = ['certificates', 'issuers', 'clusterissuers'] as const;
const FILE = 'crds.json';

/** The kinds that manifests for cert-manager use, as its release has them: schema and all. cert-manager itself does not run. */
export async function certManagerKinds(): Promise<string> {
  return path.join(await cached('cert-manager', VERSION, build), FILE);
}

/** Whether they have to be had from the Go module proxy. */
export function certManagerNeedsGo(): boolean {
  return !isCached('cert-manager', VERSION);
}

/** Makes the kinds known to an API server, and waits until it serves them. */
export async function installKinds(kubectl: Kubectl, file: string): Promise<void> {
  // not apply: what it notes down would be too long
  await kubectl.run(['create', '-f', file]);
  // kubectl gives up at once on a kind that has no conditions yet
  await patiently(() => kubectl.run(['wait', '--for=condition=Established', '--timeout=60s', ...KINDS.map((kind) => `crd/${kind}.cert-manager.io`)]));
}

async function build(dir: string): Promise<void> {
  const answer = await check({
    command: 'go',
    args: ['mod', 'download', '-json', `${MODULE}@${VERSION}`],
    cwd: dir,
    env: { ...process.env as Record<string, string>, GOFLAGS: '', GOWORK: 'off' },
  });
  const { Dir: folder, Sum: sum } = JSON.parse(answer) as { Dir: string; Sum: string };
  if (sum !== SUM) {
    throw new Error(`${MODULE}@${VERSION} has the checksum ${sum}, and ${SUM} is expected`);
  }
  const kinds = KINDS.map((kind) => {
    // templates of Helm are in comments and labels
    const definition = parse(fs.readFileSync(path.join(folder, 'deploy', 'crds', `crd-${kind}.yaml`), 'utf8')) as { metadata: { name: string } };
    return { ...definition, metadata: { name: definition.metadata.name } };
  });
  fs.writeFileSync(path.join(dir, FILE), list(kinds));
}
