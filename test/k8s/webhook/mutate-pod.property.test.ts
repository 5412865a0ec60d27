import * as fc from 'fast-check';
import { arbitraryAccount, arbitraryPod, arbitrarySettings } from './arbitrary-pods';
import { containers, isPartOf, others, refusals } from './pod-rules';
import { frozen, OTHER_ROLE, ROLE } from './pods';
import { injectPod } from '../../../src/k8s/webhook/inject-pod';
import { mutatePod, type PodTemplate } from '../../../src/k8s/webhook/mutate-pod';

const ROLES = { a: { roleArn: ROLE }, b: { roleArn: OTHER_ROLE, audience: 'vault' }, c: { roleArn: OTHER_ROLE, audience: 'archive' } };

const MUTATIONS = {
  mutatePod,
  'injectPod, with roles for containers': (...[pod, account, settings]: Parameters<typeof mutatePod>) =>
    injectPod(pod, account, settings, { containerRoles: ROLES }).pod,
  'injectPod': (...[pod, account, settings]: Parameters<typeof mutatePod>) =>
    injectPod(pod, account, settings, { sessionNameFromPod: true, fsGroup: 65534 }).pod,
};

test('the pods are such as the API server takes, and not all alike', () => {
  const seen = { presets: 0, mounted: 0, skipped: 0 };
  fc.assert(fc.property(arbitraryPod, pod => {
    expect(refusals(pod)).toEqual([]);
    const all = containers(pod.spec);
    seen.presets += Number(all.some(({ env }) => env?.some(({ name }) => name === 'AWS_ROLE_ARN')));
    seen.mounted += Number(all.some(({ volumeMounts }) => volumeMounts?.some(({ name }) => name === 'aws-iam-token')));
    seen.skipped += Number(pod.metadata?.labels !== undefined);
  }));
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});

describe.each(Object.entries(MUTATIONS))('%s', (_name, mutate) => {
  const everyPod = (check: (before: PodTemplate, after: PodTemplate, again: PodTemplate) => void): void => {
    fc.assert(fc.property(arbitraryPod, arbitraryAccount, arbitrarySettings, (pod, account, settings) => {
      const after = mutate(frozen(pod), frozen(account), settings);
      check(pod, after, mutate(frozen(after), account, settings));
    }), { numRuns: 500 });
  };

  test('is idempotent', () => {
    everyPod((_before, after, again) => expect(again).toBe(after));
  });

  test("never removes, changes or reorders the user's own", () => {
    everyPod((before, after) => {
      expect(isPartOf(before.spec.volumes, after.spec.volumes)).toBe(true);
      containers(before.spec).forEach((container, index) => {
        const { env, volumeMounts } = containers(after.spec)[index];
        // ours come last, in variables as in mounts
        expect((env ?? []).slice(0, container.env?.length ?? 0)).toEqual(container.env ?? []);
        expect((volumeMounts ?? []).slice(0, container.volumeMounts?.length ?? 0)).toEqual(container.volumeMounts ?? []);
      });
      const { securityContext: _context, ...spec } = after.spec;
      expect(others({ ...after, spec })).toEqual(others(before));
    });
  });

  test('gives what the API server takes', () => {
    everyPod((_before, after) => expect(refusals(after)).toEqual([]));
  });
});

test('the webhook finds nothing to add to roles and tokens that we injected', () => {
  fc.assert(fc.property(arbitraryPod, arbitraryAccount, arbitrarySettings, arbitrarySettings, (pod, account, settings, webhooks) => {
    const ours = injectPod(pod, account, settings).pod;
    const both = mutatePod(ours, account, webhooks);
    expect(refusals(both)).toEqual([]);
    expect(isPartOf(ours.spec.volumes, both.spec.volumes)).toBe(true);
    containers(ours.spec).forEach((container, index) => {
      const variables = (env: typeof container.env) => (env ?? []).filter(({ name }) => ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'].includes(name));
      if (variables(container.env).length > 0) {
        expect(variables(containers(both.spec)[index].env)).toEqual(variables(container.env));
      }
    });
  }), { numRuns: 500 });
});
