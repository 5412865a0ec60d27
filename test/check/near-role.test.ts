import { distance } from '../../src/check/distance';
import { nearRole } from '../../src/check/near-role';
import type { Role } from '../../src/check/template/roles';

const roles = ['web', 'Api', 'api', 'prod-reader', 'prod-raeder-2', 'größe', 'a'].map(name => ({ name }) as Role);

test.each([
  ['api', 'api'], ['API', 'Api'], ['wbe', 'web'], ['weeb', 'web'], ['we', 'web'], ['wxyb', 'web'], ['prod-raeder', 'prod-reader'], ['grösse', 'größe'],
  ['other', undefined], ['prod-', undefined], ['prod-writer', undefined], ['bewx', undefined],
])('by %s somebody means %s', (asked, meant) => {
  expect(nearRole(roles, asked)?.name).toBe(meant);
});

test.each<[string, string, number]>([
  ['', '', 0], ['', 'ab', 2], ['', 'abc', Infinity], ['ab', 'ba', 1], ['abcd', 'badc', 2], ['abc', 'xbz', 2], ['abc', 'xyz', Infinity], ['aab', 'ab', 1], ['xab', 'aby', 2],
])('from %j to %j it is %s', (a, b, edits) => {
  expect([distance(a, b), distance(b, a)]).toEqual([edits, edits]);
});
