/** Gives variables their names: those of service accounts, without what no name may have, and each once. */
export class Names {
  private readonly taken = new Set<string>();

  /**
   * @param words what the variable is for, such as a namespace and a name
   * @param kind what the name ends with; that makes it no word of the language
   */
  public of(words: readonly string[], kind: string): string {
    const parts = words.flatMap(word => word.split(/[^A-Za-z0-9]+/)).filter(Boolean);
    const camel = parts.map((part, index) => index === 0 ? part : part[0].toUpperCase() + part.slice(1)).join('');
    const plain = `${/^[0-9]/.test(camel) ? '_' : ''}${camel}${kind}`;
    let name = plain;
    for (let number = 2; this.taken.has(name); number++) {
      name = `${plain}${number}`;
    }
    this.taken.add(name);
    return name;
  }
}
