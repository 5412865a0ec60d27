import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { account, ADDED, deployment, ROLE, stream } from './manifests';
import { injectManifests, type InjectOptions } from '../../../src/k8s/inject/inject-manifests';
import { splitDocuments } from '../../../src/k8s/yaml/split-documents';
import { readYaml } from '../../../src/k8s/yaml/yaml-source';
import { messageOf } from '../helpers';

function inject(text: string, options: InjectOptions = {}): string {
  return injectManifests([{ name: 'a.yaml', text }], options).text;
}

function notes(text: string, options: InjectOptions = {}): readonly string[] {
  return injectManifests([{ name: 'a.yaml', text }], options).notes;
}

function failure(text: string, options: InjectOptions = {}): string {
  return messageOf(() => inject(text, options));
}

function values(text: string): unknown[] {
  return splitDocuments(text).map(part => readYaml(part.text).value);
}

/** Variables of all containers, wherever they are. */
function variables(text: string): string[] {
  return [...text.matchAll(/"?name"?: "?(AWS_\w+)/g)].map(([, name]) => name);
}

describe('injectManifests', () => {
  test('adds volume, mounts and variables, and nothing else', () => {
    expect(inject(stream(account(), deployment()))).toBe(stream(account(), deployment() + ADDED));
  });

  test('takes service accounts from behind their workloads as well', () => {
    expect(inject(stream(deployment(), account()))).toBe(stream(deployment() + ADDED, account()));
  });

  test('takes service accounts from other files', () => {
    expect(inject(deployment(), { serviceAccounts: [{ name: 'sa.yaml', text: account() }] })).toBe(deployment() + ADDED);
  });

  test('knows the settings of the webhook', () => {
    const text = inject(stream(account(), deployment()), { settings: { region: 'eu-west-1', regionalSts: true, audience: 'reports.example.com' } });

    expect(variables(text)).toEqual(['AWS_STS_REGIONAL_ENDPOINTS', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']);
    expect(text).toContain('value: eu-west-1\n');
    expect(text).toContain('audience: reports.example.com\n');
  });

  const template = { spec: { serviceAccountName: 'web', containers: [{ name: 'a' }], initContainers: [{ name: 'b', restartPolicy: 'Always' }] } };
  test.each<[string, string, unknown]>([
    ['v1', 'Pod', template],
    ['v1', 'ReplicationController', { spec: { template } }],
    ['apps/v1', 'Deployment', { spec: { template } }],
    ['apps/v1', 'StatefulSet', { spec: { template } }],
    ['apps/v1', 'DaemonSet', { spec: { template } }],
    ['apps/v1', 'ReplicaSet', { spec: { template } }],
    ['batch/v1', 'Job', { spec: { template } }],
    ['batch/v1', 'CronJob', { spec: { jobTemplate: { spec: { template } } } }],
  ])('knows %s %s', (apiVersion, kind, body) => {
    const text = inject(stream(account(), JSON.stringify({ apiVersion, kind, metadata: { name: 'a' }, ...body as object }, undefined, 2)));

    expect(variables(text)).toEqual(['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']);
  });

  test('leaves custom resources alone until it is told where they have their pods', () => {
    const rollout = deployment().replace('apps/v1', 'argoproj.io/v1alpha1').replace('Deployment', 'Rollout');
    const text = stream(account(), rollout);

    expect(inject(text)).toBe(text);
    expect(inject(text, { podTemplates: { 'argoproj.io/Rollout': 'spec.template' } })).toBe(stream(account(), rollout + ADDED));
    expect(failure(text, { podTemplates: { Rollout: 'spec..template' } })).toContain("'spec..template' is not a path");
  });

  describe('reads as kubectl does', () => {
    const [sa] = values(account()) as object[];
    const [web] = values(deployment()) as object[];

    test.each<[string, string]>([
      ['a List', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [sa, web, web] })],
      ['JSON on lines', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [web, sa, web] }, undefined, 4)],
      ['a list in a list', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'List', items: [web] }, web, sa] })],
      ['objects one after another', [sa, web, web].map(object => JSON.stringify(object)).join('\n')],
      ['JSON with marks', [sa, web, web].map(object => JSON.stringify(object, undefined, 1)).join('\n---\n')],
    ])('%s', (_what, text) => {
      expect(variables(inject(text))).toEqual(['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']);
    });

    test('typed lists, whose items have no kind', () => {
      const { kind: _kind, apiVersion: _apiVersion, ...item } = web as Record<string, unknown>;
      const accounts = JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccountList', items: [{ metadata: (sa as Record<string, unknown>).metadata }] });
      const text = inject(`${accounts}\n${JSON.stringify({ apiVersion: 'apps/v1', kind: 'DeploymentList', items: [item, null, 'x'] })}`);

      expect(variables(text)).toEqual(['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']);
      expect(text).not.toMatch(/"kind": ?"Deployment"/);
    });

    test('a list in lines, with comments', () => {
      const item = deployment().replace(/^(?=.)/gm, '  ').replace('  ', '- ');
      const text = `kind: List\napiVersion: v1\nitems:\n# one\n${item}# two\n${item}`;
      const added = ADDED.replace(/^(?=.)/gm, '  ');

      expect(inject(stream(account(), text))).toBe(stream(account(), `kind: List\napiVersion: v1\nitems:\n# one\n${item}${added}# two\n${item}${added}`));
    });

    test('keys that are there twice, of which the last counts', () => {
      const text = deployment().replace('serviceAccountName: web', 'serviceAccountName: other\n      serviceAccountName: web');

      expect(inject(stream(account(), text))).toBe(stream(account(), text + ADDED));
    });

    test('the old name of serviceAccountName, when there is no other', () => {
      expect(inject(stream(account(), deployment().replace('serviceAccountName', 'serviceAccount')))).toContain('AWS_ROLE_ARN');
      expect(inject(stream(account(), deployment().replace('serviceAccountName: web', 'serviceAccountName: ""\n      serviceAccount: web')))).toContain('AWS_ROLE_ARN');
      expect(inject(stream(account(), deployment().replace('serviceAccountName: web', 'serviceAccountName: x\n      serviceAccount: web')))).not.toContain('AWS_ROLE_ARN');
    });

    test('a missing service account as default', () => {
      expect(inject(stream(account('default'), deployment().replace(/ +serviceAccountName: web\n/, '')))).toContain('AWS_ROLE_ARN');
    });
  });

  describe('namespaces', () => {
    test.each<[string, string | undefined, string | undefined, string | undefined, boolean]>([
      ['none at all', undefined, undefined, undefined, true],
      ['the same', 'a', 'a', undefined, true],
      ['different ones', 'a', 'b', undefined, false],
      ['the one of kubectl, named in the account', 'a', undefined, 'a', true],
      ['the one of kubectl, named in the workload', undefined, 'a', 'a', true],
      ['another one than that of kubectl', 'b', undefined, 'a', false],
      ['one in the account, none in the workload', 'a', undefined, undefined, false],
    ])('%s', (_what, ofAccount, ofWorkload, namespace, expected) => {
      expect(inject(stream(account('web', undefined, ofAccount), deployment('web', 'web', ofWorkload)), { namespace }).includes('AWS_ROLE_ARN')).toBe(expected);
    });
  });

  describe('a service account that is not known', () => {
    test('leaves the workload to the letter, with a note', () => {
      expect(inject(deployment())).toBe(deployment());
      expect(notes(deployment())).toEqual(['Deployment web: service account web is not among the manifests, so nothing was changed; pass its manifest with --service-accounts']);
    });

    test('has one note, whoever uses it', () => {
      const many = stream(...['a', 'b', 'c', 'd', 'e'].map(name => deployment(name, 'web', 'prod')), deployment('f', 'other'));

      expect(notes(many)).toHaveLength(2);
      expect(notes(many)[0]).toContain('Deployment prod/a, Deployment prod/b, Deployment prod/c and 2 more: service account prod/web is not');
    });

    test('has a note that names the namespaces that have it', () => {
      expect(notes(stream(account('web', undefined, 'prod'), deployment()))[0]).toContain('in another namespace (prod): --namespace');
    });

    test('fails when asked to be strict', () => {
      expect(failure(deployment(), { strict: true })).toContain('service account web is not among the manifests');
      expect(inject(stream(account(), deployment()), { strict: true })).toContain('AWS_ROLE_ARN');
    });

    test('is none that is there and has no role', () => {
      const text = stream(account('web', {}), deployment());

      expect(injectManifests([{ name: 'a', text }], { strict: true })).toEqual({ text, notes: [] });
    });
  });

  test.each([':', ': null', ': ~', ': ""'])('takes an annotation that is nothing (%j) for no role', written => {
    const text = stream(account().replace(/: "arn.*/, written), deployment().replace('template:\n', 'template:\n    metadata: {annotations: {eks.amazonaws.com/skip-containers: }}\n'));

    expect(injectManifests([{ name: 'a', text }], { strict: true })).toEqual({ text, notes: [] });
    expect(inject(text, { parity: true })).toBe(text);
  });

  describe.each<[string, string, RegExp]>([
    ['a role that is none', account('other', { 'eks.amazonaws.com/role-arn': 'web' }), /^sa\.yaml:9:1: service account other: 'web' is not the ARN of a role/],
    ['a role that is not known yet', account('other', { 'eks.amazonaws.com/role-arn': '${cdk-irsa:Stack/A.Arn-00000000}' }), /run cdk-irsa render first$/],
    ['an audience that no role can trust', account('other', { 'eks.amazonaws.com/role-arn': ROLE, 'eks.amazonaws.com/audience': 'a b' }), /no role can trust the audience 'a b'/],
    ['an annotation that is no string', account('other').replace(/: "arn.*/, ': 5'), /^sa\.yaml:9:1: .*role-arn is 5, and has to be a string/],
  ])('a service account of another file with %s', (_what, other, expected) => {
    const options = { serviceAccounts: [{ name: 'sa.yaml', text: stream(account(), other) }] };

    test('is no matter to workloads of others', () => {
      expect(inject(deployment(), options)).toBe(deployment() + ADDED);
    });

    test('fails for a workload that uses it, and in the stream', () => {
      expect(failure(stream(deployment(), deployment('x', 'other')), options)).toMatch(expected);
      expect(failure(other)).toMatch(new RegExp(expected.source.replace('sa\\.yaml:9:1', 'a\\.yaml:1:1')));
    });
  });

  describe('half of the variables', () => {
    const setting = (...names: string[]): string =>
      stream(account(), `${deployment()}        env: [${names.map(name => `{name: ${name}, value: x}`).join(', ')}]\n`);

    test.each(['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'])('has a note: %s', name => {
      expect(notes(setting(name, 'AWS_REGION'))).toEqual([`Deployment web: container 'web' sets ${name} and not its counterpart, so it has the token and not the role; `
        + 'set both of AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, or neither']);
      expect(failure(setting(name), { strict: true })).toContain(`sets ${name} and not its counterpart`);
      expect(notes(setting(name), { parity: true })).toEqual([]);
    });

    test.each([
      ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'], ['AWS_ROLE_ARN', 'AWS_PROFILE'], ['AWS_ROLE_ARN', 'AWS_CONFIG_FILE'], ['AWS_REGION'],
    ])('has none: %s %s', (...names) => {
      expect(notes(setting(...names.filter(Boolean)), { strict: true })).toEqual([]);
    });

    test('has none in a container that is skipped', () => {
      const metadata = 'template:\n    metadata: {annotations: {eks.amazonaws.com/skip-containers: web}}\n';

      expect(notes(setting('AWS_ROLE_ARN').replace('template:\n', metadata))).toEqual([]);
    });
  });

  describe('pods that are not found', () => {
    const rollout = (name = 'web', serviceAccount = 'web'): string =>
      deployment(name, serviceAccount).replace('apps/v1', 'argoproj.io/v1alpha1').replace('Deployment', 'Rollout');

    test.each<[string, string, string]>([
      ['a path has a typing error', 'Rollout', 'spec.templat'],
      ['a path leads to the spec of pods', 'Rollout', 'spec.template.spec'],
      ['a path of a group does', 'argoproj.io/Rollout', 'spec.*.spec'],
    ])('have a note when %s, and fail when it is strict', (_what, kind, path) => {
      const text = stream(account(), rollout());
      const podTemplates = { [kind]: path };

      expect(inject(text, { podTemplates })).toBe(text);
      expect(notes(text, { podTemplates })[0]).toBe(`Rollout web: there are no pods at ${path}, so nothing was changed; correct or remove --pod-template ${kind}=${path}`);
      expect(notes(text, { podTemplates })[1]).toMatch(new RegExp(`pass --pod-template ${kind}=spec.template$`));
      expect(failure(text, { podTemplates, strict: true })).toContain(`there are no pods at ${path}`);
    });

    test('have a note when a kind of Kubernetes was switched off', () => {
      const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {serviceAccountName: web, containers: [{name: a}]}\n';

      expect(notes(stream(account(), pod), { podTemplates: { Pod: 'spec' } })).toEqual(['Pod a: there are no pods at spec, so nothing was changed; correct or remove --pod-template Pod=spec']);
    });

    test('have one note, however many there are', () => {
      const many = stream(account(), ...['a', 'b', 'c', 'd', 'e'].map(each => rollout(each)));

      expect(notes(many)).toEqual(['Rollout a, Rollout b, Rollout c and 2 more: the service account web has a role, and the pods are where nobody said, so nothing was changed; '
        + 'pass --pod-template Rollout=spec.template']);
      expect(failure(many, { strict: true })).toContain('pass --pod-template Rollout=spec.template');
    });

    test('are found in lists, and the note says how to name them', () => {
      const jobs = { replicatedJobs: [1, 2].map(() => ({ template: { spec: { template: { spec: { serviceAccountName: 'web', containers: [{ name: 'a' }] } } } } })) };
      const text = stream(account(), JSON.stringify({ apiVersion: 'jobset.x-k8s.io/v1alpha2', kind: 'JobSet', metadata: { name: 'a' }, spec: jobs }));
      const [note, ...others] = notes(text);

      expect(others).toEqual([]);
      expect(note).toMatch(/^JobSet a: .*; pass --pod-template JobSet=spec\.replicatedJobs\.\*\.template\.spec\.template$/);
      expect(variables(inject(text, { podTemplates: { JobSet: 'spec.replicatedJobs.*.template.spec.template' } }))).toHaveLength(4);
    });

    test('have none when another object of the kind has its pods there, such as those that refer to a Deployment', () => {
      const reference = 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\nspec: {workloadRef: {name: web}}\n';

      expect(notes(stream(account(), rollout(), reference), { podTemplates: { Rollout: 'spec.template' } })).toEqual([]);
    });

    test.each<[string, string]>([
      ['the service account has no role', stream(account('web', {}), rollout())],
      ['the service account is not known', rollout()],
      ['there is no pod', stream(account(), 'apiVersion: a/v1\nkind: Rollout\nspec: {serviceAccountName: web, template: {spec: null}, list: [{spec: {containers: x}}]}\n')],
      ['an operator makes the pods', stream(account(), 'apiVersion: a/v1\nkind: Prometheus\nspec: {serviceAccountName: web, containers: [{name: a}]}\n')],
    ])('have none when %s', (_what, text) => {
      expect(injectManifests([{ name: 'a', text }], { strict: true })).toEqual({ text, notes: [] });
    });
  });

  test('leaves pods alone that the webhook leaves alone', () => {
    const text = stream(account(), deployment().replace('template:\n', 'template:\n    metadata: {labels: {eks.amazonaws.com/skip-pod-identity-webhook: ""}}\n'));

    expect(inject(text)).toBe(text);
  });

  test('does with parity what the webhook does, and better without', () => {
    const skip = deployment().replace('template:\n', 'template:\n    metadata: {annotations: {eks.amazonaws.com/skip-containers: "x, web"}}\n');

    expect(variables(inject(stream(account(), skip)))).toEqual([]);
    expect(variables(inject(stream(account(), skip), { parity: true }))).toEqual(['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']);
    expect(inject(stream(account('web', { 'eks.amazonaws.com/role-arn': ' x' }), deployment()), { parity: true })).toContain('value: " x"\n');
  });

  describe('several files', () => {
    function both(...texts: string[]): string {
      return injectManifests(texts.map((text, index) => ({ name: `${index}.yaml`, text }))).text;
    }

    test('share their service accounts, and stay apart', () => {
      expect(both(deployment(), account())).toBe(`${deployment()}${ADDED}---\n${account()}`);
      expect(both(`---\n${deployment()}`, `---\n${account()}`)).toBe(`---\n${deployment()}${ADDED}---\n${account()}`);
      expect(both('a: 1', '\uFEFFb: 2', '\uFEFF---\nc: 3')).toBe('a: 1\n---\nb: 2\n---\nc: 3\n');
    });

    test('of JSON stay JSON, and with others become YAML', () => {
      expect(both('{"a":1}', '{"b":2}{"c":3}\n')).toBe('{"a":1}\n{"b":2}{"c":3}\n');
      expect(both('{"a":1}{"b":2}', 'c: 3\n')).toBe('---\n{"a":1}\n---\n{"b":2}\n---\nc: 3\n');
      expect(both('c: 3\n', '{"a":1}\n{"b":2}')).toBe('c: 3\n---\n{"a":1}\n---\n\n{"b":2}\n');
    });
  });

  describe('fails', () => {
    test.each<[string, string, RegExp]>([
      ['YAML is malformed', `${account()}---\na: 1\nb: [\n`, /^a\.yaml:10:1: Flow sequence/],
      ['a quote is not closed', 'a: 1\nb: "c\n', /^a\.yaml:[23]:\d+: Missing closing "quote/],
      ['JSON is malformed', '{"a": [1, 2}\n', /^a\.yaml:1:\d+: /],
      ['there are control characters', 'a: 1\nb: x\u0000\n', /^a\.yaml:2:5: the control character U\+0000 cannot be in a manifest; is this a text file\?$/],
      ['aliases multiply', `a: &a [x]\n${'b: [*a]\n'.repeat(1)}c: *d\n`, /^a\.yaml:\d+:\d+: /],
      ['it is nested too deeply', `a: 1\n---\nb: ${'['.repeat(1000)}`, /^a\.yaml:3:\d+: nested more than 300 levels deep$/],
      ['two service accounts of one name differ', stream(account(), account('web', { 'eks.amazonaws.com/role-arn': `${ROLE}2` })),
        /^a\.yaml:9:1: service account web is also at a\.yaml:2:1, with other annotations: .*role\/web2.* and .*role\/web"}; keep one$/],
      ['one of two has no role', stream(account(), account('web', {})), /is also at a\.yaml:2:1/],
      ['a role is a bare name', account('web', { 'eks.amazonaws.com/role-arn': 'web' }), /^a\.yaml:1:1: service account web: 'web' is not the ARN of a role/],
      ['a role has a blank', account('web', { 'eks.amazonaws.com/role-arn': ` ${ROLE}` }), /is not the ARN of a role/],
      ['a role is a user', account('web', { 'eks.amazonaws.com/role-arn': ROLE.replace('role/', 'user/') }), /is not the ARN of a role/],
      ['a role is not known yet', account('web', { 'eks.amazonaws.com/role-arn': '${cdk-irsa:Stack/A.Arn-00000000}' }), /run cdk-irsa render first$/],
      ['no role can trust the audience', account('web', { 'eks.amazonaws.com/role-arn': ROLE, 'eks.amazonaws.com/audience': 'a b' }), /no role can trust the audience 'a b'/],
      ['the audience is empty', account('web', { 'eks.amazonaws.com/role-arn': ROLE, 'eks.amazonaws.com/audience': '' }), /no role can trust the audience ''/],
      ['an annotation is no string', account('web').replace(/: "arn.*/, ': 5'), /the annotation eks\.amazonaws\.com\/role-arn is 5, and has to be a string; put it into quotes$/],
      ['an annotation of a pod is no string', stream(account(), deployment().replace('template:\n', 'template:\n    metadata: {annotations: {eks.amazonaws.com/token-expiration: 3600}}\n')),
        /^a\.yaml:9:1: Deployment web: the annotation eks\.amazonaws\.com\/token-expiration is 3600, and has to be a string; put it into quotes$/],
      ['an annotation is a list', account('web').replace(/: "arn.*/, ': []'), /role-arn is no text, and has to be/],
      ['a service account has no name', account('""'), /^a\.yaml:1:1: a service account has no name/],
      ['another volume is at the mount path',
        stream(account(), `${deployment()}        volumeMounts: [{name: x, mountPath: /var/run/secrets/eks.amazonaws.com/serviceaccount/}]\n`),
        /^a\.yaml:9:1: Deployment web: container 'web' has the volume 'x' at .*serviceaccount/],
    ])('when %s, with the place', (_what, text, expected) => {
      expect(failure(text)).toMatch(expected);
    });

    test('with parity, when another volume is at the mount path, which the API server refuses', () => {
      const text = stream(account(), `${deployment()}        volumeMounts: [{name: x, mountPath: /var/run/secrets/eks.amazonaws.com/serviceaccount}]\n`);

      expect(failure(text, { parity: true })).toMatch(/^a\.yaml:9:1: Deployment web: container 'web' has the volume 'x' at .*; mount it elsewhere$/);
    });

    test('when service accounts of two files differ, naming both', () => {
      const options = { serviceAccounts: [{ name: 'sa.yaml', text: account('web', {}) }] };

      expect(failure(account(), options)).toMatch(/^a\.yaml:1:1: .*sa\.yaml:1:1/);
      expect(inject(account('web', {}), options)).toBe(account('web', {}));
    });

    test('when a file for service accounts has none', () => {
      expect(failure('a: 1\n', { serviceAccounts: [{ name: 'sa.yaml', text: '# no ServiceAccount\na: 1\n' }] })).toBe('sa.yaml: no service account in there; name a file with the manifests of some');
    });

    test('when a document cannot be changed as it is written', () => {
      expect(failure(stream(account(), `${deployment()}      volumes: &a\n`))).toMatch(/^a\.yaml:9:1: the document has to be changed, and cannot be as it is written: .*; write it without/);
    });
  });

  test('takes service accounts whose kind is written with escapes', () => {
    expect(inject(stream(account().replace('ServiceAccount', '"Service\\u0041ccount"'), deployment()))).toContain('AWS_ROLE_ARN');
  });

  test('leaves other groups alone that have a kind ServiceAccount', () => {
    expect(notes(stream(account().replace('apiVersion: v1', 'apiVersion: example.com/v1'), deployment()))).toHaveLength(1);
  });

  describe('leaves everything to the letter that is no workload', () => {
    const odd = [
      'a: on\nb: 0o17\nc: 1_000\n', '# only a comment\n', '\n\n', 'just text\n', '- a\n- b\n', 'a:   1   # blanks  \n\n\n', 'kind: Deployment\n', 'kind: Deployment\napiVersion: apps/v1\nspec: null\n',
      'a: 1\na: 2\n', '"a":   \'b\'\n', 'a: |+\n  b\n\n\n', 'a: >2\n    b\n', '? a\n: b\n', 'a: &a 1\nb: *a\n', 'a: !x b\n', '{"a":1,\n"b":[]}\n', 'é: 世界𝒳\u2028\u0085\n', '__proto__: {a: 1}\n', 'kind: List\nitems: []\n',
      'kind: List\nitems: {a: 1}\n', 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata: {a: !!binary YWJj}\n', account('other', {}), account('more', { 'eks.amazonaws.com/role-arn': ROLE }),
      deployment('x', 'unknown'), 'kind: 5\napiVersion: [v1]\nitems: 5\n',
    ];
    const marks = fc.constantFrom('---\n', '--- # c\n', '...\n---\n', '# c\n---\n', '---\n---\n', '...\n%YAML 1.1\n---\n');

    test.each(odd)('%j', text => {
      expect(inject(stream(account(), text, deployment()))).toBe(stream(account(), text, deployment() + ADDED));
      expect(inject(text)).toBe(text);
      expect(inject(`\uFEFF${text}`)).toBe(`\uFEFF${text}`);
    });

    test('with any marks, line breaks, and workloads between', () => {
      const documents = fc.array(fc.tuple(marks, fc.constantFrom(...odd, deployment())), { maxLength: 8 });
      fc.assert(fc.property(documents, fc.boolean(), fc.boolean(), (parts, windows, ended) => {
        const written = (workload: string): string => {
          const text = stream(account()) + parts.map(([mark, document]) => mark + (document === deployment() ? workload : document)).join('') + (ended ? '' : '---\na: 1');
          return windows ? text.replace(/\n/g, '\r\n') : text;
        };

        expect(inject(written(deployment()))).toBe(written(deployment() + ADDED));
      }));
    });
  });

  const name = fc.constantFrom('a', 'b', 'c');
  const variable = fc.record({ name: fc.constantFrom('AWS_REGION', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'X', 'Y'), value: fc.constantFrom('on', '0o17', '1_000', 'yes', 'text', '') });
  const container = fc.record({
    name,
    env: fc.array(variable, { maxLength: 3 }),
    args: fc.array(fc.constantFrom('on', '2001-12-14', '1e3'), { maxLength: 2 }),
    volumeMounts: fc.array(fc.record({ name, mountPath: fc.constantFrom('/a', '/b') }), { maxLength: 2 }),
  }, { requiredKeys: ['name'] });
  const podSpec = fc.record({
    serviceAccountName: fc.constantFrom('web', 'other', 'none'),
    containers: fc.array(container, { minLength: 1, maxLength: 3 }),
    initContainers: fc.array(container, { maxLength: 2 }),
    volumes: fc.array(fc.record({ name }), { maxLength: 2 }),
  }, { requiredKeys: ['containers'] });
  const workload = podSpec.map(spec => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'w', labels: { on: 'yes' } }, spec: { template: { spec } } }));
  const written = fc.tuple(fc.array(workload, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.boolean()).map(([objects, json, indentSeq]) => {
    const [first] = parseAllDocuments(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }), { version: '1.1' });
    return json
      ? objects.map(object => JSON.stringify(object, undefined, indentSeq ? 2 : undefined)).join('\n')
      : stream(first.toString({ collectionStyle: 'block', indentSeq }));
  });
  const options: InjectOptions = { serviceAccounts: [{ name: 'sa', text: stream(account(), account('other')) }], settings: { region: 'eu-west-1' } };

  test('twice is as good as once, to the letter', () => {
    fc.assert(fc.property(written, fc.boolean(), (text, parity) => {
      const once = inject(text, { ...options, parity });

      expect(inject(once, { ...options, parity })).toBe(once);
    }));
  });

  test('says the same as before to readers of YAML 1.1, but for what it adds', () => {
    fc.assert(fc.property(written, fc.boolean(), (text, parity) => {
      const after = inject(text, { ...options, parity });

      expect(readAll(after).map(withoutAdditions)).toEqual(readAll(text).map(withoutAdditions));
    }));
  });
});

function readAll(text: string): unknown[] {
  return splitDocuments(text).flatMap(part => parseAllDocuments(part.text, { version: '1.1' }).map(document => document.toJS() as unknown));
}

/** Everything but what the webhook is there for. */
function withoutAdditions(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => ['env', 'volumeMounts', 'volumes'].includes(key)
    ? (item as Array<{ name: string }>).filter(({ name }) => !/^AWS_|^aws-iam-token$/.test(name))
    : item).replace(/"(?:env|volumeMounts|volumes)":\[\],?/g, '').replace(/,\}/g, '}'));
}
