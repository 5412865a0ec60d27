import type { PodTemplate } from './webhook/pod-template';

/** The pod spec in a rendered object, of whatever kind has one at the usual place; `undefined` for the others. */
export function podSpecOf(object: Record<string, unknown>): Record<string, unknown> | undefined {
  return child(templateOf(object), 'spec');
}

/** The pod, or the template of pods, in a rendered object, of whatever kind has one at the usual place. */
export function podTemplateOf(object: Record<string, unknown>): PodTemplate | undefined {
  return podSpecOf(object) && templateOf(object) as unknown as PodTemplate;
}

function templateOf(object: Record<string, unknown>): Record<string, unknown> | undefined {
  const spec = child(object, 'spec');
  switch (object.kind) {
    case 'Pod': return object;
    case 'CronJob': return child(child(child(spec, 'jobTemplate'), 'spec'), 'template');
    default: return child(spec, 'template');
  }
}

function child(parent: Record<string, unknown> | undefined, key: string): Record<string, unknown> | undefined {
  const value = parent?.[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined;
}
