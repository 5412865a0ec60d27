import * as fs from 'node:fs';
import * as path from 'node:path';
import { CdkApp, Outputs, STRICT_SYNTH } from './cdk';
import { standInOutputs } from './stand-in-outputs';
import { dependenciesAt, End, peerRanges } from './supported-versions';
import { readAssembly, SynthesizedExample } from '../../examples/synthesize';

const EXAMPLES = path.join(__dirname, '..', '..', 'examples');
const NAG_REPORT = path.join(__dirname, 'node', 'nag-report.cjs');

export interface ExampleAppsOptions {
  readonly end: End;
  /** The packed library. */
  readonly tarball: string;
  /** Where the apps go: must not exist yet. */
  readonly dir: string;
  /** Home of the CDK CLI. */
  readonly home: string;
}

/** What cdk-nag says of one resource. */
export interface NagFinding {
  readonly rule: string;
  /** Path of the construct. */
  readonly resource: string;
}

/** The examples as users have them: copied into a project that has installed the packed library and its peers. */
export class ExampleApps {
  public static async create({ end, tarball, dir, home }: ExampleAppsOptions): Promise<ExampleApps> {
    const app = CdkApp.create({ dependencies: await dependenciesAt(end), dir, home, endpoint: '' }, [NAG_REPORT]);
    await app.install(tarball);
    return new ExampleApps(app, end);
  }

  private constructor(private readonly app: CdkApp, private readonly end: End) {}

  /** What is installed there, by the names of the peers. */
  public versions(): Record<string, string> {
    return Object.fromEntries(Object.keys(peerRanges()).map((name) => {
      const manifest = fs.readFileSync(path.join(this.app.dir, 'node_modules', name, 'package.json'), 'utf8');
      return [name, (JSON.parse(manifest) as { version: string }).version];
    }));
  }

  /** `cdk synth` in the folder of an example, as its own `cdk.json` says; what CDK itself has against a template is an error. */
  public async synth(name: string): Promise<SynthesizedExample> {
    const folder = path.join(this.app.dir, name);
    fs.cpSync(path.join(EXAMPLES, name), folder, { recursive: true, filter: (file) => path.basename(file) !== 'cdk.out' });
    const { code, stdout, stderr } = await this.app.bin('cdk', ['synth', '--quiet', '--no-notices', '--no-version-reporting', ...STRICT_SYNTH], {
      folder,
      env: this.end === 'newest' ? { NODE_OPTIONS: `--require=${path.join(this.app.dir, path.basename(NAG_REPORT))}` } : {},
    });
    if (code !== 0) {
      throw new Error(`cdk synth of the example '${name}' with the ${this.end} versions ended with ${code}\n${stdout}${stderr}`);
    }
    return readAssembly(path.join(folder, 'cdk.out'));
  }

  /** `cdk-irsa render` with outputs that nobody deployed. The answer is the YAML. */
  public async render({ directory, templates }: SynthesizedExample): Promise<string> {
    const outputs: Outputs = Object.fromEntries(Object.entries(templates).map(([file, template]) => [file, standInOutputs(template)]));
    const file = `${directory}.outputs.json`;
    fs.writeFileSync(file, JSON.stringify(outputs));
    const { code, stdout, stderr } = await this.app.bin('cdk-irsa', ['render', '--outputs', file, directory]);
    if (code !== 0) {
      throw new Error(`cdk-irsa render ended with ${code}: ${stderr}`);
    }
    return stdout;
  }
}

/** What cdk-nag found while an example was synthesised with the newest versions. */
export function nagFindings({ directory }: SynthesizedExample): NagFinding[] {
  const violations = JSON.parse(fs.readFileSync(path.join(directory, 'nag-report.json'), 'utf8')) as ReadonlyArray<{
    readonly ruleName: string;
    readonly violatingResources: ReadonlyArray<{ readonly constructPath: string }>;
  }>;
  return violations.flatMap(({ ruleName, violatingResources }) => violatingResources
    .map(({ constructPath }) => ({ rule: ruleName, resource: constructPath })));
}
