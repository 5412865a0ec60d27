/**
 * `npx tsx benchmark/inject.ts`: compares `cdk-irsa inject` with what the YAML library alone takes to parse and print the same stream, and writes
 * the ratios into docs/inject.md.
 *
 * `npx tsx benchmark/inject.ts --rounds N` for more or fewer repeats (default 5).
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { clusterJson, clusterList, clusterStream } from './inject-stream';
import { writeBetweenMarkers } from './markers';
import { ratios, type Spread } from './statistics';
import { injectManifests } from '../src/k8s/inject/inject-manifests';

/** At most this many times what the library alone takes. */
const AIM = 2;

const MEGABYTES = 10;

/** JSON takes more characters for the same objects. */
const STREAMS: Record<string, () => string> = {
  'thousands of documents, each a workload with a role': () => clusterStream(MEGABYTES, 1),
  'the same, and each has to be read back': () => clusterStream(MEGABYTES, 1).replaceAll('# the main one', '# the main one &c'),
  'thousands of documents, one in four a workload': () => clusterStream(MEGABYTES, 4),
  'one list of workloads, in YAML': () => clusterList(MEGABYTES),
  'one list of workloads, in JSON': () => clusterJson(MEGABYTES / 2),
};

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
function measure(way: string, file: string): void {
  const text = fs.readFileSync(file, 'utf8');
  const start = process.cpuUsage();
  const { length } = WAYS[way as keyof typeof WAYS](text);
  const { user, system } = process.cpuUsage(start);
  if (length < text.length) {
    throw new Error(`${way} lost something: ${length} of ${text.length} characters`);
  }
  console.log(JSON.stringify({ milliseconds: (user + system) / 1000, megabytes: process.resourceUsage().maxRSS / 1024 }));
}

function measured(way: keyof typeof WAYS, file: string): Measurement {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', __filename, '--', way, file], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout) as Measurement;
}

function run(rounds: number): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-irsa-benchmark-'));
  const rows = Object.entries(STREAMS).map(([name, make]) => {
    const file = path.join(folder, 'stream');
    fs.writeFileSync(file, make());
    const pairs = Array.from({ length: rounds }, (_, round) => {
      // now the one begins, now the other
      const order = (['library', 'inject'] as const).map((_way, index, ways) => ways[(index + round) % 2]);
      const results = Object.fromEntries(order.map(way => [way, measured(way, file)])) as Record<keyof typeof WAYS, Measurement>;
      console.log(`${name}, round ${round + 1}: ${JSON.stringify(results)}`);
      return results;
    });
    const compare = (figure: keyof Measurement): Spread =>
      ratios(pairs.map(({ inject }) => inject[figure]), pairs.map(({ library }) => library[figure]));
    const most = Math.round(Math.max(...pairs.map(({ inject }) => inject.megabytes)));
    return { name, megabytes: fs.statSync(file).size / 1_000_000, times: compare('milliseconds'), memory: compare('megabytes'), most };
  });
  fs.rmSync(folder, { recursive: true });
  return table(rows, rounds);
}

interface Row {
  readonly name: string;
  readonly megabytes: number;
  readonly times: Spread;
  readonly memory: Spread;
  readonly most: number;
}

function table(rows: readonly Row[], rounds: number): string {
  const worst = Math.max(...rows.map(({ times }) => times.median));
  return [
    '| stream | size | time, times the library | memory, times the library | most memory |',
    '|---|---:|---:|---:|---:|',
    ...rows.map(({ name, megabytes, times, memory, most }) => `| ${name} | ${megabytes.toFixed(1)} MB | ${ratio(times)} | ${ratio(memory)} | ${most} MB |`),
    '',
    `- aim at most ${AIM.toFixed(2)} × the time of the library, measured ${worst.toFixed(2)}: ${worst <= AIM ? 'met' : '**not met**'}`,
    '',
    `${rounds} rounds; Node ${process.versions.node}, ${os.availableParallelism()} cores, ${process.platform} ${process.arch}.`,
  ].join('\n');
}

function ratio({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

const [way, file] = process.argv.slice(2).filter(argument => argument !== '--');
if (way in WAYS) {
  measure(way, file);
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
