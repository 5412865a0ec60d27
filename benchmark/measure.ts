/** All measurements of one run, taken in turns: whatever slows the machine down hits all alike. */
import { type CandidateName, CANDIDATES } from './candidates';
import { type Point, slope } from './statistics';
import type { Synth } from './synth';
import type { Workspace } from './workspace';

export const COUNTS = [10, 100, 240];

/** CDK's own gets no further: CloudFormation takes 500 resources. */
export const COMMON_COUNTS = [10, 100];
const ONLY_COMMON: CandidateName[] = ['aws-eks ServiceAccount'];
const MAX_RESOURCES = 500;

/** What is loaded before the first construct, and used once: aws-cdk-lib loads modules on first use. */
const AWS_CDK_LIB = "const { App, Stack } = require('aws-cdk-lib'); const { Role } = require('aws-cdk-lib/aws-iam'); if (!(App && Stack && Role)) throw 0";
const CDK8S_PLUS = "if (!require('cdk8s-plus-28').ServiceAccount) throw 0";
const IMPORTS = {
  'aws-cdk-lib, aws-iam': AWS_CDK_LIB,
  'aws-cdk-lib, aws-iam, cdk8s-plus-28': `${AWS_CDK_LIB}; ${CDK8S_PLUS}`,
  'cdk-irsa': `${AWS_CDK_LIB}; if (!require('./src').IrsaRole) throw 0`,
};

export type ImportName = keyof typeof IMPORTS;

/** The measurements of one candidate: for each count, one a round. */
export class Series {
  private readonly synths = new Map<number, Synth[]>();

  public add(count: number, synth: Synth): void {
    this.synths.set(count, [...this.synths.get(count) ?? [], synth]);
  }

  public get counts(): number[] {
    return [...this.synths.keys()].sort((a, b) => a - b);
  }

  /** Any will do for what does not change from round to round. */
  public at(count: number): Synth | undefined {
    return this.synths.get(count)?.[0];
  }

  /** What one more service account comes to in the template. */
  public perAccount(figure: 'resources' | 'bytes'): number {
    return slope(this.points(this.counts, figure, 0));
  }

  /** Milliseconds that one more service account takes, round by round. */
  public slopes(counts: number[]): number[] {
    const rounds = this.synths.get(counts[0])?.length ?? 0;
    return Array.from({ length: rounds }, (_, round) => slope(this.points(counts, 'milliseconds', round)));
  }

  private points(counts: number[], figure: keyof Synth, round: number): Point[] {
    return counts.map(count => ({ x: count, y: this.synths.get(count)![round][figure] }));
  }
}

export function measureSynth(workspace: Workspace, rounds: number, log: (line: string) => void): Map<CandidateName, Series> {
  const names = Object.keys(CANDIDATES) as CandidateName[];
  const all = new Map(names.map(name => [name, new Series()]));
  for (let round = 0; round < rounds; round++) {
    log(`round ${round + 1} of ${rounds}`);
    for (const count of COUNTS) {
      // another one begins each time, and the next time they go the other way: nobody always comes after the same
      const turn = [...names.slice(round % names.length), ...names.slice(0, round % names.length)];
      for (const name of round % 2 === 0 ? turn : turn.reverse()) {
        if (COMMON_COUNTS.includes(count) || !ONLY_COMMON.includes(name)) {
          all.get(name)!.add(count, workspace.synth(name, count));
        }
      }
    }
  }
  return all;
}

/** How many service accounts fit in a stack, tried: that many synthesise, and one more does not. */
export function mostInAStack(workspace: Workspace, name: CandidateName, series: Series): number {
  const { resources } = series.at(COUNTS[0])!;
  const each = Math.round(series.perAccount('resources'));
  const most = COUNTS[0] + Math.floor((MAX_RESOURCES - resources) / each);
  workspace.synth(name, most);
  try {
    workspace.synth(name, most + 1);
  } catch (error) {
    if ((error as Error).message.includes('greater than allowed maximum')) {
      return most;
    }
    throw error;
  }
  throw new Error(`${name}: ${most + 1} service accounts fit, and ${MAX_RESOURCES} resources should not allow more than ${most}`);
}

export function measureImports(workspace: Workspace, rounds: number): Map<ImportName, number[]> {
  const names = Object.keys(IMPORTS) as ImportName[];
  const all = new Map<ImportName, number[]>(names.map(name => [name, []]));
  for (let round = 0; round < rounds; round++) {
    names.forEach(name => all.get(name)!.push(workspace.time(IMPORTS[name])));
  }
  return all;
}
