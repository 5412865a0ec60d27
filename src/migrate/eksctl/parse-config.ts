import { isMap, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml';
import { type ReadCluster, readCluster } from './read-cluster';
import { parseFile } from '../../check/source/parse-file';
import { depthProblem } from '../../check/source/parsed-document';

/** Reads the text of a ClusterConfig, in YAML or JSON. Fails with the place of what cannot be read at all. */
export function readClusterFile(bytes: Uint8Array, file: string): ReadCluster {
  const documents = parseFile(bytes, file);
  if (documents.length !== 1) {
    throw new Error(`${file} has ${documents.length === 0 ? 'nothing in it' : `${documents.length} documents`}, and one ClusterConfig is expected`
      + (documents.length > 1 ? '; put each into a file of its own, eksctl reads only the first' : ''));
  }
  const repeated = repeatedKeys(new TextDecoder().decode(bytes), file);
  if (repeated.length > 0) {
    return { problems: repeated };
  }
  const [document] = documents;
  return readCluster(document.value, path => {
    const { line, column } = document.positionOf(path);
    return `${file}:${line}:${column}`;
  });
}

/** Reads a ClusterConfig that is data already. */
export function readClusterObject(config: unknown): ReadCluster {
  const problem = depthProblem(config);
  return problem === undefined ? readCluster(config) : { problems: [`the ClusterConfig ${problem}`] };
}

/** Keys that a map has twice: the last one would count, and the others be lost. */
function repeatedKeys(text: string, file: string): string[] {
  const lines = new LineCounter();
  const problems: string[] = [];
  // the guards against what is made to break readers have seen it before
  for (const document of parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent', prettyErrors: false })) {
    visit(document, {
      Map: (_, map) => {
        if (!isMap(map)) {
          return;
        }
        const seen = new Set<string>();
        for (const { key } of map.items) {
          const name = isScalar(key) ? String(key.value) : undefined;
          if (name !== undefined && name !== '<<' && seen.has(name)) {
            const { line, col } = lines.linePos((key as { range?: [number, number, number] }).range?.[0] ?? 0);
            problems.push(`${file}:${line}:${col}: ${JSON.stringify(name)} is there twice in the same map; put what they have into one`);
          }
          seen.add(name ?? '');
        }
      },
    });
  }
  return problems;
}
