import * as path from 'node:path';
import { Annotations, AspectPriority, Aspects, attachCustomSynthesis, type IAspect, Stack, Stage } from 'aws-cdk-lib';
import { ArtifactType } from 'aws-cdk-lib/cloud-assembly-schema';
import type { Construct, IConstruct } from 'constructs';
import { AppManifests, renewLast } from './app-manifests';
import { renderCharts } from './chart-files';
import { DeployTimeValues, isValuesOutput } from './deploy-time-values';
import { type ManifestFile, MANIFESTS_ARTIFACT, MANIFESTS_DIRECTORY, replaceManifests } from './manifest-files';
import { warningsAbout } from './manifest-warnings';
import type { Manifests } from './manifests';
import { associationsIn } from './pod-identity-associations';
import { assertNoProblems } from './rendered-app';

/**
 * All `Manifests` of a Stage, in two phases.
 *
 * As the last thing that aspects do, everything is rendered and checked, and the outputs are made that deploy-time values need: during
 * synthesis it would be too late for these. Synthesis then only writes, all files of the Stage at once.
 */
export class StageManifests implements IAspect {
  /** The one of the Stage that a construct is in. */
  public static of(scope: IConstruct): StageManifests {
    const stage = Stage.of(scope);
    if (!stage) {
      throw new Error(`${scope.node.path} is not in a CDK app; make it in a Stack or an App`);
    }
    let existing = BY_STAGE.get(stage);
    if (!existing) {
      existing = new StageManifests(stage);
      BY_STAGE.set(stage, existing);
      Aspects.of(stage).add(existing, { priority: AspectPriority.READONLY });
      AppManifests.of(stage).add(existing);
    }
    return existing;
  }

  /** What the manifests wait for, while they are rendered: only then can outputs be made, and objects marked. */
  public values?: DeployTimeValues;
  private readonly members: Manifests[] = [];
  private files?: ManifestFile[];
  private last?: Construct;

  private constructor(private readonly stage: Stage) {}

  public add(manifests: Manifests): void {
    this.members.push(manifests);
  }

  /**
   * Aspects visit parents before children, in order: at a construct that is the last child, all others have been changed by
   * whatever aspects there are. What aspects add later is rendered again.
   */
  public visit(node: IConstruct): void {
    if (node === this.stage) {
      this.last = renewLast(this.stage, 'CdkIrsaManifestsRender');
      // the folder outlives the last Manifests of a Stage: who reads it is to know
      attachCustomSynthesis(this.last, {
        onSynthesize: ({ assembly }) => assembly.addArtifact(MANIFESTS_ARTIFACT, { type: ArtifactType.NONE }),
      });
      this.files = undefined;
    } else if (node === this.last || (this.files && !isValuesOutput(node))) {
      this.render();
    }
  }

  /** Writes what was rendered, once. */
  public write(): void {
    const { files } = this;
    this.files = undefined;
    if (files && !isLookupPass(this.stage.node.root)) {
      replaceManifests(path.join(this.stage.outdir, MANIFESTS_DIRECTORY), files);
    }
  }

  private render(): void {
    const values = new DeployTimeValues();
    this.values = values;
    try {
      const rendered = this.members.map(manifests => ({ manifests, ...renderCharts(manifests.app, `manifests of ${manifests.node.path}`) }));
      assertNoProblems(values.unknownPlaceholders(rendered.flatMap(({ rendered: objects }) => objects)));
      values.writeOutputs(this.stage);
      this.files = rendered.flatMap(({ manifests, files }) => files.map(({ file, content }) => ({ file: `${manifests.directory}/${file}`, content })));
      assertDistinct(this.files);
      const associations = associationsIn(this.stage.node.root);
      for (const { manifests, rendered: objects } of rendered) {
        warningsAbout(manifests.app, objects, associations, manifests._warnsOfNodeRole())
          .forEach(({ id, text }) => Annotations.of(manifests).addWarningV2(id, text));
      }
    } finally {
      this.values = undefined;
    }
  }
}

const BY_STAGE = new WeakMap<Stage, StageManifests>();

/**
 * Whether the CDK CLI will look something up and run the app again: values are dummies until then. CDK has no public way to ask.
 */
function isLookupPass(root: IConstruct): boolean {
  return root.node.findAll().some(node => Stack.isStack(node) && (node as unknown as { _missingContext: unknown[] })._missingContext.length > 0);
}

/** macOS and Windows have one file where names differ in case only. */
function assertDistinct(files: readonly ManifestFile[]): void {
  const seen = new Map<string, string>();
  for (const { file } of files) {
    const other = seen.get(file.toLowerCase());
    if (other !== undefined) {
      throw new Error(`two charts would be written to ${file}${other === file ? '' : ` and ${other}, which are one file on macOS and Windows`}; rename one of the constructs`);
    }
    seen.set(file.toLowerCase(), file);
  }
}
