import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** The examples in TypeScript: every folder here with an `app.ts`. `npm run packages` is for those in other languages. */
export function exampleNames(): string[] {
  return fs.readdirSync(__dirname).filter(name => fs.existsSync(path.join(__dirname, name, 'app.ts'))).sort();
}

/** What `cdk synth` made of an example. */
export interface SynthesizedExample {
  readonly directory: string;
  /** Templates by the name of their file, relative to the cloud assembly. */
  readonly templates: Record<string, Template>;
  /** Manifests by the name of their file, relative to the cloud assembly. */
  readonly manifests: Record<string, string>;
}

/** The part of a CloudFormation template that is looked at here. */
export interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>;
  readonly Outputs?: Record<string, unknown>;
}

/** What `npx tsx app.ts` comes to, without the second that npx takes. */
const APP = `"${process.execPath}" --import tsx app.ts`;

/** Synthesises an example with the CDK CLI, as `npx cdk synth` does in its folder. */
export function synthesize(name: string, directory: string): SynthesizedExample {
  const cli = require.resolve('aws-cdk/bin/cdk');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'synth', '--quiet', '--no-notices', '--app', APP, '--output', directory], {
    cwd: path.join(__dirname, name),
    encoding: 'utf8',
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  if (status !== 0) {
    throw new Error(`cdk synth of the example '${name}' failed:\n${stdout}${stderr}`);
  }
  return readAssembly(directory);
}

/** What lies in a cloud assembly. */
export function readAssembly(directory: string): SynthesizedExample {
  const files = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  if (!files.some(file => file.endsWith('.template.json'))) {
    throw new Error(`'${directory}' has no template; cdk synth of the example made no stack`);
  }
  const read = (ending: string) => files.filter(file => file.endsWith(ending)).map(file => [file, fs.readFileSync(path.join(directory, file), 'utf8')] as const);
  return {
    directory,
    templates: Object.fromEntries(read('.template.json').map(([file, text]) => [file, JSON.parse(text) as Template])),
    manifests: Object.fromEntries(read('.k8s.yaml')),
  };
}

/** What this package is answerable for: clusters and networks are CDK's, and change with its versions. */
const OURS = ['AWS::CloudFormation::StackSet', 'AWS::CloudFront::Function', 'AWS::IAM::OIDCProvider', 'AWS::IAM::Policy', 'AWS::IAM::Role'];

/** The part of a template that has to be the same with every version of CDK. */
export function ours({ Resources: resources, Outputs: outputs }: Template): unknown {
  const kept = Object.entries(resources).filter(([id, { Type: type }]) => OURS.includes(type) && !/^(?:ClusterRole|CustomCDKBucketDeployment)/.test(id));
  return withoutSingletons({ Resources: Object.fromEntries(kept), Outputs: outputs });
}

/** Versions of CDK differ in whether a grant for one resource has a list of it. */
function withoutSingletons(template: unknown): unknown {
  return JSON.parse(JSON.stringify(template, (key, value: unknown) => key === 'Resource' && Array.isArray(value) && value.length === 1 ? value[0] as unknown : value));
}
