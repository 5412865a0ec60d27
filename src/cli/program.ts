import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { defineInject } from './inject';
import { jwks, type JwksOptions } from './jwks';
import { render } from './render';
import { describe, verifyIssuer, type VerifyIssuerOptions } from './verify-issuer';

/** Where a command prints. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

/**
 * Runs the command line and gives the exit code: 0, or 1 with what is wrong on standard error and nothing on standard output.
 *
 * @param args what follows the name of the program
 */
export async function run(args: string[], streams: Streams): Promise<number> {
  try {
    await program(streams).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof Findings) {
      streams.err(error.message);
      return 1;
    }
    if (error instanceof CommanderError) {
      return error.exitCode;
    }
    streams.err(`cdk-irsa: ${(error as Error).message.trim().replace(/\s*\n\s*/g, ' ')}\n`);
    return 1;
  }
}

/** What a check found, line by line: not an error of the command, and the exit code is 1 as well. */
class Findings extends Error {}

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
      .argParser(append).makeOptionMandatory())
    .option('--output-dir <folder>', 'write the files below this folder instead of printing them')
    .addHelpText('after', '\nExample:\n  cdk deploy --all --outputs-file outputs.json\n  npx cdk-irsa render cdk.out --outputs outputs.json | kubectl apply -f -')
    .action((paths: string[], options: { outputs: string[]; outputDir?: string }) => streams.out(render(paths, options)));
  defineInject(command.command('inject'), text => streams.out(text), text => streams.err(text));
  addIssuerCommands(command, streams);
  return command;
}

function addIssuerCommands(command: Command, streams: Streams): void {
  command.command('jwks')
    .description('print the key set of a cluster from its public keys, and with --issuer the discovery document too')
    .addOption(new Option('--key <file>', 'public key of service account tokens, PEM or DER; repeat it for several').argParser(append).makeOptionMandatory())
    .option('--issuer <url>', 'the URL that tokens say in iss')
    .option('--jwks-uri <url>', 'where the key set will be, if not at /openid/v1/jwks below the issuer')
    .option('--output-dir <folder>', 'write the documents below this folder, at the paths of their URLs')
    .addHelpText('after', '\nExample:\n  npx cdk-irsa jwks --key sa.pub --issuer https://oidc.example.com --output-dir public')
    .action((options: JwksOptions) => streams.out(jwks(options)));
  command.command('verify-issuer')
    .description('check a published issuer as AWS would, or a folder with what is to be published, and say what is wrong')
    .argument('<url|folder>', 'the URL that tokens say in iss, or a folder that jwks --output-dir wrote')
    .addOption(new Option('--key <file>', 'public key that has to be published; repeat it for several').argParser(append))
    .addHelpText('after', '\nExample:\n  npx cdk-irsa verify-issuer https://oidc.example.com --key sa.pub')
    .action(async (location: string, options: VerifyIssuerOptions) => {
      const verdict = await verifyIssuer(location, options);
      if (verdict.problems.length > 0) {
        throw new Findings(describe(verdict));
      }
      streams.out(describe(verdict));
    });
}

/** Values of an option that is repeated. */
function append(value: string, values: string[] | undefined): string[] {
  return [...values ?? [], value];
}

/** The version of this package, as npm installed it. */
function version(): string {
  const manifest = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
