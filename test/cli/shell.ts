import { run } from '../../src/cli/program';

/** What a shell would see of a command. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process. */
export async function shell(...args: string[]): Promise<Said> {
  let out = '';
  let err = '';
  const code = await run(args, { out: text => (out += text), err: text => (err += text) });
  return { code, out, err };
}
