import { refusals } from './pod-rules';
import { account, container, env, FILE, frozen, MOUNT, OTHER_ROLE, PATH, pod, prefixed, ROLE, token } from './pods';
import { mutatePod, type PodTemplate, type ServiceAccountFacts, type WebhookSettings } from '../../../src/k8s/webhook/mutate-pod';

// each test is a sentence of the webhook's contract: the design, and where it is silent the webhook's source
const BOTH = [`AWS_ROLE_ARN=${ROLE}`, `AWS_WEB_IDENTITY_TOKEN_FILE=${FILE}`];
const EKS: WebhookSettings = { region: 'eu-west-1', regionalSts: true };

function mutate(template: PodTemplate, serviceAccount: ServiceAccountFacts = account(), settings?: WebhookSettings): PodTemplate {
  return mutatePod(frozen(template), frozen(serviceAccount), settings);
}

test('adds volume, mount and variables', () => {
  expect(mutate(pod())).toEqual({
    metadata: {},
    spec: {
      containers: [{
        name: 'main',
        image: 'web:1',
        env: [{ name: 'AWS_ROLE_ARN', value: ROLE }, { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: FILE }],
        volumeMounts: [MOUNT],
      }],
      volumes: [{
        name: 'aws-iam-token',
        projected: {
          defaultMode: 420,
          sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 86400, path: 'token' } }],
        },
      }],
    },
  });
});

describe('the annotation role-arn', () => {
  test.each([ROLE, 's3-reader', ` ${ROLE}`, 'arn:aws:iam::111122223333:user/somebody', 'arn:aws-cn:iam::111122223333:role/a/b', '${x}', ' '])('%j is injected verbatim', arn => {
    expect(env(mutate(pod(), account({ 'role-arn': arn })))[0]).toBe(`AWS_ROLE_ARN=${arn}`);
  });

  test('that is empty means no mutation', () => {
    const template = pod();
    expect(mutate(template, account({ 'role-arn': '' }))).toBe(template);
  });

  test('that is missing means no mutation', () => {
    const template = pod();
    expect(mutate(template, { name: 'reader', annotations: {} })).toBe(template);
  });

  test('on the pod is ignored', () => {
    const annotations = prefixed({ 'role-arn': OTHER_ROLE });
    expect(env(mutate(pod({}, { annotations })))).toEqual(BOTH);
    expect(mutate(pod({}, { annotations }), { name: 'reader', annotations: {} })).toEqual(pod({}, { annotations }));
  });

  test('of another prefix counts when the webhook is told so, and then no other', () => {
    const serviceAccount = { name: 'reader', annotations: { 'iam.example.com/role-arn': OTHER_ROLE, ...account().annotations } };
    expect(env(mutate(pod(), serviceAccount, { annotationPrefix: 'iam.example.com' }))[0]).toBe(`AWS_ROLE_ARN=${OTHER_ROLE}`);
    expect(mutate(pod(), account(), { annotationPrefix: 'iam.example.com' })).toEqual(pod());
  });
});

describe('the audience', () => {
  test.each<[string, Record<string, string>, WebhookSettings, string | undefined]>([
    ['is that of STS', {}, {}, 'sts.amazonaws.com'],
    ['is that of the settings', {}, { audience: 'vault' }, 'vault'],
    ['is that of the service account first', { audience: 'mine' }, { audience: 'vault' }, 'mine'],
    ['is left out when the annotation is empty: the API server takes its own', { audience: '' }, { audience: 'vault' }, undefined],
  ])('%s', (_what, annotations, settings, expected) => {
    const { audience } = token(mutate(pod(), account(annotations), settings));
    expect(audience).toBe(expected);
  });

  test('on the pod is ignored', () => {
    expect(token(mutate(pod({}, { annotations: prefixed({ audience: 'vault' }) }))).audience).toBe('sts.amazonaws.com');
  });
});

describe('the life of tokens', () => {
  test.each<[string | undefined, string | undefined, number | undefined, number]>([
    // pod, service account, settings
    [undefined, undefined, undefined, 86400],
    [undefined, undefined, 3600, 3600],
    [undefined, undefined, 10, 600],
    [undefined, '3600', 7200, 3600],
    ['1200', '3600', 7200, 1200],
    [undefined, 'abc', undefined, 86400],
    [undefined, 'abc', 7200, 7200],
    [undefined, '1.5', undefined, 86400],
    [undefined, '', undefined, 86400],
    [undefined, '599', undefined, 600],
    [undefined, '600', undefined, 600],
    [undefined, '601', undefined, 601],
    [undefined, '0', undefined, 600],
    [undefined, '-5', undefined, 600],
    [undefined, '+700', undefined, 700],
    [undefined, '86401', undefined, 86401],
    [undefined, '31536000', undefined, 31536000],
    ['abc', '3600', undefined, 3600],
    ['0', '3600', undefined, 600],
    ['100000', '3600', undefined, 100000],
  ])('with %j on the pod, %j on the service account and %j in the settings is %d seconds', (ofPod, ofAccount, setting, expected) => {
    const annotations = ofPod === undefined ? {} : prefixed({ 'token-expiration': ofPod });
    const mutated = mutate(pod({}, { annotations }), account(ofAccount === undefined ? {} : { 'token-expiration': ofAccount }), { tokenExpiration: setting });
    expect(token(mutated).expirationSeconds).toBe(expected);
  });
});

describe('regional STS', () => {
  test.each<[string | undefined, boolean | undefined, boolean]>([
    [undefined, undefined, false],
    [undefined, true, true],
    ['true', false, true],
    ['1', undefined, true],
    ['T', undefined, true],
    ['false', true, false],
    ['f', true, false],
    ['yes', undefined, false],
    ['yes', true, true],
    ['', true, true],
  ])('with the annotation %j and the setting %j is %j', (annotation, regionalSts, expected) => {
    const mutated = mutate(pod(), account(annotation === undefined ? {} : { 'sts-regional-endpoints': annotation }), { regionalSts });
    expect(env(mutated)).toEqual([...expected ? ['AWS_STS_REGIONAL_ENDPOINTS=regional'] : [], ...BOTH]);
  });
});

describe('variables', () => {
  const all = ['AWS_STS_REGIONAL_ENDPOINTS=regional', 'AWS_DEFAULT_REGION=eu-west-1', 'AWS_REGION=eu-west-1', ...BOTH];

  test('come in the order of the webhook', () => {
    expect(env(mutate(pod(), account(), EKS))).toEqual(all);
  });

  test("come after the user's own", () => {
    const template = pod({ containers: [{ name: 'main', env: [{ name: 'Z', value: 'z' }, { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }] });
    expect(env(mutate(template, account(), EKS))).toEqual(['Z=z', 'A={"fieldRef":{"fieldPath":"metadata.name"}}', ...all]);
  });

  test.each<[string, string[]]>([
    ['AWS_REGION', ['AWS_REGION=mine', 'AWS_STS_REGIONAL_ENDPOINTS=regional', ...BOTH]],
    ['AWS_DEFAULT_REGION', ['AWS_DEFAULT_REGION=mine', 'AWS_STS_REGIONAL_ENDPOINTS=regional', ...BOTH]],
    ['AWS_STS_REGIONAL_ENDPOINTS', ['AWS_STS_REGIONAL_ENDPOINTS=mine', ...all.slice(1)]],
    ['AWS_ROLE_ARN', ['AWS_ROLE_ARN=mine', ...all.slice(0, 3)]],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', ['AWS_WEB_IDENTITY_TOKEN_FILE=mine', ...all.slice(0, 3)]],
  ])('%s that is there is kept, and keeps out its like', (name, expected) => {
    const mutated = mutate(pod({ containers: [{ name: 'main', env: [{ name, value: 'mine' }] }] }), account(), EKS);
    expect(env(mutated)).toEqual(expected);
    expect(container(mutated).volumeMounts).toEqual([MOUNT]);
  });

  test('count when they are there without a value, or from elsewhere', () => {
    const template = pod({ containers: [{ name: 'main', env: [{ name: 'AWS_ROLE_ARN' }, { name: 'AWS_REGION', valueFrom: { configMapKeyRef: { name: 'a', key: 'b' } } }] }] });
    expect(env(mutate(template, account(), EKS)).slice(2)).toEqual(['AWS_STS_REGIONAL_ENDPOINTS=regional']);
  });

  test.each([
    ['AWS_ROLE_ARN', 'AWS_REGION', 'AWS_STS_REGIONAL_ENDPOINTS'],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_DEFAULT_REGION', 'AWS_STS_REGIONAL_ENDPOINTS'],
  ])('one of each kind (%s, %s, %s) leaves the container alone: there is no mount either, and the volume is added all the same', (...names) => {
    const alone = { name: 'main', env: names.map(name => ({ name, value: 'mine' })) };
    for (const settings of [EKS, {}]) {
      const mutated = mutate(pod({ containers: [alone] }), account(), settings);
      expect(container(mutated)).toBe(alone);
      expect(token(mutated).path).toBe('token');
    }
  });

  test('an empty region is none', () => {
    expect(env(mutate(pod(), account(), { region: '' }))).toEqual(BOTH);
  });
});

describe('mounts', () => {
  test("come after the user's own", () => {
    const own = { name: 'data', mountPath: '/data' };
    expect(container(mutate(pod({ containers: [{ name: 'main', volumeMounts: [own] }] }))).volumeMounts).toEqual([own, MOUNT]);
  });

  test('of that name stay, wherever they are', () => {
    const own = { name: 'aws-iam-token', mountPath: '/mine' };
    const mutated = mutate(pod({ containers: [{ name: 'main', volumeMounts: [own] }] }));
    expect(container(mutated).volumeMounts).toEqual([own]);
    expect(env(mutated)).toEqual(BOTH);
  });

  test('are added beside another volume at that path, so that the API server refuses the pod', () => {
    const own = { name: 'data', mountPath: PATH };
    const mutated = mutate(pod({ containers: [{ name: 'main', volumeMounts: [own] }], volumes: [{ name: 'data', emptyDir: {} }] }));
    expect(container(mutated).volumeMounts).toEqual([own, MOUNT]);
    expect(refusals(mutated)).toEqual([`main: mountPath ${PATH} twice`]);
  });

  test('are at the path of the settings, which the variable has without a slash too many', () => {
    const mutated = mutate(pod(), account(), { mountPath: '/tokens//aws/' });
    expect(container(mutated).volumeMounts).toEqual([{ name: 'aws-iam-token', mountPath: '/tokens//aws/', readOnly: true }]);
    expect(env(mutated)[1]).toBe('AWS_WEB_IDENTITY_TOKEN_FILE=/tokens/aws/token');
  });
});

describe('the volume', () => {
  test('comes first', () => {
    const own = [{ name: 'z', emptyDir: {} }, { name: 'a', emptyDir: {} }];
    expect(mutate(pod({ volumes: own })).spec.volumes?.map(({ name }) => name)).toEqual(['aws-iam-token', 'z', 'a']);
  });

  test.each([{ emptyDir: {} }, { projected: { sources: [{ serviceAccountToken: { audience: 'vault', path: 'token' } }] } }])('of that name stays: %j', source => {
    const own = [{ name: 'a', emptyDir: {} }, { name: 'aws-iam-token', ...source }];
    const mutated = mutate(pod({ volumes: own }));
    expect(mutated.spec.volumes).toEqual(own);
    expect(container(mutated).volumeMounts).toEqual([MOUNT]);
  });

  test.each([null, []])('is the only one where there was %j', volumes => {
    expect(mutate(pod({ volumes: volumes as never })).spec.volumes).toHaveLength(1);
  });
});

describe('containers', () => {
  test('init containers and native sidecars get the same, ephemeral ones nothing', () => {
    const ephemeralContainers = [{ name: 'debug', image: 'busybox' }];
    const mutated = mutate(pod({
      initContainers: [{ name: 'first' }, { name: 'sidecar', restartPolicy: 'Always' }],
      ephemeralContainers,
    }));
    for (const name of ['first', 'sidecar', 'main']) {
      expect(env(mutated, name)).toEqual(BOTH);
      expect(container(mutated, name).volumeMounts).toEqual([MOUNT]);
    }
    expect(container(mutated, 'sidecar').restartPolicy).toBe('Always');
    expect(mutated.spec.ephemeralContainers).toBe(ephemeralContainers);
  });

  test.each<[string, string[]]>([
    ['b', ['a', 'c', 'init']],
    ['a,b', ['c', 'init']],
    ['a,init', ['b', 'c']],
    ['a, b', ['b', 'c', 'init']],
    ['"a","b"', ['c', 'init']],
    ['a\nb', ['b', 'c', 'init']],
    ['a"', ['a', 'b', 'c', 'init']],
    ['', ['a', 'b', 'c', 'init']],
    ['A', ['a', 'b', 'c', 'init']],
    ['nobody', ['a', 'b', 'c', 'init']],
  ])('with skip-containers %j, %j get something', (skip, expected) => {
    const mutated = mutate(pod({ containers: ['a', 'b', 'c'].map(name => ({ name })), initContainers: [{ name: 'init' }] },
      { annotations: prefixed({ 'skip-containers': skip }) }));
    expect(['a', 'b', 'c', 'init'].filter(name => env(mutated, name).length > 0)).toEqual(expected);
  });

  test('that are all skipped leave the volume', () => {
    const mutated = mutate(pod({}, { annotations: prefixed({ 'skip-containers': 'main' }) }));
    expect(container(mutated)).toEqual({ name: 'main', image: 'web:1' });
    expect(token(mutated).audience).toBe('sts.amazonaws.com');
  });
});

describe('pods', () => {
  test.each(['true', 'false', ''])('with the label to skip them, %j or whatever it says, stay as they are', value => {
    const template = pod({}, { labels: { 'eks.amazonaws.com/skip-pod-identity-webhook': value } });
    expect(mutate(template)).toBe(template);
  });

  test('with that as an annotation do not', () => {
    expect(env(mutate(pod({}, { annotations: { 'eks.amazonaws.com/skip-pod-identity-webhook': 'true' } })))).toEqual(BOTH);
  });

  test.each(['beta.kubernetes.io/os', 'kubernetes.io/os'])('that select Windows by %s have its path in the variable, and the mount as ever', label => {
    const mutated = mutate(pod({ nodeSelector: { [label]: 'windows' } }));
    expect(env(mutated)[1]).toBe('AWS_WEB_IDENTITY_TOKEN_FILE=C:\\var\\run\\secrets\\eks.amazonaws.com\\serviceaccount\\token');
    expect(container(mutated).volumeMounts).toEqual([MOUNT]);
  });

  test('that are for Windows otherwise, or for Linux, are for Linux', () => {
    for (const spec of [{ nodeSelector: { 'kubernetes.io/os': 'linux' } }, { os: { name: 'windows' } }, { nodeSelector: { 'kubernetes.io/os': 'Windows' } }]) {
      expect(env(mutate(pod(spec)))).toEqual(BOTH);
    }
  });

  test('never get fsGroup, and automountServiceAccountToken changes nothing', () => {
    const mutated = mutate(pod({ automountServiceAccountToken: false, securityContext: { runAsUser: 1000 } }));
    expect(mutated.spec.securityContext).toEqual({ runAsUser: 1000 });
    expect(env(mutated)).toEqual(BOTH);
  });

  test('with everything in place are the same object', () => {
    for (const settings of [{}, EKS]) {
      const mutated = mutate(pod({ initContainers: [{ name: 'init' }] }), account(), settings);
      expect(mutate(mutated, account(), settings)).toBe(mutated);
    }
  });
});

test.each<[string, Record<string, unknown>]>([
  ['no containers', {}],
  ['containers that are null', { containers: null }],
  ['containers that are text', { containers: 'main' }],
  ['a container that is null', { containers: [null, 'text', 1] }],
  ['env that is null', { containers: [{ name: 'main', env: null, volumeMounts: null }] }],
  ['env of nulls', { containers: [{ name: 'main', env: [null, 'x'], volumeMounts: [null] }], volumes: [null] }],
])('what the API server refuses anyway is no reason to crash: %s', (_what, spec) => {
  expect(mutate({ spec }).spec.volumes?.[0]).toMatchObject({ name: 'aws-iam-token' });
});

test('names of Object.prototype are names like any other', () => {
  const mutated = mutate(pod({ containers: [{ name: 'constructor', env: [{ name: '__proto__', value: 'x' }] }] }, { annotations: prefixed({ 'skip-containers': 'toString' }) }));
  expect(env(mutated, 'constructor')).toEqual(['__proto__=x', ...BOTH]);
});

