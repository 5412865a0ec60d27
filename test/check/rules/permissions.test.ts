import { role, rulesFor, webIdentity } from './trust';

const TRUST = webIdentity({ StringEquals: { 'oidc.example.com:aud': 'sts.amazonaws.com', 'oidc.example.com:sub': 'system:serviceaccount:apps:web' } });

/** A role of service accounts with a policy. */
function withPolicy(statement: object): string {
  const template = JSON.parse(role(TRUST)) as { Resources: { Web: { Properties: object } } };
  Object.assign(template.Resources.Web.Properties, { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: { Effect: 'Allow', ...statement } } }] });
  return JSON.stringify(template);
}

test.each<[object, string[]]>([
  [{ Action: '*', Resource: '*' }, ['allows-everything']],
  [{ Action: ['s3:GetObject', '*:*'], Resource: ['arn:aws:s3:::a', '*'] }, ['allows-everything']],
  [{ NotAction: 'iam:*', Resource: '*' }, ['allows-everything']],
  [{ Action: '*', Resource: 'arn:*' }, ['allows-everything']],
  [{ Action: '*', NotResource: 'arn:aws:s3:::a' }, ['allows-everything']],
  [{ Action: 'iam:*', Resource: '*' }, ['allows-everything']],
  [{ Action: 'IAM:*', Resource: '*' }, ['allows-everything']],
  [{ Action: 'iam:Get*', Resource: '*' }, []],
  [{ Action: 'iam:*', Resource: '*', Condition: { StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::111122223333:policy/b' } } }, []],
  [{ Action: 'iam:*', Resource: 'arn:aws:iam::111122223333:role/app' }, []],
  [{ Action: '*', Resource: ['arn:aws:s3:::a', 'arn:aws:s3:::a/*'] }, []],
  [{ NotAction: 's3:DeleteBucket', Resource: 'arn:aws:s3:::a' }, []],
  [{ Action: 's3:*', Resource: '*' }, []],
  [{ Effect: 'Deny', Action: '*', Resource: '*' }, []],
])('%j: %j', (statement, rules) => {
  expect(rulesFor(withPolicy(statement))).toEqual(rules);
});


test.each([
  ['arn:aws:iam::aws:policy/AdministratorAccess', ['allows-everything']],
  ['arn:aws-cn:iam::aws:policy/PowerUserAccess', ['allows-everything']],
  ['arn:aws:iam::aws:policy/IAMFullAccess', ['allows-everything']],
  ['arn:aws:iam::aws:policy/IAMReadOnlyAccess', []],
  ['arn:aws:iam::111122223333:policy/AdministratorAccess', []],
])('the managed policy %s: %j', (arn, rules) => {
  const { Resources } = JSON.parse(role(TRUST)) as { Resources: { Web: { Properties: object } } };
  Object.assign(Resources.Web.Properties, { ManagedPolicyArns: [arn] });
  expect(rulesFor(JSON.stringify({ Resources }))).toEqual(rules);
});
