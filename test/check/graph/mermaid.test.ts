import { edgeOf, graphWith, nodeOf } from './graphs';
import { HOSTILE } from './hostile';
import type { Finding } from '../../../src/check/finding';
import type { GraphEdge, GraphNode } from '../../../src/check/graph/graph';
import { mermaidOf } from '../../../src/check/graph/mermaid';

const linesOf = (nodes: readonly GraphNode[], edges?: readonly GraphEdge[]): string[] => mermaidOf(graphWith(nodes, edges)).trimEnd().split('\n').map(line => line.trim());
const finding = (severity: Finding['severity']): Finding => ({ rule: 'x', severity, message: 'y', fix: 'z', places: [{ source: { file: 'f', document: 0 }, path: [] }] });

test('clusters, accounts, and what is in neither', () => {
  const text = mermaidOf(graphWith([
    nodeOf('policy_1', { kind: 'policy', name: 'ViewOnlyAccess' }),
    nodeOf('role_1', { name: 'web', account: '111122223333' }),
    nodeOf('service_account_1', { kind: 'service-account', name: 'apps/web', cluster: 'oidc.example.com' }),
    nodeOf('service_account_2', { kind: 'service-account', name: 'apps/api' }),
  ], [edgeOf('service_account_1', 'role_1', { kind: 'annotation' }), edgeOf('role_1', 'policy_1', { kind: 'policy' })]));

  expect(text.replace(/group_[0-9a-f]{12}/g, 'group')).toBe(`flowchart LR
  subgraph group["cluster not known"]
    service_account_2("apps/api")
  end
  subgraph group["cluster oidc.example.com"]
    service_account_1("apps/web")
  end
  subgraph group["account 111122223333"]
    role_1["web"]
  end
  policy_1[/"ViewOnlyAccess"/]
  role_1 --> policy_1
  service_account_1 --> role_1
`);
});

test.each<[Partial<GraphEdge>, string]>([
  [{ kind: 'annotation' }, 'a --> b'],
  [{ kind: 'trust' }, 'a -.->|trusted| b'],
  [{ kind: 'match' }, 'a -.->|covered| b'],
  [{ kind: 'assume' }, 'a ==> b'],
  [{ kind: 'policy' }, 'a --> b'],
  [{ kind: 'annotation', verdict: 'denied' }, 'a -.-x|denied| b'],
  [{ kind: 'assume', verdict: 'unknown' }, 'a -.->|not known| b'],
])('an edge %j', (edge, line) => {
  expect(linesOf([nodeOf('a'), nodeOf('b')], [edgeOf('a', 'b', edge)])).toContain(line);
});

test('what was found, and what is in none of the files', () => {
  expect(linesOf([nodeOf('a', { findings: [finding('error'), finding('warning'), finding('warning')] }), nodeOf('b', { isUnknown: true, findings: [finding('warning')] })])).toEqual([
    'flowchart LR', 'a["a (1 error, 2 warnings)"]', 'b["b (not in the files, 1 warning)"]',
    'classDef missing stroke-dasharray: 4 4', 'class b missing', 'classDef warning stroke:#b7791f,stroke-width:2px', 'class b warning',
    'classDef error stroke:#d1242f,stroke-width:2px', 'class a error',
  ]);
});

test.each(HOSTILE)('%j stays a label', name => {
  const [, label] = linesOf([nodeOf('a', { name })]);

  expect(label).toMatch(/^a\["(?:[\p{L}\p{N} ./_,()-]|#\d+;)*"\]$/u);
  expect(label.slice(3, -2).replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))).toBe(name);
});

test('letters of all languages stay', () => {
  expect(linesOf([nodeOf('a', { name: '統合/Rôle 🚀' })])).toContain('a["統合/Rôle #128640;"]');
});

test('hostile accounts and clusters stay titles', () => {
  for (const name of HOSTILE) {
    expect(mermaidOf(graphWith([nodeOf('a', { account: name }), nodeOf('b', { kind: 'service-account', cluster: name })])))
      .toMatch(/^flowchart LR\n {2}subgraph \w+\["cluster [^"]*"\]\n {4}b\("b"\)\n {2}end\n {2}subgraph \w+\["account [^"]*"\]\n {4}a\["a"\]\n {2}end\n$/);
  }
});

test('the order is that of names, whatever the order of files', () => {
  const nodes = ['web-10', 'web-9', 'api'].map(name => nodeOf(name.replace('-', '_'), { name }));

  expect(linesOf(nodes)).toEqual(['flowchart LR', 'api["api"]', 'web_9["web-9"]', 'web_10["web-10"]']);
  expect(linesOf([...nodes].reverse())).toEqual(linesOf(nodes));
});
