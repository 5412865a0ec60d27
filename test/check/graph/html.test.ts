import { createHash } from 'node:crypto';
import { edgeOf, graphIn, graphWith, nodeOf } from './graphs';
import { HOSTILE } from './hostile';
import type { Graph } from '../../../src/check/graph/graph';
import { htmlOf } from '../../../src/check/graph/html';
import { changed, documents, ROLE, SERVICE_ACCOUNT } from '../../../src/check/rules/example';

const page = (graph: Graph): string => htmlOf(graph, ({ source, path }) => `${source.file}:${path.length}:1`);
const unescaped = (text: string): string => text.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) => code ? String.fromCharCode(Number(code)) : { amp: '&', lt: '<', gt: '>', quot: '"' }[name]!);
const contents = (html: string, pattern: RegExp): string[] => [...html.matchAll(pattern)].map(([, text]) => unescaped(text));

test('everything is there without its script, too', () => {
  const html = page(graphIn(documents(changed(ROLE, 'apps:web', 'app:web'), SERVICE_ACCOUNT)));

  expect(contents(html, /<span class="name">([^<]*)<\/span>/g)).toEqual(['app/web', 'apps/web', 'web']);
  expect(html).toContain('<p>2 service accounts, 1 role, 0 policies · ');
  expect(html).toContain('<dt>made in</dt><dd>example.yaml:2:1</dd>');
  expect(html).toContain('<span class="mark error">1 error</span>');
  expect(html).toContain('<b>error trust-subject</b>');
});

test('filters list what there is', () => {
  const html = page(graphWith([nodeOf('a', { account: '222222222222' }), nodeOf('b', { account: '111111111111' }), nodeOf('c', { kind: 'service-account', namespace: 'apps', cluster: 'oidc.example.com' })]));

  expect(contents(html, /<option value="([^"]+)">/g)).toEqual(['oidc.example.com', 'apps', '111111111111', '222222222222']);
});

test('only its own style and script are let in, by their hashes', () => {
  const html = page(graphWith([nodeOf('a')]));
  const [policy] = contents(html, /http-equiv="Content-Security-Policy" content="([^"]*)"/g);
  const hash = (element: string): string => `'sha256-${createHash('sha256').update(html.split(`<${element}>`)[1].split(`</${element}>`)[0]).digest('base64')}'`;

  expect(policy).toBe(`default-src 'none'; style-src ${hash('style')}; script-src ${hash('script')}; base-uri 'none'; form-action 'none'`);
});

test('asks for nothing: neither loads, nor links', () => {
  expect(page(graphIn(documents(ROLE, SERVICE_ACCOUNT))).replace(/oidc\.example\.com/g, '')).not.toMatch(/https?:|\ssrc=|\shref=|url\(|@import|fetch\(|XMLHttpRequest|innerHTML|eval\(/);
});

test.each(HOSTILE)('%j stays a text, wherever it stands', name => {
  const finding = { rule: 'x', severity: 'error', message: name, fix: name, places: [{ source: { file: name, document: 0 }, path: [] }] } as const;
  const node = nodeOf('a', { name, account: name, cluster: name, namespace: name, arn: name, notes: [name], places: finding.places, findings: [finding] });
  const html = page({ ...graphWith([node, nodeOf('b', { kind: 'service-account', name })], [edgeOf('b', 'a', { notes: [name] })]), otherFindings: [finding] });
  const plain = page({ ...graphWith([{ ...node, ...{ name: 'n', account: 'n', cluster: 'n', namespace: 'n', arn: 'n', notes: ['n'] } }, nodeOf('b', { kind: 'service-account', name: 'n' })], [edgeOf('b', 'a', { notes: ['n'] })]), otherFindings: [finding] });
  const tags = (text: string): string[] => text.split('<script>')[0].match(/<[/!]?[a-z-]+/gi)!;

  expect(tags(html)).toEqual(tags(plain));
  expect(contents(html, /<span class="name">([^<]*)<\/span>/g)).toEqual([name, name]);
  expect(contents(html, /data-account="([^"]*)"/g)).toEqual([name]);
  const [, edges] = /<script type="application\/json" id="edges">([^<]*)<\/script>/.exec(html)!;
  expect((JSON.parse(edges) as { edges: unknown[] }).edges).toEqual([expect.objectContaining({ from: 1, to: 0, notes: [name] })]);
});

test('an empty graph is a page as well', () => {
  expect(page(graphWith([]))).toContain('0 service accounts, 0 roles, 0 policies');
});
