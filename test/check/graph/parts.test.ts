import { edgeOf, graphWith, nodeOf } from './graphs';
import type { Graph } from '../../../src/check/graph/graph';
import { partsOf } from '../../../src/check/graph/parts';

const account = (id: string) => nodeOf(id, { kind: 'service-account' });
const policy = (id: string) => nodeOf(id, { kind: 'policy' });
const columns = (graph: Graph): string[][][] => partsOf(graph).map(part => part.columns.map(column => column.map(({ id }) => id)));

test('what is not connected stands apart, with as many columns', () => {
  expect(columns(graphWith(
    [account('s1'), account('s2'), ...['r1', 'r2', 'r3'].map(id => nodeOf(id))],
    [edgeOf('s1', 'r1'), edgeOf('s2', 'r2'), edgeOf('r2', 'r3')],
  ))).toEqual([[['s1'], ['r1'], [], []], [['s2'], ['r2'], ['r3'], []]]);
});

test('a shared policy stands in each part that has it', () => {
  const graph = graphWith([account('s1'), account('s2'), nodeOf('r1'), nodeOf('r2'), policy('p')], [edgeOf('s1', 'r1'), edgeOf('s2', 'r2'), edgeOf('r1', 'p'), edgeOf('r2', 'p')]);

  expect(columns(graph)).toEqual([[['s1'], ['r1'], ['p']], [['s2'], ['r2'], ['p']]]);
  expect(partsOf(graph).map(({ edges }) => edges.map(({ from, to }) => `${from}${to}`))).toEqual([['s1r1', 'r1p'], ['s2r2', 'r2p']]);
});

test('so does an account that is trusted as a whole', () => {
  const graph = graphWith([nodeOf('root', { kind: 'principal' }), nodeOf('r1'), nodeOf('r2')], [edgeOf('root', 'r1'), edgeOf('root', 'r2')]);

  expect(columns(graph)).toEqual([[['root'], ['r1'], []], [['root'], ['r2'], []]]);
});

test('a role is as far right as its shortest way from a token', () => {
  expect(columns(graphWith([account('s'), ...['r1', 'r2', 'r3'].map(id => nodeOf(id))], [edgeOf('s', 'r1'), edgeOf('r1', 'r2'), edgeOf('r2', 'r3'), edgeOf('s', 'r3')])))
    .toEqual([[['s'], ['r1', 'r3'], ['r2'], []]]);
});

test('a role that others come from, and nobody gets to, is one of those who come', () => {
  expect(columns(graphWith([nodeOf('ci'), account('s'), nodeOf('web')], [edgeOf('ci', 'web'), edgeOf('s', 'web')]))).toEqual([[['s', 'ci'], ['web'], []]]);
});

test('circles end', () => {
  expect(columns(graphWith([nodeOf('a'), nodeOf('b'), nodeOf('self')], [edgeOf('a', 'b'), edgeOf('b', 'a'), edgeOf('self', 'self')]))).toEqual([[[], ['a', 'b'], []], [[], ['self'], []]]);
});

test('the order of a column is that of what leads there', () => {
  expect(columns(graphWith([account('s1'), account('s2'), nodeOf('a'), nodeOf('z'), nodeOf('hub')], [
    edgeOf('s1', 'z'), edgeOf('s2', 'a'), edgeOf('z', 'hub'), edgeOf('a', 'hub'),
  ]))).toEqual([[['s1', 's2'], ['z', 'a'], ['hub'], []]]);
});

test('long chains do not make more columns than fit', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `r${index}`);
  const [part] = partsOf(graphWith([account('s'), ...ids.map(id => nodeOf(id))], [edgeOf('s', 'r0'), ...ids.slice(1).map((id, index) => edgeOf(ids[index], id))]));

  expect(part.columns.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 996, 0]);
});

test('nothing of nothing', () => {
  expect(partsOf(graphWith([]))).toEqual([]);
});
