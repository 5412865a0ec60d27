import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { type CheckOptions, checkFiles, FORMATS } from './check';
import { explain, type ExplainOptions } from './explain';
import { defineInject } from './inject';
import { jwks, type JwksOptions } from './jwks';
import { render } from './render';
import { describe, verifyIssuer, type VerifyIssuerOptions } from './verify-issuer';

/** Where a command prints. */
export interface Streams {
  /** Whether standard output is a terminal that shows colours. @default false */
  readonly colors?: boolean;
  out(text: string): void;
  err(text: string): void;
}

/**
 * Runs the command line and gives the exit code: 0, or 1 with what is wrong on standard error and nothing on standard output; `check` and
 * `explain` have 2 as well.
 *
 * @param args what follows the name of the program
 */
export async function run(args: string[], streams: Streams): Promise<number> {
  let code = 0;
  try {
    await program(streams, result => (code = result)).parseAsync(args, { from: 'user' });
    return code;
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

/** What a check of an issuer found, line by line: not an error of the command, and the exit code is 1 as well. */
class Findings extends Error {}

function program(streams: Streams, exit: (code: number) => void): Command {
  const command = new Command('cdk-irsa')
    .description('IAM roles for Kubernetes service accounts, with the AWS CDK')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: text => streams.out(text), writeErr: text => streams.err(text) });
  command.command('render')
    .description('fill in what manifests of cdk synth could not know before deployment, and print them (or write them below a folder)')
    .argument('<path...>', 'manifests: files, folders, or the output folder of cdk synth')
    .addOption(repeatable('--outputs <file>', 'what cdk deploy --outputs-file wrote; repeat it for several deployments').makeOptionMandatory())
    .option('--output-dir <folder>', 'write the files below this folder instead of printing them')
    .addHelpText('after', '\nExample:\n  cdk deploy --all --outputs-file outputs.json\n  npx cdk-irsa render cdk.out --outputs outputs.json | kubectl apply -f -')
    .action((paths: string[], options: { outputs: string[]; outputDir?: string }) => streams.out(render(paths, options)));
  defineInject(command.command('inject'), text => streams.out(text), text => streams.err(text));
  addIssuerCommands(command, streams);
  addCheck(command, streams, exit);
  addExplain(command, streams, exit);
  return command;
}

function addIssuerCommands(command: Command, streams: Streams): void {
  command.command('jwks')
    .description('print the key set of a cluster from its public keys, and with --issuer the discovery document too')
    .addOption(repeatable('--key <file>', 'public key of service account tokens, PEM or DER; repeat it for several').makeOptionMandatory())
    .option('--issuer <url>', 'the URL that tokens say in iss')
    .option('--jwks-uri <url>', 'where the key set will be, if not at /openid/v1/jwks below the issuer')
    .option('--output-dir <folder>', 'write the documents below this folder, at the paths of their URLs')
    .addHelpText('after', '\nExample:\n  npx cdk-irsa jwks --key sa.pub --issuer https://oidc.example.com --output-dir public')
    .action((options: JwksOptions) => streams.out(jwks(options)));
  command.command('verify-issuer')
    .description('check a published issuer as AWS would, or a folder with what is to be published, and say what is wrong')
    .argument('<url|folder>', 'the URL that tokens say in iss, or a folder that jwks --output-dir wrote')
    .addOption(repeatable('--key <file>', 'public key that has to be published; repeat it for several'))
    .addHelpText('after', '\nExample:\n  npx cdk-irsa verify-issuer https://oidc.example.com --key sa.pub')
    .action(async (location: string, options: VerifyIssuerOptions) => {
      const verdict = await verifyIssuer(location, options);
      if (verdict.problems.length > 0) {
        throw new Findings(describe(verdict));
      }
      streams.out(describe(verdict));
    });
}

function addCheck(program_: Command, streams: Streams, exit: (code: number) => void): void {
  program_.command('check')
    .description('find where CloudFormation templates and Kubernetes manifests do not agree, whoever wrote them')
    .argument('[path...]', 'templates and manifests: files, folders, or the output folder of cdk synth (default: cdk.out)')
    .option('--account <id>', 'the account of templates that do not say which')
    .option('--region <name>', 'the region of templates that do not say which')
    .addOption(repeatable('--parameters <[stack:]name=value>', 'a parameter of templates; repeat it for several'))
    .addOption(repeatable('--outputs <file>', 'what cdk deploy --outputs-file wrote; repeat it for several deployments'))
    .addOption(new Option('--format <name>', 'how to print what was found').choices(FORMATS).default('table'))
    .option('--strict', 'fail for warnings too')
    .addHelpText('after', `
Exit codes:
  0  no errors were found (no warnings either, with --strict)
  1  something could not be read, or the command line is wrong
  2  errors were found (or warnings, with --strict)

Examples:
  npx cdk synth && npx cdk-irsa check
  npx cdk-irsa check template.yaml manifests/ --account 111122223333 --region eu-west-1`)
    .action((paths: string[], options: CheckOptions) => {
      const { text, code } = checkFiles(paths.length > 0 ? paths : ['cdk.out'], { ...options, version: version(), colors: streams.colors });
      streams.out(text);
      exit(code);
    });
}

function addExplain(program_: Command, streams: Streams, exit: (code: number) => void): void {
  program_.command('explain')
    .description('say why a pod gets its role or does not, from its token, from the pod, or from the error')
    .option('--token <file>', 'the token that is given to STS (- for standard input); its signature is never printed')
    .option('--role <arn>', 'the role that is asked for')
    .option('--trust <file>', 'its trust policy, what aws iam get-role prints, or the template that makes the role')
    .option('--jwks <file>', 'the keys of the issuer, to check the signature with')
    .option('--providers <file>', 'the OIDC providers of the account, as aws iam list-open-id-connect-providers prints them')
    .option('--pod <file>', 'a pod, as kubectl get pod NAME -o yaml prints it (- for standard input)')
    .option('--error <message>', 'what STS or a program answered')
    .option('--account <id>', 'the account of the template (default: that of the role)')
    .option('--region <name>', 'the region of the template')
    .addHelpText('after', `
Exit codes:
  0  it works, or the error is known
  1  something could not be read, or the command line is wrong
  2  it does not work, or that is not known

Examples:
  kubectl create token web -n apps --audience sts.amazonaws.com | npx cdk-irsa explain --token - --role ARN --trust template.yaml
  kubectl get pod web -n apps -o yaml | npx cdk-irsa explain --pod -
  npx cdk-irsa explain --error 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity'`)
    .action((options: ExplainOptions) => {
      const { text, code } = explain(options);
      streams.out(text);
      exit(code);
    });
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, values: string[] | undefined) => [...values ?? [], value]);
}

/** The version of this package, as npm installed it. */
function version(): string {
  const manifest = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
