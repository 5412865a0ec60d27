import { BASE } from './manifests';
import type { KiamWorkload } from '../../../src/migrate/kiam/inventory';
import { nameFor } from '../../../src/migrate/kiam/new-service-account';
import { oldRole } from '../../../src/migrate/kiam/role-reference';

test.each<[string, string[], string, string[], string]>([
  ['that of the workload', ['web'], 'Reader', [], 'web'],
  ['that of several templates of one workload', ['web', 'web'], 'reader', [], 'web'],
  ['that of the role for several', ['a', 'b'], 'Team_Reader', [], 'team-reader'],
  ['both where the first is taken', ['web'], 'Reader', ['web'], 'web-reader'],
  ['that of the role where both are taken', ['web'], 'Reader', ['web', 'web-reader'], 'reader'],
  ['a number behind it where all are taken', ['web'], 'reader', ['web', 'web-reader', 'reader', 'web-2'], 'web-3'],
  ['not that of a role without a letter', ['a', 'b'], '+++', [], 'kiam-2'],
  ['what Kubernetes takes of generateName', ['job-'], 'reader', [], 'job'],
])('is %s', (_what, workloads, role, taken, expected) => {
  const named = workloads.map(name => ({ name } as KiamWorkload));
  expect(nameFor(named, oldRole(role, BASE), new Set(taken))).toBe(expected);
});
