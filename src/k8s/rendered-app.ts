import { ApiObject, type App } from 'cdk8s';
import { disagreements } from './names-meet';
import { coverObjects } from './object-transforms';
import { indexServiceAccounts } from './pod-service-account';
import { idProblem, tokenLeaks } from './token-leaks';

/** An object as it will be in the YAML, and the construct it comes from. */
export interface RenderedObject {
  readonly construct: ApiObject;
  readonly json: Record<string, unknown>;
}

const CHECKED = new WeakSet<App>();

/**
 * Has cdk8s check an app whenever it renders it: everything that it writes is looked at as it will be written, after all patches.
 *
 * @param alreadyChecked set by `Manifests`, which renders and checks by itself
 */
export function checkWhenRendered(app: App, alreadyChecked = false): void {
  if (CHECKED.has(app)) {
    return;
  }
  CHECKED.add(app);
  if (!alreadyChecked) {
    app.node.addValidation({ validate: () => problemsIn(app, renderObjects(app)) });
  }
}

/** Checks an app that nobody has checked yet: it is being rendered, so that its validation is over. */
export function checkNow(app: App): void {
  if (CHECKED.has(app)) {
    return;
  }
  checkWhenRendered(app);
  assertNoProblems(problemsIn(app, renderObjects(app)));
}

/** Fails with all problems at once. */
export function assertNoProblems(problems: readonly string[], what = 'manifests'): void {
  if (problems.length > 0) {
    throw new Error(`${what} cannot be written:\n  ${problems.join('\n  ')}`);
  }
}

/** Every object of the app, rendered. */
export function renderObjects(app: App): RenderedObject[] {
  coverObjects(app);
  indexServiceAccounts(app);
  return app.node.findAll()
    .filter((node): node is ApiObject => ApiObject.isApiObject(node))
    .map(renderObject);
}

/** An object as cdk8s renders it, patches included. */
export function renderObject(construct: ApiObject): RenderedObject {
  return { construct, json: construct.toJson() as Record<string, unknown> };
}

/** What must not be written: CDK tokens, ids with one that name a file or an object, and service accounts that disagree with their roles or workloads. */
export function problemsIn(app: App, rendered: readonly RenderedObject[]): string[] {
  const leaks = rendered.flatMap(({ construct, json }) => tokenLeaks(json).map(({ at, problem }) => `${construct.node.path}: ${at} ${problem}`));
  const ofCharts = app.charts.flatMap(chart => chart.node.scopes.map(({ node }) => idProblem('a chart or of what is around it', node.id)));
  const ofObjects = rendered.filter(isNamedByIds).flatMap(({ construct }) => construct.node.scopes.map(({ node }) => idProblem('an object or of what is around it', node.id)));
  const unstable = [...ofCharts, ...ofObjects].filter(problem => problem !== undefined);
  return [...leaks, ...new Set(unstable), ...disagreements(app, rendered)];
}

/** Whether cdk8s has made the name of an object of the ids of constructs: it ends in their hash. */
function isNamedByIds({ json }: RenderedObject): boolean {
  const { name } = (json.metadata ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' && /-c8[\da-f]{6}$/.test(name);
}
