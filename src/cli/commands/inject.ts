import type { Command } from 'commander';
import { repeatable, type Shell } from './shell';
import type { InjectCommandOptions } from '../inject';

/** Adds `inject`. */
export function addInject(program: Command, shell: Shell): void {
  program.command('inject')
    .description('give the pods in manifests the credentials that the pod identity webhook would, and print the manifests')
    .argument('[path...]', 'manifests: files, folders, the output folder of cdk synth, or - for standard input, which is also read without any')
    .addOption(repeatable('--service-accounts <path>', 'manifests with service accounts, if they are not among the others; repeatable'))
    .option('--region <region>', 'region for containers that set none')
    .option('--regional-sts', 'have SDKs call the STS endpoint of their region (default: with --region, but for --webhook-parity)')
    .option('--no-regional-sts', 'leave that to the SDKs')
    .option('--audience <audience>', 'audience of tokens where the service account names none (default: sts.amazonaws.com)')
    .option('-n, --namespace <namespace>', 'namespace of objects that name none, as for kubectl')
    .addOption(repeatable('--pod-template <kind=path>', 'where a custom resource has its pods, such as Rollout=spec.template; repeatable'))
    .option('--webhook-parity', 'do exactly what the webhook does, and check no more than it')
    .option('--strict', 'fail when the service account of a workload is not among the manifests, or its pods are not found')
    .addHelpText('after', '\nExample:\n  helm template web ./chart | npx cdk-irsa inject | kubectl apply -f -')
    .action((paths: string[], options: InjectCommandOptions) => {
      const { inject } = require('../inject') as typeof import('../inject');
      const { text, notes } = inject(paths, options);
      notes.forEach(note => shell.err(`cdk-irsa: note: ${note}\n`));
      shell.out(text);
    });
}
