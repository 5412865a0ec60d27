/** The pod spec in a rendered object, of whatever kind has one at the usual place; `undefined` for the others. */
export function podSpecOf(object: Record<string, unknown>): Record<string, unknown> | undefined {
  const spec = child(object, 'spec');
  switch (object.kind) {
    case 'Pod': return spec;
    case 'CronJob': return child(child(child(child(spec, 'jobTemplate'), 'spec'), 'template'), 'spec');
    default: return child(child(spec, 'template'), 'spec');
  }
}

function child(parent: Record<string, unknown> | undefined, key: string): Record<string, unknown> | undefined {
  const value = parent?.[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined;
}
