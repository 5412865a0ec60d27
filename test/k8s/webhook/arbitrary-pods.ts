import * as fc from 'fast-check';
import { PATH, prefixed, ROLE } from './pods';
import type { PodTemplate, ServiceAccountFacts, WebhookSettings } from '../../../src/k8s/webhook/mutate-pod';
import type { Container, EnvVar, Volume, VolumeMount } from '../../../src/k8s/webhook/pod-template';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const VARIABLES = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_STS_REGIONAL_ENDPOINTS', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_SESSION_NAME', 'HOME', 'X'];

/** A pod that the API server takes, with presets of all kinds. */
export const arbitraryPod: fc.Arbitrary<PodTemplate> = fc.record({
  volumes: fc.option(fc.uniqueArray(fc.constantFrom('aws-iam-token', 'data', 'config', 'tmp'), { maxLength: 4 }), { nil: undefined }),
  containers: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }),
  inits: fc.nat(3),
  env: fc.array(fc.option(fc.uniqueArray(fc.record({ name: fc.constantFrom(...VARIABLES), value: fc.constantFrom('', 'mine', ROLE, `${PATH}/token`) }), { selector: ({ name }) => name }), { nil: undefined }), { minLength: 6, maxLength: 6 }),
  mounts: fc.array(fc.array(fc.nat(3), { maxLength: 3 }), { minLength: 6, maxLength: 6 }),
  annotations: fc.record({
    'skip-containers': fc.constantFrom('a', 'a,b', 'a, b', 'f"', ' c'),
    'token-expiration': fc.constantFrom('600', '7200', 'x', '-1'),
  }, { requiredKeys: [] }),
  skipped: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
  windows: fc.boolean(),
}).map(({ volumes, containers, inits, env, mounts, annotations, skipped, windows }) => {
  const existing: Volume[] | undefined = volumes?.map(name => name === 'aws-iam-token'
    ? { name, projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', path: 'token' } }] } }
    : { name, emptyDir: {} });
  const built = containers.map((name, index): Container => {
    const mounted = [...new Set(mounts[index])].filter(volume => existing?.[volume]).map((volume): VolumeMount => ({
      name: existing![volume].name, mountPath: existing![volume].name === 'aws-iam-token' ? PATH : `/mnt/${volume}`,
    }));
    return { name, ...env[index] ? { env: env[index] as EnvVar[] } : {}, ...mounted.length > 0 ? { volumeMounts: mounted } : {} };
  });
  const split = Math.min(inits, built.length - 1);
  return {
    metadata: { annotations: prefixed(annotations as Record<string, string>), ...skipped ? { labels: { 'eks.amazonaws.com/skip-pod-identity-webhook': '' } } : {} },
    spec: {
      ...split > 0 ? { initContainers: built.slice(0, split) } : {},
      containers: built.slice(split),
      ...existing ? { volumes: existing } : {},
      ...windows ? { nodeSelector: { 'kubernetes.io/os': 'windows' } } : {},
    },
  };
});

export const arbitraryAccount: fc.Arbitrary<ServiceAccountFacts> = fc.record({
  'role-arn': fc.constantFrom(ROLE, ''),
  'token-expiration': fc.constantFrom('600', '3600', '1'),
  'sts-regional-endpoints': fc.constantFrom('true', 'false', 'yes'),
}, { requiredKeys: ['role-arn'] }).map(annotations => ({ name: 'reader', annotations: prefixed(annotations as Record<string, string>) }));

export const arbitrarySettings: fc.Arbitrary<WebhookSettings> = fc.record({
  region: fc.constantFrom('', 'eu-west-1'),
  regionalSts: fc.boolean(),
  tokenExpiration: fc.constantFrom(10, 600, 86400),
}, { requiredKeys: [] });
