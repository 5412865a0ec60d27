import { described, type Path, type Problems, shown } from './problems';
import { type JsonObject, objectOf } from '../../check/json';

/** How CDK writes a value that it does not know yet: it would put something else in the place of such a text. */
const CDK_TOKEN = /[$#]\{Token\[/;

/** A map of a ClusterConfig: gives its fields as what they have to be, and says what is wrong with them. */
export class Fields {
  constructor(private readonly value: JsonObject, public readonly path: Path, private readonly problems: Problems) {}

  /** The names of its fields. */
  public get names(): string[] {
    return Object.keys(this.value);
  }

  /** Whether a field says anything. */
  public has(name: string): boolean {
    const value = this.raw(name);
    return value !== undefined && value !== null;
  }

  /** The value as it stands. */
  public raw(name: string): unknown {
    return Object.hasOwn(this.value, name) ? this.value[name] : undefined;
  }

  /** Whether nothing is wrong with it so far: what is missing may be what is written wrongly. */
  public get isClean(): boolean {
    return !this.problems.within(this.path);
  }

  /** Says what is wrong with a field, or with the map. */
  public problem(name: string | undefined, problem: string, instead?: readonly string[]): void {
    this.problems.add(name === undefined ? this.path : [...this.path, name], problem, instead);
  }

  /** A text that is not empty. */
  public text(name: string): string | undefined {
    const value = this.raw(name);
    if (!this.has(name)) {
      return undefined;
    }
    if (typeof value !== 'string' || value === '') {
      this.problem(name, `${name} is ${value === '' ? 'empty' : described(value)}, and a text is expected${typeof value === 'object' ? '' : quoteHint(value)}`);
      return undefined;
    }
    return this.literal(name, value);
  }

  /** A text that has to look like something. */
  public matching(name: string, pattern: RegExp, expected: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || pattern.test(value)) {
      return value;
    }
    this.problem(name, `${name} is ${shown(value)}, and ${expected} is expected`);
    return undefined;
  }

  /** A switch. */
  public flag(name: string): boolean | undefined {
    const value = this.raw(name);
    if (!this.has(name) || typeof value === 'boolean') {
      return value as boolean | undefined ?? undefined;
    }
    this.problem(name, `${name} is ${described(value)}, and true or false is expected`);
    return undefined;
  }

  /** A list of texts that have to look like something, each only once. */
  public texts(name: string, pattern: RegExp, expected: string): string[] {
    const seen = new Set<string>();
    return this.list(name, expected).filter((value, index): value is string => {
      if (typeof value !== 'string' || !pattern.test(value)) {
        this.problems.add([...this.path, name, index], `${name} has ${described(value)}, and ${expected} is expected`);
        return false;
      }
      if (seen.has(value)) {
        this.problems.add([...this.path, name, index], `${name} has ${shown(value)} twice; leave one of them out`);
      }
      seen.add(value);
      return true;
    });
  }

  /** A list; the right shape is shown where it is none. */
  public list(name: string, item: string): readonly unknown[] {
    const value = this.raw(name);
    if (!this.has(name) || Array.isArray(value)) {
      return value as unknown[] | undefined ?? [];
    }
    const instead = typeof value === 'string' ? JSON.stringify(value) : `<${item}>`;
    this.problem(name, `${name} is ${described(value)}, and a list is expected`, [`${name}:`, `- ${instead}`]);
    return [];
  }

  /** A map of texts, such as labels. */
  public textMap(name: string): Record<string, string> {
    const map = this.map(name);
    return Object.fromEntries((map?.names ?? []).flatMap(key => {
      const value = map!.raw(key);
      if (key === '') {
        map!.problem(key, `${name} has an empty key; name it, or leave it out`);
        return [];
      }
      if (typeof value === 'string' && map!.literal(key, key) !== undefined) {
        return map!.literal(key, value) === undefined ? [] : [[key, value]];
      }
      map!.problem(key, `${shown(key)} of ${name} is ${described(value)}, and a text is expected${quoteHint(value)}`);
      return [];
    }));
  }

  /** A map inside this one; the right shape is shown where it is none. */
  public map(name: string, example: readonly string[] = ['<name>: <value>']): Fields | undefined {
    const value = this.raw(name);
    if (!this.has(name)) {
      return undefined;
    }
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.problem(name, `${name} is ${described(value)}, and a map is expected`, [`${name}:`, ...example.map(line => `  ${line}`)]);
      return undefined;
    }
    return new Fields(value as JsonObject, [...this.path, name], this.problems);
  }

  /** An item of a list inside this map, or the only one where there is no list. */
  public item(name: string, value: unknown, index: number | undefined): Fields | undefined {
    const path = [...this.path, name, ...index === undefined ? [] : [index]];
    const object = objectOf(value);
    if (!object) {
      this.problems.add(path, `an item of ${name} is ${described(value)}, and a map is expected`);
      return undefined;
    }
    return new Fields(object, path, this.problems);
  }

  /** A text that stays what it is: CDK would replace what looks like one of its tokens. */
  public literal(name: string, value: string): string | undefined {
    if (CDK_TOKEN.test(value)) {
      this.problem(name, `${shown(value)} has what CDK takes for a value of its own ('\${Token[' or '#{Token['); write it another way`);
      return undefined;
    }
    return value;
  }
}

/** eksctl refuses numbers and booleans for texts too. */
function quoteHint(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? `; put it in quotes: "${String(value)}"` : '';
}
