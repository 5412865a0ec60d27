import type { Command } from 'commander';
import { repeatable, type Shell } from './shell';
import type { JwksOptions } from '../jwks';

/** Adds `jwks`. */
export function addJwks(program: Command, shell: Shell): void {
  program.command('jwks')
    .description('print the key set of a cluster from its public keys, and with --issuer the discovery document too')
    .addOption(repeatable('--key <file>', 'public key of service account tokens, PEM or DER; repeat it for several').makeOptionMandatory())
    .option('--issuer <url>', 'the URL that tokens say in iss')
    .option('--jwks-uri <url>', 'where the key set will be, if not at /openid/v1/jwks below the issuer')
    .option('--output-dir <folder>', 'write the documents below this folder, at the paths of their URLs')
    .addHelpText('after', '\nExample:\n  npx cdk-irsa jwks --key sa.pub --issuer https://oidc.example.com --output-dir public')
    .action((options: JwksOptions) => {
      const { jwks } = require('../jwks') as typeof import('../jwks');
      shell.out(jwks(options));
    });
}
