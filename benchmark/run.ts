/**
 * `npm run benchmark`: compares what a service account costs, done in several ways, and writes the ratios into README.md.
 *
 * `npm run benchmark -- --rounds N` for more or fewer repeats (default 5).
 */
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import type { CandidateName } from './candidates';
import { writeBetweenMarkers } from './markers';
import { measureImports, measureSynth, mostInAStack } from './measure';
import { milliseconds, report, type Results } from './report';
import { Workspace } from './workspace';

/** Where accounts are put into charts makes no difference to the template. */
const DIFFERENT_TEMPLATES: CandidateName[] = ['aws-eks ServiceAccount', 'CfnRole + CfnPolicy', 'iam.Role', 'IrsaRole', 'IrsaRole, token issuer', 'IrsaRole + manifest'];

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new Error(`--rounds is '${values.rounds}'; a whole number from 1 is expected`);
}

const workspace = Workspace.compile();
try {
  const series = measureSynth(workspace, rounds, console.log);
  const most = new Map(DIFFERENT_TEMPLATES.map(name => [name, mostInAStack(workspace, name, series.get(name)!)]));
  const results: Results = { rounds, series, most, imports: measureImports(workspace, 3 * rounds) };
  const tables = report(results);
  writeBetweenMarkers(path.join(__dirname, 'README.md'), tables);
  console.log(`\n${tables}\n\n${milliseconds(results)}\n\nwritten to benchmark/README.md`);
} finally {
  workspace.remove();
}
