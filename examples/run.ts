import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { exampleNames, synthesize, type SynthesizedExample } from './synthesize';

const ROLE_ARN = 'eks.amazonaws.com/role-arn';

/** `npm run example [NAME]`: synthesises an example with the CDK CLI and says what it made. */
function main(name = 'quickstart'): void {
  if (!exampleNames().includes(name)) {
    throw new Error(`there is no example '${name}'; take one of ${exampleNames().join(', ')}`);
  }
  const example = synthesize(name, path.join(__dirname, name, 'cdk.out'));
  console.log([`${name}: cdk synth wrote`, ...files(example), '', ...roles(example), ...serviceAccounts(example)].join('\n'));
}

function files({ directory, templates, manifests }: SynthesizedExample): string[] {
  const shown = (file: string) => path.relative(process.cwd(), path.join(directory, file));
  return [
    ...Object.keys(templates).map(file => `  template  ${shown(file)}`),
    ...Object.keys(manifests).map(file => `  manifest  ${shown(file)}`),
  ];
}

/** The roles that web identities may assume, with the `sub` of their trust policies. */
function roles({ templates }: SynthesizedExample): string[] {
  return Object.values(templates).flatMap(({ Resources: resources }) => Object.entries(resources)
    .filter(([, { Type: type }]) => type === 'AWS::IAM::Role')
    .flatMap(([logicalId, { Properties: properties }]) => {
      const trust = JSON.stringify(properties?.AssumeRolePolicyDocument);
      const subjects = [...new Set(trust.match(/system:serviceaccount:[^"\\]+/g) ?? [])];
      return subjects.length > 0
        ? [`role ${String(properties?.RoleName ?? `${logicalId} (named by CloudFormation)`)}`, ...subjects.map(subject => `  may be assumed by  ${subject}`)]
        : [];
    }));
}

function serviceAccounts({ manifests }: SynthesizedExample): string[] {
  return Object.entries(manifests).flatMap(([file, yaml]) => parseAllDocuments(yaml)
    .map(document => document.toJS() as { kind?: string; metadata: { name: string; namespace: string; annotations?: Record<string, string> } })
    .filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.annotations?.[ROLE_ARN])
    .flatMap(({ metadata }) => [
      `service account ${metadata.namespace}/${metadata.name} in ${path.basename(file)}`,
      `  is annotated with  ${metadata.annotations![ROLE_ARN]}`,
    ]));
}

main(...process.argv.slice(2));
