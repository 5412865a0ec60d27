import { type Command, Option } from 'commander';
import { give, type Shell, templateOptions } from './shell';
import type { GraphOptions } from '../graph';

const FORMATS = ['mermaid', 'dot', 'html'];

const HELP = `
Exit codes:
  0  it is drawn, whatever is found
  1  something could not be read (the rest is drawn), or the command line is wrong

Examples:
  npx cdk synth && npx cdk-irsa graph --format html --output graph.html
  npx cdk-irsa graph template.yaml manifests/ --account 111122223333 --region eu-west-1
  npx cdk-irsa graph --format dot | dot -Tsvg > graph.svg`;

/** Adds `graph`. */
export function addGraph(program: Command, shell: Shell): void {
  const command = program.command('graph')
    .description('draw who can become what: service accounts, their roles, roles behind these, and policies')
    .argument('[path...]', 'templates and manifests: files, folders, or the output folder of cdk synth (default: cdk.out)');
  templateOptions().forEach(option => command.addOption(option));
  command
    .addOption(new Option('--format <name>', 'mermaid for Markdown, dot for Graphviz, html for a page with search and filters').choices(FORMATS).default('mermaid'))
    .option('--output <file>', 'write to this file instead of printing')
    .addHelpText('after', HELP)
    .action((paths: string[], options: GraphOptions) => {
      const { graphFiles } = require('../graph') as typeof import('../graph');
      const { problems, ...answer } = graphFiles(paths.length > 0 ? paths : ['cdk.out'], options);
      problems.forEach(problem => shell.err(`not read: ${problem}\n`));
      give(shell, answer);
    });
}
