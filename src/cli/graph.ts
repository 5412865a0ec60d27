import { environmentOf, type TemplateOptions } from './environment';
import { checkFacts } from '../check/check';
import { factsOf } from '../check/facts';
import { dotOf } from '../check/graph/dot';
import type { Graph } from '../check/graph/graph';
import { graphOf } from '../check/graph/graph-of';
import { htmlOf } from '../check/graph/html';
import { mermaidOf } from '../check/graph/mermaid';
import type { Locate } from '../check/graph/page/cards';
import { readInput } from '../check/input/read-input';
import { shown } from '../check/report/report';
import { writeFilesAtomically } from '../k8s/atomic-files';

/** Options of `cdk-irsa graph`. */
export interface GraphOptions extends TemplateOptions {
  readonly format: string;
  /** File to write to, instead of standard output. */
  readonly output?: string;
}

const FORMATS: ReadonlyMap<string, (graph: Graph, locate: Locate) => string> = new Map([['mermaid', mermaidOf], ['dot', dotOf], ['html', htmlOf]]);

/** What goes to standard output, what could not be read, and the exit code: 1 where there is such a thing. */
export interface Drawn {
  readonly text: string;
  readonly problems: readonly string[];
  readonly code: number;
}

/** Draws who can become what. */
export function graphFiles(paths: readonly string[], options: GraphOptions): Drawn {
  const { templates, manifests, documents, unreadable, notRead } = readInput(paths, environmentOf(options));
  const facts = factsOf(templates, manifests);
  const graph = graphOf(facts, checkFacts(facts).findings);
  const text = FORMATS.get(options.format)!(graph, ({ source, path }) => shown({ file: source.file, ...documents.get(source)!.positionOf(path) }));
  if (options.output !== undefined) {
    writeFilesAtomically([{ file: options.output, content: text }]);
  }
  return { text: options.output === undefined ? text : `${options.output}\n`, problems: [...unreadable, ...notRead], code: unreadable.length > 0 ? 1 : 0 };
}
