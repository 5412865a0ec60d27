import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { chainWorld, podRole, TOOLS } from './chain-world';
import { onlyRole } from './helpers';
import { ChainedRole, RoleChain } from '../../src';

const QUOTA = 'cdk-irsa:trustPolicyQuota';

/** So many callers, in a line that begins with the pod's role, all of which assume one role of another account. */
function hub(callers: number, { quota, externalIds = false }: { quota?: number; externalIds?: boolean } = {}) {
  const world = chainWorld(new App({ context: quota === undefined ? {} : { [QUOTA]: quota } }));
  const role = new ChainedRole(world.a, 'Hub', { roleName: 'hub' });
  for (let index = 0; index < callers; index++) {
    toHub(world.chain, new ChainedRole(world.tools, `Caller${index}`, { roleName: `caller-${String(index).padStart(3, '0')}` }), role, index, externalIds);
  }
  return { ...world, role };
}

function toHub(chain: RoleChain, caller: ChainedRole, role: ChainedRole, index: number, externalIds: boolean): void {
  chain.to(caller, { profile: `caller-${index}` }).to(role, { profile: `hub-${index}`, externalId: externalIds ? `id-${index}` : undefined });
}

describe('the trust policy of a role that chains lead to', () => {
  test('has callers on the same conditions in one statement', () => {
    const { app, a } = hub(3);
    app.synth();
    const { Statement: statements } = onlyRole(a).AssumeRolePolicyDocument as { Statement: { Principal: { AWS: unknown[] } }[] };
    expect(statements).toHaveLength(1);
    expect(statements[0].Principal.AWS).toHaveLength(3);
  });

  test('has callers with external ids of their own apart', () => {
    const { app, a } = hub(3, { externalIds: true });
    app.synth();
    const { Statement: statements } = onlyRole(a).AssumeRolePolicyDocument as { Statement: { Principal: { AWS: unknown } }[] };
    expect(statements.map(({ Principal: { AWS: principals } }) => [principals].flat())).toEqual([0, 1, 2].map(() => [expect.anything()]));
  });

  test('fails with the arithmetic when IAM would find it too long', () => {
    const callers = 60;
    const { app } = hub(callers);
    expect(() => app.synth()).toThrow(/\[A\/Hub\] trust policy is \d+ characters long and IAM takes 2048 \(white space not counted\): 60 roles come here by chains, with about \d+ characters each, and about \d+ would fit\. Have them assume a role that they share/);
  });

  test('is counted as IAM counts: one caller more does not fit', () => {
    const fits = (callers: number) => {
      try {
        hub(callers).app.synth();
        return true;
      } catch {
        return false;
      }
    };
    let [most, tooMany] = [1, 60];
    while (tooMany - most > 1) {
      const middle = Math.floor((most + tooMany) / 2);
      [most, tooMany] = fits(middle) ? [middle, tooMany] : [most, middle];
    }
    const policy = (callers: number) => ({
      Statement: [{
        Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: Array.from({ length: callers }, (_, n) => `arn:aws:iam::${TOOLS.account}:role/caller-${String(n).padStart(3, '0')}`) },
      }],
      Version: '2012-10-17',
    });
    expect(JSON.stringify(policy(most)).length).toBeLessThanOrEqual(2048);
    expect(JSON.stringify(policy(most + 1)).length).toBeGreaterThan(2048);
  });

  test('takes what the context says that AWS granted', () => {
    expect(() => hub(60, { quota: 8192 }).app.synth()).not.toThrow();
  });

  test('is guarded for any role of the app, its other statements included', () => {
    const { app, a, chain } = chainWorld();
    const role = new Role(a, 'Admin', { roleName: 'admin', assumedBy: new AccountRootPrincipal().withConditions({ StringEquals: { 'aws:PrincipalTag/x': 'x'.repeat(2000) } }) });
    chain.to(role, { profile: 'a' });
    expect(() => app.synth()).toThrow('[A/Admin] trust policy is');
  });

  test('counts references in the same stack at the length they will have', () => {
    const { app, tools, chain } = chainWorld();
    const role = new ChainedRole(tools, 'Hub', { roleName: 'hub' });
    for (let index = 0; index < 60; index++) {
      toHub(chain, new ChainedRole(tools, `Caller${index}`, { roleName: `caller-${index}` }), role, index, false);
    }
    expect(() => app.synth()).toThrow('[Tools/Hub] trust policy is');
  });

  test('warns where names that CloudFormation gives decide', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const chain = new RoleChain(stack, 'Chain', { role: podRole(stack, 'Pod', '') });
    const role = new ChainedRole(stack, 'Hub');
    for (let index = 0; index < 6; index++) {
      toHub(chain, new ChainedRole(stack, `Caller${index}`), role, index, false);
    }
    const messages = app.synth().getStackByName('Stack').messages.map(({ entry }) => String(entry.data));
    expect(messages.filter(message => message.includes('cdk-irsa:trustPolicyMayExceedQuota'))).toHaveLength(1);
  });
});
