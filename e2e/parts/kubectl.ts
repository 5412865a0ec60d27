import { tmpdir } from 'node:os';
import { check, run, Result } from './exec';

export interface KubectlOptions {
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** Where kubectl keeps what it found out about the server. */
  readonly home: string;
}

/** Whether the API server took an object, and what it said. */
export interface Verdict {
  readonly accepted: boolean;
  readonly message: string;
}

/** The API server as an administrator sees it: through kubectl, with a kubeconfig of its own. */
export class Kubectl {
  public constructor(private readonly options: KubectlOptions) {}

  /** Any kubectl command that has to succeed. */
  public run(args: readonly string[], input?: string): Promise<string> {
    return check(this.command(args, input));
  }

  /**
   * A namespace as a cluster would make it. Its `default` service account and `kube-root-ca.crt` come from controllers,
   * which don't run here: without the first, pods are refused.
   */
  public async createNamespace(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.apply(list([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace: name }, data: { 'ca.crt': '' } },
    ]));
  }

  public async createServiceAccount(namespace: string, name: string): Promise<void> {
    await this.apply(list([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }]));
  }

  /** A token as the kubelet would ask for it on behalf of a projected volume. `duration` such as `10m`, the shortest there is. */
  public async createToken(namespace: string, name: string, audience: string, duration = '10m'): Promise<string> {
    return (await this.run(['create', 'token', name, '-n', namespace, '--audience', audience, '--duration', duration])).trim();
  }

  /** Applies manifests for real. */
  public async apply(yaml: string): Promise<void> {
    await this.run(['apply', '-f', '-'], yaml);
  }

  /** Has the API server check manifests with everything it has (schema, admission), and store nothing. */
  public async dryRun(yaml: string): Promise<Verdict> {
    const { code, stdout, stderr }: Result = await run(this.command(['apply', '--dry-run=server', '-f', '-'], yaml));
    return { accepted: code === 0, message: `${stdout}${stderr}`.trim() };
  }

  /** An object as the server stores it. */
  public async get<T>(kind: string, namespace: string, name: string): Promise<T> {
    return JSON.parse(await this.run(['get', kind, name, '-n', namespace, '-o', 'json'])) as T;
  }

  private command(args: readonly string[], input?: string) {
    const { kubectl, kubeconfig, home } = this.options;
    return { command: kubectl, args, input, env: { TMPDIR: tmpdir(), KUBECONFIG: kubeconfig, HOME: home } };
  }
}

/** Several objects as one manifest. */
export function list(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
