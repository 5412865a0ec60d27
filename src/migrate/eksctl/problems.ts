/** Keys and indexes from the root of a ClusterConfig. */
export type Path = ReadonlyArray<string | number>;

/** More than anybody reads at once, and less than takes time. */
const MAX_PROBLEMS = 50;

/** What is wrong with a ClusterConfig, with the places. */
export class Problems {
  private readonly found = new Set<string>();
  private readonly paths: Path[] = [];
  private more = 0;

  /**
   * @param placeOf where a part stands, for people
   */
  constructor(private readonly placeOf: (path: Path) => string) {}

  /** Adds a problem. What is to be written instead comes as lines of YAML below it. */
  public add(path: Path, problem: string, instead: readonly string[] = []): void {
    if (this.found.size >= MAX_PROBLEMS) {
      this.more++;
      return;
    }
    this.paths.push(path);
    // one mistake may be seen by several checks
    this.found.add([`${this.placeOf(path)}: ${problem}${instead.length > 0 ? ':' : ''}`, ...instead.map(line => `    ${line}`)].join('\n'));
  }

  /** Whether something is wrong with a part, or with what is in it. */
  public within(path: Path): boolean {
    return this.paths.some(found => path.every((part, index) => found[index] === part));
  }

  /** All of them, in the order in which they were found. */
  public get list(): readonly string[] {
    return [...this.found, ...this.more > 0 ? [`and ${this.more} more`] : []];
  }
}

/** A path as people write it: `iam.serviceAccounts[2].metadata`. */
export function pathText(path: Path): string {
  return path.map(part => typeof part === 'number' ? `[${part}]` : /^[\w-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`).join('').replace(/^\./, '');
}

/** What a value is, for people, without the value of what is long. */
export function described(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (value === null || value === undefined) {
    return 'empty';
  }
  return typeof value === 'object' ? 'a map' : `${typeof value === 'string' ? 'the text' : `the ${typeof value}`} ${shown(value)}`;
}

/** A value in one line, shortened. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
