import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { readAssembly, synthesize, type SynthesizedExample } from '../examples/synthesize';

/** What `cdk synth` makes of an example, once in a run of the tests: all of them share the temporary folder of `global-setup.ts`. Read it only. */
export function exampleAssembly(name: string): SynthesizedExample {
  const directory = path.join(os.tmpdir(), `example-${name}`);
  if (!fs.existsSync(directory)) {
    const aside = fs.mkdtempSync(path.join(os.tmpdir(), 'aside-'));
    synthesize(name, aside);
    moveUnlessThere(aside, directory);
  }
  return readAssembly(directory);
}

/** Another test may have been faster. */
function moveUnlessThere(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if (!fs.existsSync(to)) {
      throw error;
    }
  }
}
