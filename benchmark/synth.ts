/** One measurement, in a process of its own: `node synth.js CANDIDATE COUNT` prints it as JSON. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { type CandidateName, CANDIDATES } from './candidates';

/** What came of synthesising one app. */
export interface Synth {
  /** Processor time, so that waiting for a busy machine does not count. */
  readonly milliseconds: number;
  /** Resources in the stack's own template: what CloudFormation's limit of 500 counts. */
  readonly resources: number;
  /** Size of the stack's own template. */
  readonly bytes: number;
}

const ENV = { account: '111122223333', region: 'eu-west-1' };

/** Context as `cdk init` writes it. */
const CONTEXT = JSON.parse(fs.readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8')) as Record<string, unknown>;

/** From the first construct to the last file. */
function synth(name: CandidateName, count: number): Synth {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-irsa-benchmark-'));
  try {
    const start = process.cpuUsage();
    const app = new App({ outdir, context: CONTEXT });
    const stack = new Stack(app, 'Stack', { env: ENV });
    CANDIDATES[name](stack, count);
    app.synth();
    const { user, system } = process.cpuUsage(start);
    const template = fs.readFileSync(path.join(outdir, stack.templateFile), 'utf8');
    const { Resources } = JSON.parse(template) as { Resources: Record<string, unknown> };
    return { milliseconds: (user + system) / 1000, resources: Object.keys(Resources).length, bytes: Buffer.byteLength(template) };
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

const [name, count] = process.argv.slice(2);
// aws-cdk-lib loads its modules when they are first used: loading is measured apart
synth(name as CandidateName, 1);
console.log(JSON.stringify(synth(name as CandidateName, Number(count))));
