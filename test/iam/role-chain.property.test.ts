import { App, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import * as fc from 'fast-check';
import { A, podRole, TOOLS } from './chain-world';
import { deployedRoles, verdictOf } from './deployed-roles';
import { ChainedRole, RoleChain, type RoleChainLink } from '../../src';

const ENVIRONMENTS = [TOOLS, { ...TOOLS, region: 'us-east-1' }, A, { account: '567890123456', region: 'eu-central-1' }];

/** A role of a tree: the n-th is assumed by one of those before it. */
interface Branch {
  readonly parent: number;
  readonly env: number;
  /** Place in the order of declaration. */
  readonly rank: number;
}

const branch = fc.record<Branch>({ parent: fc.nat(), env: fc.nat(ENVIRONMENTS.length - 1), rank: fc.nat() });

/** Makes the roles in the order of their ranks. With `together`, those of one depth and environment share a stack: none of these waits for another of its depth. */
function declare(app: App, branches: readonly Branch[], parents: readonly number[], together: boolean): Role[] {
  const depths = parents.reduce<number[]>((known, parent) => [...known, known[parent] + 1], [0]);
  const roles: Role[] = [];
  const declarations = depths.map((depth, n) => ({ depth, n, ...(branches[n - 1] ?? { env: 0, rank: 0 }) }));
  for (const { depth, n, env } of declarations.sort((one, other) => one.rank - other.rank)) {
    const id = together ? `Depth${depth}Env${env}` : `Stack${n}`;
    const stack = app.node.tryFindChild(id) as Stack | undefined ?? new Stack(app, id, { env: ENVIRONMENTS[env] });
    roles[n] = n === 0 ? podRole(stack) : new ChainedRole(stack, `Role${n}`, { roleName: `role${n}` });
  }
  return roles;
}

test('any tree of roles in any stacks, declared in any order, allows its hops and nothing else', () => {
  fc.assert(fc.property(fc.array(branch, { minLength: 1, maxLength: 6 }), fc.boolean(), (branches, together) => {
    const app = new App({ analyticsReporting: false });
    const parents = branches.map(({ parent }, index) => parent % (index + 1));
    const roles = declare(app, branches, parents, together);
    const links: Array<RoleChain | RoleChainLink> = [new RoleChain(app, 'Chain', { role: roles[0] })];
    parents.forEach((parent, index) => links.push(links[parent].to(roles[index + 1], { profile: `p${index + 1}` })));

    const deployed = deployedRoles(app);
    const arns = roles.map(({ stack }, n) => `arn:aws:iam::${stack.account}:role/${n === 0 ? 'pod' : `role${n}`}`);
    const allowed = arns.flatMap(from => arns.filter(to => verdictOf(deployed, from, to) === 'allowed').map(to => `${from} → ${to}`));
    expect(allowed.sort()).toEqual(parents.map((parent, index) => `${arns[parent]} → ${arns[index + 1]}`).sort());
    parents.forEach((parent, index) => {
      const [caller, callee] = [roles[parent].stack, roles[index + 1].stack];
      expect(caller === callee || callee.dependencies.includes(caller)).toBe(true);
    });
  }), { numRuns: 15 });
});
