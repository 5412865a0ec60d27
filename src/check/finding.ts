import type { Facts } from './facts';
import type { Place } from './place';

/** An `error` does not work, or trusts whom it should not; a `warning` is most likely not meant. */
export type Severity = 'error' | 'warning';

/** What a rule found. */
export interface Hit {
  /** One sentence, in lower case and without a full stop. */
  readonly message: string;
  /** What to do, in the same form. */
  readonly fix: string;
  /** Where: first what has to change most likely, then the other side. */
  readonly places: readonly [Place, ...Place[]];
}

/** A rule: a small pure function, and what the catalogue says of it. */
export interface Rule {
  /** Stable: suppressions name it. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, as a heading. */
  readonly title: string;
  /** What happens because of it, in a sentence or two. */
  readonly why: string;
  /** YAML in which exactly this rule finds something. */
  readonly bad: string;
  /** The same without the mistake. */
  readonly good: string;
  readonly find: (facts: Facts) => Iterable<Hit>;
}

/** What was found, and by which rule. */
export interface Finding extends Hit {
  readonly rule: string;
  readonly severity: Severity;
}
