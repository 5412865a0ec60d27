/** What was measured, as Markdown tables of ratios. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { CandidateName } from './candidates';
import { COMMON_COUNTS, COUNTS, type ImportName, type Series } from './measure';
import { ratios, type Spread, spread } from './statistics';

/** All that one run found. */
export interface Results {
  readonly rounds: number;
  readonly series: ReadonlyMap<CandidateName, Series>;
  readonly most: ReadonlyMap<CandidateName, number>;
  readonly imports: ReadonlyMap<ImportName, number[]>;
}

const PLAIN: CandidateName = 'iam.Role';
const EKS: CandidateName = 'aws-eks ServiceAccount';

/** At most this many times what a peer takes. */
const AIMS: Array<{ ours: CandidateName; peer: CandidateName; aim: number }> = [
  { ours: 'IrsaRole', peer: PLAIN, aim: 1.15 },
  { ours: 'IrsaRole', peer: EKS, aim: 0.4 },
  { ours: 'IrsaRole + manifest', peer: EKS, aim: 0.4 },
];

export function report(results: Results): string {
  return [sizes(results), synthTimes(results), aims(results), imports(results), environment(results)].join('\n\n');
}

function sizes({ series, most }: Results): string {
  return table(
    ['', ...COUNTS.map(count => `resources for ${count}`), 'per account', 'template bytes per account', 'most in a stack'],
    [...most].map(([name, limit]) => {
      const one = series.get(name)!;
      return [
        name,
        ...COUNTS.map(count => String(one.at(count)?.resources ?? '–')),
        String(Math.round(one.perAccount('resources'))),
        String(Math.round(one.perAccount('bytes'))),
        String(limit),
      ];
    }),
  );
}

function synthTimes({ series }: Results): string {
  return table(
    ['synth time per account', `times ${PLAIN}`, `times ${EKS}`, 'beyond 100, times before'],
    [...series].map(([name, one]) => [
      name,
      name === PLAIN ? '1' : ratio(one, series.get(PLAIN)!),
      name === EKS ? '1' : ratio(one, series.get(EKS)!),
      one.counts.includes(240) ? text(ratios(one.slopes([100, 240]), one.slopes([10, 100]))) : '–',
    ]),
  );
}

function aims({ series }: Results): string {
  return AIMS.map(({ ours, peer, aim }) => {
    const { median } = compare(series.get(ours)!, series.get(peer)!);
    return `- ${ours}: aim at most ${aim.toFixed(2)} × ${peer}, measured ${median.toFixed(2)}: ${median <= aim ? 'met' : '**not met**'}`;
  }).join('\n');
}

function imports({ imports: all }: Results): string {
  const base = all.get('aws-cdk-lib, aws-iam')!;
  return table(['import time', 'times aws-cdk-lib, aws-iam'], [...all].map(([name, values]) => [name, values === base ? '1' : text(ratios(values, base))]));
}

function environment({ rounds }: Results): string {
  const versions = ['aws-cdk-lib', 'constructs', 'cdk8s', 'cdk8s-plus-28'].map(name => `${name} ${versionOf(name)}`);
  return `${rounds} rounds; Node ${process.versions.node}, ${os.availableParallelism()} cores, ${process.platform} ${process.arch}, ${versions.join(', ')}.`;
}

function versionOf(name: string): string {
  const file = path.resolve(__dirname, '..', 'node_modules', name, 'package.json');
  return (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Both over the same counts: the first accounts are dearer than the last, while Node warms up. */
function compare(one: Series, other: Series): Spread {
  const counts = [one, other].every(({ counts: own }) => own.length === COUNTS.length) ? COUNTS : COMMON_COUNTS;
  return ratios(one.slopes(counts), other.slopes(counts));
}

function ratio(one: Series, other: Series): string {
  return text(compare(one, other));
}

function text({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map((_, index) => index === 0 ? '---' : '---:').join('|')}|`, ...rows.map(line)].join('\n');
}

/** For the terminal only: what milliseconds are worth depends on the machine. */
export function milliseconds({ series }: Results): string {
  return [...series].map(([name, one]) => {
    const { median, min, max } = spread(one.slopes(one.counts));
    return `${name}: ${median.toFixed(2)} ms per account (${min.toFixed(2)}–${max.toFixed(2)})`;
  }).join('\n');
}
