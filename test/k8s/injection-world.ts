import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { type Manifest, newApp, newRole, newStack } from './helpers';
import { CdkTokenResolver, type IrsaRole, IrsaServiceAccount, Manifests } from '../../src';
import type { PodTemplate } from '../../src/k8s/webhook/mutate-pod';
import { podTemplatesIn } from '../../src/k8s/webhook/pod-templates';

export const READER_ARN = 'arn:aws:iam::111122223333:role/reader';

/** A chart for the namespace `default` in an own cdk8s app, with the service account `reader` and its role. */
export interface World {
  readonly stack: ReturnType<typeof newStack>;
  readonly role: IrsaRole;
  readonly app: App;
  readonly chart: Chart;
  readonly account: IrsaServiceAccount;
}

export function newWorld(): World {
  const stack = newStack(newApp());
  const role = newRole(stack, 'Role', { roleName: 'reader' });
  const app = new App({ resolvers: [new CdkTokenResolver()] });
  const chart = new Chart(app, 'chart', { namespace: 'default' });
  return { stack, role, app, chart, account: new IrsaServiceAccount(chart, 'Account', { role }) };
}

/** The same in `Manifests`. */
export function newManifests(): World & { readonly manifests: Manifests } {
  const stack = newStack(newApp());
  const role = newRole(stack, 'Role', { roleName: 'reader' });
  const manifests = new Manifests(stack, 'Manifests');
  const chart = manifests.addChart('chart', { namespace: 'default' });
  return { stack, role, app: manifests.app, chart, manifests, account: new IrsaServiceAccount(chart, 'Account', { role }) };
}

/** A Deployment as plain YAML would give it. */
export function plainDeployment(chart: Chart, id = 'Plain', serviceAccountName = 'reader', containers: readonly string[] = ['main']): ApiObject {
  return new ApiObject(chart, id, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: id.toLowerCase() },
    spec: {
      selector: { matchLabels: { app: id } },
      template: { metadata: { labels: { app: id } }, spec: { serviceAccountName, containers: containers.map(name => ({ name, image: 'web:1' })) } },
    },
  });
}

/** The pods of a chart, as cdk8s writes them. */
export function podsOf(chart: Chart, podTemplates?: Record<string, string>): PodTemplate[] {
  return (Testing.synth(chart) as Manifest[]).flatMap(object => podTemplatesIn(object, podTemplates).map(({ template }) => template));
}
