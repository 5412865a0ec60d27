import { membersByShard, type Placement, place } from './shard-placement';

/** Where clusters and service accounts are, in a grid with a role in each cell: a row trusts its clusters, a column its service accounts. */
export interface ShardLayout {
  /** The row of each cluster. */
  readonly clusters: Placement;
  /** The column of each service account. */
  readonly serviceAccounts: Placement;
}

/** What has to be laid out, and what there is room for. */
export interface ShardPlan {
  readonly clusters: readonly string[];
  readonly serviceAccounts: readonly string[];
  /** Whether one role can trust these service accounts of all those clusters. */
  readonly fits: (serviceAccounts: readonly string[]) => (clusters: readonly string[]) => boolean;
  /** Whether one role can trust these service accounts of so many clusters, whatever issuers they have. */
  readonly fitsAny: (serviceAccounts: readonly string[], clusters: number) => boolean;
}

/**
 * Lays out a grid of the fewest roles. What is recorded does not move.
 *
 * Service accounts stay in one column if that takes no more roles. Several columns leave room for clusters with longer issuers than there are
 * now; narrow ones let more clusters into a row, so what is best is tried out.
 */
export function layOut(plan: ShardPlan, recorded: ShardLayout): ShardLayout {
  const together = withRoomFor(0, plan, recorded);
  const layouts = new Set(together.serviceAccounts.values()).size > 1 ? [] : [together];
  for (let perRow = 1; perRow === 1 || plan.serviceAccounts.some(one => plan.fitsAny([one], perRow)); perRow++) {
    layouts.push(withRoomFor(perRow, plan, recorded));
  }
  return layouts.reduce((best, layout) => cellsOf(layout).length < cellsOf(best).length ? layout : best);
}

/** The layout whose columns leave room for so many clusters in a row, whatever issuers they have. */
function withRoomFor(perRow: number, { clusters, serviceAccounts, fits, fitsAny }: ShardPlan, recorded: ShardLayout): ShardLayout {
  const alone = clusters.filter(cluster => !recorded.clusters.has(cluster)).map(cluster => [cluster]);
  const rows = [...membersByShard(present(recorded.clusters, clusters)).values(), ...alone];
  const columns = place(serviceAccounts, recorded.serviceAccounts, members => rows.every(fits(members)) && fitsAny(members, perRow));

  const fitsColumns = [...membersByShard(columns).values()].map(fits);
  return {
    clusters: place(clusters, recorded.clusters, members => fitsColumns.every(fitsColumn => fitsColumn(members))),
    serviceAccounts: columns,
  };
}

/** A role to be made. */
export interface ShardCell {
  /** Stays the same whatever else there is: `Shard0`, or `Shard0-1` in the second column. */
  readonly id: string;
  readonly clusters: readonly string[];
  readonly serviceAccounts: readonly string[];
}

/** The cells of the grid, row by row. */
export function cellsOf({ clusters, serviceAccounts }: ShardLayout): ShardCell[] {
  const columns = byNumber(serviceAccounts);
  return byNumber(clusters).flatMap(([row, ofRow]) => columns.map(([column, ofColumn]) => ({
    id: column === 0 ? `Shard${row}` : `Shard${row}-${column}`,
    clusters: ofRow,
    serviceAccounts: ofColumn,
  })));
}

function byNumber(placement: Placement): [number, string[]][] {
  return [...membersByShard(placement)].sort(([a], [b]) => a - b);
}

function present(placement: Placement, keys: readonly string[]): Placement {
  return new Map([...placement].filter(([key]) => keys.includes(key)));
}
