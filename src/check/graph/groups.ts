import { idOf } from './builder';
import type { Graph, GraphNode } from './graph';

/** Nodes that are drawn in one box. */
export interface Group {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly GraphNode[];
}

/** The nodes by cluster and account, in the order of their names; and those that are in none. */
export function groupsOf({ nodes }: Graph): { readonly groups: readonly Group[]; readonly others: readonly GraphNode[] } {
  const byTitle = new Map<string, GraphNode[]>();
  const others: GraphNode[] = [];
  for (const node of [...nodes].sort(compareNodes)) {
    const title = titleOf(node);
    if (title === undefined) {
      others.push(node);
    } else {
      byTitle.set(title, [...byTitle.get(title) ?? [], node]);
    }
  }
  const groups = [...byTitle].map(([title, each]) => ({ id: idOf('group', title), title, nodes: each }));
  return { groups: groups.sort((a, b) => compare(order(a), order(b)) || compare(a.title, b.title)), others };
}

/** The order in which people look for nodes. */
export function compareNodes(a: GraphNode, b: GraphNode): number {
  return compare(KINDS.indexOf(a.kind), KINDS.indexOf(b.kind)) || NAMES.compare(a.name, b.name) || compare(a.id, b.id);
}

/** `web-2` comes before `web-10`. */
const NAMES = new Intl.Collator('en', { numeric: true });

const KINDS: ReadonlyArray<GraphNode['kind']> = ['service-account', 'subject', 'principal', 'role', 'policy'];

function titleOf({ kind, cluster, account }: GraphNode): string | undefined {
  return kind === 'service-account' || kind === 'subject' ? cluster === undefined ? 'cluster not known' : `cluster ${cluster}`
    : account === undefined ? undefined : `account ${account}`;
}

/** Clusters come before accounts. */
function order({ nodes: [first] }: Group): number {
  return KINDS.indexOf(first.kind) < KINDS.indexOf('principal') ? 0 : 1;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
