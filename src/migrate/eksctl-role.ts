import { Tags } from 'aws-cdk-lib';
import { type IManagedPolicy, ManagedPolicy, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import type { EksctlCluster, EksctlRole } from './eksctl/model';
import { policyStatements } from '../iam/controllers/policy-statements';
import { wellKnownPolicy } from '../iam/controllers/well-known-policies';
import { IrsaRole, type IrsaRoleProps } from '../iam/irsa-role';

/** What makes a role of a ClusterConfig. */
export interface EksctlRoleInputs {
  readonly cluster: EksctlCluster;
  readonly role: EksctlRole;
  /** Whether it gets the name that the file has for it. */
  readonly named: boolean;
  /** Who may assume it. */
  readonly trust: Pick<IrsaRoleProps, 'providers' | 'serviceAccounts' | 'podIdentity' | 'podIdentitySessionTags'>;
}

/** A role as a ClusterConfig describes it. */
export function eksctlRole(scope: Construct, id: string, { cluster, role, named, trust }: EksctlRoleInputs): IrsaRole {
  const inlinePolicies = Object.fromEntries([
    ...role.policy ? [['attachPolicy', PolicyDocument.fromJson(role.policy)] as const] : [],
    ...role.wellKnownPolicies.map(name => [name, new PolicyDocument({
      statements: policyStatements(wellKnownPolicy(name, cluster.name).statements, scope, cluster.region),
    })] as const),
  ]);
  const made = new IrsaRole(scope, id, {
    ...trust,
    roleName: named ? role.roleName : undefined,
    managedPolicies: role.policyArns.map(arn => managedPolicy(scope, arn)),
    inlinePolicies,
    permissionsBoundary: role.permissionsBoundary === undefined ? undefined : managedPolicy(scope, role.permissionsBoundary),
  });
  tagAll(made, role.tags);
  return made;
}

/** Tags a resource. */
export function tagAll(construct: IConstruct, tags: Readonly<Record<string, string>>): void {
  Object.entries(tags).forEach(([key, value]) => Tags.of(construct).add(key, value));
}

/** One that AWS made has the partition of the stack; several roles may have the same. */
function managedPolicy(scope: Construct, arn: string): IManagedPolicy {
  const [, name] = /:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  if (name !== undefined) {
    return ManagedPolicy.fromAwsManagedPolicyName(name);
  }
  const id = arn.slice(arn.indexOf(':iam::') + 1).replace(/\//g, '.');
  return scope.node.tryFindChild(id) as IManagedPolicy | undefined ?? ManagedPolicy.fromManagedPolicyArn(scope, id, arn);
}
