/** Names for things of one scope, each of them once. */
export class ConstructNames {
  private readonly taken: Set<string>;

  /** @param reserved what they must not be */
  public constructor(...reserved: readonly string[]) {
    this.taken = new Set(reserved);
  }

  /** `['apps', 'web-1']` becomes `AppsWeb1`, or with a number behind it if there is one already. */
  public pascal(...parts: readonly string[]): string {
    return this.unique(pascal(parts));
  }

  /** `['apps', 'web-1']` becomes `appsWeb1`. */
  public camel(...parts: readonly string[]): string {
    const name = pascal(parts);
    const letters = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    return this.unique(/^[a-z]/.test(letters) ? letters : `_${letters}`);
  }

  private unique(name: string): string {
    let found = name;
    for (let number = 2; this.taken.has(found.toLowerCase()); number++) {
      found = `${name}${number}`;
    }
    this.taken.add(found.toLowerCase());
    return found;
  }
}

function pascal(parts: readonly string[]): string {
  return parts.flatMap(part => part.split(/[^A-Za-z0-9]+/)).filter(Boolean).map(word => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}
