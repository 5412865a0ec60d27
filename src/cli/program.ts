import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { defineInject } from './inject';
import { render } from './render';

/** Where a command prints. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

/**
 * Runs the command line and gives the exit code: 0, or 1 with one line on standard error and nothing on standard output.
 *
 * @param args what follows the name of the program
 */
export function run(args: string[], streams: Streams): number {
  try {
    program(streams).parse(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode;
    }
    streams.err(`cdk-irsa: ${(error as Error).message.trim().replace(/\s*\n\s*/g, ' ')}\n`);
    return 1;
  }
}

function program(streams: Streams): Command {
  const command = new Command('cdk-irsa')
    .description('IAM roles for Kubernetes service accounts, with the AWS CDK')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: text => streams.out(text), writeErr: text => streams.err(text) });
  command.command('render')
    .description('fill in what manifests of cdk synth could not know before deployment, and print them (or write them below a folder)')
    .argument('<path...>', 'manifests: files, folders, or the output folder of cdk synth')
    .addOption(new Option('--outputs <file>', 'what cdk deploy --outputs-file wrote; repeat it for several deployments')
      .argParser((file: string, files: string[] | undefined) => [...files ?? [], file]).makeOptionMandatory())
    .option('--output-dir <folder>', 'write the files below this folder instead of printing them')
    .addHelpText('after', '\nExample:\n  cdk deploy --all --outputs-file outputs.json\n  npx cdk-irsa render cdk.out --outputs outputs.json | kubectl apply -f -')
    .action((paths: string[], options: { outputs: string[]; outputDir?: string }) => streams.out(render(paths, options)));
  defineInject(command.command('inject'), text => streams.out(text), text => streams.err(text));
  return command;
}

/** The version of this package, as npm installed it. */
function version(): string {
  const manifest = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
