/**
 * `npx tsx benchmark/check.ts`: how long `cdk-irsa check` takes, reading included, as a ratio to reading alone: 1,000 roles, 1,000 service accounts and
 * 5,000 pods, once where all agree but for one, and once where every annotation names a role that does not exist. What counts is processor time.
 */
import { ratios } from './statistics';
import { check } from '../src/check/check';
import { inputsOf } from '../test/check/inputs';
import { agreeing, missing } from '../test/check/large';

const ROUNDS = 5;

/** At most this many times what reading takes. */
const AIM = 2;

function milliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function round(text: string): { readonly reading: number; readonly all: number } {
  const started = milliseconds();
  const input = inputsOf(text);
  const read = milliseconds();
  check(input);
  return { reading: read - started, all: milliseconds() - started };
}

const variants = { 'all agree': agreeing(), 'no role exists': missing() };
Object.values(variants).forEach(round);
for (const [name, text] of Object.entries(variants)) {
  const rounds = Array.from({ length: ROUNDS }, () => round(text));
  const { median, min, max } = ratios(rounds.map(({ all }) => all), rounds.map(({ reading }) => reading));
  console.log(`${name}: ${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)}) times reading, aim ${AIM.toFixed(2)}: ${median <= AIM ? 'met' : 'not met'}`);
}
