import type { Command } from 'commander';
import type { Shell } from './shell';
import type { ImportEksctlOptions } from '../import-eksctl';

const HELP = `
Exit codes:
  0  the app was written
  1  the file could not be read, or the command line is wrong
  2  the file has fields that are not known or contradict each other: each is listed with its line

Examples:
  npx cdk-irsa import eksctl cluster.yaml > app.ts
  npx cdk-irsa import eksctl cluster.yaml --output-dir service-accounts --account 111122223333`;

/** Adds `import eksctl`. */
export function addImportEksctl(program: Command, shell: Shell): void {
  program.command('eksctl')
    .description('write a CDK app in TypeScript that makes the roles and service accounts of a ClusterConfig, and says how it takes over from eksctl')
    .argument('<file>', 'the file that eksctl takes with --config-file (- for standard input)')
    .option('--output-dir <folder>', 'write the app below this folder, with what it needs to run, instead of printing it')
    .option('--issuer <url>', 'the URL of the issuer of the cluster (default: the CDK CLI asks AWS)')
    .option('--account <id>', 'the account of the cluster (default: the one that the CDK CLI works with)')
    .addHelpText('after', HELP)
    .action((file: string, options: ImportEksctlOptions) => {
      const { importEksctl } = require('../import-eksctl') as typeof import('../import-eksctl');
      const { text, problems, notes } = importEksctl(file, options, shell.version);
      problems.forEach(problem => shell.err(`${problem}\n`));
      notes.forEach(note => shell.err(`cdk-irsa: note: ${note}\n`));
      shell.out(text);
      shell.exit(problems.length > 0 ? 2 : 0);
    });
}
