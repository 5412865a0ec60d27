import type { KiamWorkload } from './inventory';
import type { OldRole } from './role-reference';
import { isServiceAccountName } from '../../identity/kubernetes-names';

/** A name for the service account of pods that had none of their own: that of the workload if there is one, else of the role. */
export function nameFor(workloads: readonly KiamWorkload[], { name }: OldRole, taken: ReadonlySet<string>): string {
  const names = new Set(workloads.map(workload => named(workload.name)));
  const role = named(name);
  const wanted = [...names.size === 1 ? [...names, `${[...names][0]}-${role}`] : [], role].filter(isServiceAccountName);
  const found = wanted.find(each => !taken.has(each));
  return found ?? numbered(wanted[0] ?? 'kiam', taken);
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number++) {
    if (!taken.has(`${name}-${number}`)) {
      return `${name}-${number}`;
    }
  }
}

function named(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
}
