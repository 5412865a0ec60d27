import { type Command, Option } from 'commander';
import { give, type Shell, templateOptions } from './shell';
import type { CheckOptions } from '../check';

const FORMATS = ['table', 'json', 'sarif', 'junit'];

const HELP = `
Exit codes:
  0  no errors were found (no warnings either, with --strict)
  1  something could not be read, or the command line is wrong
  2  errors were found (or warnings, with --strict)

Examples:
  npx cdk synth && npx cdk-irsa check
  npx cdk-irsa check template.yaml manifests/ --account 111122223333 --region eu-west-1`;

/** Adds `check`. */
export function addCheck(program: Command, shell: Shell): void {
  const command = program.command('check')
    .description('find where CloudFormation templates and Kubernetes manifests do not agree, whoever wrote them')
    .argument('[path...]', 'templates and manifests: files, folders, or the output folder of cdk synth (default: cdk.out)');
  templateOptions().forEach(option => command.addOption(option));
  command
    .addOption(new Option('--format <name>', 'how to print what was found').choices(FORMATS).default('table'))
    .option('--strict', 'fail for warnings too')
    .addHelpText('after', HELP)
    .action((paths: string[], options: CheckOptions) => {
      const { checkFiles } = require('../check') as typeof import('../check');
      const { version, colors } = shell;
      give(shell, checkFiles(paths.length > 0 ? paths : ['cdk.out'], { ...options, version, colors }));
    });
}
