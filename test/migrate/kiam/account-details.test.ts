import { deployment, imported } from './manifests';
import { permissionsIn } from '../../../src/migrate/kiam/account-details';

const READER = 'arn:aws:iam::123456789012:role/reader';
const RESOURCE = "arn:aws:s3:::it's/${aws:username}\u2028";
const DOCUMENT = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: RESOURCE }] };

function details(role: object, more: object = {}) {
  return { name: 'roles.json', bytes: Buffer.from(JSON.stringify({ RoleDetailList: [{ Arn: READER, ...role }], ...more })) };
}

test('of a role without policies', () => {
  const found = permissionsIn([details({ RolePolicyList: [], AttachedManagedPolicies: [] })]);
  expect([...found]).toEqual([[READER, { managedPolicies: [], inlinePolicies: {}, problems: [] }]]);
});

test('are written into the app', () => {
  const file = details({
    RolePolicyList: [{ PolicyName: 'a-b', PolicyDocument: DOCUMENT }],
    AttachedManagedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::123456789012:policy/path/ReadOnlyAccess'].map(PolicyArn => ({ PolicyArn })),
    PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/b' },
  });
  const { app, notes } = imported([deployment('web', 'reader')], { accountDetails: [file] });
  expect(app).toContain("iam.ManagedPolicy.fromManagedPolicyArn(this, 'AppsWebReadOnlyAccess', 'arn:aws:iam::aws:policy/ReadOnlyAccess'),");
  expect(app).toContain("iam.ManagedPolicy.fromManagedPolicyArn(this, 'AppsWebReadOnlyAccess2', 'arn:aws:iam::123456789012:policy/path/ReadOnlyAccess'),");
  expect(app).toContain("'a-b': iam.PolicyDocument.fromJson(");
  expect(app).toContain("'arn:aws:s3:::it\\'s/${aws:username}\\u2028'");
  expect(app).toContain("permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(this, 'AppsWebB', 'arn:aws:iam::123456789012:policy/b'),");
  expect(notes.join()).not.toContain('is not known, so');
});

const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

test.each<[string, object]>([
  ['one statement that is in no list', { Version: '2012-10-17', Statement: STATEMENT }],
  ['the version of old', { Version: '2008-10-17', Statement: [STATEMENT] }],
  ['no version', { Statement: STATEMENT }],
])('are written as CDK takes them: %s', (_what, PolicyDocument) => {
  const [[, { inlinePolicies }]] = permissionsIn([details({ RolePolicyList: [{ PolicyName: 'a', PolicyDocument }] })]);
  expect(inlinePolicies).toEqual({ a: { Version: '2012-10-17', Statement: [STATEMENT] } });
});

describe('that CDK would not take, or change,', () => {
  const file = details({
    RolePolicyList: [
      { PolicyName: 'old', PolicyDocument: { Version: '2008-10-17', Statement: { ...STATEMENT, Resource: 'a/${b}' } } },
      { PolicyName: 'a.b', PolicyDocument: { Version: '2012-10-17', Statement: [{ ...STATEMENT, Action: 's3:Get?bject' }] } },
    ],
  });

  test('do not matter for roles that nobody moves', () => {
    expect(imported([deployment('web', 'writer')], { accountDetails: [file] }).app).toBeDefined();
  });

  test('fail with the policy and the role', () => {
    expect(() => imported([deployment('web', 'reader')], { accountDetails: [file] })).toThrow(new RegExp(
      `^roles\\.json: the inline policy old\\.Version of ${READER}: .*which is text in Version "2008-10-17".*\n`
      + `roles\\.json: the inline policy \\["a\\.b"\\]\\.Statement\\[0\\]\\.Action of ${READER}: .*\nchange that in the file, or take the policy out of it`,
    ));
  });
});

test('of other roles do not help', () => {
  expect(imported([deployment('web', 'writer')], { accountDetails: [details({})] }).notes.join()).toContain('role/writer may do is not known');
});

test.each<[string, ReturnType<typeof details>, string]>([
  ['it is something else', { name: 'roles.json', bytes: Buffer.from('{"Roles": []}') },
    "roles.json has no RoleDetailList; what 'aws iam get-account-authorization-details --filter Role' prints is expected"],
  ['it is a part', details({}, { IsTruncated: true }), 'roles.json is only a part of the roles (IsTruncated)'],
  ['a policy has no document', details({ RolePolicyList: [{ PolicyName: 'a' }] }), `roles.json: an inline policy of ${READER} has no name, or no document`],
  ['a policy has no ARN', details({ AttachedManagedPolicies: [{ PolicyArn: "x', evil()" }] }), `roles.json: ${READER} has the policy 'x', evil()', which is not the ARN of one`],
])('fails when %s', (_what, file, message) => {
  expect(() => permissionsIn([file])).toThrow(message);
});
