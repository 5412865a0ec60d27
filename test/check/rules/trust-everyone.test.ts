import { role, rulesFor } from './trust';

const OPEN = { Principal: '*', Action: 'sts:AssumeRole' };

test.each<[string, object]>([
  ['*', OPEN],
  ['* with a web identity', { Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' }],
  ['AWS *', { Principal: { AWS: ['arn:aws:iam::111122223333:root', '*'] }, Action: 'sts:assumerole*' }],
  ['Federated *', { Principal: { Federated: '*' }, Action: 'sts:AssumeRoleWithWebIdentity' }],
  ['all actions but one', { Principal: '*', NotAction: 'sts:TagSession' }],
  ['an external id', { ...OPEN, Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }],
  ['a condition that all fit', { ...OPEN, Condition: { StringLike: { 'aws:PrincipalArn': '*' } } }],
  ['a role of that name in any account', { ...OPEN, Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/web' } } }],
  ['a condition that holds without the key', { ...OPEN, Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } } }],
  ['a tag, which any account gives', { ...OPEN, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } }],
])('everyone is trusted: %s', (_, statement) => {
  expect(rulesFor(role(statement))).toEqual(['trust-everyone']);
});

test.each<[string, object[]]>([
  ['an organization', [{ ...OPEN, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }]],
  ['one role', [{ ...OPEN, Condition: { ArnLike: { 'AWS:PrincipalArn': 'arn:aws:iam::111122223333:role/web-*' } } }]],
  ['a condition known only at deployment', [{ ...OPEN, Condition: { Ref: 'Condition' } }]],
  ['what sessions need beside', [{ Principal: '*', Action: 'sts:TagSession' }]],
  ['a Deny for all others', [OPEN, { ...OPEN, Effect: 'Deny', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }]],
  ['a Deny', [{ ...OPEN, Effect: 'Deny' }]],
])('not everyone: %s', (_, statements) => {
  expect(rulesFor(role(...statements))).toEqual([]);
});
