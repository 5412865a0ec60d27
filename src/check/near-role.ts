/* eslint-disable no-bitwise -- sets of letters, compared a million times */
import { distance } from './distance';
import type { Role } from './template/roles';

/** What is looked up of the roles of an account, worked out once. */
interface NameIndex {
  readonly byName: ReadonlyMap<string, Role>;
  readonly byLowerCase: ReadonlyMap<string, Role>;
  readonly letters: ReadonlyArray<readonly [letters: number, role: Role]>;
}

const INDEXES = new WeakMap<readonly Role[], NameIndex>();

/** The role among those of an account that somebody may have meant by a name: of that name, of one with other capitals, or nearly so. */
export function nearRole(roles: readonly Role[], name: string): Role | undefined {
  const index = INDEXES.get(roles) ?? indexOf(roles);
  INDEXES.set(roles, index);
  const asked = lettersOf(name);
  return index.byName.get(name) ?? index.byLowerCase.get(name.toLowerCase())
    ?? index.letters.find(([letters, role]) => mayBeNear(letters, asked) && distance(role.name, name) <= 2)?.[1];
}

function indexOf(roles: readonly Role[]): NameIndex {
  const first = (nameOf: (role: Role) => string): Map<string, Role> => new Map([...roles].reverse().map(role => [nameOf(role), role]));
  return {
    byName: first(({ name }) => name),
    byLowerCase: first(({ name }) => name.toLowerCase()),
    letters: roles.map(role => [lettersOf(role.name), role]),
  };
}

/** A bit for each letter, some of them shared. */
function lettersOf(name: string): number {
  let letters = 0;
  for (let index = 0; index < name.length; index++) {
    letters |= 1 << (name.charCodeAt(index) & 31);
  }
  return letters;
}

/** Each edit brings one letter at most that the other name does not have: far quicker than to compare the names. */
function mayBeNear(a: number, b: number): boolean {
  return hasTwoBitsAtMost(a & ~b) && hasTwoBitsAtMost(b & ~a);
}

/** Whether there are no more than two: each step takes the lowest one away. */
function hasTwoBitsAtMost(bits: number): boolean {
  const one = bits & bits - 1;
  return (one & one - 1) === 0;
}
