import { WELL_KNOWN_POLICIES, wellKnownPolicy } from '../../../src/iam/controllers/well-known-policies';

test('are the seven of eksctl, by its names', () => {
  expect(WELL_KNOWN_POLICIES).toEqual(['imageBuilder', 'autoScaler', 'awsLoadBalancerController', 'externalDNS', 'certManager', 'ebsCSIController', 'efsCSIController']);
});

test.each(WELL_KNOWN_POLICIES)('%s allows something, with a cluster and without', name => {
  expect(wellKnownPolicy(name).statements).not.toEqual([]);
  expect(wellKnownPolicy(name, 'production').name).toBe(wellKnownPolicy(name).name);
});

test.each([
  ['autoScaler', true],
  ['awsLoadBalancerController', true],
  ['ebsCSIController', false],
] as const)('%s is scoped by the cluster: %s', (name, scoped) => {
  expect(JSON.stringify(wellKnownPolicy(name, 'production')).includes('production')).toBe(scoped);
});
