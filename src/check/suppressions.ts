import type { Facts } from './facts';
import type { Finding } from './finding';
import { at, entriesOf } from './json';
import { below, isWithin, type Place } from './place';

/** Part of the annotation that suppresses a rule for an object: `cdk-irsa/ignore-RULE: reason`. */
export const IGNORE_ANNOTATION = 'cdk-irsa/ignore-';

/** Key in the metadata of a template or of one of its resources, with rules and reasons. */
export const IGNORE_METADATA = 'cdk-irsa:ignore';

/** That a rule is not to be heard of in a part of a file. */
export interface Suppression {
  readonly rule: string;
  readonly reason: unknown;
  /** Where it is written. */
  readonly place: Place;
  /** What it is for. */
  readonly scope: Place;
}

/** The suppressions in templates and manifests. */
export function suppressionsOf({ scopes, objects }: Pick<Facts, 'scopes' | 'objects'>): Suppression[] {
  const inTemplates = scopes.flatMap(scope => [[] as string[], ...entriesOf(at(scope.input.value, 'Resources')).map(([id]) => ['Resources', id])]
    .flatMap(path => entriesOf(at(scope.input.value, ...path, 'Metadata', IGNORE_METADATA))
      .map(([rule, reason]) => ({ rule, reason, place: scope.place(...path, 'Metadata', IGNORE_METADATA, rule), scope: scope.place(...path) }))));
  const inManifests = objects.flatMap(({ place, value }) => entriesOf(at(value, 'metadata', 'annotations'))
    .filter(([key]) => key.startsWith(IGNORE_ANNOTATION))
    .map(([key, reason]) => ({ rule: key.slice(IGNORE_ANNOTATION.length), reason, place: below(place, 'metadata', 'annotations', key), scope: place })));
  return [...inTemplates, ...inManifests];
}

/** Whether a suppression has what it needs to count. */
export function isReasoned({ reason }: Suppression): boolean {
  return typeof reason === 'string' && reason.trim() !== '';
}

/** The rule about suppressions, which cannot be suppressed: a file could hide in this way that it hides things. */
export const SUPPRESSION_RULE = 'suppression';

/** What suppresses a finding: its rule is suppressed for something that it has a place in. */
export function suppressionOf({ rule, places }: Finding, suppressions: readonly Suppression[]): Suppression | undefined {
  return rule === SUPPRESSION_RULE ? undefined
    : suppressions.find(each => each.rule === rule && isReasoned(each) && places.some(place => isWithin(place, each.scope)));
}
