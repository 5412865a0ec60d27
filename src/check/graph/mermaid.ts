import type { Graph, GraphEdge, GraphNode } from './graph';
import { groupsOf } from './groups';
import { edgeLabel, labelOf, statesOf } from './label';

const SHAPES: Readonly<Record<GraphNode['kind'], readonly [open: string, close: string]>> = {
  'service-account': ['(', ')'],
  'subject': ['{{', '}}'],
  'principal': ['>', ']'],
  'role': ['[', ']'],
  'policy': ['[/', '/]'],
};

/** Borders only: what fills and writes fits to light and dark pages is the theme's affair. */
const STYLES: Readonly<Record<string, string>> = {
  missing: 'stroke-dasharray: 4 4',
  warning: 'stroke:#b7791f,stroke-width:2px',
  error: 'stroke:#d1242f,stroke-width:2px',
};

/**
 * A flowchart of Mermaid, as Markdown shows it.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaidOf(graph: Graph): string {
  const { groups, others } = groupsOf(graph);
  const edges = [...graph.edges].sort((a, b) => `${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1);
  return [
    'flowchart LR',
    ...groups.flatMap(({ id, title, nodes }) => [`  subgraph ${id}["${escaped(title)}"]`, ...nodes.map(node => `    ${nodeText(node)}`), '  end']),
    ...others.map(node => `  ${nodeText(node)}`),
    ...edges.map(edge => `  ${edgeText(edge)}`),
    ...Object.entries(STYLES).flatMap(([state, style]) => {
      const ids = graph.nodes.filter(node => statesOf(node).includes(state)).map(({ id }) => id).sort();
      return ids.length === 0 ? [] : [`  classDef ${state} ${style}`, `  class ${ids.join(',')} ${state}`];
    }),
    '',
  ].join('\n');
}

function nodeText(node: GraphNode): string {
  const [open, close] = SHAPES[node.kind];
  return `${node.id}${open}"${escaped(labelOf(node))}"${close}`;
}

function edgeText(edge: GraphEdge): string {
  const label = edgeLabel(edge);
  const arrow = edge.verdict === 'denied' ? '-.-x' : edge.verdict === 'unknown' || edge.kind === 'trust' || edge.kind === 'match' ? '-.->' : edge.kind === 'assume' ? '==>' : '-->';
  return `${edge.from} ${arrow}${label ? `|${label}|` : ''} ${edge.to}`;
}

/** Whatever is not a letter, a digit or harmless becomes a character code: names must not end a label, nor become markup or a directive. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} ./_,()-]/gu, character => `#${character.codePointAt(0)};`);
}
