/** A parsed document: a whole file, or one of several documents in a YAML file. */
export interface Source {
  readonly file: string;
  /** Which document of the file, from 0. */
  readonly document: number;
}

/** A part of a document. */
export interface Place {
  readonly source: Source;
  /** Keys and indexes from the root of the document. */
  readonly path: ReadonlyArray<string | number>;
}

/** A part of the place. */
export function below(place: Place, ...path: ReadonlyArray<string | number>): Place {
  return { source: place.source, path: [...place.path, ...path] };
}

/** Whether a place is another one, or a part of it. */
export function isWithin(place: Place, whole: Place): boolean {
  return place.source === whole.source && whole.path.every((part, index) => place.path[index] === part);
}
