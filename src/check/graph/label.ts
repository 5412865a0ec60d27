import type { GraphEdge, GraphNode } from './graph';
import { count } from '../report/report';

/** The name of a node in a picture, with what was found in it. */
export function labelOf({ name, isUnknown, findings }: GraphNode): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const marks = [...isUnknown ? ['not in the files'] : [], ...errors > 0 ? [count(errors, 'error')] : [], ...warnings > 0 ? [count(warnings, 'warning')] : []];
  return `${name}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}

/** What stands at an edge: nothing where it is what one expects. */
export function edgeLabel({ kind, verdict }: GraphEdge): string {
  return verdict === 'denied' ? 'denied' : verdict === 'unknown' ? 'not known' : kind === 'trust' ? 'trusted' : kind === 'match' ? 'covered' : '';
}

/** How a node is drawn, beside its kind. */
export function statesOf({ isUnknown, findings }: GraphNode): string[] {
  return [...isUnknown ? ['missing'] : [], ...findings.some(({ severity }) => severity === 'error') ? ['error'] : findings.length > 0 ? ['warning'] : []];
}
