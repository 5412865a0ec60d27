import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, type Environment, Stack, type StackProps } from 'aws-cdk-lib';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { ClusterOidcProvider, IrsaRole, type IrsaRoleProps, OidcIssuer, ServiceAccountSubject } from '../../src';

export const ISSUER_URL = 'https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643';
export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const ENV: Environment = { account: ACCOUNT, region: 'eu-west-1' };
export const ROLE_ARN_KEY = 'eks.amazonaws.com/role-arn';

/** A Kubernetes object, as far as tests look into it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly data?: Record<string, unknown>;
  readonly spec?: Record<string, unknown>;
  readonly [key: string]: unknown;
}

const folders: string[] = [];
afterAll(() => {
  folders.splice(0).forEach(folder => fs.rmSync(folder, { recursive: true, force: true }));
});

/** A folder of its own below the system's temporary one, removed after the test file. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'cdk-irsa-test-'));
  folders.push(folder);
  return folder;
}

export function newApp(context: Record<string, unknown> = {}, outdir = temporaryFolder()): App {
  return new App({ outdir, context, analyticsReporting: false });
}

/** A stack with account and region. */
export function newStack(scope: Construct, id = 'Stack', props: StackProps = {}): Stack {
  return new Stack(scope, id, { env: ENV, ...props });
}

/** A stack without account and region: only CloudFormation knows what is in it. */
export function newAgnosticStack(scope: Construct, id = 'Stack'): Stack {
  return new Stack(scope, id);
}

/** A role that `default/reader` may assume, unless the props say otherwise. */
export function newRole(scope: Construct, id = 'Role', props: Partial<IrsaRoleProps> = {}): IrsaRole {
  return new IrsaRole(scope, id, {
    providers: [newProvider(scope, `${id}Provider`)],
    serviceAccounts: [ServiceAccountSubject.of('default', 'reader')],
    ...props,
  });
}

export function newProvider(scope: Construct, id: string): ReturnType<typeof ClusterOidcProvider.fromIssuer> {
  return ClusterOidcProvider.fromIssuer(scope, id, { issuer: OidcIssuer.fromUrl(ISSUER_URL) });
}

/** The simplest object that can hold values. */
export function configMap(scope: Construct, data: unknown, id = 'Config'): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id.toLowerCase() }, data });
}

/** The objects in a YAML text, as kubectl reads it. */
export function parse(text: string): Manifest[] {
  return parseAllDocuments(text, { version: '1.1' }).map(document => {
    if (document.errors.length > 0) {
      throw document.errors[0];
    }
    return document.toJS() as Manifest;
  });
}

/** Every file below a folder by its path, sorted; folders end with a slash. */
export function tree(folder: string, below = ''): string[] {
  if (!fs.existsSync(path.join(folder, below))) {
    return [];
  }
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true })
    .map(entry => entry.isDirectory() ? `${path.join(below, entry.name)}/` : path.join(below, entry.name))
    .flatMap(entry => entry.endsWith('/') ? [entry, ...tree(folder, entry)] : [entry])
    .sort();
}

/** The files of manifests in an assembly, without the index. */
export function manifestFiles(assembly: string): string[] {
  return tree(path.join(assembly, 'manifests')).filter(file => file.endsWith('.yaml'));
}

export function manifestText(assembly: string, file: string): string {
  return fs.readFileSync(path.join(assembly, 'manifests', file), 'utf8');
}

/** Every object in every manifest of an assembly. */
export function manifestsIn(assembly: string): Manifest[] {
  return manifestFiles(assembly).flatMap(file => parse(manifestText(assembly, file)));
}

export function manifestOf(assembly: string, kind: string, name?: string): Manifest {
  const found = manifestsIn(assembly).filter(manifest => manifest.kind === kind && (name === undefined || manifest.metadata.name === name));
  if (found.length !== 1) {
    throw new Error(`${found.length} objects of kind ${kind} in ${manifestFiles(assembly).join(', ')}`);
  }
  return found[0];
}

/** Synthesises and gives the folder of the assembly. */
export function synth(app: App): string {
  return app.synth().directory;
}

/** What a function throws. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

export interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>;
  readonly Outputs?: Record<string, { readonly Value: unknown }>;
}

export function templateOf(assembly: string, stack: string): Template {
  return JSON.parse(fs.readFileSync(path.join(assembly, `${stack}.template.json`), 'utf8')) as Template;
}

/** Our outputs of a stack, by name. */
export function ourOutputs(template: Template): Record<string, unknown> {
  return Object.fromEntries(Object.entries(template.Outputs ?? {})
    .filter(([name]) => name.startsWith('CdkIrsaManifestValues'))
    .map(([name, { Value }]) => [name, Value]));
}

/** What `cdk deploy --outputs-file` would write, with every CloudFormation value replaced by what `fake` says. */
export function deployedOutputs(assembly: string, stacks: string[], fake: (intrinsic: string) => string): Record<string, Record<string, string>> {
  return Object.fromEntries(stacks.map(stack => [stack, Object.fromEntries(Object.entries(templateOf(assembly, stack).Outputs ?? {})
    .map(([name, { Value }]) => [name, evaluate(Value, fake)]))]));
}

/** CloudFormation in small: joins, and everything else is asked. */
function evaluate(value: unknown, fake: (intrinsic: string) => string): string {
  if (typeof value === 'string') {
    return value;
  }
  const join = (value as { 'Fn::Join'?: [string, unknown] })['Fn::Join'];
  if (join && Array.isArray(join[1])) {
    return join[1].map(part => evaluate(part, fake)).join(join[0]);
  }
  return fake(JSON.stringify(join ? join[1] : value));
}
