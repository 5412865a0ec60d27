import * as fs from 'node:fs';

/** Removes what `globalSetup` made, and all that the tests left in it. */
export default function globalTeardown(): void {
  fs.rmSync(process.env.TMPDIR!, { recursive: true, force: true });
}
