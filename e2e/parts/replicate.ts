import { MotoIam } from './moto';
import { Rgw } from './rgw';
import { PolicyDocument, RgwAccount } from './rgw-account';

/** An account in the gateway, and what was deployed there. */
export interface Replica {
  readonly account: RgwAccount;
  /** ARNs of the providers. */
  readonly providers: readonly string[];
  /** ARNs of the roles. */
  readonly roles: readonly string[];
}

/**
 * Brings an account as it was deployed to the gateway that enforces its policies: providers, roles, trust policies and
 * grants, each exactly as CloudFormation left it, but for hops of role chains. Nothing is added and nothing repaired.
 */
export async function replicate(rgw: Rgw, moto: string, account: string): Promise<Replica> {
  const deployed = await MotoIam.of(moto, account);
  const target = await RgwAccount.create(rgw, account);
  const providers = await deployed.providers();
  for (const provider of providers) {
    // IAM keeps the URL without its scheme
    same('provider', provider.arn, await target.createOidcProvider(`https://${provider.url}`, provider.audiences));
  }
  const roles: string[] = [];
  for (const name of await deployed.roleNames()) {
    const role = await deployed.role(name);
    const [, path] = /:role(\/(?:.*\/)?)/.exec(role.arn) ?? [];
    same('role', role.arn, await target.createRole(name, parse(role.trustPolicy), path));
    roles.push(role.arn);
    for (const [policyName, policy] of Object.entries(role.policies)) {
      const document = withoutHops(parse(policy));
      if (document.Statement.length > 0) {
        await target.putRolePolicy(name, policyName, document);
      }
    }
  }
  return { account: target, providers: providers.map(({ arn }) => arn), roles };
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
}

/** What a hop of a role chain is allowed by. */
const HOP = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

/**
 * The gateway takes no policy with a resource of another account, and asks for none at AssumeRole: the trust policy alone decides there. What allows
 * a hop, and nothing else, stays behind.
 */
function withoutHops(policy: PolicyDocument): PolicyDocument & { readonly Statement: readonly unknown[] } {
  return { ...policy, Statement: ([policy.Statement].flat() as Statement[]).filter((statement) => !isHop(statement)) };
}

function isHop({ Effect, Action = [] }: Statement): boolean {
  const actions = [Action].flat();
  return Effect === 'Allow' && actions.length > 0 && actions.every((action) => HOP.includes(action));
}

function parse(text: string): PolicyDocument {
  return JSON.parse(text) as PolicyDocument;
}

/** The manifests name these ARNs: they have to mean the same on both sides. */
function same(what: string, deployed: string, replica: string): void {
  if (deployed !== replica) {
    throw new Error(`the ${what} ${deployed} became ${replica} in the gateway`);
  }
}
