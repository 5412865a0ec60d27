import { parsePath } from '../k8s/webhook/pod-templates';

/** Paths to the pod templates of custom resources, by kind or `group/kind`, as `--pod-template` has them. */
export function podTemplatesOf(options: readonly string[]): Record<string, string> {
  return Object.fromEntries(options.map(option => {
    const [kind, path, more] = option.split('=');
    if (!kind || !path || more !== undefined) {
      throw new Error(`--pod-template is '${option}'; a kind and a path are expected, such as Rollout=spec.template or argoproj.io/Rollout=spec.template`);
    }
    parsePath(kind, path);
    return [kind, path];
  }));
}
