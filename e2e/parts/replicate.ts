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
 * grants, each exactly as CloudFormation left it. Nothing is added and nothing repaired.
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

/**
 * The gateway takes no policy with a resource of another account, and asks for none at AssumeRole: the trust policy alone decides there. What allows
 * `sts:AssumeRole`, with its session tags, and nothing else stays behind.
 */
function withoutHops(policy: PolicyDocument): PolicyDocument & { readonly Statement: readonly unknown[] } {
  const statements = [policy.Statement].flat() as Array<{ readonly Action?: string | string[] }>;
  return { ...policy, Statement: statements.filter(({ Action = [] }) => ![Action].flat().every((action) => action.startsWith('sts:'))) };
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
