import { BASE, deployment, documentsAfter, imported, ISSUER, namespace, serviceAccount } from './manifests';
import { newRole } from '../../../src/migrate/kiam/new-role';
import { oldRole } from '../../../src/migrate/kiam/role-reference';

const READER = `${BASE}reader`;

/** The ARN that the service account's role will have. */
function arnOf(name: string, inNamespace = 'apps', old = READER): string {
  return newRole(ISSUER, inNamespace, name, oldRole(old, undefined)).arn;
}

const PODS: [string, string, string][] = [
  ['v1', 'Pod', ''],
  ['v1', 'ReplicationController', 'spec.template'],
  ['apps/v1', 'Deployment', 'spec.template'],
  ['apps/v1', 'StatefulSet', 'spec.template'],
  ['apps/v1', 'DaemonSet', 'spec.template'],
  ['apps/v1', 'ReplicaSet', 'spec.template'],
  ['batch/v1', 'Job', 'spec.template'],
  ['batch/v1', 'CronJob', 'spec.jobTemplate.spec.template'],
  ['argoproj.io/v1alpha1', 'Rollout', 'spec.template'],
];

/** YAML of an object with a pod template at a path. */
function workload(apiVersion: string, kind: string, path: string, template: object): string {
  const object = path.split('.').filter(Boolean).reduceRight<object>((inner, key) => ({ [key]: inner }), template);
  const { metadata, ...rest } = object as { metadata?: object };
  return `${JSON.stringify({ apiVersion, kind, metadata: { ...metadata, name: 'web', namespace: 'apps' }, ...rest }, undefined, 1)}\n`;
}

describe('pods of every kind', () => {
  const metadata = { annotations: { 'iam.amazonaws.com/role': 'reader', 'iam.amazonaws.com/session-name': 'web' } };

  test.each(PODS)('%s %s', (apiVersion, kind, path) => {
    const before = workload(apiVersion, kind, path, { metadata, spec: { containers: [{ name: 'a' }] } });
    const after = workload(apiVersion, kind, path, { spec: { containers: [{ name: 'a' }], serviceAccountName: 'web' } });

    expect(JSON.parse(documentsAfter([before])[0])).toEqual(JSON.parse(after));
  });

  test('in a list, whose items say no kind', () => {
    const list = `apiVersion: v1
kind: PodList
items:
- metadata:
    name: a
    namespace: apps
    annotations: {iam.amazonaws.com/role: reader, theirs: b}
  spec: {containers: []}
`;
    expect(documentsAfter([list])[0]).toBe(list.replace('iam.amazonaws.com/role: reader, ', '').replace('[]}', '[], "serviceAccountName": "a"}'));
  });

  test('of custom resources, several in one', () => {
    const jobs = `apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: set, namespace: apps}
spec:
  replicatedJobs:
  - name: a
    template: &t
      spec:
        template:
          metadata: {annotations: {iam.amazonaws.com/role: reader}}
          spec:
            containers: []
  - name: b
    template:
      spec:
        template:
          metadata: {annotations: {iam.amazonaws.com/role: reader}}
          spec:
            containers: []
`;
    const [after] = documentsAfter([jobs], { podTemplates: { JobSet: 'spec.replicatedJobs.*.template.spec.template' } });
    expect(after.match(/serviceAccountName: set/g)).toHaveLength(2);
    expect(after).not.toContain('iam.amazonaws.com');
  });

  test('fails nowhere for what is no manifest, and leaves it as it is', () => {
    const values = 'image: {tag: 1}\niam.amazonaws.com/role: reader\n';
    expect(imported([values, '# nothing\n', '- a\n'])).toMatchObject({ edited: [], app: undefined, summary: [], problems: [] });
  });
});

describe('the service account', () => {
  test('is new for pods that have none of their own, named after the workload', () => {
    const { summary, app } = imported([deployment('web', 'reader')]);
    expect(summary).toEqual([`apps/web (made by the app): ${arnOf('web').slice(BASE.length)} instead of ${READER}, for Deployment apps/web`]);
    expect(app).toContain("new IrsaServiceAccount(appsChart, 'web', { role: appsWeb, automountToken: true });");
  });

  test('is one for all pods of the namespace with the role, named after that', () => {
    const documents = [deployment('a', 'reader'), deployment('b', READER), deployment('c', '/Writer')];
    expect(documentsAfter(documents).map(text => /serviceAccountName: (.*)/.exec(text)?.[1])).toEqual(['reader', 'reader', 'c']);
  });

  test.each([
    ['a service account', serviceAccount('web')],
    ['a service account of others', deployment('other', undefined, 'serviceAccountName: web')],
  ])('is not %s that is there', (_what, other) => {
    expect(documentsAfter([other, deployment('web', 'reader')])[1]).toContain('serviceAccountName: web-reader\n');
  });

  test('is the one that pods have, and gets the role', () => {
    const documents = [deployment('web', 'reader', 'serviceAccountName: own # theirs'), serviceAccount('own')];
    const [web, own] = documentsAfter(documents);
    expect(web).toBe(deployment('web', undefined, 'serviceAccountName: own # theirs'));
    expect(own).toContain(`"annotations": {"eks.amazonaws.com/role-arn": "${arnOf('own')}"}`);
    expect(imported(documents).app).not.toContain('IrsaServiceAccount');
  });

  test('is made by the app if no manifest has it, which is said', () => {
    const { app, notes } = imported([deployment('web', 'reader', 'serviceAccountName: own')]);
    expect(app).toContain("new IrsaServiceAccount(appsChart, 'own', { role: appsOwn, automountToken: true });");
    expect(notes).toContain('service account apps/own is not among the manifests, so the app makes it, and nothing else may');
  });

  test.each(['serviceAccount: default', 'serviceAccountName: default', 'serviceAccountName: ""'])('takes the place of "%s"', spec => {
    const [after] = documentsAfter([deployment('web', 'reader', spec)]);
    expect(after).toMatch(/serviceAccountName: "?web"?\n/);
    expect(after).not.toMatch(/serviceAccount: |default/);
  });
});

describe('the token for the API of the cluster', () => {
  test('stays with pods that had it, which is said', () => {
    const { app, notes } = imported([deployment('web', 'reader'), deployment('job', 'writer', 'serviceAccountName: own')]);
    expect(app?.match(/automountToken: true/g)).toHaveLength(2);
    expect(notes).toContain('pods of apps/own, apps/web keep the token for the API of the cluster that accounts give unless they say otherwise; where they do not need it, take automountToken out of the app');
  });

  test('does not come to pods whose account "default" has none', () => {
    const { app, notes } = imported([deployment('web', 'reader'), `${serviceAccount('default')}automountServiceAccountToken: false\n`]);
    expect(app).toContain('{ role: appsWeb });');
    expect(notes.join()).not.toContain('token');
  });
});

describe('pods of one service account that do not agree', () => {
  test('stay as they are when they have different roles', () => {
    const documents = [deployment('a', 'reader', 'serviceAccountName: own'), deployment('b', 'writer', 'serviceAccountName: own'), serviceAccount('own')];
    const { problems, edited, app } = imported(documents);
    expect(problems).toEqual([`service account apps/own is shared by pods with different roles: ${READER} (Deployment apps/a), ${BASE}writer (Deployment apps/b); `
      + 'give each role a service account of its own, and run this again']);
    expect([edited, app]).toEqual([[], undefined]);
  });

  test('stay as they are when some have no role, and would get one', () => {
    const { problems, edited } = imported([deployment('a', 'reader', 'serviceAccountName: own'), deployment('b', undefined, 'serviceAccountName: own')]);
    expect(problems[0]).toContain(`${READER} (Deployment apps/a), no role (Deployment apps/b)`);
    expect(edited).toEqual([]);
  });

  test('do not matter in other namespaces', () => {
    const other = deployment('b', 'writer', 'serviceAccountName: own').replace('namespace: apps', 'namespace: other');
    expect(imported([deployment('a', 'reader', 'serviceAccountName: own'), other])).toMatchObject({ problems: [], summary: [expect.anything(), expect.anything()] });
  });

  test('stay as they are when the service account has another role already', () => {
    const own = serviceAccount('own', `, annotations: {eks.amazonaws.com/role-arn: "${BASE}other"}`);
    const { problems, edited } = imported([deployment('a', 'reader', 'serviceAccountName: own'), own]);
    expect(problems).toEqual([`service account apps/own has the role ${BASE}other already, and Deployment apps/a would have it instead of ${READER}; give these a service account of their own`]);
    expect(edited).toEqual([]);
  });
});

describe('in two steps', () => {
  const before = [deployment('web', 'reader'), deployment('job', 'writer', 'serviceAccountName: own'), serviceAccount('own')];
  const step1 = imported(before, { keepAnnotations: true });
  const between = step1.edited[0].text.split('---\n');

  test('--keep leaves the annotation beside the service account', () => {
    expect(between[0]).toBe(deployment('web', 'reader', 'serviceAccountName: web'));
    expect(between[1]).toBe(before[1]);
    expect(between[2]).toContain(arnOf('own', 'apps', `${BASE}writer`));
  });

  test('the second one only takes it away, and the app is the same', () => {
    const step2 = imported(between);
    expect(step2.edited[0].text.split('---\n')).toEqual([deployment('web', undefined, 'serviceAccountName: web'), deployment('job', undefined, 'serviceAccountName: own'), between[2]]);
    expect(step2.app).toBe(step1.app);
    expect(step2.problems).toEqual([]);
  });

  test('after that nothing is left to do', () => {
    expect(imported(imported(between).edited[0].text.split('---\n'))).toMatchObject({ edited: [], app: undefined, problems: [], notes: [] });
  });
});

describe('what a namespace permits', () => {
  test('keeps a role from pods that kiam does not give it to', () => {
    const { problems, edited } = imported([namespace('iam.amazonaws.com/permitted: "writer"'), deployment('web', 'reader')]);
    expect(problems).toEqual([`a.yaml:5:1: Deployment apps/web asks for ${READER}, and kiam does not give it: iam.amazonaws.com/permitted of its namespace is 'writer', `
      + 'which does not match; remove the annotation, or let the namespace have the role']);
    expect(edited).toEqual([]);
  });

  test('keeps it from the service account, too, when others may have it', () => {
    const documents = [namespace('iam.amazonaws.com/permitted: "reader"'), deployment('a', 'reader', 'serviceAccountName: own'), deployment('b', 'writer', 'serviceAccountName: own')];
    expect(imported(documents).edited).toEqual([]);
  });

  test('is said where no manifest has it', () => {
    expect(imported([deployment('web', 'reader')]).notes[0]).toMatch(/^what roles kiam permits in apps is not known/);
    expect(imported([namespace('iam.amazonaws.com/permitted: ".*"'), deployment('web', 'reader')]).notes.join()).not.toContain('permits');
  });
});

describe('notes', () => {
  test('on what the new pods no longer have', () => {
    const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: apps}
subjects: [{kind: ServiceAccount, name: default, namespace: apps}]
`;
    const secrets = serviceAccount('default').replace('metadata:', 'imagePullSecrets: [{name: registry}]\nmetadata:');
    expect(imported([binding, secrets, deployment('web', 'reader')]).notes.slice(1, 3)).toEqual([
      'RoleBinding view gives rights to service account apps/default, which pods of apps/web no longer have; bind it to that, too, if they need them',
      'service account apps/default has imagePullSecrets, which pods of apps/web no longer have; name them there, or in the pods',
    ]);
  });

  test.each([['batch/v1', 'Job', 'spec.template', 'cannot be changed where it runs'], ['v1', 'Pod', '', 'cannot be changed where it runs'], ['apps/v1', 'ReplicaSet', 'spec.template', 'does not replace pods that run']])(
    'on %s %s, which is not replaced by applying it', (apiVersion, kind, path, note) => {
      const template = { metadata: { annotations: { 'iam.amazonaws.com/role': 'reader', 'iam.amazonaws.com/external-id': 'x' } }, spec: { containers: [] } };
      const { notes } = imported([workload(apiVersion, kind, path, template)]);
      expect(notes).toContainEqual(expect.stringContaining(`${kind} apps/web ${note}`));
      expect(notes).toContainEqual(expect.stringContaining('the role was assumed with an external id'));
    });

  test('on permissions that nobody said', () => {
    expect(imported([deployment('web', 'reader')]).notes.at(-1)).toMatch(`what ${READER} may do is not known, so the new roles may do nothing yet; pass --account-details`);
  });

  test('on an annotation that kiam does not look at', () => {
    const text = deployment('web').replace('namespace: apps', 'namespace: apps, annotations: {iam.amazonaws.com/role: reader}');
    expect(imported([text])).toMatchObject({ edited: [], problems: [], notes: [expect.stringMatching(/^a\.yaml:3:\d+: Deployment apps\/web has iam.amazonaws.com\/role on itself/)] });
  });
});

describe('a namespace that says nothing of roles', () => {
  const silent = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: apps}\n';
  const other = namespace('iam.amazonaws.com/permitted: ".*"').replace('name: apps', 'name: other');

  test('has none where kiam is, as other namespaces show', () => {
    expect(imported([silent, other, deployment('web', 'reader')])).toMatchObject({
      edited: [], app: undefined, problems: [expect.stringContaining('kiam does not give it: its namespace has no iam.amazonaws.com/permitted, which others have')],
    });
  });

  test.each<[string, string[]]>([
    ['its manifest is not there', [other]],
    ['no namespace has an expression', [silent]],
    ['another manifest of it has one', [silent, other, namespace('iam.amazonaws.com/permitted: reader')]],
  ])('has what its pods ask for where %s', (_what, documents) => {
    expect(imported([...documents, deployment('web', 'reader')]).problems).toEqual([]);
  });
});

test('pods at a place that nobody named are a problem', () => {
  const text = `apiVersion: example.com/v1
kind: Runner
metadata: {name: a, namespace: apps}
spec:
  podMetadata:
    annotations:
      iam.amazonaws.com/role: reader
`;
  expect(imported([text]).problems).toEqual(['a.yaml:7:31: Runner a has iam.amazonaws.com/role in a place that is not known to have pods; name it with --pod-template, or change it by hand']);
});

test('partitions: the role stays in that of the old one', () => {
  const china = { issuer: 'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC', baseRoleArn: 'arn:aws-cn:iam::123456789012:role/' };
  const { app, edited } = imported([deployment('web', 'reader', 'serviceAccountName: own'), serviceAccount('own')], china);
  expect(edited[0].text).toContain('arn:aws-cn:iam::123456789012:role/apps-own-');
  expect(app).toContain("region: 'cn-north-1'");
});

/** Each line has the one before ten times. */
const BOMB = 'abcdefgh'.split('').map((key, index, all) => `${key}: &${key} [${Array<string>(10).fill(index === 0 ? 'x' : `*${all[index - 1]}`).join(', ')}]\n`).join('');

describe('fails when', () => {
  test.each<[string, string[], Parameters<typeof imported>[1], string | RegExp]>([
    ['a name comes without a base ARN', [deployment('web', 'reader')], { baseRoleArn: undefined }, "a.yaml:1:1: Deployment apps/web: the role 'reader' is a name; say in which account it is: --base-role-arn"],
    ['the base ARN is none', [], { baseRoleArn: 'arn:aws:iam::123456789012:role' }, "the base ARN of roles is 'arn:aws:iam::123456789012:role', and one such as"],
    ['a role is none', [deployment('web', '"a b"')], {}, `'${BASE}a b' is not the ARN of a role`],
    ['a role is a number', [deployment('web', '12')], {}, 'a.yaml:8:33: the annotation iam.amazonaws.com/role of Deployment apps/web is no text; put it into quotes'],
    ['a workload names no namespace', [deployment('web', 'reader').replace(', namespace: apps', '')], {}, 'a.yaml:1:1: Deployment web names no namespace; say where it goes with --namespace'],
    ['a namespace is a placeholder', [deployment('web', 'reader').replace('namespace: apps', 'namespace: "${NAMESPACE}"')], {},
      "a.yaml:1:1: Deployment web goes to '${NAMESPACE}', which is not the name of a namespace; fill in what is a placeholder"],
    ['a service account is a placeholder', [deployment('web', 'reader', 'serviceAccountName: $NAME')], {}, "a.yaml:1:1: '$NAME' is not the name of a service account"],
    ['the issuer is none', [], { issuer: 'http://a' }, "issuer URL 'http://a' does not start with https://"],
    ['the issuer says no region', [deployment('web', 'reader')], { issuer: 'https://oidc.example.com' }, 'the issuer https://oidc.example.com does not say a region'],
    ['the region is none', [deployment('web', 'reader')], { region: "eu-west-1' })" }, "'eu-west-1' })' is not the name of a region"],
    ['the region is in another partition', [deployment('web', 'reader')], { region: 'us-gov-west-1' }, `${READER} is not in the partition of us-gov-west-1`],
    ['what is permitted cannot be evaluated', [namespace('iam.amazonaws.com/permitted: "("'), deployment('web', 'reader')], {}, "Deployment apps/web: the expression '^($' cannot be evaluated"],
    ['YAML is nested too deeply', [`a: ${'['.repeat(400)}`], {}, /^a\.yaml:1:\d+: nested more than 300 levels deep/],
    ['YAML repeats itself for ever', [BOMB], {}, /^a\.yaml:\d+:\d+: /],
    ['it is no text', ['a: \u0000'], {}, 'a.yaml:1:4: the control character U+0000'],
    ['an annotation is merged in from elsewhere',
      ['base: &b {iam.amazonaws.com/role: reader}\n' + deployment('web', 'reader').replace('iam.amazonaws.com/role: reader', 'theirs: a\n        <<: *b')], {},
      'a.yaml:1:1: the document has to be changed, and cannot be as it is written: the key \'iam.amazonaws.com/role\', which is merged in from elsewhere'],
  ])('%s', (_what, documents, options, message) => {
    expect(() => imported(documents, options)).toThrow(message);
  });
});
