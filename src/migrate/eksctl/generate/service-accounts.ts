import { inlinePolicies, ManagedPolicies } from './policies';
import { ConstructNames } from '../../construct-names';
import { Code, comment, expression, type Printable, quoted } from '../../typescript';
import { type EksctlAssociation, type EksctlCluster, type EksctlRole, type EksctlServiceAccount, type ExistingRole, isExisting } from '../model';

/** Properties as code; those without a value are left out. */
type Properties = Readonly<Record<string, Printable | undefined>>;

/** As eksctl's service accounts have it: without their token for the cluster's API, controllers would stop. */
const MOUNTS_TOKEN = true;

/** The parts of a program that make what a ClusterConfig asks for, line by line. */
export class ServiceAccountLines {
  public readonly lines: string[] = [];
  private readonly names = new ConstructNames('provider', 'manifests', 'issuer', 'scope', 'id', 'props', 'iam', 'kplus', 'tag');
  private readonly policies: ManagedPolicies;
  private readonly charts = new Map<string, string>();

  constructor(private readonly cluster: EksctlCluster) {
    this.policies = new ManagedPolicies(cluster, this.names);
    this.lines.push(...this.policies.lines);
    cluster.serviceAccounts.forEach(account => this.addServiceAccount(account));
    cluster.podIdentityAssociations.forEach(association => this.addAssociation(association));
  }

  private addServiceAccount(account: EksctlServiceAccount): void {
    const { namespace, name, role, roleOnly, subjectPattern, labels, annotations, regionalSts, tokenSeconds } = account;
    this.lines.push('', comment([`${namespace}/${name}`]));
    const variable = this.names.camel(namespace, name, 'Role');
    const subject = subjectPattern === undefined ? subjectCode(namespace, name) : new Code(`ServiceAccountSubject.matching(${quoted(namespace)}, ${quoted(subjectPattern)})`);
    const isUsed = !roleOnly || isExisting(role) || Object.keys(role.tags).length > 0;
    this.addRole(isUsed ? variable : undefined, `${namespace}.${name}`, role, { providers: [new Code('provider')], serviceAccounts: [subject] });
    if (roleOnly) {
      return;
    }
    const isOnlySubject = !isExisting(role) && subjectPattern === undefined;
    this.statement(`new IrsaServiceAccount(${this.chart(namespace)}, ${quoted(`ServiceAccount.${name}`)}, `, {
      role: new Code(variable),
      subject: isOnlySubject ? undefined : subjectCode(namespace, name),
      metadata: withoutEmpty({ labels, annotations }),
      automountToken: MOUNTS_TOKEN,
      regionalSts,
      tokenExpiration: tokenSeconds === undefined ? undefined : new Code(`Duration.seconds(${tokenSeconds})`),
    });
  }

  private addAssociation(association: EksctlAssociation): void {
    const { namespace, name, role, targetRoleArn, disableSessionTags, tags, createServiceAccount } = association;
    const id = `${namespace}.${name}`;
    this.lines.push('', comment([`${namespace}/${name}, by EKS Pod Identity`]));
    const variable = this.names.camel(namespace, name, 'PodRole');
    this.addRole(variable, `PodIdentityRole.${id}`, role, {
      providers: [],
      serviceAccounts: [subjectCode(namespace, name)],
      podIdentity: true,
      podIdentitySessionTags: disableSessionTags ? false : undefined,
    });
    const made = this.names.camel(namespace, name, 'Association');
    const hasTags = Object.keys(tags).length > 0;
    this.statement(`${hasTags ? `const ${made} = ` : ''}new PodIdentityAssociation(this, ${quoted(`PodIdentity.${id}`)}, `, {
      clusterName: this.cluster.name,
      role: new Code(variable),
      subject: isExisting(role) ? subjectCode(namespace, name) : undefined,
      targetRole: targetRoleArn === undefined ? undefined : new Code(`iam.Role.fromRoleArn(this, ${quoted(`PodIdentityTarget.${id}`)}, ${quoted(targetRoleArn)})`),
      sessionTags: disableSessionTags ? false : undefined,
    });
    this.addTags(made, tags);
    if (createServiceAccount) {
      this.statement(`new kplus.ServiceAccount(${this.chart(namespace)}, ${quoted(`ServiceAccount.${name}`)}, `, { metadata: { name, namespace }, automountToken: MOUNTS_TOKEN });
    }
  }

  /** Without a variable where nobody would use it. */
  private addRole(variable: string | undefined, id: string, role: EksctlRole | ExistingRole, trust: Properties): void {
    if (isExisting(role)) {
      this.lines.push(`const ${variable} = iam.Role.fromRoleArn(this, ${quoted(id)}, ${quoted(role.arn)});`);
      return;
    }
    if (role.roleName !== undefined) {
      this.lines.push(comment([`eksctl's role is called ${role.roleName}, and an account has a name once: this one gets another`]));
    }
    this.statement(`${variable === undefined ? '' : `const ${variable} = `}new IrsaRole(this, ${quoted(id)}, `, {
      ...trust,
      managedPolicies: role.policyArns.length === 0 ? undefined : role.policyArns.map(arn => this.policies.of(arn)),
      inlinePolicies: inlinePolicies(role, this.cluster),
      permissionsBoundary: role.permissionsBoundary === undefined ? undefined : this.policies.of(role.permissionsBoundary),
    });
    this.addTags(variable ?? '', role.tags);
  }

  private addTags(variable: string, tags: Readonly<Record<string, string>>): void {
    if (Object.keys(tags).length > 0) {
      this.statement(`tag(${variable}, `, tags);
    }
  }

  /** A call, whose last argument is a map. */
  private statement(call: string, argument: Properties): void {
    this.lines.push(`${call}${expression(argument as Printable, call.length + INDENT + 2)});`);
  }

  /** The variable of a namespace's chart, which is declared where it is needed first. */
  private chart(namespace: string): string {
    const known = this.charts.get(namespace);
    if (known !== undefined) {
      return known;
    }
    const variable = this.names.camel(namespace, 'Chart');
    this.charts.set(namespace, variable);
    this.lines.push(`const ${variable} = manifests.addChart(${quoted(namespace)}, { namespace: ${quoted(namespace)} });`);
    return variable;
  }
}

/** How far the lines are indented in the program. */
export const INDENT = 4;

function subjectCode(namespace: string, name: string): Code {
  return new Code(`ServiceAccountSubject.of(${quoted(namespace)}, ${quoted(name)})`);
}

function withoutEmpty(metadata: Readonly<Record<'labels' | 'annotations', Readonly<Record<string, string>>>>): Printable | undefined {
  const filled = Object.entries(metadata).filter(([, map]) => Object.keys(map).length > 0);
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}
