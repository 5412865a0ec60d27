import { unknownNestedStacks } from './nested-stack';
import type { TemplateScope } from './template-scope';
import { at, entriesOf } from '../json';
import type { Place } from '../place';

/** Resources that a deployment makes and that are not in what was given. */
export interface Unseen {
  /** A clause that begins with `which`. */
  readonly what: string;
  readonly place: Place;
  /** Opaque where it is not known. */
  readonly account: string;
}

const UNSEEN = new WeakMap<readonly TemplateScope[], Unseen[]>();

/** `unseenResources`, worked out once: many references ask. */
export function unseenIn(scopes: readonly TemplateScope[]): readonly Unseen[] {
  const known = UNSEEN.get(scopes) ?? unseenResources(scopes);
  UNSEEN.set(scopes, known);
  return known;
}

/** What templates leave to others: nested stacks that were not given, loops, and macros that add resources. */
function unseenResources(scopes: readonly TemplateScope[]): Unseen[] {
  return [
    ...unknownNestedStacks(scopes).map(({ id, place, account }) => ({ what: `which roles the nested stack ${id} has: its template was not given`, place, account })),
    ...scopes.flatMap(scope => [[], ['Resources']].flatMap(path => entriesOf(at(scope.input.value, ...path))
      .filter(([key]) => key === 'Fn::Transform' || key.startsWith('Fn::ForEach::'))
      .map(([key]) => ({ what: `which roles ${key} makes: only CloudFormation carries it out`, place: scope.place(...path, key), account: scope.account })))),
  ];
}
