/** Every example as a user has it, at both ends of the supported versions: is what it makes fit for AWS and for a cluster? */
import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { before, describe, test, TestContext } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { kubectl, unique, world } from './context';
import { NAG_REASONS } from './nag-reasons';
import { exampleNames, ours, SynthesizedExample } from '../../examples/synthesize';
import { cfnLint, LintFindings } from '../parts/cfn-lint';
import { ExampleApps, nagFindings } from '../parts/example-apps';
import { packLibrary } from '../parts/library';
import { End, ENDS, peerRanges } from '../parts/supported-versions';
import { KubernetesObject } from '../parts/webhook';

/** An example, made with the versions of one end. */
interface Made {
  readonly assembly: SynthesizedExample;
  readonly yaml: string;
  readonly objects: readonly KubernetesObject[];
}

describe('examples', { concurrency: 2 }, () => {
  let apps: Record<End, ExampleApps>;
  const promises = new Map<string, Promise<Made>>();
  const made = (end: End, name: string): Promise<Made> => once(promises, `${end} ${name}`, () => make(apps[end], name));

  before(async () => {
    const tarball = await packLibrary(world.dir);
    const [oldest, newest] = await Promise.all(ENDS.map((end) => ExampleApps.create({
      end, tarball, dir: `${world.dir}/apps/${unique(`examples-${end}`)}`, home: world.home,
    })));
    apps = { oldest, newest };
  });

  test('the oldest versions are the first that the package allows', (context) => {
    assert.deepEqual(Object.fromEntries(Object.entries(apps.oldest.versions()).map(([peer, version]) => [peer, `^${version}`])), peerRanges());
    context.diagnostic(`newest: ${JSON.stringify(apps.newest.versions())}`);
  });

  for (const name of exampleNames()) {
    describe(name, { concurrency: 1 }, () => {
      for (const end of ENDS) {
        test(`${end} versions: is synthesised and rendered`, async () => {
          await made(end, name);
        });

        test(`${end} versions: the API server accepts the manifests`, async () => {
          await dryRun(await made(end, name));
        });
      }

      test('is the same with the oldest and the newest versions', async () => {
        assert.deepEqual(essence(await made('newest', name)), essence(await made('oldest', name)));
      });

      test('cdk-nag finds nothing without a written reason', async (context) => {
        explainFindings(name, await made('newest', name), context);
      });
    });
  }

  // after all are made
  for (const end of ENDS) {
    describe(`${end} versions: cfn-lint finds no error in`, () => {
      let findings: Promise<ReadonlyMap<string, LintFindings>> | undefined;

      for (const name of exampleNames()) {
        test(name, async (context) => {
          const { assembly } = await made(end, name);
          findings ??= lint(exampleNames().map((each) => made(end, each)));
          for (const template of templatesOf(assembly)) {
            const { errors, warnings }: LintFindings = (await findings).get(template)!;
            warnings.forEach((warning) => context.diagnostic(warning));
            assert.deepEqual(errors, []);
          }
        });
      }
    });
  }

  test('written reasons are for examples that exist', () => {
    assert.deepEqual(NAG_REASONS.map(({ example }) => example).filter((example) => !exampleNames().includes(example)), []);
  });
});

async function make(apps: ExampleApps, name: string): Promise<Made> {
  const assembly = await apps.synth(name);
  const yaml = await apps.render(assembly);
  return { assembly, yaml, objects: parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject) };
}

function once<Value>(values: Map<string, Promise<Value>>, key: string, begin: () => Promise<Value>): Promise<Value> {
  const value = values.get(key) ?? begin();
  values.set(key, value);
  return value;
}

function templatesOf({ directory, templates }: SynthesizedExample): string[] {
  return Object.keys(templates).map((file) => path.join(directory, file));
}

/** What cfn-lint says of each template, by its file. An example that could not be made has failed its own tests. */
async function lint(examples: ReadonlyArray<Promise<Made>>): Promise<ReadonlyMap<string, LintFindings>> {
  const templates = (await Promise.allSettled(examples)).flatMap((example) => example.status === 'fulfilled' ? templatesOf(example.value.assembly) : []);
  const findings = await cfnLint(world.python, world.home, templates);
  return new Map(templates.map((template, index) => [template, findings[index]]));
}

/** A kind that the server doesn't know is refused too: an example that uses one has to bring its CustomResourceDefinition, applied here first. */
async function dryRun({ yaml, objects }: Made): Promise<void> {
  for (const namespace of new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))) {
    await ensureNamespace(namespace);
  }
  const { accepted, message } = await kubectl.dryRun(yaml);
  assert.equal(accepted, true, message);
  assert.equal(message.match(/\(server dry run\)$/gm)?.length, objects.length, message);
}

const namespaces = new Map<string, Promise<void>>();

/** Examples share namespaces, and are checked side by side. */
function ensureNamespace(name: string): Promise<void> {
  return once(namespaces, name, () => kubectl.createNamespace(name));
}

function essence({ assembly: { templates }, objects }: Made): unknown {
  return { templates: Object.fromEntries(Object.entries(templates).map(([file, template]) => [file, ours(template)])), objects };
}

function explainFindings(name: string, { assembly }: Made, context: TestContext): void {
  const findings = nagFindings(assembly);
  const reasons = NAG_REASONS.filter(({ example }) => example === name);
  const explains = ({ resource, rule }: typeof NAG_REASONS[number], finding: typeof findings[number]): boolean =>
    finding.resource.replace(resource, '') === '' && finding.rule.replace(rule, '') === '';
  const unexplained = findings.filter((finding) => !reasons.some((reason) => explains(reason, finding)));
  assert.deepEqual(unexplained, [], 'findings without a reason in nag-reasons.ts');
  assert.deepEqual(reasons.filter((reason) => !findings.some((finding) => explains(reason, finding))), [], 'reasons without a finding');
  context.diagnostic(`${findings.length} findings of cdk-nag, each with a written reason`);
}
