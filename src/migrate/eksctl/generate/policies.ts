import type { WellKnownPolicyName } from '../../../iam/controllers/well-known-policies';
import type { ConstructNames } from '../../construct-names';
import { Code, expression, type Printable, quoted } from '../../typescript';
import { type EksctlCluster, type EksctlRole, isExisting } from '../model';

/** Managed policies of the account by their ARNs: variables, since several roles may have the same. */
export class ManagedPolicies {
  private readonly variables = new Map<string, string>();

  constructor(cluster: EksctlCluster, names: ConstructNames) {
    for (const { role } of [...cluster.serviceAccounts, ...cluster.podIdentityAssociations]) {
      for (const arn of isExisting(role) ? [] : [...role.policyArns, ...role.permissionsBoundary === undefined ? [] : [role.permissionsBoundary]]) {
        if (awsName(arn) === undefined && !this.variables.has(arn)) {
          this.variables.set(arn, names.camel(arn.slice(arn.lastIndexOf('/') + 1), 'Policy'));
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

/** The factory of `Controller` behind each name, and whether it is scoped by the cluster. */
const CONTROLLERS: Readonly<Record<WellKnownPolicyName, readonly [factory: string, isScoped: boolean]>> = {
  imageBuilder: ['imageBuilder', false],
  autoScaler: ['clusterAutoscaler', true],
  awsLoadBalancerController: ['awsLoadBalancerController', true],
  externalDNS: ['externalDns', false],
  certManager: ['certManager', false],
  ebsCSIController: ['ebsCsi', false],
  efsCSIController: ['efsCsi', false],
};

/** The inline policies of a role as code; `undefined` where it has none. */
export function inlinePolicies(role: EksctlRole, { name: clusterName }: EksctlCluster): Printable | undefined {
  const policies: Array<[string, Code]> = role.wellKnownPolicies.map(name => {
    const [factory, isScoped] = CONTROLLERS[name];
    return [name, new Code(`Controller.${factory}(${isScoped ? expression({ clusterName }) : ''}).policyDocument(this)`)];
  });
  if (role.policy) {
    policies.unshift(['attachPolicy', new Code(`iam.PolicyDocument.fromJson(${expression(role.policy as Printable, Infinity, NESTED)})`)]);
  }
  return policies.length === 0 ? undefined : Object.fromEntries(policies);
}

/** How far a document is indented in a statement. */
const NESTED = 4;

/** The name of a policy that AWS made. */
function awsName(arn: string): string | undefined {
  return /:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
}
