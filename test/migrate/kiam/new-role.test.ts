import { BASE, ISSUER } from './manifests';
import { newRole } from '../../../src/migrate/kiam/new-role';
import { oldRole } from '../../../src/migrate/kiam/role-reference';

const READER = oldRole(`${BASE}path/reader`, undefined);

// frozen: another name would be another role for everybody who runs the command a second time
test('the name of a role', () => {
  expect(newRole(ISSUER, 'apps', 'web', READER)).toEqual({ name: 'apps-web-4f53a71c', arn: `${BASE}apps-web-4f53a71c` });
});

test('is another one for another cluster, namespace or service account, even if they read the same', () => {
  const names = [[ISSUER, 'apps', 'web'], [`${ISSUER}2`, 'apps', 'web'], [ISSUER, 'apps-web', 'x'], [ISSUER, 'apps', 'web-x']].map(([issuer, ...rest]) => newRole(issuer, rest[0], rest[1], READER).name);
  expect(new Set(names).size).toBe(4);
});

test('fits, however long the names are', () => {
  expect(newRole(ISSUER, 'n'.repeat(63), 's'.repeat(253), READER).name).toHaveLength(64);
});

test.each(['aws-cn', 'aws-us-gov', 'aws-eusc'])('is in the partition %s of the old one', partition => {
  expect(newRole(ISSUER, 'a', 'b', oldRole(`arn:${partition}:iam::210987654321:role/x`, undefined)).arn).toMatch(`arn:${partition}:iam::210987654321:role/a-b-`);
});
