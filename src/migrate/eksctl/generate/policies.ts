import type { Names } from './names';
import { Code, type Printable, quoted, template } from './typescript';
import { partitionOf } from '../../../check/template/partition';
import type { StatementData } from '../../../iam/controllers/policy-data';
import { wellKnownPolicy } from '../../../iam/controllers/well-known-policies';
import { type EksctlCluster, type EksctlRole, isExisting } from '../model';

/** Managed policies of the account by their ARNs: variables, since several roles may have the same. */
export class ManagedPolicies {
  private readonly variables = new Map<string, string>();

  constructor(cluster: EksctlCluster, names: Names) {
    for (const { role } of [...cluster.serviceAccounts, ...cluster.podIdentityAssociations]) {
      for (const arn of isExisting(role) ? [] : [...role.policyArns, ...role.permissionsBoundary === undefined ? [] : [role.permissionsBoundary]]) {
        if (awsName(arn) === undefined && !this.variables.has(arn)) {
          this.variables.set(arn, names.of([arn.slice(arn.lastIndexOf('/') + 1)], 'Policy'));
        }
      }
    }
  }

  /** The lines that declare them. */
  public get lines(): string[] {
    return [...this.variables].map(([arn, name]) => `const ${name} = iam.ManagedPolicy.fromManagedPolicyArn(this, ${quoted(name[0].toUpperCase() + name.slice(1))}, ${quoted(arn)});`);
  }

  /** A policy as code. AWS's own have the partition of the stack. */
  public of(arn: string): Code {
    const name = awsName(arn);
    return new Code(name !== undefined ? `iam.ManagedPolicy.fromAwsManagedPolicyName(${quoted(name)})` : this.variables.get(arn)!);
  }
}

/** The documents of a role, each with its name. */
export function policyDocuments(role: EksctlRole, cluster: EksctlCluster): ReadonlyArray<readonly [name: string, document: Printable]> {
  return [
    ...role.policy ? [['attachPolicy', role.policy as Printable] as const] : [],
    ...role.wellKnownPolicies.map(name => [name, {
      Version: '2012-10-17',
      Statement: wellKnownPolicy(name, cluster.name).statements.map(statement => statementOf(statement, cluster.region)),
    }] as const),
  ];
}

/** Partition and region are the cluster's, the account is that of the stack. */
function statementOf({ sid, actions, resources, conditions }: StatementData, region: string): Printable {
  const filledIn = (text: string) => template(text.replaceAll('${Partition}', partitionOf(region).partition).replaceAll('${Region}', region), { Account: 'this.account' });
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources.map(filledIn),
    Condition: conditions && Object.fromEntries(Object.entries(conditions).map(([operator, keys]) => [operator, Object.fromEntries(Object.entries(keys)
      .map(([key, value]) => [key, typeof value === 'string' ? filledIn(value) : value.map(filledIn)]))])),
  };
}

/** The name of a policy that AWS made. */
function awsName(arn: string): string | undefined {
  return /:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
}
