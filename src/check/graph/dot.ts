import type { Graph, GraphEdge, GraphNode } from './graph';
import { groupsOf } from './groups';
import { edgeLabel, labelOf, statesOf } from './label';

const SHAPES: Readonly<Record<GraphNode['kind'], string>> = {
  'service-account': 'box', 'subject': 'hexagon', 'principal': 'cds', 'role': 'component', 'policy': 'note',
};

const STATES: Readonly<Record<string, string>> = { missing: 'style=dashed', warning: 'color="#b7791f" penwidth=2', error: 'color="#d1242f" penwidth=2' };

/**
 * A graph for Graphviz.
 *
 * @see https://graphviz.org/doc/info/lang.html
 */
export function dotOf(graph: Graph): string {
  const { groups, others } = groupsOf(graph);
  const edges = [...graph.edges].sort((a, b) => `${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1);
  return [
    'digraph "who can become what" {',
    '  rankdir=LR',
    '  node [fontname="sans-serif"]',
    '  edge [fontname="sans-serif" fontsize=10]',
    ...groups.flatMap(({ id, title, nodes }) => [`  subgraph cluster_${id} {`, `    label=${quoted(title)}`, ...nodes.map(node => `    ${nodeText(node)}`), '  }']),
    ...others.map(node => `  ${nodeText(node)}`),
    ...edges.map(edge => `  ${edgeText(edge)}`),
    '}',
    '',
  ].join('\n');
}

function nodeText(node: GraphNode): string {
  return `${node.id} [${[`label=${quoted(labelOf(node))}`, `shape=${SHAPES[node.kind]}`, ...statesOf(node).map(state => STATES[state])].join(' ')}]`;
}

function edgeText(edge: GraphEdge): string {
  const label = edgeLabel(edge);
  const style = edge.verdict === 'denied' ? ['color="#d1242f"', 'arrowhead=tee', 'style=dashed'] : edge.verdict === 'unknown' || edge.kind === 'trust' || edge.kind === 'match' ? ['style=dashed']
    : edge.kind === 'assume' ? ['penwidth=2'] : [];
  const attributes = [...label ? [`label=${quoted(label)}`] : [], ...style];
  return `${edge.from} -> ${edge.to}${attributes.length > 0 ? ` [${attributes.join(' ')}]` : ''}`;
}

/** Backslashes begin what Graphviz replaces (`\N`), and `&` begins entities. */
function quoted(text: string): string {
  return `"${text.replace(/&/g, '&amp;').replace(/["\\]/g, '\\$&')}"`;
}
