import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { exampleNames, synthesize, type Template } from '../examples/synthesize';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-irsa-examples-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

/** What this package is answerable for: clusters and networks are CDK's, and change with its versions. */
const OURS = ['AWS::IAM::OIDCProvider', 'AWS::IAM::Policy', 'AWS::IAM::Role'];

function ours({ Resources: resources, Outputs: outputs }: Template): unknown {
  const kept = Object.entries(resources).filter(([id, { Type: type }]) => OURS.includes(type) && !id.startsWith('ClusterRole'));
  return withoutSingletons({ Resources: Object.fromEntries(kept), Outputs: outputs });
}

/** Versions of CDK differ in whether a grant for one resource has a list of it. */
function withoutSingletons(template: unknown): unknown {
  return JSON.parse(JSON.stringify(template, (key, value: unknown) => key === 'Resource' && Array.isArray(value) && value.length === 1 ? value[0] as unknown : value));
}

test('the scenario table lists every example', () => {
  const examples = path.join(__dirname, '..', 'examples');
  const table = fs.readFileSync(path.join(examples, 'README.md'), 'utf8');
  for (const name of fs.readdirSync(examples).filter(folder => fs.existsSync(path.join(examples, folder, 'cdk.json')))) {
    expect(table).toContain(`](${name}/`);
  }
});

describe.each(exampleNames())('%s', name => {
  const { templates, manifests } = synthesize(name, path.join(directory, name));

  test('makes no Lambda and no custom resource', () => {
    const types = Object.values(templates).flatMap(template => Object.values(template.Resources).map(resource => resource.Type));
    expect(types).toContain('AWS::IAM::Role');
    expect(types.filter(type => type === 'AWS::Lambda::Function' || type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')).toEqual([]);
  });

  test('gives these templates', () => {
    expect(Object.fromEntries(Object.entries(templates).map(([file, template]) => [file, ours(template)]))).toMatchSnapshot();
  });

  test('gives these manifests', () => {
    expect(manifests).not.toEqual({});
    expect(manifests).toMatchSnapshot();
  });
});
