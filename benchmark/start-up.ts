/**
 * `npx tsx benchmark/start-up.ts`, after `npx projen compile`: how long `cdk-irsa --help` takes, as a ratio to a bare `node -e 0`, and to a `node`
 * that loads no more than the library for command lines. The three take turns, and ratios are made within a round.
 */
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { ratios, type Spread } from './statistics';

const ROUNDS = 21;

/** At most this many times what a bare node takes. */
const AIM = 1.5;

const ROOT = path.join(__dirname, '..');

const WAYS = {
  node: ['-e', '0'],
  commander: ['-e', 'require("commander")'],
  help: [path.join(ROOT, 'lib', 'cli', 'main.js'), '--help'],
};

function milliseconds(args: string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function said({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

const rounds = Array.from({ length: ROUNDS }, () => {
  const [node, commander, help] = [WAYS.node, WAYS.commander, WAYS.help].map(milliseconds);
  return { node, commander, help };
});
const helps = rounds.map(({ help }) => help);
const toNode = ratios(helps, rounds.map(({ node }) => node));
console.log(`--help: ${said(toNode)} times node -e 0, aim ${AIM.toFixed(2)}: ${toNode.median <= AIM ? 'met' : 'not met'}`);
console.log(`--help: ${said(ratios(helps, rounds.map(({ commander }) => commander)))} times node and commander`);
