import { every, negate } from './known-truth';
import { at, entriesOf, listOf } from '../json';
import { isUnresolved } from '../unresolved';

/** How deep functions may lie in each other: what goes deeper refers to itself. */
export const MAX_DEPTH = 60;

/** The conditions of a template, decided as far as what they compare is known. */
export class Conditions {
  private readonly known = new Map<string, boolean | undefined>();

  /**
   * @param section the section `Conditions` of the template
   * @param text a value as a string, opaque where only a deployment knows it
   */
  public constructor(private readonly section: unknown, private readonly text: (value: unknown, depth: number) => string) {}

  /** Whether a condition is met; `undefined` where only a deployment knows. */
  public isMet(name: string, depth: number): boolean | undefined {
    if (!this.known.has(name)) {
      // one that refers to itself is not known
      this.known.set(name, undefined);
      this.known.set(name, this.truth(at(this.section, name), depth + 1));
    }
    return this.known.get(name);
  }

  private truth(value: unknown, depth: number): boolean | undefined {
    const [[name, argument] = ['', undefined]] = entriesOf(value);
    if (depth > MAX_DEPTH) {
      return undefined;
    }
    switch (name) {
      case 'Condition': return this.isMet(String(argument), depth);
      case 'Fn::Not': return negate(this.truth(listOf(argument)[0], depth + 1));
      case 'Fn::And': return every(listOf(argument).map(each => this.truth(each, depth + 1)));
      case 'Fn::Or': return negate(every(listOf(argument).map(each => negate(this.truth(each, depth + 1)))));
      case 'Fn::Equals': return this.equal(listOf(argument), depth);
      default: return undefined;
    }
  }

  private equal([left, right]: readonly unknown[], depth: number): boolean | undefined {
    const [a, b] = [this.text(left, depth), this.text(right, depth)];
    return a === b ? true : isUnresolved(a) || isUnresolved(b) ? undefined : false;
  }
}
