import { Command, CommanderError } from 'commander';
import { packageVersion } from '../package-version';
import { addCheck } from './commands/check';
import { addExplain } from './commands/explain';
import { addGraph } from './commands/graph';
import { addImport } from './commands/import';
import { addInject } from './commands/inject';
import { addJwks } from './commands/jwks';
import { addRender } from './commands/render';
import type { Shell } from './commands/shell';
import { addVerifyIssuer } from './commands/verify-issuer';
import { withoutKeysIn, withoutValues } from './commands/without-keys';

/** Where a command prints. */
export type Streams = Pick<Shell, 'out' | 'err' | 'colors'>;

/** What `--help` lists, in this order. Commands load what they do when they are run: `--help` is not to wait for it. */
const COMMANDS = [addRender, addInject, addJwks, addVerifyIssuer, addCheck, addExplain, addGraph, addImport];

/**
 * Runs the command line and gives the exit code: 0, or 1 with what is wrong on standard error and nothing on standard output; `check` and
 * `explain` have 2 as well.
 *
 * @param args what follows the name of the program
 */
export async function run(args: string[], streams: Streams): Promise<number> {
  let result = 0;
  const err = (text: string): void => streams.err(withoutKeysIn(args, text));
  try {
    await program({ ...streams, err, version: packageVersion(), exit: code => (result = code) }).parseAsync(args, { from: 'user' });
    return result;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode;
    }
    streams.err(`cdk-irsa: ${withoutKeysIn(args, (error as Error).message).trim().replace(/\s*\n\s*/g, ' ')}\n`);
    return 1;
  }
}

function program(shell: Shell): Command {
  const command = new Command('cdk-irsa')
    .description('IAM roles for Kubernetes service accounts, with the AWS CDK')
    .version(shell.version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: text => shell.out(text),
      writeErr: text => shell.err(text),
      outputError: (text, write) => write(withoutValues(text)),
    });
  COMMANDS.forEach(add => add(command, shell));
  return command;
}
