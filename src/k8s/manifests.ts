import { Stack, Stage } from 'aws-cdk-lib';
import { App, Chart, type ChartProps, type ResolutionContext } from 'cdk8s';
import { Construct } from 'constructs';
import { CdkTokenResolver, type DeployTimeValue } from './cdk-token-resolver';
import { folderName } from './chart-files';
import type { DeployTimeValues } from './deploy-time-values';
import { checkWhenRendered } from './rendered-app';
import { StageManifests } from './stage-manifests';
import { assertLiteralId } from './token-leaks';

/**
 * Kubernetes manifests inside a CDK app: a cdk8s `App` whose charts `cdk synth` writes into the cloud assembly, as
 * `manifests/STACK/ID/CHART.k8s.yaml`.
 *
 * Charts can use values of CDK. What only CloudFormation knows becomes a placeholder and an output, filled in after
 * `cdk deploy --outputs-file` by `npx cdk-irsa render`.
 */
export class Manifests extends Construct {
  /** The cdk8s app, for charts that are classes of their own: `new MyChart(manifests.app, 'my-chart')`. */
  public readonly app: App;

  /** Folder of the manifests, relative to the folder `manifests` of the cloud assembly (of a Stage: of its nested assembly). */
  public readonly directory: string;

  private warnsOfNodeRole = false;

  constructor(scope: Construct, id: string) {
    assertLiteralFolder(scope, id);
    super(scope, id);
    const stage = StageManifests.of(this);
    this.app = new App({ resolvers: [new PlaceholderResolver(this, stage)] });
    this.directory = directoryOf(this);
    checkWhenRendered(this.app, true);
    stage.add(this);
  }

  /**
   * Adds a chart: one YAML file.
   *
   * @param id names the file; a literal, as CDK's tokens have other names in every synth
   * @param props namespace and labels of the chart's objects
   */
  public addChart(id: string, props?: ChartProps): Chart {
    assertLiteralId(`a chart in ${this.node.path}`, id);
    return new Chart(this.app, id, props);
  }

  /**
   * Has `cdk synth` warn of workloads in which AWS SDKs would silently take the role of the node (`cdk-irsa:nodeRoleFallback`): those whose service account has no role,
   * and which nothing keeps from the metadata service.
   */
  public warnOfNodeRoleFallback(): void {
    this.warnsOfNodeRole = true;
  }

  /** @internal whether that was asked for */
  public _warnsOfNodeRole(): boolean {
    return this.warnsOfNodeRole;
  }
}

/** Gives placeholders to what only CloudFormation knows. */
class PlaceholderResolver extends CdkTokenResolver {
  constructor(private readonly manifests: Manifests, private readonly stage: StageManifests) {
    super();
  }

  public _fallback(): Stack | undefined {
    const stack = this.manifests.node.scopes.find(scope => Stack.isStack(scope));
    return stack && Stack.of(this.manifests);
  }

  public _withoutValue(description: string): string {
    return this.valuesFor(description).addWithoutValue(description);
  }

  public _deployTime(value: DeployTimeValue, _context: ResolutionContext): string {
    return this.valuesFor(value.description).add(value, this.manifests);
  }

  /** Only a manifest that `cdk synth` writes has its objects marked, so that no cluster takes them before they are filled in. */
  private valuesFor(description: string): DeployTimeValues {
    if (!this.stage.values) {
      throw new Error(`${this.manifests.node.path}: ${description} is known only at deployment, and a chart of Manifests can have it only when cdk synth writes it; `
        + 'for addCdk8sChart or an own synth() give the resource a literal name and its stack an environment');
    }
    return this.stage.values;
  }
}

/** Fails with a token in an id that the folder is named by: those below the Stage. */
function assertLiteralFolder(scope: Construct, id: string): void {
  const { scopes, path } = scope.node;
  scopes.slice(scopes.map(each => Stage.isStage(each)).lastIndexOf(true) + 1).forEach(({ node }) => assertLiteralId(`what is around Manifests ${id}`, node.id));
  assertLiteralId(`Manifests in ${path}`, id);
}

/** The path below the Stage: an assembly has its own folder. */
function directoryOf(manifests: Manifests): string {
  const stage = Stage.of(manifests)!;
  return folderName(manifests.node.path.slice(stage.node.path.length).replace(/^\//, ''));
}
