import type { TemplateInput } from './template-input';
import type { TemplateScope } from './template-scope';
import { at, stringOf } from '../json';
import type { Place } from '../place';

/** Resources that are stacks of their own, and the property that says where their templates are. */
const TEMPLATE_PROPERTIES: Readonly<Record<string, string>> = { 'AWS::CloudFormation::Stack': 'TemplateURL', 'AWS::Serverless::Application': 'Location' };

/** Whether a resource is a nested stack. */
export function isNestedStack(resource: unknown): boolean {
  return Object.hasOwn(TEMPLATE_PROPERTIES, stringOf(at(resource, 'Type')) ?? '');
}

/** Where a nested stack has its template: a URL or a path, or an expression for one. */
export function templateUrl(resource: unknown): unknown {
  return at(resource, 'Properties', TEMPLATE_PROPERTIES[stringOf(at(resource, 'Type')) ?? '']);
}

/** A nested stack of which nothing else is known. */
export interface UnknownNestedStack {
  readonly id: string;
  readonly place: Place;
  readonly account: string;
}

/** The nested stacks whose templates were not given. */
export function unknownNestedStacks(scopes: readonly TemplateScope[]): UnknownNestedStack[] {
  const given = scopes.flatMap(({ input: { nestedIn } }) => nestedIn ? [nestedIn] : []);
  const isGiven = (outer: TemplateInput, id: string): boolean => given.some(each => each.input === outer && each.id === id);
  return scopes.flatMap(scope => scope.resources
    .filter(([id, resource]) => isNestedStack(resource) && !isGiven(scope.input, id))
    .map(([id]) => ({ id, place: scope.place('Resources', id), account: scope.account })));
}
