import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { check } from './exec';

export interface KubeadmInput {
  /** The program. */
  readonly kubeadm: string;
  /** An empty folder: what it sees as the machine. */
  readonly root: string;
  /** Its configuration. */
  readonly config: string;
  /** Files of the machine, by their paths. @default - none */
  readonly files?: Readonly<Record<string, string>>;
}

/** The command of the API server that kubeadm would run on a control plane node. */
export async function apiServerCommand({ kubeadm, root, config, files = {} }: KubeadmInput): Promise<string[]> {
  const program = path.join(root, 'kubeadm');
  fs.mkdirSync(path.join(root, 'tmp'), { recursive: true });
  fs.copyFileSync(kubeadm, program);
  fs.chmodSync(program, 0o755);
  for (const [file, content] of Object.entries({ ...files, '/config.yaml': config })) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), content);
  }
  await check({ command: 'chroot', args: [root, '/kubeadm', 'init', 'phase', 'control-plane', 'apiserver', '--config', '/config.yaml'] });
  const manifest = parse(fs.readFileSync(path.join(root, 'etc/kubernetes/manifests/kube-apiserver.yaml'), 'utf8')) as {
    spec: { containers: ReadonlyArray<{ command: string[] }> };
  };
  return manifest.spec.containers[0].command;
}
