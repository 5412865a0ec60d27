import type { Graph, GraphEdge, GraphNode } from './graph';
import { compareNodes } from './groups';

/** What hangs together, in columns: who, roles, roles behind these, and policies. */
export interface Part {
  readonly columns: ReadonlyArray<readonly GraphNode[]>;
  readonly edges: readonly GraphEdge[];
}

/** How many columns of roles there are at most: roles further down a chain stand in the last one. */
const MAX_ROLE_COLUMNS = 5;

/**
 * The parts of a graph that have nothing to do with each other, all with the same number of columns. What is at the end of a way does not make one part of two:
 * a policy that a hundred roles have stands in a hundred places.
 */
export function partsOf({ nodes, edges }: Graph): Part[] {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const root = unite(nodes, edges.filter(({ from, to }) => !isEnd(byId.get(from)!) && !isEnd(byId.get(to)!)));
  const depths = depthsOf(nodes, edges);
  const last = Math.max(1, ...depths.values()) + 1;
  const parts = new Map<string, { readonly nodes: Set<GraphNode>; readonly edges: GraphEdge[] }>();
  const partOf = (id: string) => parts.get(root(id)) ?? parts.set(root(id), { nodes: new Set(), edges: [] }).get(root(id))!;
  nodes.filter(node => !isEnd(node)).forEach(node => partOf(node.id).nodes.add(node));
  for (const edge of edges) {
    const [from, to] = [byId.get(edge.from)!, byId.get(edge.to)!];
    const part = partOf(isEnd(from) ? to.id : from.id);
    part.edges.push(edge);
    part.nodes.add(from).add(to);
  }
  return [...parts.values()]
    .map(part => ({ edges: part.edges, columns: columnsOf(part, node => columnOf(node, depths, last), last + 1) }))
    .sort((a, b) => compareNodes(a.columns.flat()[0], b.columns.flat()[0]));
}

function columnOf({ id, kind }: GraphNode, depths: ReadonlyMap<string, number>, last: number): number {
  return kind === 'policy' ? last : kind === 'role' ? depths.get(id) ?? 1 : 0;
}

function isEnd({ kind }: GraphNode): boolean {
  return kind === 'policy' || kind === 'principal';
}

/** What stands for all nodes that are connected. */
function unite(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): (id: string) => string {
  const parents = new Map(nodes.map(({ id }) => [id, id]));
  const root = (id: string): string => {
    let top = id;
    for (let next = parents.get(top)!; next !== top; next = parents.get(top)!) {
      // paths are halved on the way
      parents.set(top, parents.get(next)!);
      top = next;
    }
    return top;
  };
  edges.forEach(({ from, to }) => parents.set(root(from), root(to)));
  return root;
}

/** How many steps nodes are away from a token; from others who become them, where no token leads there. */
function depthsOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Map<string, number> {
  const roles = new Set(nodes.filter(({ kind }) => kind === 'role').map(({ id }) => id));
  const next = new Map<string, string[]>();
  edges.filter(({ to }) => roles.has(to)).forEach(({ from, to }) => (next.get(from) ?? next.set(from, []).get(from)!).push(to));
  const reached = new Set(edges.map(({ to }) => to));
  const depths = new Map<string, number>();
  const isToken = ({ kind }: GraphNode): boolean => kind === 'service-account' || kind === 'subject';
  for (const isFirst of [isToken, ({ id }: GraphNode) => !reached.has(id) && next.has(id)]) {
    let step = nodes.filter(node => isFirst(node) && !depths.has(node.id)).map(({ id }) => id);
    step.forEach(id => depths.set(id, 0));
    for (let depth = 1; step.length > 0; depth++) {
      step = [...new Set(step.flatMap(id => next.get(id) ?? []))].filter(id => !depths.has(id));
      step.forEach(id => depths.set(id, Math.min(depth, MAX_ROLE_COLUMNS)));
    }
  }
  return depths;
}

/** Each column in the order of what leads to it, so that few lines cross. */
function columnsOf({ nodes, edges }: { readonly nodes: ReadonlySet<GraphNode>; readonly edges: readonly GraphEdge[] }, column: (node: GraphNode) => number, count: number): GraphNode[][] {
  const columns = Array.from({ length: count }, (): GraphNode[] => []);
  nodes.forEach(node => columns[column(node)].push(node));
  const before = new Map<string, string[]>();
  edges.forEach(({ from, to }) => (before.get(to) ?? before.set(to, []).get(to)!).push(from));
  const rows = new Map<string, number>();
  return columns.map(each => {
    const wish = new Map(each.map(({ id }) => [id, mean((before.get(id) ?? []).flatMap(other => rows.get(other) ?? []))]));
    const sorted = each.sort((a, b) => wish.get(a.id)! - wish.get(b.id)! || compareNodes(a, b));
    sorted.forEach(({ id }, row) => rows.set(id, row));
    return sorted;
  });
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, each) => sum + each, 0) / values.length;
}
