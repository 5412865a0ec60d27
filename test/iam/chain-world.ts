import { App, Stack } from 'aws-cdk-lib';
import { literalIssuer, READER } from './helpers';
import { ClusterOidcProvider, IrsaRole, OidcIssuer, RoleChain } from '../../src';

export const TOOLS = { account: '123456789012', region: 'eu-west-1' };
export const A = { account: '345678901234', region: 'eu-west-1' };
export const POD = 'arn:aws:iam::123456789012:role/pod';
export const ADMIN = 'arn:aws:iam::345678901234:role/admin';

/** Two accounts, and a chain that begins in the first of them. */
export function chainWorld(app = new App()) {
  const [tools, a] = [new Stack(app, 'Tools', { env: TOOLS }), new Stack(app, 'A', { env: A })];
  const pod = podRole(tools);
  const chain = new RoleChain(tools, 'Chain', { role: pod });
  return { app, tools, a, pod, chain };
}

/** A role that `default/reader` assumes; without a name of its own where that is empty. */
export function podRole(stack: Stack, id = 'Pod', roleName = 'pod', url?: string): IrsaRole {
  return new IrsaRole(stack, id, {
    roleName: roleName || undefined,
    providers: [new ClusterOidcProvider(stack, `${id}Provider`, { issuer: url === undefined ? literalIssuer() : OidcIssuer.fromUrl(url) })],
    serviceAccounts: [READER],
  });
}
