import { isMap, listOf } from './webhook/pod-template';

/**
 * Whether a label selector of Kubernetes selects something with these labels. An empty one selects everything.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/
 */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels = {}, matchExpressions } = (isMap(selector) ? selector : {}) as Selector;
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
    && listOf<Expression>(matchExpressions).every(expression => holds(expression, labels[expression.key]));
}

interface Selector {
  readonly matchLabels?: Record<string, string>;
  readonly matchExpressions?: unknown;
}

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

function holds({ operator, values = [] }: Expression, value: string | undefined): boolean {
  switch (operator) {
    case 'In': return value !== undefined && values.includes(value);
    case 'NotIn': return value === undefined || !values.includes(value);
    case 'Exists': return value !== undefined;
    default: return value === undefined;
  }
}
