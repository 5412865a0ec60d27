import fc from 'fast-check';
import { cellsOf, layOut, type ShardLayout, type ShardPlan } from '../../src/iam/shard-layout';

const NOTHING: ShardLayout = { clusters: new Map(), serviceAccounts: new Map() };
const ROOM = 100;

const sizeOf = (key: string) => Number(key.split(':')[1]);
const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0);

/** `name:SIZE`: a cluster takes its size, and the sizes of all service accounts beside it. */
function length(clusters: readonly string[], serviceAccounts: readonly string[]): number {
  return sum(clusters.map(cluster => sizeOf(cluster) + sum(serviceAccounts.map(sizeOf))));
}

function plan(clusters: readonly string[], serviceAccounts: readonly string[], longest = Math.max(...clusters.map(sizeOf))): ShardPlan {
  return {
    clusters,
    serviceAccounts,
    fits: accounts => some => length(some, accounts) <= ROOM,
    fitsAny: (accounts, count) => length(Array.from({ length: count }, () => `any:${longest}`), accounts) <= ROOM,
  };
}

const clusters = (count: number, size: number) => Array.from({ length: count }, (_, i) => `c${i}:${size}`);
const accounts = (count: number, size: number) => Array.from({ length: count }, (_, i) => `s${i}:${size}`);

function shape(layout: ShardLayout): { rows: number; columns: number } {
  return { rows: new Set(layout.clusters.values()).size, columns: new Set(layout.serviceAccounts.values()).size };
}

test.each([
  ['everything in one role', 4, 20, 1, 5, { rows: 1, columns: 1 }],
  ['one more cluster than fits', 5, 20, 1, 5, { rows: 2, columns: 1 }],
  ['a cluster a role', 3, 20, 8, 10, { rows: 3, columns: 1 }],
  ['service accounts that just do not fit beside one cluster', 3, 20, 9, 10, { rows: 3, columns: 2 }],
  ['three narrow columns instead of two wide ones: 6 roles and not 8', 4, 10, 10, 10, { rows: 2, columns: 3 }],
  ['two columns instead of one: 4 roles and not 6', 6, 5, 10, 5, { rows: 2, columns: 2 }],
])('%s', (_, clusterCount, clusterSize, accountCount, accountSize, expected) => {
  expect(shape(layOut(plan(clusters(clusterCount, clusterSize), accounts(accountCount, accountSize)), NOTHING))).toEqual(expected);
});

test('several columns leave room for a cluster with a longer issuer', () => {
  const some = clusters(2, 10);
  const all = accounts(18, 10);
  const before = layOut(plan(some, all, 20), NOTHING);
  const after = layOut(plan([...some, 'long:20'], all, 20), before);

  expect(shape(before)).toEqual({ rows: 2, columns: 3 });
  expect(cellsOf(after).every(cell => length(cell.clusters, cell.serviceAccounts) <= ROOM)).toBe(true);
});

test('service accounts that fit beside the clusters there are stay together', () => {
  expect(shape(layOut(plan(clusters(2, 10), accounts(9, 10), 20), NOTHING))).toEqual({ rows: 2, columns: 1 });
});

test('a service account that fits into no column opens one for every row', () => {
  const before = layOut(plan(clusters(4, 20), accounts(1, 5)), NOTHING);
  const after = layOut(plan(clusters(4, 20), ['s0:5', 'new:5']), before);

  expect(cellsOf(after)).toEqual([
    { id: 'Shard0', clusters: clusters(4, 20), serviceAccounts: ['s0:5'] },
    { id: 'Shard0-1', clusters: clusters(4, 20), serviceAccounts: ['new:5'] },
  ]);
});

test('a role keeps its id when the first row or column is gone', () => {
  const recorded = { clusters: new Map([['a:50', 0], ['b:50', 1]]), serviceAccounts: new Map([['x:5', 0], ['y:5', 1]]) };

  expect(cellsOf(layOut(plan(['b:50'], ['y:5']), recorded))).toEqual([{ id: 'Shard1-1', clusters: ['b:50'], serviceAccounts: ['y:5'] }]);
});

describe('whatever is declared', () => {
  const names = fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 25 });
  const fleet = fc.record({
    clusterNumbers: names,
    accountNumbers: names,
    clusterSize: fc.integer({ min: 5, max: 60 }),
    accountSize: fc.integer({ min: 1, max: 40 }),
  });
  type Fleet = typeof fleet extends fc.Arbitrary<infer T> ? T : never;
  const keysOf = ({ clusterNumbers, accountNumbers, clusterSize, accountSize }: Fleet) =>
    [clusterNumbers.map(n => `c${n}:${clusterSize}`), accountNumbers.map(n => `s${n}:${accountSize}`)] as const;

  test('every pair of cluster and service account is in exactly one cell, and every cell has room', () => {
    fc.assert(fc.property(fleet, of => {
      const [all, allAccounts] = keysOf(of);
      const cells = cellsOf(layOut(plan(all, allAccounts), NOTHING));
      const pairs = cells.flatMap(cell => cell.clusters.flatMap(cluster => cell.serviceAccounts.map(account => `${cluster} ${account}`)));
      expect([...pairs].sort()).toEqual(all.flatMap(cluster => allAccounts.map(account => `${cluster} ${account}`)).sort());
      expect(cells.every(cell => length(cell.clusters, cell.serviceAccounts) <= ROOM)).toBe(true);
    }));
  });

  test('what is recorded never moves: when others are added, removed, or declared in another order', () => {
    fc.assert(fc.property(fleet, names, names, (of, laterClusters, laterAccounts) => {
      const recorded = layOut(plan(...keysOf(of)), NOTHING);
      const [all, allAccounts] = keysOf({ ...of, clusterNumbers: laterClusters, accountNumbers: laterAccounts });
      const layout = layOut(plan(all, allAccounts), recorded);
      for (const part of ['clusters', 'serviceAccounts'] as const) {
        for (const [key, shard] of layout[part]) {
          expect(shard).toBe(recorded[part].get(key) ?? shard);
        }
      }
      expect(cellsOf(layout).every(cell => length(cell.clusters, cell.serviceAccounts) <= ROOM)).toBe(true);
    }));
  });

  test('no grid has fewer roles, where issuers are of one length and names of service accounts too', () => {
    fc.assert(fc.property(fleet, of => {
      const [all, allAccounts] = keysOf(of);
      const rolesWith = (columns: number) => {
        const perRole = Math.floor(ROOM / (of.clusterSize + of.accountSize * Math.ceil(allAccounts.length / columns)));
        return perRole > 0 ? columns * Math.ceil(all.length / perRole) : Infinity;
      };
      const fewest = Math.min(...allAccounts.map((_, i) => rolesWith(i + 1)));
      expect(cellsOf(layOut(plan(all, allAccounts), NOTHING))).toHaveLength(fewest);
    }), { numRuns: 500 });
  });
});
