import { type Markup, markup } from './markup';
import type { Finding } from '../../finding';
import type { Place } from '../../place';
import { count, plain } from '../../report/report';
import type { GraphEdge, GraphNode, NodeKind } from '../graph';
import { statesOf } from '../label';
import type { Part } from '../parts';

/** `file:line:column` of a place. */
export type Locate = (place: Place) => string;

/** The place of nodes and edges in the lists that the script of the page has. */
export type Numbers = ReadonlyMap<unknown, number>;

/** What people call the kinds. */
const KINDS: Readonly<Record<NodeKind, string>> = {
  'service-account': 'service account', 'subject': 'tokens of a trust policy', 'principal': 'others who get the role', 'role': 'role', 'policy': 'policy',
};

/** Parts with more nodes in a column begin at the top: their middle may be out of sight. */
const TALL = 12;

/** What hangs together: columns of cards, and lines that the script draws. */
export function partHtml({ columns, edges }: Part, numbers: Numbers): Markup {
  const isTall = columns.some(({ length }) => length > TALL);
  return markup`<section class="part${isTall ? ' tall' : ''}">
<svg aria-hidden="true">${edges.map(edge => edgeHtml(edge, numbers))}</svg>
${columns.map((nodes, column) => markup`<ul class="column">${nodes.map(node => cardHtml(node, column, numbers))}</ul>
`)}</section>
`;
}

function edgeHtml(edge: GraphEdge, numbers: Numbers): Markup {
  return markup`<path class="edge ${edge.kind} ${edge.verdict}" data-edge="${numbers.get(edge)!}"/>`;
}

function cardHtml(node: GraphNode, column: number, numbers: Numbers): Markup {
  const { kind, name, account, cluster, namespace, findings } = node;
  const states = statesOf(node).map(state => ` is-${state}`).join('');
  const filters = Object.entries({ account, cluster, namespace, found: findings.length > 0 ? 'yes' : undefined })
    .map(([key, value]) => value === undefined ? markup`` : markup` data-${key}="${value}"`);
  const body = markup`<span class="name">${name}</span><span class="sub">${subtitle(node)}</span>${marks(node)}`;
  return markup`<li><button type="button" class="node ${kind}${states}" aria-pressed="false" tabindex="-1" data-node="${numbers.get(node)!}" data-kind="${kind}" data-column="${column}"${filters}>${body}</button></li>
`;
}

function subtitle({ kind, account, cluster }: GraphNode): string {
  return kind === 'service-account' || kind === 'subject' ? shortCluster(cluster) : account ?? '';
}

/** The long issuers of EKS by their region and the beginning of their id; the whole is said where there is room. */
function shortCluster(cluster = 'cluster not known'): string {
  const [, region, id] = /^oidc[.-]eks\.([a-z0-9-]+)\..*\/id\/(.{8})/.exec(cluster) ?? [];
  return region === undefined ? cluster : `EKS ${region} ${id}…`;
}

function marks({ isUnknown, findings }: GraphNode): Markup[] {
  const mark = (severity: Finding['severity']): Markup[] => {
    const found = findings.filter(each => each.severity === severity).length;
    return found === 0 ? [] : [markup`<span class="mark ${severity}">${count(found, severity)}</span>`];
  };
  return [...mark('error'), ...mark('warning'), ...isUnknown ? [markup`<span class="mark missing">not in the files</span>`] : []];
}

/** All that is known of a node. */
export function aboutHtml(node: GraphNode, number: number, locate: Locate): Markup {
  const { kind, name, arn, account, cluster, namespace, isUnknown, notes, places, findings } = node;
  const rows = Object.entries({
    'kind': KINDS[kind], arn, account, cluster, namespace, 'made in': places.map(place => plain(locate(place))).join(', ') || (isUnknown ? 'none of the files' : undefined),
  }).map(([term, text]) => text === undefined ? markup`` : markup`<dt>${term}</dt><dd>${text}</dd>`);
  return markup`<div id="about-${number}"><h2>${name}</h2><dl>${rows}${notes.map(note => markup`<dt>note</dt><dd>${note}</dd>`)}</dl>${findingsHtml(findings, locate)}</div>
`;
}

/** Findings with what to do. */
export function findingsHtml(findings: readonly Finding[], locate: Locate): Markup[] {
  return findings.length === 0 ? [] : [markup`<ul class="findings">${findings.map(({ rule, severity, message, fix, places: [place] }) => markup`<li class="${severity}">
<b>${severity} ${rule}</b>: ${plain(message)}<br>fix: ${plain(fix)}<br>${plain(locate(place))}</li>`)}</ul>`];
}
