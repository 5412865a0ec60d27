import { refusals } from './pod-rules';
import { account, container, env, FILE, frozen, MOUNT, OTHER_ROLE, PATH, pod, prefixed, ROLE, token } from './pods';
import type { Improvements } from '../../../src/k8s/webhook/improvements';
import { injectPod } from '../../../src/k8s/webhook/inject-pod';
import { mutatePod, type PodTemplate, type ServiceAccountFacts, type WebhookSettings } from '../../../src/k8s/webhook/mutate-pod';

const NO_ROLE: ServiceAccountFacts = { name: 'reader', namespace: 'default', annotations: {} };
const TWO = [{ name: 'uploader' }, { name: 'reader' }, { name: 'proxy' }];
const VAULT = 'aws-iam-token-e6f0a1fb';

function inject(template: PodTemplate, improvements: Improvements = {}, serviceAccount = account(), settings?: WebhookSettings): PodTemplate {
  const { pod: injected, problems } = injectPod(frozen(template), frozen(serviceAccount), settings, frozen(improvements));
  expect(problems).toEqual([]);
  expect(refusals(injected)).toEqual([]);
  return injected;
}

function problemsIn(template: PodTemplate, improvements: Improvements = {}, serviceAccount = account()): readonly string[] {
  const result = injectPod(frozen(template), frozen(serviceAccount), {}, frozen(improvements));
  expect(result.pod).toBe(template);
  return result.problems;
}

describe('without improvements', () => {
  test.each<[string, PodTemplate, Record<string, string>, WebhookSettings]>([
    ['a plain pod', pod(), {}, {}],
    ['settings of EKS', pod(), {}, { region: 'eu-west-1', regionalSts: true }],
    ['annotations', pod({ initContainers: [{ name: 'init' }] }, { annotations: prefixed({ 'token-expiration': '700' }) }), { 'audience': 'vault', 'sts-regional-endpoints': 'true' }, {}],
    ['Windows', pod({ nodeSelector: { 'kubernetes.io/os': 'windows' } }), {}, {}],
    ['presets', pod({ containers: [{ name: 'main', env: [{ name: 'AWS_ROLE_ARN', value: OTHER_ROLE }] }] }), {}, {}],
    ['a role of its own', pod({ containers: [{ name: 'main', env: [{ name: 'AWS_ROLE_ARN', value: OTHER_ROLE }, { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: FILE }] }] }), {}, {}],
    ['another prefix', pod({ containers: [{ name: 'main' }, { name: 'b' }] }, { annotations: { 'x.io/skip-containers': 'b' } }), {}, { annotationPrefix: 'x.io' }],
    ['another path', pod(), {}, { mountPath: '/tokens' }],
  ])('does as the webhook: %s', (_what, template, annotations, settings) => {
    const serviceAccount = account(annotations);
    const known = { ...serviceAccount, annotations: { ...serviceAccount.annotations, 'x.io/role-arn': ROLE } };
    expect(inject(template, {}, known, settings)).toEqual(mutatePod(template, known, settings));
  });

  test('leaves a pod with the label, or without a role, as it is', () => {
    const labelled = pod({}, { labels: { 'eks.amazonaws.com/skip-pod-identity-webhook': '' } });
    expect(injectPod(labelled, account(), {}, { fsGroup: 1 })).toEqual({ pod: labelled, containers: [], problems: [] });
    expect(injectPod(pod(), NO_ROLE, {}, { fsGroup: 1 })).toEqual({ pod: pod(), containers: [], problems: [] });
  });

  test('names the containers that have a role by it, also when it was there before', () => {
    const template = pod({ containers: TWO, initContainers: [{ name: 'init' }] }, { annotations: prefixed({ 'skip-containers': 'proxy' }) });
    const { pod: injected, containers } = injectPod(template, account());
    expect(containers).toEqual(['init', 'uploader', 'reader']);
    expect(injectPod(injected, account()).containers).toEqual(containers);
  });
});

describe('where the webhook is weak', () => {
  test.each(['uploader, proxy', ' uploader ,proxy ', 'uploader,\tproxy', '"uploader", proxy', '"uploader", "proxy"', ' "uploader" ,\t"proxy" ', '" uploader" , proxy'])('skip lists are trimmed: %j', skip => {
    const injected = inject(pod({ containers: TWO }, { annotations: prefixed({ 'skip-containers': skip }) }));
    expect(TWO.filter(({ name }) => env(injected, name).length > 0)).toEqual([{ name: 'reader' }]);
  });

  test.each(['"uploader, proxy', 'up"loader"', '"a" b, proxy', '"a""'])('fails when a skip list cannot be read, rather than skip nobody: %j', skip => {
    const template = pod({ containers: TWO }, { annotations: prefixed({ 'skip-containers': skip }) });
    expect(problemsIn(template)).toEqual(["the annotation skip-containers has quotes that make no list of it; write names and commas: 'proxy, metrics'"]);
    expect(injectPod(template, NO_ROLE)).toEqual({ pod: template, containers: [], problems: [] });
  });

  test.each(['', ' ', '\n', ',', ' , '])('an empty skip list skips nobody: %j', skip => {
    const injected = inject(pod({ containers: TWO }, { annotations: prefixed({ 'skip-containers': skip }) }));
    expect(TWO.every(({ name }) => env(injected, name).length === 2)).toBe(true);
  });

  test('a pod whose containers are all skipped has no volume for nobody', () => {
    expect(inject(pod({}, { annotations: prefixed({ 'skip-containers': 'main' }) })).spec.volumes).toBeUndefined();
  });

  test('spec.os says Windows as well', () => {
    const injected = inject(pod({ os: { name: 'windows' } }));
    expect(env(injected)[1]).toBe('AWS_WEB_IDENTITY_TOKEN_FILE=C:\\var\\run\\secrets\\eks.amazonaws.com\\serviceaccount\\token');
    expect(container(injected).volumeMounts).toEqual([MOUNT]);
  });

  test('a container with variables of all kinds has the token that its variable names', () => {
    const preset = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_REGION', 'AWS_STS_REGIONAL_ENDPOINTS'].map(name => ({ name, value: FILE }));
    expect(container(inject(pod({ containers: [{ name: 'main', env: preset }] }))).volumeMounts).toEqual([MOUNT]);
  });
});

describe('credentials made by hand', () => {
  const own = (file: string, ...mounts: Array<{ name: string; mountPath: string }>): PodTemplate['spec'] => ({
    containers: [{ name: 'main', env: [{ name: 'AWS_ROLE_ARN', value: OTHER_ROLE }, { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: file }], volumeMounts: mounts }],
    volumes: mounts.map(({ name }) => name).filter((name, index, names) => names.indexOf(name) === index)
      .map(name => ({ name, projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', path: file.slice(file.lastIndexOf('/') + 1) } }] } })),
  });

  test.each<[string, PodTemplate['spec']]>([
    ['a volume of its own where ours goes', own(FILE, { name: 'tok', mountPath: PATH })],
    ['a volume of its own where ours goes, with another file', own(`${PATH}/mine`, { name: 'tok', mountPath: `${PATH}/` })],
    ["a volume of the token's name, elsewhere", own('/aws/token', { name: 'aws-iam-token', mountPath: '/aws' })],
    ["a volume of the token's name, with another file", own(`${PATH}/aws-token`, { name: 'aws-iam-token', mountPath: PATH })],
  ])('stay as they are: %s', (_what, spec) => {
    const template = pod(spec);
    expect(injectPod(frozen(template), account())).toEqual({ pod: template, containers: [], problems: [] });
  });

  test('have the region all the same, and no mount', () => {
    const template = pod(own(FILE, { name: 'tok', mountPath: PATH }));
    const injected = inject(template, {}, account(), { region: 'eu-west-1' });
    expect(env(injected).slice(2)).toEqual(['AWS_DEFAULT_REGION=eu-west-1', 'AWS_REGION=eu-west-1']);
    expect(container(injected).volumeMounts).toEqual(container(template).volumeMounts);
    expect(injected.spec.volumes).toEqual(template.spec.volumes);
  });

  test('leave the other containers theirs', () => {
    const spec = own(FILE, { name: 'tok', mountPath: PATH });
    const { pod: injected, containers } = injectPod(pod({ ...spec, containers: [...spec.containers!, { name: 'b' }] }), account());
    expect(containers).toEqual(['b']);
    expect(container(injected, 'b').volumeMounts).toEqual([MOUNT]);
    expect(injected.spec.volumes?.map(({ name }) => name)).toEqual(['aws-iam-token', 'tok']);
  });

  test('have our token where nothing is in its way, as from the webhook', () => {
    const template = pod(own('/aws/token'));
    expect(inject(template)).toEqual(mutatePod(template, account()));
  });

  test('fail when the token is not where the variable says', () => {
    expect(problemsIn(pod(own(FILE, { name: 'aws-iam-token', mountPath: '/aws' })))).toHaveLength(1);
    expect(problemsIn(pod({ ...own(FILE), volumes: [{ name: 'aws-iam-token', emptyDir: {} }] }))).toHaveLength(1);
  });

  test('fail when one of the variables is missing', () => {
    const { containers: [main], volumes } = own(FILE, { name: 'tok', mountPath: PATH }) as Required<PodTemplate['spec']>;
    expect(problemsIn(pod({ volumes, containers: [{ ...main, env: main.env!.slice(1) }] }))).toHaveLength(1);
    expect(problemsIn(pod({ volumes, containers: [{ ...main, env: main.env!.slice(0, 1) }] }))).toHaveLength(1);
  });

  test('fail when a role was asked for', () => {
    expect(problemsIn(pod(own(FILE, { name: 'tok', mountPath: PATH })), { containerRoles: { main: { roleArn: OTHER_ROLE } } }))
      .toEqual([`container 'main' has the volume 'tok' at ${PATH}, where the token goes; mount it elsewhere`]);
  });

  test("the token's volume may be mounted at a second path", () => {
    const template = pod(own(FILE, { name: 'aws-iam-token', mountPath: '/legacy' }, { name: 'aws-iam-token', mountPath: PATH }));
    expect(inject(template)).toEqual(template);
    const { containers: [main], volumes } = template.spec as Required<PodTemplate['spec']>;
    expect(env(inject(pod({ volumes, containers: [{ ...main, env: [] }] })))).toHaveLength(2);
  });
});

describe('fsGroup', () => {
  test('is set when asked for', () => {
    const injected = inject(pod({ securityContext: { runAsUser: 1000 } }), { fsGroup: 65534 });
    expect(injected.spec.securityContext).toEqual({ runAsUser: 1000, fsGroup: 65534 });
    expect(inject(pod(), { fsGroup: 0 }).spec.securityContext).toEqual({ fsGroup: 0 });
  });

  test('of the pod wins', () => {
    expect(inject(pod({ securityContext: { fsGroup: 0 } }), { fsGroup: 65534 }).spec.securityContext).toEqual({ fsGroup: 0 });
  });

  test('fails when the pod is for Windows, which has none', () => {
    expect(problemsIn(pod({ os: { name: 'windows' } }), { fsGroup: 1 })).toEqual(['Windows pods cannot have fsGroup; leave it out for them']);
  });
});

describe('the name of the session', () => {
  test('is that of the pod, behind all other variables', () => {
    const injected = inject(pod(), { sessionNameFromPod: true }, account(), { region: 'eu-west-1' });
    expect(env(injected).at(-1)).toBe('AWS_ROLE_SESSION_NAME={"fieldRef":{"fieldPath":"metadata.name"}}');
  });

  test('of the container wins', () => {
    const injected = inject(pod({ containers: [{ name: 'main', env: [{ name: 'AWS_ROLE_SESSION_NAME', value: 'mine' }] }] }), { sessionNameFromPod: true });
    expect(env(injected)).toEqual(['AWS_ROLE_SESSION_NAME=mine', `AWS_ROLE_ARN=${ROLE}`, `AWS_WEB_IDENTITY_TOKEN_FILE=${FILE}`]);
  });

  test.each(['ab', 'a'.repeat(64), undefined])('can be %j', name => {
    inject(pod({}, { name }), { sessionNameFromPod: true });
  });

  test.each(['a', 'a'.repeat(65)])('fails when it would be %j', name => {
    expect(problemsIn(pod({}, { name }), { sessionNameFromPod: true }))
      .toEqual([`the pod's name '${name}' cannot be that of a session, which has 2 to 64 characters; rename the pod, or leave sessionNameFromPod out`]);
  });
});

describe('roles of containers', () => {
  const roles = { uploader: { roleArn: ROLE }, reader: { roleArn: OTHER_ROLE } };

  test('are theirs, with one token for all of one audience', () => {
    const injected = inject(pod({ containers: TWO }), { containerRoles: roles }, NO_ROLE);
    expect(env(injected, 'uploader')).toEqual([`AWS_ROLE_ARN=${ROLE}`, `AWS_WEB_IDENTITY_TOKEN_FILE=${FILE}`]);
    expect(env(injected, 'reader')).toEqual([`AWS_ROLE_ARN=${OTHER_ROLE}`, `AWS_WEB_IDENTITY_TOKEN_FILE=${FILE}`]);
    expect(container(injected, 'proxy')).toEqual({ name: 'proxy' });
    expect(injected.spec.volumes).toHaveLength(1);
  });

  test('leave the role of the service account to the others', () => {
    const injected = inject(pod({ containers: TWO }), { containerRoles: { reader: { roleArn: OTHER_ROLE } } });
    expect(TWO.map(({ name }) => env(injected, name)[0])).toEqual([ROLE, OTHER_ROLE, ROLE].map(arn => `AWS_ROLE_ARN=${arn}`));
  });

  test('with an audience of their own have a token of their own, in their containers only', () => {
    const injected = inject(pod({ containers: TWO, volumes: [{ name: 'data', emptyDir: {} }] }),
      { containerRoles: { uploader: { roleArn: ROLE, audience: 'vault' }, reader: { roleArn: OTHER_ROLE, audience: 'sts.amazonaws.com' } } }, NO_ROLE);
    expect(injected.spec.volumes?.map(({ name }) => name)).toEqual(['aws-iam-token', VAULT, 'data']);
    expect([token(injected).audience, token(injected, VAULT).audience]).toEqual(['sts.amazonaws.com', 'vault']);
    expect(container(injected, 'uploader')).toEqual({
      name: 'uploader',
      env: [{ name: 'AWS_ROLE_ARN', value: ROLE }, { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: `${PATH}-e6f0a1fb/token` }],
      volumeMounts: [{ name: VAULT, mountPath: `${PATH}-e6f0a1fb`, readOnly: true }],
    });
    expect(container(injected, 'reader').volumeMounts).toEqual([MOUNT]);
    expect(container(injected, 'proxy')).toEqual({ name: 'proxy' });
  });

  test("of the service account's audience take its volume, whatever that audience is", () => {
    const injected = inject(pod({ containers: TWO }), { containerRoles: { uploader: { roleArn: ROLE, audience: 'vault' } } }, account({ audience: 'vault' }));
    expect(injected.spec.volumes).toHaveLength(1);
    expect(token(injected).audience).toBe('vault');
  });

  test('on Windows have a path of its own', () => {
    const injected = inject(pod({ os: { name: 'windows' } }), { containerRoles: { main: { roleArn: ROLE, audience: 'vault' } } }, NO_ROLE);
    expect(env(injected)[1]).toBe('AWS_WEB_IDENTITY_TOKEN_FILE=C:\\var\\run\\secrets\\eks.amazonaws.com\\serviceaccount-e6f0a1fb\\token');
  });

  test('beat the skip list, which the pod may have for others', () => {
    const injected = inject(pod({ containers: TWO }, { annotations: prefixed({ 'skip-containers': 'uploader,proxy' }) }), { containerRoles: roles });
    expect(TWO.filter(({ name }) => env(injected, name).length > 0).map(({ name }) => name)).toEqual(['uploader', 'reader']);
  });

  test('can be for init containers', () => {
    const injected = inject(pod({ initContainers: [{ name: 'init' }] }), { containerRoles: { init: { roleArn: OTHER_ROLE } } }, NO_ROLE);
    expect(env(injected, 'init')[0]).toBe(`AWS_ROLE_ARN=${OTHER_ROLE}`);
    expect(container(injected)).toEqual({ name: 'main', image: 'web:1' });
  });

  test('are idempotent, and the webhook leaves them alone', () => {
    const improvements = { containerRoles: { uploader: { roleArn: ROLE, audience: 'vault' }, reader: { roleArn: OTHER_ROLE } }, sessionNameFromPod: true, fsGroup: 1 };
    const injected = inject(pod({ containers: TWO }), improvements);
    expect(inject(injected, improvements)).toBe(injected);
    const both = mutatePod(injected, account());
    expect(refusals(both)).toEqual([]);
    expect(env(both, 'uploader')).toEqual(env(injected, 'uploader'));
    expect(env(both, 'reader')).toEqual(env(injected, 'reader'));
  });

  test.each<[string, Array<{ name: string; value?: string }>]>([
    ['AWS_ROLE_ARN', [{ name: 'AWS_ROLE_ARN', value: ROLE }]],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', [{ name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: FILE }]],
    ['AWS_ROLE_ARN', [{ name: 'AWS_ROLE_ARN', value: OTHER_ROLE }]],
    ['AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE', [{ name: 'AWS_ROLE_ARN', value: ROLE }, { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/mine' }]],
    ['AWS_ROLE_ARN', [{ name: 'AWS_ROLE_ARN' }]],
  ])('fail when the container sets %s itself: %j', (names, variables) => {
    expect(problemsIn(pod({ containers: [{ name: 'uploader', env: variables }] }), { containerRoles: roles }))
      .toEqual([`container 'uploader' sets ${names} itself, and is to have the role ${ROLE}; remove the one or the other`]);
  });

  test('of names that the pod does not have do nothing here', () => {
    const template = pod();
    const containerRoles = { constructor: { roleArn: ROLE } };
    expect(injectPod(template, NO_ROLE, {}, { containerRoles })).toEqual({ pod: template, containers: [], problems: [] });
    expect(env(inject(pod({ containers: [{ name: 'toString' }] })), 'toString')[0]).toBe(`AWS_ROLE_ARN=${ROLE}`);
  });
});

describe('fails when', () => {
  test.each(['s3-reader', ` ${ROLE}`, 'arn:aws:iam::111122223333:user/x', 'arn:aws:iam::1111:role/x', 'arn:aws:iam::111122223333:role/', '${Token[TOKEN.1]}'])('the role is %j', arn => {
    expect(problemsIn(pod(), {}, account({ 'role-arn': arn }))).toEqual([`'${arn}' is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME): STS would refuse it`]);
  });

  test.each(['arn:aws-cn:iam::111122223333:role/x', 'arn:aws-us-gov:iam::111122223333:role/a/b', '${cdk-irsa:Stack/Role.Arn-12345678}'])('and not when it is %j', arn => {
    inject(pod(), {}, account({ 'role-arn': arn }));
  });

  test('the audience is empty', () => {
    expect(problemsIn(pod(), {}, account({ audience: '' }))).toEqual(['the audience is empty: the token would be for the API server, and STS refuse it; remove the annotation, or name one']);
  });

  test.each([PATH, `${PATH}/`])('another volume is mounted at %s', mountPath => {
    const template = pod({ containers: [{ name: 'main', volumeMounts: [{ name: 'data', mountPath }] }], volumes: [{ name: 'data', emptyDir: {} }] });
    expect(problemsIn(template)).toEqual([`container 'main' has the volume 'data' at ${PATH}, where the token goes; mount it elsewhere`]);
  });

  test('and not when it is mounted next to it, or in a container that is skipped', () => {
    const volumes = [{ name: 'data', emptyDir: {} }];
    inject(pod({ volumes, containers: [{ name: 'main', volumeMounts: [{ name: 'data', mountPath: `${PATH}2` }, { name: 'data', mountPath: '/var/run/secrets' }] }] }));
    inject(pod({ volumes, containers: [{ name: 'main', volumeMounts: [{ name: 'data', mountPath: PATH }] }] }, { annotations: prefixed({ 'skip-containers': 'main' }) }));
  });

  test("the token's volume is mounted elsewhere", () => {
    const template = pod({ containers: [{ name: 'main', volumeMounts: [{ name: 'aws-iam-token', mountPath: '/mine' }] }] });
    expect(problemsIn(template)).toEqual([`container 'main' mounts aws-iam-token at /mine, and the token has to be at ${PATH}; remove the mount`]);
  });

  test.each([
    { emptyDir: {} },
    { projected: {} },
    { projected: { sources: [{ serviceAccountToken: { audience: 'vault', path: 'token' } }] } },
    { projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', path: 'other' } }] } },
    { projected: { sources: [{ configMap: { name: 'x' } }, null] } },
  ])("a volume of the token's name is %j", source => {
    expect(problemsIn(pod({ volumes: [{ name: 'aws-iam-token', ...source }] })))
      .toEqual(["the pod has a volume 'aws-iam-token' of its own, which has no token for 'sts.amazonaws.com' as 'token'; rename it"]);
  });

  test('several things are wrong, with all of them at once, and each once', () => {
    const found = problemsIn(pod({ os: { name: 'windows' }, containers: [{ name: 'a' }, { name: 'b' }] }), { fsGroup: 1 }, account({ 'role-arn': 'x', 'audience': '' }));
    expect(found).toHaveLength(3);
  });
});
