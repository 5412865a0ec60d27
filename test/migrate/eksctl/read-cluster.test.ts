import * as fs from 'node:fs';
import { parse } from 'yaml';
import { CLUSTER_FILE, madeRoles, POLICY, problemsOf, read, realCluster, withAccounts, withAssociations, withFields } from './inputs';
import { WELL_KNOWN_POLICIES } from '../../../src/iam/controllers/well-known-policies';
import { readClusterObject } from '../../../src/migrate/eksctl/parse-config';
import { ASSOCIATION_FIELDS, METADATA_FIELDS, SERVICE_ACCOUNT_FIELDS, STATUS_FIELDS } from '../../../src/migrate/eksctl/schema';

describe('a realistic file', () => {
  const cluster = realCluster();
  const account = (name: string) => cluster.serviceAccounts.find(candidate => candidate.name === name)!;

  test('has 20 service accounts, of which 18 have a role of their own', () => {
    expect(cluster).toMatchObject({ name: 'production', region: 'eu-west-1', withOidc: true });
    expect(cluster.serviceAccounts).toHaveLength(20);
    expect(madeRoles(cluster)).toBe(18);
  });

  const { iam } = parse(fs.readFileSync(CLUSTER_FILE, 'utf8')) as { readonly iam: Record<'serviceAccounts' | 'podIdentityAssociations', Record<string, object>[]> };
  const both = [...iam.serviceAccounts, ...iam.podIdentityAssociations];

  test.each<[string, readonly string[], ReadonlyArray<object | undefined>]>([
    ['a service account', SERVICE_ACCOUNT_FIELDS, iam.serviceAccounts],
    ['metadata', METADATA_FIELDS, iam.serviceAccounts.map(({ metadata }) => metadata)],
    ['status', STATUS_FIELDS, iam.serviceAccounts.map(({ status }) => status)],
    ['an association', ASSOCIATION_FIELDS, iam.podIdentityAssociations],
    ['wellKnownPolicies', WELL_KNOWN_POLICIES, both.map(({ wellKnownPolicies }) => wellKnownPolicies)],
  ])('has every field of %s', (_what, fields, items) => {
    expect(fields.filter(field => !items.some(item => Object.hasOwn(item ?? {}, field)))).toEqual([]);
  });

  test('the namespace is default unless it says another', () => {
    expect(account('s3-reader')).toMatchObject({ namespace: 'default', roleOnly: false, labels: {}, annotations: {}, role: { policyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] } });
  });

  test('annotations of the webhook are settings, others stay as they are', () => {
    expect(account('cache-access')).toMatchObject({
      regionalSts: true, tokenSeconds: 3600, annotations: { 'example.com/owner': 'shop\'s team: `${HOME}` "quoted" \\ back' }, labels: { 'aws-usage': 'application', 'app.kubernetes.io/part-of': 'shop' },
    });
  });

  test('tags of the cluster are those of every role, unless it has others', () => {
    expect(account('cache-access').role).toMatchObject({ tags: { 'environment': 'production', 'team': 'shop', 'cost-centre': '4711' } });
    expect(account('s3-reader').role).toMatchObject({ tags: { environment: 'production', team: 'platform' } });
  });

  test.each(WELL_KNOWN_POLICIES)('knows the policy %s', name => {
    expect(cluster.serviceAccounts.filter(({ role }) => 'wellKnownPolicies' in role && role.wellKnownPolicies.length === 1 && role.wellKnownPolicies[0] === name).length).toBeGreaterThan(0);
  });

  test('policies that are off are not there', () => {
    expect(account('dns').role).toMatchObject({ wellKnownPolicies: ['externalDNS', 'certManager'] });
  });

  test('a document stays as it is, with its statements as a list', () => {
    expect(account('queue-worker').role).toMatchObject({ policy: { Version: '2012-10-17', Statement: [{ Sid: 'Receive', Condition: { StringEquals: { 'aws:ResourceTag/owner': '${aws:PrincipalTag/owner}' } } }, { Effect: 'Deny', NotAction: 'sqs:*' }] } });
    expect(account('exporter').role).toMatchObject({ policy: { Statement: [{ Effect: 'Allow' }] }, policyArns: ['arn:aws:iam::111122223333:policy/teams/exporter'], wellKnownPolicies: ['imageBuilder'] });
  });

  test('roles that exist, boundaries, names, patterns, and what eksctl wrote down', () => {
    expect(account('legacy').role).toEqual({ arn: 'arn:aws:iam::111122223333:role/service/legacy' });
    expect(account('deployer').role).toMatchObject({ roleName: 'production-deployer', permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary' });
    expect(account('fluent-bit').roleOnly).toBe(true);
    expect(account('crossplane')).toMatchObject({ subjectPattern: 'provider-aws-*', roleOnly: true });
    expect(account('velero').status).toMatchObject({ stackName: 'eksctl-production-addon-iamserviceaccount-velero-velero' });
  });

  test('associations of EKS Pod Identity', () => {
    expect(cluster.podIdentityAssociations).toMatchObject([
      { namespace: 'reports', name: 'writer', createServiceAccount: true, tags: { environment: 'production', team: 'reports' }, role: { roleName: 'production-reports-writer', wellKnownPolicies: ['externalDNS'] } },
      { name: 'reader', role: { arn: 'arn:aws:iam::111122223333:role/reports-reader' }, targetRoleArn: 'arn:aws:iam::444455556666:role/reports-target', disableSessionTags: true },
    ]);
  });

  test('says which roles of add-ons stay with eksctl', () => {
    expect(cluster.leftOut).toEqual(['the add-on "aws-ebs-csi-driver" has wellKnownPolicies: its role stays with eksctl']);
  });
});

describe('wrong shapes that people paste: the right one is shown', () => {
  test('permissions indented into metadata', () => {
    expect(problemsOf(withAccounts('  - metadata:', '      name: s3-reader', '      namespace: backend', '      attachPolicyARNs:', '      - arn:aws:iam::aws:policy/X'))).toEqual([[
      'cluster.yaml:10:7: attachPolicyARNs belongs beside metadata, not into metadata:',
      '    - metadata:',
      '        name: s3-reader',
      '        namespace: backend',
      '      attachPolicyARNs:',
      '      - arn:aws:iam::aws:policy/X',
    ].join('\n')]);
  });

  test('a name beside metadata', () => {
    expect(problemsOf(withAccounts('  - metadata:', '    name: s3-reader', `    ${POLICY}`))).toEqual([expect.stringMatching(/^cluster\.yaml:8:5: name belongs into metadata, not into a service account:\n {4}- metadata:\n {8}name: s3-reader\n/)]);
  });

  test('permissions outdented to the list', () => {
    expect(problemsOf(withAccounts('  - metadata:', '      name: a', '  attachPolicyARNs: [x]')))
      .toContainEqual(expect.stringMatching(/^cluster\.yaml:9:3: attachPolicyARNs belongs into an item of serviceAccounts, below its dash, not into iam:\n[^]* - metadata:\n/));
  });

  test('metadata with only labels', () => {
    expect(problemsOf(withAccounts('  - metadata:', '      labels: {aws-usage: application}', `    ${POLICY}`)))
      .toEqual([expect.stringMatching(/^cluster\.yaml:7:5: metadata has only labels, and a service account needs a name:\n {4}- metadata:\n {8}name: <name>\n {6}attachPolicyARNs:\n/)]);
  });

  test.each<[string, string, string]>([
    ['attachPolicyARNS: [x]', 'a service account has no field "attachPolicyARNS"; write attachPolicyARNs', '8:5'],
    ['attachPolicyArn: x', 'write attachPolicyARNs', '8:5'],
    ['atachPolicyARNs: [x]', 'write attachPolicyARNs', '8:5'],
    ['permissionPolicyARNs: [x]', 'write attachPolicyARNs', '8:5'],
    ['roleARN: x', 'write attachRoleARN', '8:5'],
    ['permissionsBoundaryARN: x', 'write permissionsBoundary', '8:5'],
    ['nonsense: 1', 'a service account has no field "nonsense"; it takes metadata, attachPolicyARNs, ', '8:5'],
    ['attachPolicyARNs: arn:aws:iam::aws:policy/X', 'attachPolicyARNs is the text "arn:aws:iam::aws:policy/X", and a list is expected:\n    attachPolicyARNs:\n    - "arn:aws:iam::aws:policy/X"', '8:5'],
    ['attachPolicyARNs: [AmazonS3ReadOnlyAccess]', 'attachPolicyARNs has the text "AmazonS3ReadOnlyAccess", and the ARN of a managed policy', '8:24'],
    ['wellKnownPolicies: [externalDns]', 'wellKnownPolicies is a list, and a map of switches is expected:\n    wellKnownPolicies:\n      externalDNS: true', '8:5'],
    ['wellKnownPolicies: externalDNS', 'wellKnownPolicies is the text "externalDNS", and a map of switches is expected:\n    wellKnownPolicies:\n      externalDNS: true', '8:5'],
    ['wellKnownPolicies: {externalDns: true}', 'wellKnownPolicies has no field "externalDns"; write externalDNS', '8:25'],
    ['wellKnownPolicies: {externalDNS: "true"}', 'externalDNS is the text "true", and true or false is expected', '8:25'],
    ['attachPolicy: \'{"Version":"2012-10-17"}\'', 'and the document itself is expected:\n    attachPolicy:\n      Version: "2012-10-17"', '8:5'],
    ['attachPolicy: [{Effect: Allow}]', 'attachPolicy is a list, and a map is expected', '8:5'],
    ['tags: {cost: 4711}', '"cost" of tags is the number 4711, and a text is expected; put it in quotes: "4711"', '8:12'],
  ])('%s', (line, message, place) => {
    expect(problemsOf(withFields(line))[0]).toContain(message);
    expect(problemsOf(withFields(line))[0]).toMatch(new RegExp(`^cluster\\.yaml:${place}: `));
  });

  test('service accounts beside iam', () => {
    expect(problemsOf('apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: eu-west-1}\nserviceAccounts: []\n'))
      .toEqual([expect.stringMatching(/^cluster\.yaml:4:1: serviceAccounts belongs into iam, not into a ClusterConfig:\n {4}iam:\n/)]);
  });

  test.each<[string, string, RegExp]>([
    ['{StringEquals: {a: ~}}', 'no value', /:8:\d+: "a" of StringEquals is empty, and a text or a list of texts is expected$/],
    ['{StringEquals: {a: [b, ~]}}', 'no value in a list', /"a" of StringEquals has empty, and/],
    ['{StringEquals: {a: {b: c}}}', 'a map', /"a" of StringEquals is a map, and/],
    ['{StringEquals: ~}', 'no keys', /StringEquals is empty, and a map of keys is expected$/],
  ])('a condition %s, with %s', (condition, _what, message) => {
    expect(problemsOf(withFields(`attachPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*", Condition: ${condition}}]}`)))
      .toEqual([expect.stringMatching(message)]);
  });

  test('an association with the fields of a service account', () => {
    expect(problemsOf(withAssociations('  - namespace: a', '    serviceAccount: b', '    attachPolicyARNs: []'))).toEqual([
      expect.stringContaining('cluster.yaml:7:5: a Pod Identity association has no field "serviceAccount"; write serviceAccountName'),
      expect.stringContaining('cluster.yaml:8:5: a Pod Identity association has no field "attachPolicyARNs"; write permissionPolicyARNs'),
      expect.stringContaining('cluster.yaml:6:5: a Pod Identity association has no serviceAccountName'),
    ]);
  });
});

describe('contradictions are problems', () => {
  const ARN = 'arn:aws:iam::111122223333:role/x';
  test.each<[string, string[], string]>([
    ['nothing that is allowed', [], '7:5: there is no permission and no role; write attachPolicyARNs, '],
    ['nothing, after all', ['attachPolicyARNs: []', 'wellKnownPolicies: {externalDNS: false}'], '7:5: there is no permission and no role'],
    ['permissions of a role that exists', [`attachRoleARN: ${ARN}`, POLICY], '9:5: attachPolicyARNs is for a role that is made, and attachRoleARN names one that exists'],
    ['policies of a role that exists', [`attachRoleARN: ${ARN}`, 'wellKnownPolicies: {externalDNS: true}'], '9:5: wellKnownPolicies is for'],
    ['a name of a role that exists', [`attachRoleARN: ${ARN}`, 'roleName: y'], '9:5: roleName is for'],
    ['a boundary of a role that exists', [`attachRoleARN: ${ARN}`, 'permissionsBoundary: arn:aws:iam::111122223333:policy/b'], '9:5: permissionsBoundary is for'],
    ['tags of a role that exists', [`attachRoleARN: ${ARN}`, 'tags: {a: b}'], '9:5: tags is for'],
    ['a pattern for a role that exists', [`attachRoleARN: ${ARN}`, 'subjectPattern: web*'], '9:5: subjectPattern is for'],
    ['only a role that exists', [`attachRoleARN: ${ARN}`, 'roleOnly: true'], '9:5: roleOnly leaves the service account to somebody else, and attachRoleARN the role'],
    ['a pattern without wildcards', [POLICY, 'subjectPattern: web'], '9:5: subjectPattern is "web", which has no * or ?'],
    ['a pattern that leaves the account out', [POLICY, 'subjectPattern: job-*'], '9:5: subjectPattern is "job-*", which "web" does not match'],
    ['a pattern with a namespace', [POLICY, 'subjectPattern: apps:web-*'], '9:5: subjectPattern is "apps:web-*", and a pattern of service account names'],
    ['an ARN of another partition', ['attachPolicyARNs: ["arn:aws-cn:iam::aws:policy/X"]'], '8:5: "arn:aws-cn:iam::aws:policy/X" is of the partition aws-cn, and the cluster\'s region is in aws'],
    ['a policy twice', ['attachPolicyARNs: ["arn:aws:iam::aws:policy/X", "arn:aws:iam::aws:policy/X"]'], '8:53: attachPolicyARNs has "arn:aws:iam::aws:policy/X" twice'],
    ['a name that is none', [POLICY, 'roleName: "a b"'], '9:5: roleName is "a b", and 1 to 64 letters'],
    ['tags of AWS', [POLICY, 'tags: {"aws:x": y}'], '9:12: "aws:x" is not the key of a tag'],
  ])('%s', (_, lines, message) => {
    expect(problemsOf(withFields(...lines)).join('\n')).toContain(`cluster.yaml:${message}`);
  });

  test.each<[string, string, string]>([
    ['labels that nobody sets', '{name: web, labels: {a: b}}', 'roleOnly leaves the service account to somebody else, who would not set'],
    ['annotations that nobody sets', '{name: web, annotations: {a: b}}', 'roleOnly leaves the service account to somebody else, who would not set'],
  ])('%s', (_, metadata, message) => {
    expect(problemsOf(withAccounts(`  - metadata: ${metadata}`, `    ${POLICY}`, '    roleOnly: true'))).toEqual([expect.stringContaining(`cluster.yaml:9:5: ${message}`)]);
  });

  test.each<[string, string]>([
    ['eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/x', 'for a role that exists write attachRoleARN: arn:aws:iam::111122223333:role/x beside metadata'],
    ['eks.amazonaws.com/audience: vault', 'the audience is "vault", and eksctl\'s roles trust sts.amazonaws.com alone'],
    ['eks.amazonaws.com/sts-regional-endpoints: "yes"', 'is "yes", and "true" or "false" is expected'],
    ['eks.amazonaws.com/sts-regional-endpoints: true', 'put it in quotes: "true"'],
    ['eks.amazonaws.com/token-expiration: "599"', 'is "599", and "600" to "86400" seconds are expected'],
    ['eks.amazonaws.com/token-expiration: "1e3"', 'is "1e3", and "600" to "86400" seconds are expected'],
  ])('the annotation %s', (annotation, message) => {
    expect(problemsOf(withAccounts(`  - metadata: {name: web, annotations: {${annotation}}}`, `    ${POLICY}`))).toEqual([expect.stringContaining(message)]);
  });

  test('the same account or the same name of a role twice', () => {
    const twice = ['  - metadata: {name: web}', `    ${POLICY}`, '    roleName: Web', '  - metadata: {name: web, namespace: default}', `    ${POLICY}`, '    roleName: web'];

    expect(problemsOf(withAccounts(...twice))).toEqual([
      'cluster.yaml:10:5: default/web is there twice; put what they have into one entry',
      expect.stringContaining('cluster.yaml:12:5: the role name "web" is there twice'),
    ]);
  });

  test('a service account that is made twice', () => {
    expect(problemsOf(`${withFields(POLICY)}  podIdentityAssociations:\n  - {namespace: apps, serviceAccountName: web, roleARN: "${ARN}", createServiceAccount: true}\n`))
      .toEqual(['cluster.yaml:10:93: apps/web is made by iam.serviceAccounts as well; leave createServiceAccount out']);
  });

  test.each([['  withOIDC: false\n', '5:3'], ['', '5:3'], ['  withOIDC: yes\n', '5:3']])('service accounts without a provider: %j', (line, place) => {
    const [problem, ...others] = problemsOf(withFields(POLICY).replace('  withOIDC: true\n', line));

    expect(problem).toMatch(new RegExp(`^cluster\\.yaml:${place}: `));
    expect(others).toEqual([]);
  });

  test('an association with a role and permissions, or with neither', () => {
    expect(problemsOf(withAssociations(`  - {namespace: a, serviceAccountName: b, roleARN: "${ARN}", permissionPolicyARNs: ["arn:aws:iam::aws:policy/X"], roleName: c}`, '  - {namespace: a, serviceAccountName: c}'))).toEqual([
      expect.stringContaining('roleName is for a role that is made, and roleARN names one that exists'),
      expect.stringContaining('permissionPolicyARNs is for a role that is made'),
      expect.stringContaining('cluster.yaml:7:5: there is no permission and no role; write permissionPolicyARNs, permissionPolicy, wellKnownPolicies or roleARN beside serviceAccountName'),
    ]);
  });
});

describe('the cluster itself', () => {
  test.each<[string, string]>([
    ['apiVersion: eksctl.io/v1alpha4', '1:1: apiVersion is the text "eksctl.io/v1alpha4", and eksctl.io/v1alpha5 is expected'],
    ['kind: Cluster', '2:1: kind is the text "Cluster", and ClusterConfig is expected'],
    ['metadata: {name: c}', '3:1: metadata has no region, and a cluster needs it'],
    ['metadata: {name: "c/d", region: eu-west-1}', '3:12: name is "c/d", and the name of a cluster'],
    ['metadata: {name: c, region: Ireland}', '3:21: region is "Ireland", and a region such as eu-west-1 is expected'],
    ['metadata: {name: c, region: eu-west-1, regoin: x}', '3:40: metadata has no field "regoin"; write region'],
  ])('%s', (line, message) => {
    const lines = withFields(POLICY).split('\n');
    const index = lines.findIndex(candidate => candidate.startsWith(line.split(':')[0]));
    lines[index] = line;

    expect(problemsOf(lines.join('\n'))).toContainEqual(expect.stringContaining(`cluster.yaml:${message}`));
  });

  test.each<[string, unknown, string]>([
    ['a list', [], 'a ClusterConfig is a list, and a map is expected'],
    ['nothing', undefined, 'a ClusterConfig is empty, and a map is expected'],
    ['an unknown field', { ...realObject(), addnos: [] }, 'addnos: a ClusterConfig has no field "addnos"; write addons'],
    ['iam that is a list', { ...realObject(), iam: [] }, 'iam: iam is a list, and a map is expected'],
  ])('as data: %s', (_, config, message) => {
    expect(readClusterObject(config).problems[0]).toContain(message);
  });

  test('data that contains itself is refused', () => {
    const config: Record<string, unknown> = realObject();
    config.iam = config;

    expect(readClusterObject(config).problems).toEqual([expect.stringContaining('nested more than 200 levels deep, or contains itself')]);
  });

  test('partitions', () => {
    const policy = (partition: string) => withFields(POLICY.replace('arn:aws:', `arn:${partition}:`));
    for (const [region, partition] of [['cn-north-1', 'aws-cn'], ['us-gov-west-1', 'aws-us-gov'], ['eusc-de-east-1', 'aws-eusc'], ['eu-west-1', 'aws']]) {
      expect(problemsOf(policy(partition).replace('eu-west-1', region))).toEqual([]);
    }
    expect(problemsOf(policy('aws').replace('eu-west-1', 'cn-north-1'))).toEqual([expect.stringContaining('write arn:aws-cn:…')]);
  });
});

function realObject(): Record<string, unknown> {
  return { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: { name: 'c', region: 'eu-west-1' } };
}

test('what is not said is not there: a cluster without service accounts', () => {
  expect(readClusterObject(realObject()).cluster).toMatchObject({ withOidc: false, serviceAccounts: [], podIdentityAssociations: [], leftOut: [] });
  expect(read(withFields(POLICY)).cluster?.serviceAccounts).toHaveLength(1);
});
