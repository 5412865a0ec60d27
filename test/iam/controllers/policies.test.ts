import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { missingResources, problemsOf } from './service-reference';
import { VARIANTS } from './variants';
import { Controller } from '../../../src/iam/controllers/controller';
import type { ControllerData, StatementData } from '../../../src/iam/controllers/policy-data';
import { policyStatements } from '../../../src/iam/controllers/policy-statements';

/** Where the reference is silent, and what AWS says elsewhere. */
const GAPS: ReadonlyArray<readonly [problem: RegExp, reason: string]> = [
  [/^Lbc(TagNew|Tag|TagListeners): (no action of the statement takes|elasticloadbalancing:(AddTags|RemoveTags) takes none)/,
    'the reference has the tags of Classic Load Balancers only; AddTags of version 2 takes target groups, listeners and rules'],
];

/** One stack a partition, for all policies. */
const PARTITIONS = { 'aws': 'eu-west-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1', 'aws-eusc': 'eusc-de-east-1' } as const;
const app = new App();
const STACKS = new Map(Object.values(PARTITIONS).map(region => [region, new Stack(app, region, { env: { account: '123456789012', region } })]));

const MAX_INLINE = 10_240;
const MAX_MANAGED = 6_144;

function rendered({ statements }: ControllerData, partition: keyof typeof PARTITIONS): string[] {
  const stack = STACKS.get(PARTITIONS[partition])!;
  return policyStatements(statements, stack).map(statement => JSON.stringify(stack.resolve(statement.toStatementJson())));
}

async function complaints(statements: readonly StatementData[]): Promise<string[]> {
  const problems = await Promise.all(statements.map(async statement => (await problemsOf(statement)).map(problem => `${statement.sid}: ${problem}`)));
  return problems.flat();
}

describe.each(VARIANTS)('%s', (title, data) => {
  const { statements } = data;

  test('has actions, resources and conditions that the service authorization reference knows', async () => {
    expect((await complaints(statements)).filter(problem => !GAPS.some(([gap]) => gap.test(problem)))).toEqual([]);
  });

  test('names all resources that its actions need', async () => {
    expect(await missingResources(statements)).toEqual([]);
  });

  test('has no action with a wildcard', () => {
    expect(statements.flatMap(({ actions }) => actions).filter(action => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action))).toEqual([]);
  });

  test('tells its statements apart, each with something to allow', () => {
    expect(new Set(statements.map(({ sid }) => sid)).size).toBe(statements.length);
    expect(statements.filter(({ sid, actions, resources }) => !/^[A-Za-z0-9]+$/.test(sid) || actions.length === 0 || resources.length === 0)).toEqual([]);
  });

  test('fits into a role', () => {
    const length = JSON.stringify({ Version: '2012-10-17', Statement: [] }).length + rendered(data, 'aws-us-gov').join(',').length;
    expect(length).toBeLessThan(MAX_INLINE);
    // those that do not fit into a managed policy are named in the guide
    expect(length > MAX_MANAGED).toBe(/^(loadBalancerController|karpenter, with all)/.test(title));
  });
});

describe.each(Object.keys(PARTITIONS) as Array<keyof typeof PARTITIONS>)('in %s', partition => {
  test.each(VARIANTS)('%s is this', (title, data) => {
    const lines = rendered(data, partition);
    expect(lines.join('\n')).not.toMatch(/\$\{(Partition|Region|Account)\}/);
    expect(new Set(lines.join('\n').match(/arn:[^:*"]+:/g))).toEqual(new Set(/arn:/.test(lines.join()) ? [`arn:${partition}:`] : []));
    // partitions differ in what is checked above, and scopes are the same in all of them
    if (partition === 'aws' || !title.includes(',')) {
      expect(lines.join('\n')).toMatchSnapshot();
    }
  });
});

test('every gap of the reference is one', async () => {
  const problems = (await Promise.all(VARIANTS.map(([, { statements }]) => complaints(statements)))).flat();
  expect(GAPS.filter(([gap]) => !problems.some(problem => gap.test(problem)))).toEqual([]);
});

test('different controllers have different sids, so that a role can have the statements of several', () => {
  const owners = new Map<string, Set<string>>();
  for (const [, { name, statements }] of VARIANTS) {
    statements.forEach(({ sid }) => owners.set(sid, (owners.get(sid) ?? new Set()).add(name)));
  }
  expect([...owners].filter(([, names]) => names.size > 1)).toEqual([]);
});

test.each(VARIANTS)('%s says where it comes from, and of what version', (_, { sources, serviceAccounts }) => {
  expect(sources.filter(({ url, version }) => !/^https:\/\/[^ ]+$/.test(url) || !/\d/.test(version))).toEqual([]);
  expect(sources).not.toEqual([]);
  expect(serviceAccounts).not.toEqual([]);
});

test('the guide has every controller, with its service account, sources and versions', () => {
  const guide = fs.readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'controllers.md'), 'utf8');
  const factories = Object.getOwnPropertyNames(Controller).filter(name => !['length', 'name', 'prototype'].includes(name) && !name.startsWith('Symbol'));
  expect(factories.filter(name => typeof (Controller as unknown as Record<string, unknown>)[name] === 'function' && !guide.includes(`| \`${name}\` |`))).toEqual([]);
  for (const [, { serviceAccounts: [[namespace, name]], sources }] of VARIANTS) {
    expect(guide).toContain(`| \`${namespace}/${name}\` |`);
    sources.forEach(({ url, version }) => expect(guide).toContain(`[${version}](${url})`));
  }
});

describe('the check by the reference', () => {
  const volume = 'arn:${Partition}:ec2:${Region}:${Account}:volume/*';

  test.each<[string, Partial<StatementData>, string[]]>([
    ['an action that there is not', { actions: ['ec2:DeleteVolumes'], resources: ['*'] }, ['there is no action ec2:DeleteVolumes']],
    ['a service that there is not', { actions: ['ec3:DeleteVolume'], resources: ['*'] }, ['there is no action ec3:DeleteVolume']],
    ['* without a reason', { actions: ['ec2:DeleteVolume'], resources: ['*'] }, ['ec2:DeleteVolume knows resources (volume), and the statement has *']],
    ['a resource for an action without any', { actions: ['ec2:DescribeVolumes', 'ec2:DeleteVolume'], resources: [volume] }, ['ec2:DescribeVolumes takes * alone']],
    ['an account where the ARN has none', { actions: ['ec2:DeleteSnapshot', 'ec2:DeleteVolume'], resources: [volume, volume.replace('volume', 'snapshot')] },
      ['ec2:DeleteSnapshot takes none of the resources of the statement', `no action of the statement takes ${volume.replace('volume', 'snapshot')}`]],
    ['a condition that the action does not know', { actions: ['ec2:DeleteVolume'], resources: [volume], conditions: { StringEquals: { 'aws:RequestTag/a': 'b' } } },
      ['ec2:DeleteVolume on volume knows no condition key aws:RequestTag/a']],
  ])('fails when there is %s', async (_, statement, problems) => {
    expect(await problemsOf({ sid: 'Test', actions: [], resources: [], ...statement })).toEqual(problems);
  });

  test('fails when an action lacks a resource that it needs', async () => {
    expect(await missingResources([{ sid: 'Test', actions: ['ec2:AttachVolume'], resources: [volume] }])).toEqual(['ec2:AttachVolume needs instance']);
  });
});
