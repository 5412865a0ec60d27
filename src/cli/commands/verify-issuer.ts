import type { Command } from 'commander';
import { repeatable, type Shell } from './shell';
import type { VerifyIssuerOptions } from '../verify-issuer';

/** Adds `verify-issuer`: what it finds goes to standard error, and the exit code is 1. */
export function addVerifyIssuer(program: Command, shell: Shell): void {
  program.command('verify-issuer')
    .description('check a published issuer as AWS would, or a folder with what is to be published, and say what is wrong')
    .argument('<url|folder>', 'the URL that tokens say in iss, or a folder that jwks --output-dir wrote')
    .addOption(repeatable('--key <file>', 'public key that has to be published; repeat it for several'))
    .addHelpText('after', '\nExample:\n  npx cdk-irsa verify-issuer https://oidc.example.com --key sa.pub')
    .action(async (location: string, options: VerifyIssuerOptions) => {
      const { describe, verifyIssuer } = require('../verify-issuer') as typeof import('../verify-issuer');
      const verdict = await verifyIssuer(location, options);
      const failed = verdict.problems.length > 0;
      (failed ? shell.err : shell.out)(describe(verdict));
      shell.exit(failed ? 1 : 0);
    });
}
