import { checkFacts } from '../../../src/check/check';
import { factsOf } from '../../../src/check/facts';
import type { Graph, GraphEdge, GraphNode } from '../../../src/check/graph/graph';
import { graphOf } from '../../../src/check/graph/graph-of';
import type { TemplateInput } from '../../../src/check/template/template-input';
import { inputsOf } from '../inputs';

/** The graph of a YAML text. */
export function graphIn(text: string, template?: Partial<TemplateInput>): Graph {
  const { templates, manifests } = inputsOf(text, template);
  const facts = factsOf(templates, manifests);
  return graphOf(facts, checkFacts(facts).findings);
}

/** The graph of a template in each account, and of manifests. */
export function graphAcross(templates: Readonly<Record<string, string>>, manifests: string): Graph {
  const facts = factsOf(Object.entries(templates).flatMap(([account, text]) => inputsOf(text, { account, region: 'eu-west-1' }).templates), inputsOf(manifests).manifests);
  return graphOf(facts, checkFacts(facts).findings);
}

/** The edges as a person says them: `service-account apps/web -annotation-> role web`. */
export function waysIn(graph: Graph): string[] {
  const name = (id: string): string => {
    const { kind, name: text } = graph.nodes.find(node => node.id === id)!;
    return `${kind} ${text}`;
  };
  return graph.edges.map(({ from, to, kind, verdict }) => `${name(from)} -${kind}${verdict === 'allowed' ? '' : `, ${verdict}`}-> ${name(to)}`).sort();
}

/** The node of a name. */
export function nodeIn({ nodes }: Graph, name: string): GraphNode {
  const [node, ...others] = nodes.filter(each => each.name === name);
  expect([node?.name, others]).toEqual([name, []]);
  return node;
}

/** A node as it is without further ado. */
export function nodeOf(id: string, changes: Partial<GraphNode> = {}): GraphNode {
  return { id, kind: 'role', name: id, isUnknown: false, notes: [], places: [], findings: [], ...changes };
}

export function edgeOf(from: string, to: string, changes: Partial<GraphEdge> = {}): GraphEdge {
  return { from, to, kind: 'assume', verdict: 'allowed', notes: [], ...changes };
}

export function graphWith(nodes: readonly GraphNode[], edges: readonly GraphEdge[] = []): Graph {
  return { nodes, edges, otherFindings: [] };
}
