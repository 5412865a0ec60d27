import { ApiObject, App } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** What becomes of an object when cdk8s renders it. */
export type Transform = (object: ApiObject, json: Record<string, unknown>) => Record<string, unknown>;

/** By scope: the closest one above an object counts. */
const TRANSFORMS = new WeakMap<App, Map<IConstruct, Transform>>();

/** How objects render without us. */
const UNTRANSFORMED = new WeakMap<ApiObject, () => unknown>();

/** Changes all objects of a scope whenever cdk8s renders them: those that come later too, and after all patches. */
export function transformObjects(scope: IConstruct, transform: Transform): void {
  const app = App.of(scope);
  const transforms = TRANSFORMS.get(app) ?? new Map<IConstruct, Transform>();
  if (transforms.has(scope)) {
    throw new Error(`${scope.node.path || 'the app'} has an injection already; one of a scope has all options`);
  }
  transforms.set(scope, transform);
  TRANSFORMS.set(app, transforms);
  coverObjects(app);
}

/** Has the objects covered that came since; to be called before anything is rendered. */
export function coverObjects(app: App): void {
  if (TRANSFORMS.has(app)) {
    app.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node)).forEach(cover);
  }
}

/** Objects that a transform decides on: those of its scope, without those of a closer one. */
export function objectsBelow(scope: IConstruct): ApiObject[] {
  return scope.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node) && closest(node) === scope);
}

/** Whether there are scopes within a scope that decide for themselves. */
export function hasCloserScopes(scope: IConstruct): boolean {
  return [...TRANSFORMS.get(App.of(scope))?.keys() ?? []].some(other => other !== scope && other.node.scopes.includes(scope));
}

/** An object as it is without its transform. */
export function untransformed(object: ApiObject): Record<string, unknown> {
  return (UNTRANSFORMED.get(object)?.() ?? object.toJson()) as Record<string, unknown>;
}

/** cdk8s has no hook behind the patches of an object, and every way to write one ends in `toJson`. */
function cover(object: ApiObject): void {
  if (UNTRANSFORMED.has(object)) {
    return;
  }
  const render = object.toJson.bind(object) as () => unknown;
  UNTRANSFORMED.set(object, render);
  object.toJson = () => {
    const json = render() as Record<string, unknown>;
    const scope = closest(object);
    return scope ? TRANSFORMS.get(App.of(object))!.get(scope)!(object, json) : json;
  };
}

function closest(object: ApiObject): IConstruct | undefined {
  const transforms = TRANSFORMS.get(App.of(object));
  return [...object.node.scopes].reverse().find(scope => transforms?.has(scope));
}
