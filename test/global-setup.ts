import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Gives the tests a temporary folder of their own: each CDK app that is synthesised leaves its assembly there. */
export default function globalSetup(): void {
  process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-irsa-test-'));
}
