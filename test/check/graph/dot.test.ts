import { edgeOf, graphWith, nodeOf } from './graphs';
import { HOSTILE } from './hostile';
import { dotOf } from '../../../src/check/graph/dot';
import type { GraphEdge } from '../../../src/check/graph/graph';

test('clusters, accounts, and what is in neither', () => {
  const text = dotOf(graphWith([
    nodeOf('policy_1', { kind: 'policy', name: 'ViewOnlyAccess' }),
    nodeOf('role_1', { name: 'web', account: '111122223333', isUnknown: true }),
    nodeOf('service_account_1', { kind: 'service-account', name: 'apps/web', cluster: 'oidc.example.com' }),
  ], [edgeOf('service_account_1', 'role_1', { kind: 'annotation' })]));

  expect(text.replace(/group_[0-9a-f]{12}/g, 'group')).toBe(`digraph "who can become what" {
  rankdir=LR
  node [fontname="sans-serif"]
  edge [fontname="sans-serif" fontsize=10]
  subgraph cluster_group {
    label="cluster oidc.example.com"
    service_account_1 [label="apps/web" shape=box]
  }
  subgraph cluster_group {
    label="account 111122223333"
    role_1 [label="web (not in the files)" shape=component style=dashed]
  }
  policy_1 [label="ViewOnlyAccess" shape=note]
  service_account_1 -> role_1
}
`);
});

test.each<[Partial<GraphEdge>, string]>([
  [{ kind: 'policy' }, 'a -> b'],
  [{ kind: 'assume' }, 'a -> b [penwidth=2]'],
  [{ kind: 'trust' }, 'a -> b [label="trusted" style=dashed]'],
  [{ kind: 'match' }, 'a -> b [label="covered" style=dashed]'],
  [{ kind: 'annotation', verdict: 'unknown' }, 'a -> b [label="not known" style=dashed]'],
  [{ kind: 'annotation', verdict: 'denied' }, 'a -> b [label="denied" color="#d1242f" arrowhead=tee style=dashed]'],
])('an edge %j', (edge, line) => {
  expect(dotOf(graphWith([nodeOf('a'), nodeOf('b')], [edgeOf('a', 'b', edge)]))).toContain(`\n  ${line}\n`);
});

test.each(HOSTILE)('%j stays a label', name => {
  const [, label] = /\n {2}a \[label="((?:[^"\\]|\\["\\])*)" shape=component\]\n}\n$/.exec(dotOf(graphWith([nodeOf('a', { name })])))!;

  expect(label.replace(/\\(.)/g, '$1').replaceAll('&amp;', '&')).toBe(name);
  expect(label).not.toMatch(/&(?!amp;)/);
});
