import * as path from 'node:path';
import { Annotations, AspectPriority, Aspects, type IAspect, type ISynthesisSession, Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { renderCharts } from './chart-files';
import { DeployTimeValues, isValuesOutput } from './deploy-time-values';
import { type ManifestFile, MANIFESTS_DIRECTORY, replaceManifests } from './manifest-files';
import type { Manifests } from './manifests';
import { suspects } from './names-meet';

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
    }
    return existing;
  }

  /** What the manifests wait for; renewed with each rendering. */
  public values = new DeployTimeValues();
  private readonly members: Manifests[] = [];
  private files?: ManifestFile[];

  private constructor(private readonly stage: Stage) {}

  public add(manifests: Manifests): void {
    this.members.push(manifests);
  }

  /** Aspects visit parents before children: at the last construct, all others have been changed by whatever aspects there are. */
  public visit(node: IConstruct): void {
    if (node === lastConstruct(this.stage)) {
      this.render();
    }
  }

  /** Writes what was rendered, the first time it is called. */
  public write(session: ISynthesisSession): void {
    const { files } = this;
    this.files = undefined;
    if (files && !isLookupPass(this.stage.node.root)) {
      replaceManifests(path.join(session.outdir, MANIFESTS_DIRECTORY), files);
    }
  }

  private render(): void {
    this.values = new DeployTimeValues();
    const rendered = this.members.map(manifests => ({ manifests, ...renderCharts(manifests.app) }));
    this.values.writeOutputs(this.stage);
    this.files = rendered.flatMap(({ manifests, files }) => files.map(({ file, content }) => ({ file: `${manifests.directory}/${file}`, content })));
    assertDistinct(this.files);
    for (const { manifests, rendered: objects } of rendered) {
      suspects(manifests.app, objects).forEach(suspect => Annotations.of(manifests).addWarningV2('cdk-irsa:serviceAccountNamespace', suspect));
    }
  }
}

const BY_STAGE = new WeakMap<Stage, StageManifests>();

/** The construct that aspects visit last: nested Stages are not visited, and outputs of ours come after the rest. */
function lastConstruct(scope: IConstruct): IConstruct {
  const children = scope.node.children.filter(child => !Stage.isStage(child) && !isValuesOutput(child));
  const last = children.at(-1);
  return last ? lastConstruct(last) : scope;
}

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
