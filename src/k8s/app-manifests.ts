import { AspectPriority, Aspects, attachCustomSynthesis, type IAspect, type Stage } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { StageManifests } from './stage-manifests';

/**
 * The manifests of all Stages of an app, written as the last thing that synthesis does: nothing is left of one that fails.
 */
export class AppManifests implements IAspect {
  /** The one of the app that a Stage is in. */
  public static of(stage: Stage): AppManifests {
    const root = stage.node.root;
    let existing = BY_ROOT.get(root);
    if (!existing) {
      existing = new AppManifests(root);
      BY_ROOT.set(root, existing);
      Aspects.of(root).add(existing, { priority: AspectPriority.READONLY });
    }
    return existing;
  }

  private readonly members: StageManifests[] = [];

  private constructor(private readonly root: IConstruct) {}

  public add(stage: StageManifests): void {
    this.members.push(stage);
  }

  /** Synthesis writes children in order, so the last child of the root comes after all templates. */
  public visit(node: IConstruct): void {
    if (node === this.root) {
      attachCustomSynthesis(renewLast(this.root, 'CdkIrsaManifestsWrite'), { onSynthesize: () => this.members.forEach(member => member.write()) });
    }
  }
}

const BY_ROOT = new WeakMap<IConstruct, AppManifests>();

/** A construct behind all others: aspects and synthesis come to it last. */
export function renewLast(scope: IConstruct, id: string): Construct {
  scope.node.tryRemoveChild(id);
  return new Construct(scope as Construct, id);
}
