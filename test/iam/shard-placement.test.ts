import fc from 'fast-check';
import { membersByShard, place } from '../../src/iam/shard-placement';

const NOTHING = new Map<string, number>();

/** Keys are sizes with a letter in front: `a40` takes 40 of 100. */
function fits(members: readonly string[]): boolean {
  return members.reduce((sum, key) => sum + Number(key.slice(1)), 0) <= 100;
}

function shards(placement: ReadonlyMap<string, number>): Record<number, string[]> {
  return Object.fromEntries(membersByShard(placement));
}

describe('without a record', () => {
  test('fills one shard after the other', () => {
    expect(shards(place(['a40', 'b40', 'c40', 'd40', 'e40'], NOTHING, fits))).toEqual({ 0: ['a40', 'b40'], 1: ['c40', 'd40'], 2: ['e40'] });
  });

  test('takes the first shard that has room', () => {
    expect(shards(place(['a80', 'b80', 'c20'], NOTHING, fits))).toEqual({ 0: ['a80', 'c20'], 1: ['b80'] });
  });

  test('gives a shard of its own to what fits nowhere', () => {
    expect(shards(place(['a101', 'b10'], NOTHING, fits))).toEqual({ 0: ['a101'], 1: ['b10'] });
  });

  test('has no shard for nobody', () => {
    expect(shards(place([], NOTHING, fits))).toEqual({});
  });
});

describe('with a record', () => {
  test('leaves what is recorded where it is, whether it fits or not', () => {
    const recorded = new Map([['a40', 1], ['b40', 1], ['c40', 1]]);

    expect(shards(place(['c40', 'b40', 'a40'], recorded, fits))).toEqual({ 1: ['a40', 'b40', 'c40'] });
  });

  test('fills gaps that the record leaves', () => {
    expect(shards(place(['a40', 'b90'], new Map([['a40', 3]]), fits))).toEqual({ 0: ['b90'], 3: ['a40'] });
  });

  test('gives the room of what is gone to others', () => {
    expect(shards(place(['b60', 'c60'], new Map([['a60', 0], ['b60', 1]]), fits))).toEqual({ 0: ['c60'], 1: ['b60'] });
  });
});

describe('whatever is declared', () => {
  const key = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 100 })).map(([n, size]) => `${String.fromCharCode(97 + n % 26)}${size}`);
  const keys = fc.uniqueArray(key, { maxLength: 30 });

  test('everything has a shard, and no shard holds more than it has room for', () => {
    fc.assert(fc.property(keys, all => {
      const placement = place(all, NOTHING, fits);
      expect([...placement.keys()].sort()).toEqual([...all].sort());
      expect([...membersByShard(placement).values()].every(fits)).toBe(true);
    }));
  });

  test('what is recorded never moves: when others are added, removed, or declared in another order', () => {
    fc.assert(fc.property(keys, keys, fc.func(fc.boolean()), fc.func(fc.integer()), (before, added, keep, order) => {
      const recorded = place(before, NOTHING, fits);
      const after = [...new Set([...before.filter(keep), ...added])].sort((a, b) => order(a) - order(b));
      const placement = place(after, recorded, fits);
      for (const stays of after.filter(each => recorded.has(each))) {
        expect(placement.get(stays)).toBe(recorded.get(stays));
      }
      expect([...membersByShard(placement).values()].every(fits)).toBe(true);
    }));
  });

  test('what is appended moves nothing, even without a record', () => {
    fc.assert(fc.property(keys, keys, (before, added) => {
      const placement = place(before, NOTHING, fits);
      const more = place([...new Set([...before, ...added])], NOTHING, fits);
      expect(before.map(each => more.get(each))).toEqual(before.map(each => placement.get(each)));
    }));
  });

  test('keys of one size take the fewest shards', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 60 }), (size, count) => {
      const all = Array.from({ length: count }, (_, i) => `${String.fromCodePoint(0x100 + i)}${size}`);
      expect(membersByShard(place(all, NOTHING, fits)).size).toBe(Math.ceil(count / Math.floor(100 / size)));
    }));
  });

  test('keys of several sizes take less than twice the fewest', () => {
    fc.assert(fc.property(keys, all => {
      const total = all.reduce((sum, each) => sum + Number(each.slice(1)), 0);
      expect(membersByShard(place(all, NOTHING, fits)).size).toBeLessThanOrEqual(Math.max(1, Math.ceil(2 * total / 100)));
    }));
  });
});
