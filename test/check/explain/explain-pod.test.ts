import { explainPod } from '../../../src/check/explain/explain-pod';
import { explanationText } from '../../../src/check/explain/explanation';

const MOUNT = '/var/run/secrets/eks.amazonaws.com/serviceaccount';
const ROLE = { name: 'AWS_ROLE_ARN', value: 'arn:aws:iam::123456789012:role/web' };
const FILE = { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: `${MOUNT}/token` };
const MOUNTED = { volumeMounts: [{ name: 'kube-api', mountPath: '/var/run/secrets' }, { name: 'aws-iam-token', mountPath: MOUNT, readOnly: true }] };
const VOLUMES = [
  { name: 'kube-api', projected: { sources: [{ configMap: {} }] } },
  { name: 'aws-iam-token', projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 86400, path: 'token' } }] } },
];

function pod(container: object = {}, spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'apps', ...metadata },
    spec: { serviceAccountName: 'web', containers: [{ name: 'app', ...container }], volumes: VOLUMES, ...spec },
  };
}

function words(value: unknown): string {
  return explanationText(explainPod(value));
}

test('a pod that the webhook changed', () => {
  expect(explainPod(pod({ ...MOUNTED, env: [ROLE, FILE] }))).toMatchObject({ verdict: 'allowed' });
  expect(words(pod({ ...MOUNTED, env: [ROLE, FILE] }))).toBe(`\
✓ the pod is apps/web and runs as the service account web
✓ container 'app' asks for arn:aws:iam::123456789012:role/web
  ✓ with the token at ${MOUNT}/token, for sts.amazonaws.com, of 86400 seconds

every container has a token and asks for a role; ask npx cdk-irsa explain --token whether the role trusts it
`);
});

test.each<[string, object, RegExp]>([
  ['the webhook did not run', pod(), /falls back to the node's role: the webhook did not run[^]*no annotation[^]*fix: annotate the service account web/],
  ['the default service account', pod({}, { serviceAccountName: undefined }), /runs as the service account default[^]*annotate the service account default/],
  ['the label', pod({}, {}, { labels: { 'eks.amazonaws.com/skip-pod-identity-webhook': 'true' } }), /falls back to the node's role: the label [^]*fix: remove the label/],
  ['the annotation for containers', pod({}, {}, { annotations: { 'eks.amazonaws.com/skip-containers': 'proxy,app' } }), /the annotation eks\.amazonaws\.com\/skip-containers names it/],
  ['a role of its own, without a file', pod({ ...MOUNTED, env: [ROLE] }), /overrides AWS_ROLE_ARN and has no AWS_WEB_IDENTITY_TOKEN_FILE[^]*falls back[^]*fix: set AWS_WEB_IDENTITY_TOKEN_FILE too/],
  ['a file of its own, without a role', pod({ ...MOUNTED, env: [FILE] }), /overrides AWS_WEB_IDENTITY_TOKEN_FILE and has no AWS_ROLE_ARN/],
  ['a mount alone', pod(MOUNTED), /has the token mounted and neither/],
  ['access keys', pod({ ...MOUNTED, env: [ROLE, FILE, { name: 'AWS_ACCESS_KEY_ID', value: 'x' }] }), /sets AWS_ACCESS_KEY_ID, which SDKs take before any role/],
  ['a role that is none', pod({ ...MOUNTED, env: [{ ...ROLE, value: 'web' }, FILE] }), /asks for the role 'web', which is not the ARN of a role/],
  ['no token where it is said to be', pod({ env: [ROLE, FILE] }), /no projected token is mounted at/],
  ['another volume there', pod({ volumeMounts: [{ name: 'kube-api', mountPath: MOUNT }], env: [ROLE, FILE] }), /no projected token is mounted at/],
  ['one container of two', pod({}, { initContainers: [{ name: 'init', ...MOUNTED, env: [ROLE, FILE] }] }), /✓ container 'init'[^]*✗ container 'app'[^]*1 of 2 containers will not use/],
])('%s', (_, value, expected) => {
  expect(explainPod(value).verdict).toBe('denied');
  expect(words(value)).toMatch(expected);
});

test('EKS Pod Identity', () => {
  const value = pod({ env: [{ name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23/v1/credentials' }] });

  expect(explainPod(value).verdict).toBe('allowed');
  expect(words(value)).toContain('EKS Pod Identity');
});

const ENV_FROM = { envFrom: [{ configMapRef: { name: 'settings' } }] };

test.each<[string, object, RegExp]>([
  ['values from elsewhere', pod({ env: [{ name: 'AWS_ROLE_ARN', valueFrom: { configMapKeyRef: {} } }, FILE] }), /\? container 'app' takes its role or token file from/],
  ['all variables of a ConfigMap', pod(ENV_FROM), /\? container 'app' takes variables from the ConfigMaps and Secrets of its envFrom, which is not in the pod\n\nwhat 1 of 1 container will use is not in the pod\n$/],
  ['one of the two there, perhaps', pod({ env: [ROLE], ...ENV_FROM }), /\? container 'app' takes variables from/],
  ['a config file', pod({ env: [{ name: 'AWS_CONFIG_FILE', value: '/etc/aws/config' }] }), /\? container 'app' takes its credentials as an AWS config file says \(AWS_CONFIG_FILE\)/],
  ['a profile', pod({ env: [{ name: 'AWS_PROFILE', value: 'next' }] }), /\(AWS_PROFILE\)/],
])('%s: not known', (_, value, expected) => {
  expect(explainPod(value).verdict).toBe('unknown');
  expect(words(value)).toMatch(expected);
});

test('what is certain stays so with further variables of a ConfigMap, and what they might change is said', () => {
  const value = pod({ ...MOUNTED, env: [ROLE, FILE], ...ENV_FROM });

  expect(explainPod(value).verdict).toBe('allowed');
  expect(words(value)).toContain('  ? access keys would win over the role');
});

test('all pods of a list', () => {
  const list = { apiVersion: 'v1', kind: 'List', items: [pod({ ...MOUNTED, env: [ROLE, FILE] }), pod({}, {}, { name: 'api', namespace: undefined })] };

  expect(explainPod(list).verdict).toBe('denied');
  expect(words(list)).toMatch(/✓ the pod is apps\/web [^]*✓ container 'app' asks[^]*✓ the pod is api and [^]*✗ container 'app' falls[^]*1 of 2 containers[^]*fix: of the pod api: annotate/);
});

test('a list of one pod, as kubectl prints it for a selector', () => {
  expect(explainPod({ apiVersion: 'v1', kind: 'List', items: [pod({ ...MOUNTED, env: [ROLE, FILE] })] }).verdict).toBe('allowed');
});

test.each([[{ apiVersion: 'v1', kind: 'Service' }, 'Service'], [{}, 'no object of Kubernetes'], [[], 'no object of Kubernetes'], [{ apiVersion: 'v1', kind: 'List', items: [] }, 'List']])('fails for %j', (value, what) => {
  expect(() => explainPod(value)).toThrow(`what was given is ${what}, and a pod is expected`);
});
