/**
 * `npx tsx benchmark/inject.ts`: compares `cdk-irsa inject` with what the YAML library alone takes to parse and print the same stream, and writes
 * the ratios into docs/inject.md.
 *
 * `npx tsx benchmark/inject.ts --rounds N` for more or fewer repeats (default 5).
 */
import { spawnSync } from 'node:child_process';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { clusterStream } from './inject-stream';
import { writeBetweenMarkers } from './markers';
import { ratios, type Spread } from './statistics';
import { injectManifests } from '../src/k8s/inject/inject-manifests';

/** At most this many times what the library alone takes. */
const AIM = 2;

const MEGABYTES = 10;

const STREAMS = { 'every document is a workload with a role': 1, 'one document in four is': 4 };

const WAYS = {
  library: (text: string) => parseAllDocuments(text).map(String).join(''),
  inject: (text: string) => injectManifests([{ name: 'stream', text }], { settings: { region: 'eu-west-1' } }).text,
};

interface Measurement {
  /** Processor time, so that waiting for a busy machine does not count. */
  readonly milliseconds: number;
  /** The most memory that the process had. */
  readonly megabytes: number;
}

/** In a process of its own: what one leaves in memory must not slow the other down. */
function measure(way: string, every: string): void {
  const text = clusterStream(MEGABYTES, Number(every));
  const start = process.cpuUsage();
  const { length } = WAYS[way as keyof typeof WAYS](text);
  const { user, system } = process.cpuUsage(start);
  if (length < text.length) {
    throw new Error(`${way} lost something: ${length} of ${text.length} characters`);
  }
  console.log(JSON.stringify({ milliseconds: (user + system) / 1000, megabytes: process.resourceUsage().maxRSS / 1024 }));
}

function measured(way: keyof typeof WAYS, every: number): Measurement {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', __filename, '--', way, String(every)], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout) as Measurement;
}

function run(rounds: number): string {
  const rows = Object.entries(STREAMS).map(([name, every]) => {
    const pairs = Array.from({ length: rounds }, (_, round) => {
      // now the one begins, now the other
      const order = (['library', 'inject'] as const).map((way, index, ways) => ways[(index + round) % 2]);
      const results = Object.fromEntries(order.map(way => [way, measured(way, every)])) as Record<keyof typeof WAYS, Measurement>;
      console.log(`${name}, round ${round + 1}: ${JSON.stringify(results)}`);
      return results;
    });
    const compare = (figure: keyof Measurement): Spread => ratios(pairs.map(({ inject }) => inject[figure]), pairs.map(({ library }) => library[figure]));
    const most = Math.round(Math.max(...pairs.map(({ inject }) => inject.megabytes)));
    const documents = clusterStream(MEGABYTES, every).split('\n---\n').length;
    return { name, documents, times: compare('milliseconds'), memory: compare('megabytes'), most };
  });
  return table(rows, rounds);
}

interface Row {
  readonly name: string;
  readonly documents: number;
  readonly times: Spread;
  readonly memory: Spread;
  readonly most: number;
}

function table(rows: readonly Row[], rounds: number): string {
  const worst = Math.max(...rows.map(({ times }) => times.median));
  return [
    '| stream of 10 MB | documents | time, times the library | memory, times the library | most memory |',
    '|---|---:|---:|---:|---:|',
    ...rows.map(({ name, documents, times, memory, most }) => `| ${name} | ${documents} | ${ratio(times)} | ${ratio(memory)} | ${most} MB |`),
    '',
    `- aim at most ${AIM.toFixed(2)} × the time of the library, measured ${worst.toFixed(2)}: ${worst <= AIM ? 'met' : '**not met**'}`,
    '',
    `${rounds} rounds; Node ${process.versions.node}, ${os.availableParallelism()} cores, ${process.platform} ${process.arch}.`,
  ].join('\n');
}

function ratio({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

const [way, every] = process.argv.slice(2).filter(argument => argument !== '--');
if (way in WAYS) {
  measure(way, every);
} else {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds is '${values.rounds}'; a whole number from 1 is expected`);
  }
  const tables = run(rounds);
  writeBetweenMarkers(path.join(__dirname, '..', 'docs', 'inject.md'), tables);
  console.log(`\n${tables}\n\nwritten to docs/inject.md`);
}
