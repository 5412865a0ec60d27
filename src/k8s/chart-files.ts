import { createHash } from 'node:crypto';
import { ApiObject, type App, Chart, DependencyGraph, Names, Yaml } from 'cdk8s';
import { INDEX_FILE, type ManifestFile } from './manifest-files';
import { placeholderNames, UNRENDERED_ANNOTATION, UNRENDERED_COMMENT } from './placeholder';
import { assertNoProblems, problemsIn, type RenderedObject, renderObject } from './rendered-app';

const SORTING_CHART = 'cdk-irsa-sorting';

/** Renders a cdk8s app: a file a chart, in the order in which charts depend on each other. Fails when anything in it must not be written. */
export function renderCharts(app: App, what?: string): { files: ManifestFile[]; rendered: RenderedObject[] } {
  // rendering any chart has cdk8s validate the whole app and sort its objects; once is enough, so an empty one is taken
  new Chart(app, SORTING_CHART).toJson();
  app.node.tryRemoveChild(SORTING_CHART);
  // only now do charts depend on each other because their objects do
  const { charts } = app;
  const dependent = charts.some(chart => chart.node.dependencies.some(dependency => Chart.isChart(dependency)));
  const byChart = charts.map(chart => ({ chart, objects: objectsOf(chart).map(renderObject) }));
  const rendered = byChart.flatMap(({ objects }) => objects);
  assertNoProblems(problemsIn(app, rendered), what);
  const files = byChart
    .filter(({ objects }) => objects.length > 0)
    .map(({ chart, objects }, index) => ({
      file: `${dependent ? `${String(index).padStart(4, '0')}-` : ''}${Names.toDnsLabel(chart)}.k8s.yaml`,
      content: toYaml(objects.map(({ json }) => json)),
    }));
  return { files, rendered };
}

/** A folder for a construct path: its ids, with what a file system may not take replaced, and a hash where something was. */
export function folderName(constructPath: string): string {
  return constructPath.split('/').map(id => {
    const clean = id.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '').slice(0, 100);
    return clean === id && id.toLowerCase() !== INDEX_FILE ? id : `${clean}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
  }).join('/');
}

/** In the order in which they depend on each other; an object belongs to the closest chart above it. */
function objectsOf(chart: Chart): ApiObject[] {
  return new DependencyGraph(chart.node).topology()
    .filter((node): node is ApiObject => ApiObject.isApiObject(node) && Chart.of(node) === chart);
}

function toYaml(objects: Array<Record<string, unknown>>): string {
  const marked = objects.map(object => placeholderNames(JSON.stringify(object)).length > 0 ? markUnrendered(object) : object);
  const pending = marked.some((object, index) => object !== objects[index]);
  return `${pending ? UNRENDERED_COMMENT : ''}${Yaml.stringify(...marked)}`;
}

function markUnrendered(object: Record<string, unknown>): Record<string, unknown> {
  const metadata = (object.metadata ?? {}) as { annotations?: Record<string, string> };
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [UNRENDERED_ANNOTATION]: 'its values are known only after deployment' } },
  };
}
