import type { Construct } from 'constructs';
import type { ShardLayout } from './shard-layout';
import type { Placement } from './shard-placement';

/** The context that keeps which shard everything is in: one for each construct, by its path. */
export function recordKey(scope: Construct): string {
  return `cdk-irsa:shards:${scope.node.path}`;
}

/** Reads what is recorded; nothing, where there is no record yet. */
export function readRecord(scope: Construct): ShardLayout {
  const key = recordKey(scope);
  const record: unknown = scope.node.tryGetContext(key) ?? {};
  if (!isObject(record) || Object.keys(record).some(part => part !== 'clusters' && part !== 'serviceAccounts')) {
    throw new Error(`the context ${key} is ${JSON.stringify(record)}; { "clusters": { … }, "serviceAccounts": { … } } is expected`);
  }
  return {
    clusters: placement(`${key} clusters`, record.clusters ?? {}),
    serviceAccounts: placement(`${key} serviceAccounts`, record.serviceAccounts ?? {}),
  };
}

/** The entry of the context, as it is pasted into cdk.json. */
export function recordEntry(scope: Construct, { clusters, serviceAccounts }: ShardLayout): string {
  return `${JSON.stringify(recordKey(scope))}: ${JSON.stringify({
    clusters: Object.fromEntries(clusters), serviceAccounts: Object.fromEntries(serviceAccounts),
  })}`;
}

function placement(where: string, value: unknown): Placement {
  if (!isObject(value)) {
    throw new Error(`the context ${where} is ${JSON.stringify(value)}; an object with a shard number for each key is expected`);
  }
  return new Map(Object.entries(value).map(([key, shard]) => {
    if (typeof shard !== 'number' || !Number.isInteger(shard) || shard < 0) {
      throw new Error(`the context ${where} has ${JSON.stringify(shard)} as the shard of '${key}'; an integer from 0 is expected`);
    }
    return [key, shard];
  }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
