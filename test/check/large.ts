import { changed, documents, POD, ROLE, SERVICE_ACCOUNT } from '../../src/check/rules/example';

export const ROLES = 1000;
export const PODS_EACH = 5;

/** Roles, service accounts and pods whose names end with a number; everything agrees, but for one. */
export function agreeing(): string {
  return filesOf(n => `web-${n}`, n => `web-${n}`, 500);
}

/** The same with annotations that all name roles that do not exist, by names as long as those that do: each is compared with all of them. */
export function missing(): string {
  const scattered = (n: number): string => `prod-team-${(n * 2654435761 % 4294967296).toString(36).padStart(7, 'q')}-web`;
  return filesOf(scattered, n => scattered(n + ROLES));
}

function filesOf(roleName: (n: number) => string, annotated: (n: number) => string, wrong?: number): string {
  const numbers = Array.from({ length: ROLES }, (_, index) => index);
  const role = ROLE.replace('Resources:\n', '');
  const roles = `Resources:\n${numbers.map(n => role.replace('  Web:', `  Web${n}:`).replace('RoleName: web', `RoleName: ${roleName(n)}`).replace('apps:web', `apps:web-${n === wrong ? 'x' : n}`)).join('')}`;
  return documents(
    roles,
    ...numbers.map(n => changed(SERVICE_ACCOUNT, 'role/web', `role/${annotated(n)}`).replace('name: web', `name: web-${n}`)),
    ...numbers.flatMap(n => Array.from({ length: PODS_EACH }, (_, m) => POD.replace('name: web', `name: web-${n}-${m}`).replace('serviceAccountName: web', `serviceAccountName: web-${n}`))),
  );
}
