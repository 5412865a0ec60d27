import type { Command } from 'commander';
import { outputsOption, type Shell } from './shell';
import type { RenderOptions } from '../render';

/** Adds `render`. */
export function addRender(program: Command, shell: Shell): void {
  program.command('render')
    .description('fill in what manifests of cdk synth could not know before deployment, and print them (or write them below a folder)')
    .argument('<path...>', 'manifests: files, folders, or the output folder of cdk synth')
    .addOption(outputsOption().makeOptionMandatory())
    .option('--output-dir <folder>', 'write the files below this folder instead of printing them')
    .addHelpText('after', '\nExample:\n  cdk deploy --all --outputs-file outputs.json\n  npx cdk-irsa render cdk.out --outputs outputs.json | kubectl apply -f -')
    .action((paths: string[], options: RenderOptions) => {
      const { render } = require('../render') as typeof import('../render');
      shell.out(render(paths, options));
    });
}
