import { inputsOf } from './inputs';
import { check } from '../../src/check/check';
import { changed, documents, POD, ROLE, SERVICE_ACCOUNT } from '../../src/check/rules/example';

const ROLES = 1000;
const PODS_EACH = 5;

/** Roles, service accounts and pods whose names end with a number; everything agrees, but for one. */
function files(): string {
  const numbers = Array.from({ length: ROLES }, (_, index) => index);
  const role = ROLE.replace('Resources:\n', '');
  const roles = `Resources:\n${numbers.map(n => role.replace('  Web:', `  Web${n}:`).replace('RoleName: web', `RoleName: web-${n}`).replace('apps:web', `apps:web-${n === 500 ? 'x' : n}`)).join('')}`;
  return documents(
    roles,
    ...numbers.map(n => changed(SERVICE_ACCOUNT, 'role/web', `role/web-${n}`).replace('name: web', `name: web-${n}`)),
    ...numbers.flatMap(n => Array.from({ length: PODS_EACH }, (_, m) => POD.replace('name: web', `name: web-${n}-${m}`).replace('serviceAccountName: web', `serviceAccountName: web-${n}`))),
  );
}

test(`${ROLES} roles, ${ROLES} service accounts and ${ROLES * PODS_EACH} workloads are checked in no more time than it takes to read them`, () => {
  const text = files();
  const started = performance.now();
  const input = inputsOf(text);
  const read = performance.now();
  const { findings, seen } = check(input);
  const checked = performance.now();

  expect(seen).toEqual({ roles: ROLES, serviceAccounts: ROLES, workloads: ROLES * PODS_EACH });
  expect(findings.map(({ rule }) => rule)).toEqual(['trust-subject']);
  expect((checked - started) / (read - started)).toBeLessThan(2);
});
