/** Which shard each of them is in, clusters or service accounts by their key. */
export type Placement = ReadonlyMap<string, number>;

/**
 * Spreads keys over shards: what is recorded stays where it is, each of the others goes into the first shard that has room for it.
 *
 * A shard is opened only where none has room, so the shards are the fewest for keys of one size. Without a record, a key that is appended
 * moves no other. A key too large for any shard gets one of its own.
 *
 * @param recorded shards of before; may have keys that are gone
 * @param fits whether there is room for all of these in one shard
 */
export function place(keys: readonly string[], recorded: Placement, fits: (members: readonly string[]) => boolean): Placement {
  const placed = new Map([...recorded].filter(([key]) => keys.includes(key)));
  const shards = membersByShard(placed);
  for (const key of keys.filter(each => !placed.has(each))) {
    const shard = firstWithRoom(shards, key, fits);
    shards.set(shard, [...shards.get(shard) ?? [], key]);
    placed.set(key, shard);
  }
  return placed;
}

/** The members of each shard. */
export function membersByShard(placement: Placement): Map<number, string[]> {
  const shards = new Map<number, string[]>();
  placement.forEach((shard, key) => shards.set(shard, [...shards.get(shard) ?? [], key]));
  return shards;
}

function firstWithRoom(shards: ReadonlyMap<number, readonly string[]>, key: string, fits: (members: readonly string[]) => boolean): number {
  for (let shard = 0; ; shard++) {
    const members = shards.get(shard);
    if (!members || fits([...members, key])) {
      return shard;
    }
  }
}
