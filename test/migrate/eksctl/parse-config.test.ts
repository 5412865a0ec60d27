import { POLICY, problemsOf, read, withAccounts, withFields } from './inputs';

describe('text that cannot be read', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /^cluster\.yaml has nothing in it, and one ClusterConfig is expected$/],
    ['two documents', `${withFields(POLICY)}---\n${withFields(POLICY)}`, /^cluster\.yaml has 2 documents, and one ClusterConfig is expected; put each into a file of its own/],
    ['no YAML', 'iam: [', /^cluster\.yaml:1:\d+: is not YAML: /],
    ['tabs', 'iam:\n\twithOIDC: true\n', /^cluster\.yaml:\d+:\d+: is not YAML: /],
    ['what is nested too deeply', `iam: ${'['.repeat(5000)}`, /is nested more than 200 levels deep/],
    ['aliases that multiply', 'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e]\n', /repeats more than 100000 values by its anchors/],
    ['an alias of itself', 'iam: &a {serviceAccounts: *a}', /./],
    ['what is binary', 'iam: \u0000', /is binary/],
  ])('fails for %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

test('a key that is there twice is a problem, since one of the two would be lost', () => {
  expect(problemsOf(withAccounts('  - metadata: {name: a}', `    ${POLICY}`, '    tags: {a: b, a: c}', `    ${POLICY}`))).toEqual([
    'cluster.yaml:10:5: "attachPolicyARNs" is there twice in the same map; put what they have into one',
    'cluster.yaml:9:18: "a" is there twice in the same map; put what they have into one',
  ]);
});

test('anchors and merged maps are read', () => {
  expect(read(withAccounts('  - metadata: {name: a}', '    tags: &tags {team: shop}', `    ${POLICY}`, '  - metadata: {name: b}', '    tags:', '      <<: *tags', '      more: x', `    ${POLICY}`)).cluster?.serviceAccounts)
    .toMatchObject([{ role: { tags: { team: 'shop' } } }, { role: { tags: { team: 'shop', more: 'x' } } }]);
});

test('JSON is read as well, with its places', () => {
  const config = { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: { name: 'c', region: 'eu-west-1' }, iam: { nonsense: 1 } };

  expect(problemsOf(JSON.stringify(config, undefined, 2))).toEqual([expect.stringMatching(/^cluster\.yaml:9:5: iam has no field "nonsense"/)]);
});

test.each([
  ['an intrinsic function', 'roleName: !Ref Name', /roleName is a map, and a text is expected/],
  ['a key that is empty', 'tags: {? : a}', /:9:\d+: tags has an empty key; name it, or leave it out/],
  ['a date', 'tags: {since: 2024-01-01}', undefined],
  ['what CDK takes for its own', 'roleName: "${Token[TOKEN.1]}"', /has what CDK takes for a value of its own/],
  ['what CDK takes for its own, in a tag', 'tags: {a: "#{Token[TOKEN.1]}"}', /has what CDK takes for a value of its own/],
  ['what CDK takes for its own, in a document', 'attachPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "${Token[TOKEN.1]}"}]}', /has what CDK takes for a value of its own/],
  ['a prototype', 'tags: {__proto__: "x", constructor: y}', undefined],
  ['a prototype as a field', '__proto__: {roleName: x}', /a service account has no field "__proto__"/],
])('%s', (_, line, problem) => {
  const { problems, cluster } = read(withFields(POLICY, line));

  expect(problems).toEqual(problem ? [expect.stringMatching(problem)] : []);
  expect(({} as Record<string, unknown>).roleName).toBeUndefined();
  expect(cluster !== undefined).toBe(problem === undefined);
});

test('a file of nothing but mistakes is answered in time, with the first 50', () => {
  const text = withFields(...Array.from({ length: 20_000 }, (_, index) => `nonsense${index}: ${index}`));
  const problems = problemsOf(text);

  expect(problems).toHaveLength(51);
  expect(problems[50]).toMatch(/^and 199\d\d more$/);
});

describe('policy documents', () => {
  const document = (statement: string, more = 'Version: "2012-10-17"') => problemsOf(withFields(`attachPolicy: {${more}, Statement: [${statement}]}`)).join('\n');
  const GOOD = '{Effect: Allow, Action: "s3:GetObject", Resource: "*"}';

  test.each(['Version: "2012-10-17"', 'Version: 2012-10-17', 'Version: "2008-10-17"'])('take %s', version => {
    expect(document(GOOD, version)).toBe('');
  });

  test.each<[string, string, string?]>([
    ['{Action: a, Resource: "*"}', 'a statement has no Effect, and Allow or Deny is expected'],
    ['{Effect: Allow, Action: GetObject, Resource: "*"}', 'Action has "GetObject", and service:Action or *'],
    ['{Effect: Allow, NotAction: ["s3:Get?"], Resource: "*"}', 'NotAction has "s3:Get?", and service:Action or *'],
    ['{Effect: allow, Action: a, Resource: "*"}', 'a statement has the Effect "allow"'],
    ['{Effect: Allow, Resource: "*"}', 'a statement has neither Action nor NotAction'],
    ['{Effect: Allow, Action: a}', 'a statement has neither Resource nor NotResource'],
    ['{Effect: Allow, Action: a, NotAction: b, Resource: "*"}', 'a statement has Action and NotAction, and one of them is expected'],
    ['{Effect: Allow, Action: [], Resource: "*"}', 'Action is the list [], and a text or a list of texts is expected'],
    ['{Effect: Allow, Action: a, Resource: {Ref: Bucket}}', 'Resource is a map, and a text or a list of texts is expected'],
    ['{Effect: Allow, Action: a, Resource: "*", Principal: "*"}', 'a statement has no field "Principal"; write nothing: the policy of a role is about that role'],
    ['{effect: Allow, Action: a, Resource: "*"}', 'a statement has no field "effect"; write Effect'],
    ['{Effect: Allow, Action: a, Resource: "*", Condition: [x]}', 'Condition is a list, and a map of operators is expected'],
    ['{Effect: Allow, Action: a, Resource: "*", Sid: "a b"}', 'Sid is "a b", and letters and digits are expected'],
    ['x', 'an item of Statement is the text "x", and a map is expected'],
    ['', 'attachPolicy has no Statement'],
    [GOOD, 'Version is the text "2020-01-01", and "2012-10-17" is expected', 'Version: "2020-01-01"'],
    ['{Effect: Allow, Action: a, Resource: "arn:aws:s3:::${aws:username}"}', 'which is text in Version "2008-10-17" and a variable in Version "2012-10-17"', 'Version: "2008-10-17"'],
    [GOOD, 'attachPolicy has no field "Id"', 'Version: "2012-10-17", Id: x'],
  ])('fails for %s', (...[statement, message, more]) => {
    expect(document(statement, more)).toContain(message);
  });
});
