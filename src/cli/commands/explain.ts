import type { Command } from 'commander';
import { give, type Shell } from './shell';
import type { ExplainOptions } from '../explain';

const HELP = `
Exit codes:
  0  it works, or the error is known
  1  something could not be read, or the command line is wrong
  2  it does not work, or that is not known

Examples:
  kubectl create token web -n apps --audience sts.amazonaws.com | npx cdk-irsa explain --token - --role ARN --trust template.yaml
  kubectl get pod web -n apps -o yaml | npx cdk-irsa explain --pod -
  npx cdk-irsa explain --error 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity'`;

/** Adds `explain`. */
export function addExplain(program: Command, shell: Shell): void {
  program.command('explain')
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
    .addHelpText('after', HELP)
    .action((options: ExplainOptions) => {
      const { explain } = require('../explain') as typeof import('../explain');
      give(shell, explain(options));
    });
}
