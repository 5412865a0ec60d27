import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { cdkApp, kubectl, world } from './context';
import { Reader, Scenario } from './scenarios';
import { Testbed } from './testbed';
import { CdkApp } from '../parts/cdk';
import { packLibrary } from '../parts/library';
import { replicate } from '../parts/replicate';
import { KubernetesObject, PodSpec } from '../parts/webhook';

const APPS = path.join(__dirname, '..', 'apps');

/** Content of the object that a reader may read: tells the buckets apart. */
export const contentOf = (bucket: string): string => `the data of ${bucket}`;

/** A bucket beside a reader's, that nobody was granted. */
export const ungranted = (bucket: string): string => `${bucket}-private`;

export const OBJECT = 'object';

let app: Promise<CdkApp> | undefined;

/** The user's CDK app: outside of the repository, with the packed library installed by npm. Made once, for all scenarios. */
function installedApp(): Promise<CdkApp> {
  app ??= (async () => {
    const tarball = await packLibrary(world.dir);
    const fresh = cdkApp('user', fs.readdirSync(APPS).map((file) => path.join(APPS, file)));
    await fresh.install(tarball);
    return fresh;
  })();
  return app;
}

/** What a user has in hand after `cdk deploy` and `cdk-irsa render`. */
export interface Delivered {
  readonly yaml: string;
  readonly objects: readonly KubernetesObject[];
}

/** From an app to what can be applied to the cluster, by the commands that a user types. */
export async function deliver(scenario: Scenario): Promise<Delivered> {
  const user = await installedApp();
  const issuers = { BLUE_ISSUER: world.blue.issuer, GREEN_ISSUER: world.green.issuer };
  const assembly = await user.synth(scenario.program, issuers);
  const outputs: string[] = [];
  for (const { account, region, stacks, parameters } of scenario.deployments) {
    outputs.push(await user.deploy({ account, region, assembly, stacks, parameters: parameters?.({ blue: world.blue.issuer }) }));
  }
  const { code, stdout, stderr } = await user.bin('cdk-irsa', ['render', ...outputs.flatMap((file) => ['--outputs', file]), assembly]);
  if (code !== 0) {
    throw new Error(`cdk-irsa render ended with ${code}: ${stderr}`);
  }
  return { yaml: stdout, objects: parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject) };
}

/** Makes every namespace and service account that a scenario's tests ask tokens for, but for those of the manifests. */
export async function createStrangers({ readers }: Scenario): Promise<void> {
  const ours = readers.map(({ subject }) => subject.join('/'));
  const others = readers.flatMap(({ strangers, friends = [] }) => [...Object.values(strangers), ...friends]);
  const namespaces = new Set([...readers.map(({ subject: [namespace] }) => namespace), ...others.map(([namespace]) => namespace)]);
  for (const namespace of namespaces) {
    await kubectl.createNamespace(namespace);
  }
  for (const [namespace, name] of others.filter((subject) => !ours.includes(subject.join('/')))) {
    await kubectl.createServiceAccount(namespace, name);
  }
}

/** Brings what was deployed to where policies are enforced, and puts data into the buckets. The answer is what is there, by account. */
export async function enforce({ deployments, readers }: Scenario): Promise<ReadonlyMap<string, Testbed>> {
  const testbeds = new Map<string, Testbed>();
  for (const { account } of deployments) {
    const deployed = await replicate(world.rgw, world.moto, account);
    testbeds.set(account, await Testbed.on(deployed));
    const replica = deployed.account;
    for (const bucket of new Set(readers.filter((reader) => reader.account === account).map((reader) => reader.bucket))) {
      for (const name of [bucket, ungranted(bucket)]) {
        await replica.createBucket(name);
        await replica.putObject(name, OBJECT, contentOf(name));
      }
    }
  }
  return testbeds;
}

/** The role that the manifests give a reader: the only place where the tests take it from. */
export function roleOf(delivered: Delivered, { subject, workload, container }: Reader): string {
  return container === undefined ? annotatedRole(delivered, subject) : injectedRole(delivered, subject[0], workload, container);
}

function injectedRole({ objects }: Delivered, namespace: string, workload: string, container: string): string {
  const found = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.namespace === namespace && metadata.name === workload);
  const { containers } = (found as unknown as { spec: { template: { spec: PodSpec } } }).spec.template.spec;
  const role = containers.find(({ name }) => name === container)?.env?.find(({ name }) => name === 'AWS_ROLE_ARN')?.value;
  if (role === undefined) {
    throw new Error(`container ${container} of ${namespace}/${workload} has no AWS_ROLE_ARN in the manifests`);
  }
  return role;
}

function annotatedRole({ objects }: Delivered, [namespace, name]: readonly [string, string]): string {
  const found = objects.find(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.namespace === namespace && metadata.name === name);
  const role = found?.metadata.annotations?.['eks.amazonaws.com/role-arn'];
  if (role === undefined) {
    throw new Error(`the manifests have no service account ${namespace}/${name} with a role`);
  }
  return role;
}
