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

/** A pod of the control plane, as far as the cases look at it. */
export interface ControlPlanePod {
  readonly spec: {
    readonly containers: ReadonlyArray<{
      readonly command: string[];
      readonly volumeMounts: ReadonlyArray<{ name: string; mountPath: string; readOnly?: boolean }>;
    }>;
    readonly volumes: ReadonlyArray<{ name: string; hostPath: { path: string; type?: string } }>;
  };
}

/** The command of the API server that kubeadm would run on a control plane node. */
export async function apiServerCommand(input: KubeadmInput): Promise<string[]> {
  return (await controlPlanePod(input, 'apiserver')).spec.containers[0].command;
}

/** What kubeadm would run on a control plane node. */
export async function controlPlanePod({ kubeadm, root, config, files = {} }: KubeadmInput, component: 'apiserver' | 'controller-manager'): Promise<ControlPlanePod> {
  const program = path.join(root, 'kubeadm');
  fs.mkdirSync(path.join(root, 'tmp'), { recursive: true });
  fs.copyFileSync(kubeadm, program);
  fs.chmodSync(program, 0o755);
  for (const [file, content] of Object.entries({ ...files, '/config.yaml': config })) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), content);
  }
  await check({ command: 'chroot', args: [root, '/kubeadm', 'init', 'phase', 'control-plane', component, '--config', '/config.yaml'] });
  return parse(fs.readFileSync(path.join(root, `etc/kubernetes/manifests/kube-${component}.yaml`), 'utf8')) as ControlPlanePod;
}
