import { createHash } from 'node:crypto';
import type { EdgeKind, Graph, GraphEdge, GraphNode } from './graph';
import { aboutHtml, findingsHtml, type Locate, type Numbers, partHtml } from './page/cards';
import { data, type Markup, markup, source } from './page/markup';
import { SCRIPT } from './page/script';
import { STYLE } from './page/style';
import { partsOf } from './parts';
import { count } from '../report/report';

/** What an edge says. */
const EDGES: Readonly<Record<EdgeKind, string>> = {
  annotation: 'a manifest asks for it',
  trust: 'the trust policy names the token',
  match: 'a pattern of a trust policy covers it',
  assume: 'sts:AssumeRole',
  policy: 'attached policy',
};

const LEGEND: ReadonlyArray<readonly [className: string, text: string]> = [
  ['annotation', 'a manifest asks for the role'], ['trust', 'only the trust policy says so, or it is not known'], ['assume', 'a role becomes another'], ['denied', 'asked for, and denied'],
];

/**
 * A page that needs nothing else: no network, and nothing runs in it but its own script, which is let in by its hash. Names are text wherever they stand.
 *
 * @param locate `file:line:column` of a place
 */
export function htmlOf(graph: Graph, locate: Locate): string {
  const parts = partsOf(graph);
  const columns = parts[0]?.columns.length ?? 0;
  const style = `${STYLE}:root { --columns: ${columns}; }\n`;
  const numbers: Numbers = new Map<unknown, number>([...graph.nodes, ...graph.edges].map((each, index) => [each, index < graph.nodes.length ? index : index - graph.nodes.length]));
  const byId = new Map(graph.nodes.map((node, index) => [node.id, index]));
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Who can become what</title>
<style>${source(style)}</style>
</head>
<body>
${header(graph)}
<div class="layout">
<main aria-label="Graph">
<noscript><p>Without scripts this page lists what there is, and draws no lines.</p></noscript>
<div class="heads" aria-hidden="true">${Array.from({ length: columns }, (_, column) => markup`<span>${titleOf(column, columns)}</span>`)}</div>
${parts.map(part => partHtml(part, numbers))}
${otherFindings(graph, locate)}
</main>
<aside aria-label="Details">
${HELP}
<div id="chosen"></div>
<p id="said" role="status"></p>
</aside>
</div>
<div hidden>
${graph.nodes.map((node, index) => aboutHtml(node, index, locate))}
</div>
<script type="application/json" id="edges">${data({ edges: graph.edges.map(edge => edgeData(edge, byId)) })}</script>
<script>${source(SCRIPT)}</script>
</body>
</html>
`.toString();
}

function header({ nodes }: Graph): Markup {
  const number = (kind: GraphNode['kind']): number => nodes.filter(node => node.kind === kind).length;
  const options = (key: 'account' | 'cluster' | 'namespace'): Markup[] => [...new Set(nodes.flatMap(node => node[key] ?? []))].sort()
    .map(value => markup`<option value="${value}">${value}</option>`);
  const select = (key: 'account' | 'cluster' | 'namespace'): Markup => markup`<label for="${key}">${key}<select id="${key}"><option value="">all</option>${options(key)}</select></label>
`;
  const policies = number('policy');
  return markup`<header>
<div class="title"><h1>Who can become what</h1>
<p>${count(number('service-account'), 'service account')}, ${count(number('role'), 'role')}, ${policies} ${policies === 1 ? 'policy' : 'policies'} · <span id="status" role="status"></span></p></div>
<form role="search">
<label for="search">search<input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="name, ARN, action, rule"></label>
${select('cluster')}${select('namespace')}${select('account')}<label for="found"><input type="checkbox" id="found"> with findings</label>
<button type="button" id="reset">Show all</button>
</form>
<ul class="legend">${LEGEND.map(([name, text]) => markup`<li><svg aria-hidden="true"><path class="edge ${name}" d="M0 4H34"/></svg>${text}</li>`)}</ul>
</header>`;
}

const HELP = markup`<div id="nothing"><h2>Nothing is chosen</h2>
<p>Choose a card to see who gets there, what it leads to, and what was found.</p>
<p class="keys"><kbd>/</kbd> search · <kbd>Tab</kbd> to the cards, then <kbd>↑</kbd> <kbd>↓</kbd> in a column, <kbd>←</kbd> <kbd>→</kbd> along a line, <kbd>Home</kbd> <kbd>End</kbd> · <kbd>Enter</kbd> choose · <kbd>Esc</kbd> nothing</p>
</div>`;

function titleOf(column: number, columns: number): string {
  return column === 0 ? 'Who' : column === columns - 1 ? 'Policies' : column === 1 ? 'Roles' : `Roles, ${column === 2 ? 'from there' : `step ${column}`}`;
}

function otherFindings({ otherFindings: findings }: Graph, locate: Locate): Markup {
  return findings.length === 0 ? markup`` : markup`<section class="others"><h3>Found elsewhere</h3>${findingsHtml(findings, locate)}</section>`;
}

function edgeData({ from, to, kind, verdict, notes }: GraphEdge, numbers: ReadonlyMap<string, number>): object {
  const what = verdict === 'allowed' ? EDGES[kind] : `${EDGES[kind]}, ${verdict === 'denied' ? 'and is denied' : 'and whether it works is not known'}`;
  return { from: numbers.get(from), to: numbers.get(to), verdict, what, notes };
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
