import { distance } from './distance';
import type { Role } from './template/roles';

/** What is looked up of the roles of an account, worked out once. */
interface NameIndex {
  readonly byName: ReadonlyMap<string, Role>;
  readonly byLowerCase: ReadonlyMap<string, Role>;
}

const INDEXES = new WeakMap<readonly Role[], NameIndex>();

/** The role among those of an account that somebody may have meant by a name: of that name, of one with other capitals, or nearly so. */
export function nearRole(roles: readonly Role[], name: string): Role | undefined {
  const index = INDEXES.get(roles) ?? indexOf(roles);
  INDEXES.set(roles, index);
  return index.byName.get(name) ?? index.byLowerCase.get(name.toLowerCase())
    ?? roles.find(role => distance(role.name, name) < Infinity);
}

function indexOf(roles: readonly Role[]): NameIndex {
  const first = (nameOf: (role: Role) => string): Map<string, Role> => new Map([...roles].reverse().map(role => [nameOf(role), role]));
  return { byName: first(({ name }) => name), byLowerCase: first(({ name }) => name.toLowerCase()) };
}
