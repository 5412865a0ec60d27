import { type App, type IPolicyValidationPluginBeta1, type PolicyValidationPluginReportBeta1, Stack } from 'aws-cdk-lib';
import { ApiObject, type Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { type IrsaRole, Manifests } from '../../src';
import { ACCOUNT, ENV, newRole, ROLE_ARN_KEY } from '../k8s/helpers';

/** What CDK makes of an app with a plug-in. */
export interface Synthesized {
  /** Whether `cdk synth` fails: by its exit code, or in newer versions by an error. */
  readonly failed: boolean;
  /** All that was printed. */
  readonly text: string;
  /** What the plug-in said, call by call. */
  readonly reports: readonly PolicyValidationPluginReportBeta1[];
}

/** Synthesises as the CDK CLI does. */
export function synthesize(app: App, plugin: IPolicyValidationPluginBeta1): Synthesized {
  const printed: string[] = [];
  const print = (text: unknown): boolean => printed.push(String(text)) > 0;
  const spies = [jest.spyOn(console, 'error').mockImplementation(print), jest.spyOn(console, 'log').mockImplementation(print), jest.spyOn(process.stderr, 'write').mockImplementation(print)];
  const validate = jest.spyOn(plugin, 'validate');
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    app.synth();
  } catch (error) {
    process.exitCode = 1;
    print((error as Error).message);
  } finally {
    spies.forEach(spy => spy.mockRestore());
  }
  const failed = process.exitCode === 1;
  process.exitCode = before;
  const reports = validate.mock.results.flatMap(({ type, value }) => type === 'return' ? [value as PolicyValidationPluginReportBeta1] : []);
  validate.mockRestore();
  return { failed, text: printed.join('\n'), reports };
}

/** A stack with a role for `default/reader`, and a manifest with a service account that is to have it. */
export class ReaderStack extends Stack {
  public readonly role: IrsaRole;
  public readonly chart: Chart;

  public constructor(scope: Construct, id: string, namespace = 'default', annotations: Record<string, string> = {}) {
    super(scope, id, { env: ENV });
    this.role = newRole(this, 'Role', { roleName: 'reader' });
    this.chart = new Manifests(this, 'Manifests').addChart('chart');
    serviceAccount(this.chart, namespace, annotations);
  }
}

/** A service account as somebody writes it by hand. */
export function serviceAccount(chart: Chart, namespace: string, annotations: Record<string, string> = {}): void {
  new ApiObject(chart, `In-${namespace}`, serviceAccountManifest(namespace, annotations));
}

export function serviceAccountManifest(namespace: string, annotations: Record<string, string> = {}) {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'reader', namespace, annotations: { [ROLE_ARN_KEY]: `arn:aws:iam::${ACCOUNT}:role/reader`, ...annotations } },
    automountServiceAccountToken: false,
  };
}
