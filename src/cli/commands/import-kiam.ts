import { type Command, Option } from 'commander';
import { give, repeatable, type Shell } from './shell';
import type { ImportKiamCommandOptions } from '../import-kiam';

const HELP = `
Exit codes:
  0  all pods with roles of kiam were moved
  1  something could not be read, or the command line is wrong
  2  some stay as they are; standard error says which, and why

Examples:
  npx cdk-irsa import kiam manifests --issuer URL --base-role-arn arn:aws:iam::111122223333:role/
  npx cdk-irsa import kiam manifests --issuer URL --account-details roles.json --output-dir irsa --keep
  npx cdk-irsa import kiam manifests --issuer URL --write`;

/** Adds `import kiam`. */
export function addImportKiam(importCommand: Command, shell: Shell): void {
  importCommand.command('kiam')
    .description('move pods from kiam or kube2iam to roles for service accounts: manifests without their annotations, and a CDK app with the roles')
    .argument('<path...>', 'manifests of workloads, service accounts and namespaces: files or folders')
    .requiredOption('--issuer <url>', "the cluster's issuer, as aws eks describe-cluster --query cluster.identity.oidc.issuer prints it")
    .option('--base-role-arn <arn>', 'what names of roles are put behind, as kiam (--role-base-arn) or kube2iam is started with')
    .addOption(repeatable('--account-details <file>', 'what aws iam get-account-authorization-details --filter Role prints: what the roles may do; repeatable'))
    .option('--region <name>', 'where the stacks of the app are deployed (default: the region in the issuer)')
    .option('-n, --namespace <namespace>', 'namespace of objects that name none, as for kubectl')
    .addOption(repeatable('--pod-template <kind=path>', 'where a custom resource has its pods, such as Rollout=spec.template; repeatable'))
    .option('--disable-strict-namespace-regexp', 'what a namespace permits need match a part of the role only, as kiam 3, or kiam 4 with this option, takes it')
    .addOption(new Option('--namespace-restriction-format <format>', 'how kube2iam reads what a namespace allows').choices(['glob', 'regexp']).default('glob'))
    .option('--keep', 'keep the annotations of kiam beside the service account, for a way back')
    .option('--output-dir <folder>', 'write the app to this folder, and the manifests that change below it')
    .option('--write', 'change the manifests where they are')
    .addHelpText('after', HELP)
    .action((paths: string[], options: ImportKiamCommandOptions) => {
      const { importKiamFrom } = require('../import-kiam') as typeof import('../import-kiam');
      const answer = importKiamFrom(paths, options, shell.version);
      answer.remarks.forEach(remark => shell.err(`cdk-irsa: ${remark}\n`));
      give(shell, answer);
    });
}
