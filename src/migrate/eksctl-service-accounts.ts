import { Annotations, Duration, Stack, Token } from 'aws-cdk-lib';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { Chart } from 'cdk8s';
import { ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { type AccountName, type EksctlAssociation, type EksctlCluster, type EksctlServiceAccount, isExisting, nameOf, NO_ACCOUNTS } from './eksctl/model';
import type { EksctlConfig } from './eksctl-config';
import { eksctlRole, tagAll } from './eksctl-role';
import { ClusterOidcProvider, type IClusterOidcProvider } from '../iam/cluster-oidc-provider';
import { PodIdentityAssociation } from '../iam/pod-identity-association';
import { OidcIssuer } from '../identity/oidc-issuer';
import { ServiceAccountSubject } from '../identity/service-account-subject';
import { IrsaServiceAccount } from '../k8s/irsa-service-account';
import { Manifests } from '../k8s/manifests';

/** As eksctl's service accounts have it: without their token for the cluster's API, controllers would stop. */
const MOUNTS_TOKEN = true;

/** Properties of `EksctlServiceAccounts`. */
export interface EksctlServiceAccountsProps {
  /** The file, or the data, that eksctl takes. */
  readonly config: EksctlConfig;

  /**
   * The cluster's issuer.
   *
   * @default - asked from AWS by the CDK CLI, by the name of the cluster: needs a stack with account and region
   */
  readonly issuer?: OidcIssuer;

  /**
   * The cluster's OIDC provider, if the account has it already: eksctl makes one for `withOIDC: true`.
   *
   * @default - made, with the issuer
   */
  readonly provider?: IClusterOidcProvider;

  /**
   * Whether roles get the names that the file has for them (`roleName`). Turn it off as long as eksctl's own roles have them: an account has a
   * name once.
   *
   * @default true
   */
  readonly roleNames?: boolean;
}

/**
 * Provider, roles, service accounts and EKS Pod Identity associations of a `ClusterConfig` of eksctl: what eksctl does with a stack for each, in this app.
 *
 * `npx cdk-irsa import eksctl` writes the same as code, for those who do not want to keep the file.
 *
 * @see https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html
 */
export class EksctlServiceAccounts extends Construct {
  /** The OIDC provider of the cluster. @default - none: the file has no `withOIDC: true` */
  public readonly provider?: IClusterOidcProvider;

  /** The manifests: a chart for each namespace, in which others may be put as well. */
  public readonly manifests: Manifests;

  private readonly charts = new Map<string, Chart>();
  private readonly roles = new Map<string, IRole>();
  private readonly serviceAccounts = new Map<string, IrsaServiceAccount>();
  private readonly associations = new Map<string, PodIdentityAssociation>();

  constructor(scope: Construct, id: string, props: EksctlServiceAccountsProps) {
    super(scope, id);
    const { _cluster: cluster } = props.config;
    this.provider = this.makeProvider(cluster, props);
    this.manifests = new Manifests(this, 'Manifests');

    const named = props.roleNames ?? true;
    cluster.serviceAccounts.forEach(account => this.addServiceAccount(account, cluster, named));
    cluster.podIdentityAssociations.forEach(association => this.addAssociation(association, cluster, named));
    if (cluster.serviceAccounts.length + cluster.podIdentityAssociations.length === 0) {
      Annotations.of(this).addWarningV2('cdk-irsa:eksctlEmpty', NO_ACCOUNTS);
    }
    cluster.leftOut.forEach(text => Annotations.of(this).addWarningV2('cdk-irsa:eksctlLeftOut', text));
  }

  /**
   * The role of a service account, to grant it more.
   *
   * @param namespace its namespace
   * @param name its name
   */
  public roleOf(namespace: string, name: string): IRole {
    return found(this.roles, { namespace, name }, this.node.path, 'iam.serviceAccounts');
  }

  /**
   * The manifest of a service account, for workloads that run as it. Not for those with `roleOnly`.
   *
   * @param namespace its namespace
   * @param name its name
   */
  public serviceAccountOf(namespace: string, name: string): IrsaServiceAccount {
    return found(this.serviceAccounts, { namespace, name }, this.node.path, 'iam.serviceAccounts (without roleOnly)');
  }

  /**
   * The EKS Pod Identity association of a service account, with its role.
   *
   * @param namespace the namespace of the service account
   * @param name the name of the service account
   */
  public associationOf(namespace: string, name: string): PodIdentityAssociation {
    return found(this.associations, { namespace, name }, this.node.path, 'iam.podIdentityAssociations');
  }

  /**
   * The chart of a namespace, for workloads beside their service accounts. Made where the file has none.
   *
   * @param namespace the namespace
   */
  public chartOf(namespace: string): Chart {
    const chart = this.charts.get(namespace) ?? this.manifests.addChart(namespace, { namespace });
    this.charts.set(namespace, chart);
    return chart;
  }

  private makeProvider(cluster: EksctlCluster, { provider, issuer }: EksctlServiceAccountsProps): IClusterOidcProvider | undefined {
    if (provider && issuer) {
      throw new Error(`${this.node.path} has an issuer and a provider, which has an issuer of its own; leave issuer out`);
    }
    if (!cluster.withOidc) {
      if (provider ?? issuer) {
        throw new Error(`${this.node.path} has ${provider ? 'a provider' : 'an issuer'}, and its ClusterConfig no withOIDC: true; add it to iam, or leave ${provider ? 'provider' : 'issuer'} out`);
      }
      return undefined;
    }
    return provider ?? new ClusterOidcProvider(this, 'Provider', { issuer: issuer ?? this.lookUpIssuer(cluster) });
  }

  private lookUpIssuer({ name, region }: EksctlCluster): OidcIssuer {
    assertSameRegion(this, region);
    return OidcIssuer.fromLookup(this, { clusterName: name });
  }

  private addServiceAccount(account: EksctlServiceAccount, cluster: EksctlCluster, named: boolean): void {
    const role = this.roleFor(account, cluster, named);
    this.roles.set(nameOf(account), role);
    if (account.roleOnly) {
      return;
    }
    const { namespace, name, labels, annotations, regionalSts, tokenSeconds } = account;
    this.serviceAccounts.set(nameOf(account), new IrsaServiceAccount(this.chartOf(namespace), `ServiceAccount.${name}`, {
      role,
      subject: ServiceAccountSubject.of(namespace, name),
      metadata: { labels, annotations },
      automountToken: MOUNTS_TOKEN,
      regionalSts,
      tokenExpiration: tokenSeconds === undefined ? undefined : Duration.seconds(tokenSeconds),
    }));
  }

  private addAssociation(association: EksctlAssociation, cluster: EksctlCluster, named: boolean): void {
    assertSameRegion(this, cluster.region);
    const { namespace, name, role, targetRoleArn, disableSessionTags } = association;
    const id = `${namespace}.${name}`;
    const subject = ServiceAccountSubject.of(namespace, name);
    const made = new PodIdentityAssociation(this, `PodIdentity.${id}`, {
      clusterName: cluster.name,
      subject,
      role: isExisting(role) ? Role.fromRoleArn(this, `PodIdentityRole.${id}`, role.arn) : eksctlRole(this, `PodIdentityRole.${id}`, {
        cluster,
        role,
        named,
        trust: { providers: [], serviceAccounts: [subject], podIdentity: true, podIdentitySessionTags: disableSessionTags ? false : undefined },
      }),
      targetRole: targetRoleArn === undefined ? undefined : Role.fromRoleArn(this, `PodIdentityTarget.${id}`, targetRoleArn),
      sessionTags: !disableSessionTags,
    });
    tagAll(made, association.tags);
    this.associations.set(nameOf(association), made);
    if (association.createServiceAccount) {
      new ServiceAccount(this.chartOf(namespace), `ServiceAccount.${name}`, { metadata: { name, namespace }, automountToken: MOUNTS_TOKEN });
    }
  }

  private roleFor({ role, namespace, name, subjectPattern }: EksctlServiceAccount, cluster: EksctlCluster, named: boolean): IRole {
    const id = `${namespace}.${name}`;
    if (isExisting(role)) {
      return Role.fromRoleArn(this, id, role.arn);
    }
    const subject = subjectPattern === undefined
      ? ServiceAccountSubject.of(namespace, name)
      : ServiceAccountSubject.matching(namespace, subjectPattern);
    return eksctlRole(this, id, { cluster, role, named, trust: { providers: [this.provider!], serviceAccounts: [subject] } });
  }
}

function found<T>(map: ReadonlyMap<string, T>, account: AccountName, user: string, where: string): T {
  const value = map.get(nameOf(account));
  if (value === undefined) {
    throw new Error(`${user} has no ${nameOf(account)} in ${where}; it has ${[...map.keys()].join(', ') || 'none'}`);
  }
  return value;
}

/** What is asked from AWS, or made in EKS, is in the region of the stack. */
function assertSameRegion(scope: Construct, region: string): void {
  const { region: ours } = Stack.of(scope);
  if (!Token.isUnresolved(ours) && ours !== region) {
    throw new Error(`${scope.node.path} is in ${ours} and the cluster in ${region}; put it into a stack in ${region}, or pass the literal issuer: OidcIssuer.fromUrl('https://…')`);
  }
}
