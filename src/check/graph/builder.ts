import { createHash } from 'node:crypto';
import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind } from './graph';
import { PlaceIndex } from './place-index';
import { parseArn } from '../arn';
import type { Finding } from '../finding';
import type { Place } from '../place';
import { plain } from '../report/report';
import type { Role } from '../template/roles';
import { isUnresolved } from '../unresolved';

/** What is said of a node. Of what several say the same thing, all texts are kept once. */
export interface NodeText extends Partial<Pick<GraphNode, 'account' | 'cluster' | 'namespace' | 'arn' | 'isUnknown' | 'notes'>> {
  readonly name: string;
  readonly place?: Place;
}

interface Draft extends Omit<GraphNode, 'notes' | 'places' | 'findings'> {
  readonly notes: Set<string>;
  readonly places: Set<Place>;
  readonly findings: Set<Finding>;
}

/** What is said of an edge. */
export type EdgeText = Pick<GraphEdge, 'verdict' | 'notes'>;

/** When several things lead from one node to another, the first of these counts: what is asked for says most. */
const KINDS: readonly EdgeKind[] = ['annotation', 'assume', 'trust', 'match', 'policy'];
const VERDICTS: ReadonlyArray<GraphEdge['verdict']> = ['allowed', 'unknown', 'denied'];

/** Collects nodes and edges, each once. */
export class GraphBuilder {
  /** What findings at a place are about. */
  public readonly places = new PlaceIndex<string>();
  private readonly nodes = new Map<string, Draft>();
  private readonly edges = new Map<string, GraphEdge>();

  /** @param key what tells it from others of its kind */
  public node(kind: NodeKind, key: string, text: NodeText): string {
    const id = idOf(kind, key);
    const { name, account, cluster, namespace, arn, isUnknown = false, notes = [], place } = text;
    const before = this.nodes.get(id);
    this.nodes.set(id, {
      id,
      kind,
      name: plain(name),
      ...known({ account, cluster, namespace, arn }),
      isUnknown: isUnknown && (before?.isUnknown ?? true),
      notes: new Set([...before?.notes ?? [], ...notes.map(plain)]),
      places: before?.places ?? new Set(),
      findings: before?.findings ?? new Set(),
    });
    if (place) {
      this.locate(id, place);
    }
    return id;
  }

  /** Says where a node is made: what is found there is about it. */
  public locate(id: string, place: Place): void {
    this.nodes.get(id)!.places.add(place);
    this.places.add(place, id);
  }

  /** The role of an ARN, whether a template has it or not. */
  public role(arn: string, role: Role | undefined): string {
    const name = role && isUnresolved(role.name) ? String(role.place.path.at(-1)) : role?.name ?? parseArn(arn)?.resource.split('/').at(-1) ?? arn;
    const account = role?.account ?? parseArn(arn)?.account;
    // roles whose names only a deployment chooses are told apart by the templates that make them
    const key = role && isUnresolved(role.arn) ? `${role.arn} ${role.place.path.join('/')}` : role?.arn ?? arn;
    return this.node('role', key, { name, account, arn: role?.arn ?? arn, isUnknown: !role, place: role?.place });
  }

  public edge(from: string, to: string, kind: EdgeKind, { verdict, notes }: EdgeText = { verdict: 'allowed', notes: [] }): void {
    const key = `${from} ${to}`;
    const edge = { from, to, kind, verdict, notes: notes.map(plain) };
    const before = this.edges.get(key) ?? edge;
    const [first] = [before, edge].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
    this.edges.set(key, { ...first, notes: [...new Set([...before.notes, ...edge.notes])] });
  }

  /** All of it, with findings where they are about a node. */
  public build(findings: readonly Finding[]): Graph {
    const otherFindings = findings.filter(finding => {
      const ids = new Set(finding.places.flatMap(place => this.places.find(place)));
      ids.forEach(id => this.nodes.get(id)!.findings.add(finding));
      return ids.size === 0;
    });
    const nodes = [...this.nodes.values()].map(node => ({ ...node, notes: [...node.notes], places: [...node.places], findings: [...node.findings] }));
    return { nodes, edges: [...this.edges.values()], otherFindings };
  }
}

/** A word that stands for a name, whatever it is made of. */
export function idOf(kind: string, key: string): string {
  return `${kind.replace('-', '_')}_${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

function known(texts: Pick<NodeText, 'account' | 'cluster' | 'namespace' | 'arn'>): Pick<NodeText, 'account' | 'cluster' | 'namespace' | 'arn'> {
  return Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => text ? [[name, plain(text)]] : []));
}
