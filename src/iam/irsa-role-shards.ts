import { Annotations, Stack } from 'aws-cdk-lib';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { IClusterOidcProvider } from './cluster-oidc-provider';
import { IrsaRole } from './irsa-role';
import type { IrsaRoleOptions } from './irsa-role-options';
import { assertProviders } from './provider-check';
import { trustPolicyQuota } from './quotas';
import { RolesPrincipal } from './roles-principal';
import { cellsOf, layOut, type ShardCell, type ShardLayout } from './shard-layout';
import { readRecord, recordEntry, recordKey } from './shard-record';
import { type CountTrustPolicy, longestEksProvider, trustPolicyCounter } from './trust-policy-counter';
import { arithmetic, HOW_TO_RAISE } from './trust-policy-size';
import { assertSameAccount, trustedProvider, validateTrust } from './trust-validation';
import { ifGiven } from '../identity/assume-role-parameters';
import type { ServiceAccountSubject } from '../identity/service-account-subject';
import { assertSubject } from '../identity/subject-check';

/** Properties of `IrsaRoleShards`. */
export interface IrsaRoleShardsProps extends IrsaRoleOptions {
  /** The OIDC providers of the clusters, in the account of the roles: one a cluster. */
  readonly providers: IClusterOidcProvider[];

  /**
   * Whether the roles get generated physical names at synth, so that manifests have their ARNs without a deployment.
   *
   * @default true
   */
  readonly nameAtSynth?: boolean;
}

/**
 * The roles of a workload that runs on more clusters, or as more service accounts, than one trust policy has room for.
 *
 * Makes the fewest roles that fit: each trusts some of the clusters. Only where not even one cluster fits with all service accounts are
 * these spread as well. Every cluster and service account is trusted by exactly one of the roles, and all of them may do the same: what
 * is granted to the shards is granted to each.
 *
 * Which role a cluster has is kept in the context of the app, under `cdk-irsa:shards:PATH`: then a cluster that is added, removed, or
 * declared in another order does not move the others. The warning `cdk-irsa:shardsNotRecorded` says what to put there.
 */
export class IrsaRoleShards extends Construct implements IGrantable {
  /** The roles. What is granted to the shards is granted to each of them. */
  public readonly roles: IrsaRole[];

  /** The roles as one whom policies are granted to: one `AWS::IAM::Policy` for all of them. */
  public readonly grantPrincipal: IPrincipal;

  private readonly clusters: ReadonlyMap<string, IClusterOidcProvider>;
  private readonly subjects: ReadonlyMap<string, ServiceAccountSubject>;

  constructor(scope: Construct, id: string, props: IrsaRoleShardsProps) {
    super(scope, id);
    const { audience } = validateTrust(this.node.path, props);
    assertSameAccount(this.node.path, Stack.of(this).account, props.providers);
    this.clusters = firstByKey(props.providers, clusterKey);
    this.subjects = firstByKey(props.serviceAccounts, String);
    assertDistinct(this.node.path, props.serviceAccounts);

    const recorded = readRecord(this);
    const count = trustPolicyCounter(Stack.of(this), audience);
    const layout = this.layOut(recorded, count);
    this.roles = cellsOf(layout).map(cell => this.makeRole(cell, props, count));
    this.grantPrincipal = new RolesPrincipal(this, 'Grants', this.roles);
    this.warnUnlessRecorded(recorded, layout);
  }

  /**
   * The role that a service account of a cluster assumes: for the manifests of that cluster.
   *
   * @param provider the cluster
   * @param serviceAccount may be left out where all service accounts of the cluster have one role
   */
  public roleFor(provider: IClusterOidcProvider, serviceAccount?: ServiceAccountSubject): IrsaRole {
    assertProviders(this.node.path, [provider]);
    ifGiven(serviceAccount, value => assertSubject(this.node.path, 'serviceAccount', value));
    const cluster = this.clusters.get(clusterKey(provider));
    const roles = this.roles.filter(role => cluster && role.providers.includes(cluster));
    if (roles.length === 0) {
      throw new Error(`${this.node.path} does not trust the cluster of ${provider.node.path}; add it to the providers`);
    }
    if (!serviceAccount && roles.length > 1) {
      throw new Error(`${this.node.path} has ${roles.length} roles for the cluster of ${provider.node.path}, each for other service accounts; `
        + "pass the service account as well: ServiceAccountSubject.of('namespace', 'name')");
    }
    const role = serviceAccount ? roleThatTrusts(serviceAccount, roles) : roles[0];
    if (!role) {
      throw new Error(`${this.node.path} does not trust ${serviceAccount}; add it to the serviceAccounts`);
    }
    return role;
  }

  /** Has resources that name the roles by their ARNs deployed after them, in another account or region: see `IrsaRole.deployBefore`. */
  public deployBefore(...consumers: IConstruct[]): void {
    this.roles.forEach(role => role.deployBefore(...consumers));
  }

  /** Decides which role trusts whom: what is recorded stays, what is new takes no more roles than it has to. */
  private layOut(recorded: ShardLayout, count: CountTrustPolicy): ShardLayout {
    const quota = trustPolicyQuota(this);
    const longest = longestEksProvider(Stack.of(this));
    return layOut({
      clusters: [...this.clusters.keys()],
      serviceAccounts: [...this.subjects.keys()],
      fits: serviceAccounts => {
        const countFor = count(this.subjectsOf(serviceAccounts));
        return clusters => countFor(this.providersOf(clusters).map(trustedProvider)) <= quota;
      },
      fitsAny: (serviceAccounts, clusters) => count(this.subjectsOf(serviceAccounts))(Array.from({ length: clusters }, () => longest)) <= quota,
    }, recorded);
  }

  private makeRole(cell: ShardCell, props: IrsaRoleShardsProps, count: CountTrustPolicy): IrsaRole {
    const providers = this.providersOf(cell.clusters);
    const serviceAccounts = this.subjectsOf(cell.serviceAccounts);
    const quota = trustPolicyQuota(this);
    const length = count(serviceAccounts)(providers.map(trustedProvider));
    if (length > quota) {
      throw new Error(`the trust policy of ${this.node.path}/${cell.id} is ${arithmetic(length, quota, { providers, subjects: serviceAccounts })}. `
        + `Give clusters with long issuers IrsaRoleShards of their own, or take some of what is in this shard out of the context ${recordKey(this)} `
        + `(it moves to another role then), or ${HOW_TO_RAISE}`);
    }
    return new IrsaRole(this, cell.id, { ...props, providers, serviceAccounts });
  }

  private providersOf(clusters: readonly string[]): IClusterOidcProvider[] {
    return clusters.map(key => this.clusters.get(key)!);
  }

  private subjectsOf(serviceAccounts: readonly string[]): ServiceAccountSubject[] {
    return serviceAccounts.map(key => this.subjects.get(key)!);
  }

  private warnUnlessRecorded(recorded: ShardLayout, layout: ShardLayout): void {
    const clusters = [...layout.clusters.keys()].map(key => recorded.clusters.has(key));
    const serviceAccounts = [...layout.serviceAccounts.keys()].map(key => recorded.serviceAccounts.has(key));
    const all = [...clusters, ...serviceAccounts];
    const missing = all.filter(known => !known).length;
    if (missing > 0) {
      Annotations.of(this).addWarningV2('cdk-irsa:shardsNotRecorded',
        `${missing} of ${all.length} clusters and service accounts are not recorded: a later change may move them to another role, while their pods still ask for this one. `
        + `Before you deploy, put into the context of cdk.json: ${recordEntry(this, layout)}`);
    }
  }
}

/** What a cluster is recorded by: its issuer, or, where that is known only at deployment, the construct of its provider. */
function clusterKey(provider: IClusterOidcProvider): string {
  return provider.issuer._isToken ? provider.node.path : provider.issuer.hostPath;
}

function firstByKey<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T> {
  const byKey = new Map<string, T>();
  for (const item of items) {
    byKey.set(keyOf(item), byKey.get(keyOf(item)) ?? item);
  }
  return byKey;
}

/** A service account that is named and matches a pattern as well could be trusted by two of the roles. */
function assertDistinct(user: string, serviceAccounts: readonly ServiceAccountSubject[]): void {
  const patterns = serviceAccounts.filter(({ isPattern }) => isPattern);
  for (const serviceAccount of serviceAccounts.filter(({ isPattern }) => !isPattern)) {
    const pattern = patterns.find(known => known.includes(serviceAccount));
    if (pattern) {
      throw new Error(`${user} trusts ${serviceAccount} by its name and by the pattern '${pattern}', so perhaps in two of its roles; leave one of them out`);
    }
  }
}

function roleThatTrusts(serviceAccount: ServiceAccountSubject, roles: readonly IrsaRole[]): IrsaRole | undefined {
  return roles.find(role => role.serviceAccounts.some(known => known.includes(serviceAccount)));
}
