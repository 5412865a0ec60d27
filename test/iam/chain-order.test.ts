import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { A, chainWorld, podRole, TOOLS } from './chain-world';
import { ChainedRole, RoleChain } from '../../src';

describe('stacks that would wait for each other', () => {
  test('fail by roles that have nothing to do with each other, and say which', () => {
    const { a, tools, chain } = chainWorld();
    chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    const back = new RoleChain(a, 'Back', { role: podRole(a, 'Other', 'other') });
    expect(() => back.to(new ChainedRole(tools, 'Admin'), { profile: 'tools' })).toThrow(
      'A/Other assumes Tools/Admin, so A has to be deployed before Tools, and after it as well: Tools/Pod assumes A/Admin. Put one of the roles into a stack of its own');
  });

  test('fail within one chain that comes back', () => {
    const { a, tools, chain } = chainWorld();
    const there = chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    expect(() => there.to(new ChainedRole(tools, 'Back'), { profile: 'back' })).toThrow('Put one of the roles into a stack of its own');
  });

  test('pass with that stack, which is deployed last', () => {
    const { app, a, chain } = chainWorld();
    const last = new Stack(app, 'Last', { env: TOOLS });
    chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' }).to(new ChainedRole(last, 'Back'), { profile: 'back' });
    app.synth();
    expect(last.dependencies).toEqual([a]);
  });

  test('fail over a third stack', () => {
    const { app, a, tools, chain } = chainWorld();
    const b = new Stack(app, 'B', { env: { ...A, account: '567890123456' } });
    const middle = chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' }).to(new ChainedRole(b, 'Admin'), { profile: 'b' });
    expect(() => middle.to(new ChainedRole(tools, 'Back'), { profile: 'back' })).toThrow('after it as well: A/Admin assumes B/Admin, Tools/Pod assumes A/Admin.');
  });

  test('fail where somebody else said so before', () => {
    const { a, tools, chain } = chainWorld();
    tools.addDependency(a);
    expect(() => chain.to(new ChainedRole(a, 'Admin'), { profile: 'a' })).toThrow('so Tools has to be deployed before A, and after it as well: Tools depends on A.');
  });

  test('fail from one Stage to another and back: warnings of both orders would help nobody', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map(id => new Stage(app, id));
    const [tools, a, last] = [new Stack(one, 'Tools', { env: TOOLS }), new Stack(two, 'A', { env: A }), new Stack(one, 'Last', { env: TOOLS })];
    const link = new RoleChain(tools, 'Chain', { role: podRole(tools) }).to(new ChainedRole(a, 'Admin'), { profile: 'a' });
    expect(() => link.to(new ChainedRole(tools, 'Back'), { profile: 'back' })).toThrow('Two/A has to be deployed before One/Tools, and after it as well');
    expect(() => link.to(new ChainedRole(last, 'Back'), { profile: 'last' })).not.toThrow();
  });
});

describe('nested stacks that would wait for each other', () => {
  function nested() {
    const world = chainWorld();
    const [n, m] = ['N', 'M'].map(id => new NestedStack(world.tools, id));
    return { ...world, n, m, inner: new RoleChain(world.tools, 'Inner', { role: podRole(n, 'Inner', 'inner', 'https://example.com/inner') }) };
  }

  test('fail by a role in the stack around', () => {
    const { tools, n, inner } = nested();
    const outside = inner.to(new ChainedRole(tools, 'R'), { profile: 'r' });
    expect(() => outside.to(new ChainedRole(n, 'Q'), { profile: 'q' })).toThrow(
      'Tools/R assumes Tools/N/Q, so Tools/R has to be deployed before Tools/N, and after it as well: Tools/N/Inner assumes Tools/R. Put one of the roles into a stack of its own');
  });

  test('fail by a role in another nested stack', () => {
    const { n, m, inner } = nested();
    const outside = inner.to(new ChainedRole(m, 'R'), { profile: 'r' });
    expect(() => outside.to(new ChainedRole(n, 'Q'), { profile: 'q' })).toThrow('Tools/M has to be deployed before Tools/N, and after it as well');
  });

  test('fail by roles of the stack around that follow each other', () => {
    const { tools, n, inner } = nested();
    const outside = inner.to(new ChainedRole(tools, 'R'), { profile: 'r' }).to(new ChainedRole(tools, 'S'), { profile: 's' });
    expect(() => outside.to(new ChainedRole(n, 'Q'), { profile: 'q' })).toThrow('after it as well: Tools/R assumes Tools/S, Tools/N/Inner assumes Tools/R.');
  });

  test('pass in one direction, and the stack around waits as it has to', () => {
    const { app, tools, n, inner } = nested();
    inner.to(new ChainedRole(n, 'P'), { profile: 'p' }).to(new ChainedRole(tools, 'R', { roleName: 'r' }), { profile: 'r' });
    const template = Template.fromJSON(app.synth().getStackByName('Tools').template as object);
    const [role] = Object.values(template.findResources('AWS::IAM::Role', { Properties: { RoleName: 'r' } }));
    const [nestedId] = Object.keys(template.findResources('AWS::CloudFormation::Stack', { DeletionPolicy: 'Delete' })).filter(id => id.startsWith('NNested'));
    expect(role.DependsOn).toEqual(expect.arrayContaining([nestedId]));
  });
});
