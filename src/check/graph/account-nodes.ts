import type { GraphBuilder } from './builder';
import { PlaceIndex } from './place-index';
import type { TrustedToken } from './trusted-tokens';
import type { Facts } from '../facts';
import type { KubernetesObject } from '../kubernetes/objects';
import type { Place } from '../place';
import { matchesText } from '../policy/operators';
import { isUnresolved } from '../unresolved';

/** Service accounts as nodes: one for each cluster that trust policies let it be in, since manifests do not say where they go. */
export class AccountNodes {
  private readonly clusters = new Map<string, Set<string | undefined>>();
  private readonly ids = new Map<string, Set<string>>();
  private readonly inManifests: ReadonlySet<string>;
  private readonly objects = new PlaceIndex<KubernetesObject>();

  public constructor(private readonly builder: GraphBuilder, private readonly facts: Facts) {
    this.inManifests = new Set(facts.serviceAccounts.map(({ namespace, name }) => keyOf(namespace, name)));
    facts.objects.forEach(object => this.objects.add(object.place, object));
  }

  /** Notes that a service account is in a cluster. */
  public isIn(namespace: string, name: string, issuer: string | undefined): void {
    const key = keyOf(namespace, name);
    this.clusters.set(key, (this.clusters.get(key) ?? new Set()).add(issuer));
  }

  /**
   * The nodes of a service account in these clusters; without any, in those that are known otherwise.
   *
   * @param place what names it in a manifest
   */
  public nodes(namespace: string, name: string, issuers: ReadonlyArray<string | undefined>, place?: Place): string[] {
    const key = keyOf(namespace, name);
    const clusters = issuers.length > 0 ? issuers : [...this.clusters.get(key) ?? [undefined]];
    return clusters.map(cluster => {
      const id = this.node(namespace, name, cluster);
      (place ? this.objects.find(place) : []).forEach(object => this.locate(id, object));
      this.ids.set(key, (this.ids.get(key) ?? new Set()).add(id));
      return id;
    });
  }

  /** Leads service accounts of the manifests to the patterns that cover them. */
  public addMatches(patterns: ReadonlyArray<TrustedToken & { readonly id: string }>): void {
    for (const { namespace, name } of this.facts.serviceAccounts) {
      const covering = patterns.filter(({ sub = '*' }) => matchesText(`system:serviceaccount:${namespace}:${name}`, sub, false) === 'yes');
      const known = this.clusters.get(keyOf(namespace, name));
      for (const { id, issuer } of covering.filter(pattern => known?.has(pattern.issuer) ?? true)) {
        this.isIn(namespace, name, issuer);
        this.nodes(namespace, name, [issuer]).forEach(account => this.builder.edge(account, id, 'match'));
      }
    }
  }

  /** Says where the others are made: what is found there, or in their pods, is about them. */
  public addPlaces(): void {
    for (const account of this.facts.serviceAccounts.filter(({ place }) => this.builder.places.find(place).length === 0)) {
      this.ids.get(keyOf(account.namespace, account.name))?.forEach(id => this.locate(id, account));
    }
    for (const { place, namespace, serviceAccountName } of this.facts.workloads) {
      this.ids.get(keyOf(namespace, serviceAccountName))?.forEach(id => this.builder.places.add(place, id));
    }
  }

  private node(namespace: string, name: string, cluster: string | undefined): string {
    const key = keyOf(namespace, name);
    const isOpen = isUnresolved(namespace);
    return this.builder.node('service-account', `${cluster ?? ''} ${key}`, {
      name: isOpen ? name : key,
      namespace: isOpen ? undefined : namespace,
      cluster,
      isUnknown: !this.inManifests.has(key),
      notes: isOpen ? ['the manifest names no namespace'] : [],
    });
  }

  private locate(id: string, { kind, place }: KubernetesObject): void {
    if (kind === 'ServiceAccount') {
      this.builder.locate(id, place);
    } else {
      this.builder.places.add(place, id);
    }
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
