/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; `undefined` for lists and all else. */
export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as JsonObject : undefined;
}

/** The value as a list; empty for all else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string; `undefined` for all else. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value at a path, through own keys only: `constructor` and `__proto__` are names like any other. */
export function at(value: unknown, ...path: ReadonlyArray<string | number>): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) {
      return undefined;
    }
    current = (current as Record<string | number, unknown>)[part];
  }
  return current;
}

/** Own keys and values of an object; none of anything else. */
export function entriesOf(value: unknown): Array<[string, unknown]> {
  return Object.entries(objectOf(value) ?? {});
}
