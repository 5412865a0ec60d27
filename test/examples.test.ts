import * as fs from 'node:fs';
import * as path from 'node:path';
import { exampleAssembly } from './example-assembly';
import { exampleNames, ours } from '../examples/synthesize';
import { checkFiles } from '../src/cli/check';

test('the scenario table lists every example', () => {
  const examples = path.join(__dirname, '..', 'examples');
  const table = fs.readFileSync(path.join(examples, 'README.md'), 'utf8');
  for (const name of fs.readdirSync(examples).filter(folder => fs.existsSync(path.join(examples, folder, 'cdk.json')))) {
    expect(table).toContain(`](${name}/`);
  }
});

/** Files get into a bucket by a Lambda of CDK's own, and in no other way. */
const UPLOADS: Readonly<Record<string, string[]>> = { 'self-hosted-s3': ['AWS::Lambda::Function', 'Custom::CDKBucketDeployment'] };

describe.each(exampleNames())('%s', name => {
  const { directory: assembly, templates, manifests } = exampleAssembly(name);

  test('makes no Lambda and no custom resource, but for an upload', () => {
    const types = Object.values(templates).flatMap(template => Object.values(template.Resources).map(resource => resource.Type));
    expect(types).toContain('AWS::IAM::Role');
    expect(types.filter(type => type === 'AWS::Lambda::Function' || type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource').sort())
      .toEqual(UPLOADS[name] ?? []);
  });

  test('agrees with itself: cdk-irsa check finds nothing, and leaves nothing unchecked', () => {
    // some have manifests of their own beside those of the app
    const beside = path.join(__dirname, '..', 'examples', name, 'manifests');
    const { code, text } = checkFiles([assembly, ...fs.existsSync(beside) ? [beside] : []], { format: 'json', strict: true, version: '0.0.0' });

    const report = JSON.parse(text) as { readonly seen: { readonly roles: number; readonly serviceAccounts: number } };
    expect(report).toMatchObject({ findings: [], suppressed: [], notChecked: [], unreadable: [] });
    expect(report.seen.roles).toBeGreaterThan(0);
    expect(report.seen.serviceAccounts).toBeGreaterThan(0);
    expect(code).toBe(0);
  });

  test('gives these templates', () => {
    expect(Object.fromEntries(Object.entries(templates).map(([file, template]) => [file, ours(template)]))).toMatchSnapshot();
  });

  test('gives these manifests', () => {
    expect(manifests).not.toEqual({});
    expect(manifests).toMatchSnapshot();
  });
});
