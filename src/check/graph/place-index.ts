import type { Place, Source } from '../place';

/** Values by the place they belong to. A place within it is found as well: what is nearest counts. */
export class PlaceIndex<T> {
  private readonly bySource = new Map<Source, Map<string, Set<T>>>();

  public add(place: Place, value: T): void {
    const paths = this.bySource.get(place.source) ?? new Map<string, Set<T>>();
    const values = paths.get(keyOf(place.path)) ?? new Set<T>();
    this.bySource.set(place.source, paths.set(keyOf(place.path), values.add(value)));
  }

  /** What belongs to the place, or to the smallest part of the document around it. */
  public find({ source, path }: Place): readonly T[] {
    const paths = this.bySource.get(source);
    for (let length = path.length; paths && length >= 0; length--) {
      const values = paths.get(keyOf(path.slice(0, length)));
      if (values) {
        return [...values];
      }
    }
    return [];
  }
}

function keyOf(path: Place['path']): string {
  return JSON.stringify(path);
}
