import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App as KubernetesApp, Chart } from 'cdk8s';
import fc from 'fast-check';
import { ACCOUNT, deployedLength, deployedTrust, ENV, expectPinned, issuerUrl, type JsonObject, literalProvider, resourcesOf } from './helpers';
import {
  CdkTokenResolver, ClusterOidcProvider, type IClusterOidcProvider, IrsaRoleShards, type IrsaRoleShardsProps, IrsaServiceAccount, OidcIssuer,
  ServiceAccountSubject,
} from '../../src';

const AUDIENCE = 'sts.amazonaws.com';
const KEY = 'cdk-irsa:shards:Stack/Shards';

interface Fleet {
  readonly stack: Stack;
  readonly shards: IrsaRoleShards;
  readonly providers: IClusterOidcProvider[];
  readonly serviceAccounts: ServiceAccountSubject[];
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const accounts = (numbers: number[]) => numbers.map(n => ServiceAccountSubject.of(`team-${n % 7}`, `worker-${n}`));

/** Shards for clusters and service accounts by their numbers. */
function fleet(clusters: number[], workers: number[], context: Record<string, unknown> = {}, props: Partial<IrsaRoleShardsProps> = {}): Fleet {
  const stack = new Stack(new App({ context }), 'Stack', { env: ENV });
  const providers = clusters.map(n => literalProvider(stack, n));
  const serviceAccounts = accounts(workers);
  return { stack, providers, serviceAccounts, shards: new IrsaRoleShards(stack, 'Shards', { providers, serviceAccounts, ...props }) };
}

function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
}

/** The record that the warning asks for, as it is pasted into cdk.json. */
function recordOf(stack: Stack): Record<string, unknown> {
  const json = /cdk\.json: (\{?.*\})/.exec(warningsOf(stack)[0])![1];
  return JSON.parse(`{${json}}`) as Record<string, unknown>;
}

/** Who may assume which role, read from the trust policies in the template: `ISSUER SUBJECT` by logical id. */
function pairsByRole(stack: Stack): Record<string, string[]> {
  const roles = Template.fromStack(stack).findResources('AWS::IAM::Role') as Record<string, { Properties: JsonObject }>;
  return Object.fromEntries(Object.entries(roles).map(([logicalId, { Properties: role }]) => {
    const policy = deployedTrust(role.AssumeRolePolicyDocument);
    expectPinned(policy);
    return [logicalId, policy.Statement.flatMap(({ Principal: principal, Condition: { StringEquals: conditions } }) => {
      const issuer = String((principal as JsonObject).Federated).replace(`arn:aws:iam::${ACCOUNT}:oidc-provider/`, '');
      expect(Object.keys(conditions).sort()).toEqual([`${issuer}:aud`, `${issuer}:sub`]);
      expect(conditions[`${issuer}:aud`]).toBe(AUDIENCE);
      return [conditions[`${issuer}:sub`]].flat().map(subject => `${issuer} ${subject}`);
    })];
  }));
}

/** The logical id of the role of every pair, as `roleFor` says. */
function roleOfPair({ shards, providers, serviceAccounts, stack }: Fleet): Record<string, string> {
  return Object.fromEntries(providers.flatMap(provider => serviceAccounts.map(account => [
    `${provider.issuer.hostPath} ${account.claim}`, (stack.resolve(shards.roleFor(provider, account).roleName) as { Ref: string }).Ref,
  ])));
}

describe('40 clusters and 60 service accounts', () => {
  test.each([
    [2048, 80],
    [4096, 40],
    [8192, 20],
  ])('with a quota of %d characters: %d roles, each pair trusted by exactly one of them, and nobody else by any', (quota, roles) => {
    const all = fleet(range(40), range(60), { 'cdk-irsa:trustPolicyQuota': quota });
    const byRole = pairsByRole(all.stack);

    expect(Object.keys(byRole)).toHaveLength(roles);
    expect(Object.values(byRole).flat().sort()).toEqual(
      range(40).flatMap(cluster => accounts(range(60)).map(({ claim }) => `${issuerUrl(cluster).slice('https://'.length)} ${claim}`)).sort());
    for (const { Properties: role } of resourcesOf(all.stack, 'AWS::IAM::Role')) {
      expect(deployedLength(role.AssumeRolePolicyDocument)).toBeLessThanOrEqual(quota);
    }
  });

  test('roleFor gives the role that trusts the pair', () => {
    const all = fleet(range(40), range(60));
    const byRole = pairsByRole(all.stack);

    for (const [pair, role] of Object.entries(roleOfPair(all))) {
      expect(byRole[role]).toContain(pair);
    }
  });

  test('are laid out in less than five seconds', () => {
    const start = process.cpuUsage();
    Template.fromStack(fleet(range(40), range(60)).stack);
    const { user, system } = process.cpuUsage(start);

    expect((user + system) / 1e6).toBeLessThan(5);
  });
});

describe('a role holds as many clusters as fit', () => {
  test.each([[4, 1], [5, 2], [8, 2], [9, 3]])('%d clusters of one service account: %d roles', (clusters, roles) => {
    const { shards, stack } = fleet(range(clusters), [1]);

    expect(shards.roles).toHaveLength(roles);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', roles);
  });

  test('a deploy-time issuer counts at its longest', () => {
    const stack = new Stack(new App(), 'Stack');
    const providers = range(12).map(n => new ClusterOidcProvider(stack, `Provider${n}`, { issuer: OidcIssuer.fromUrl(new CfnParameter(stack, `Url${n}`).valueAsString) }));
    const shards = new IrsaRoleShards(stack, 'Shards', { providers, serviceAccounts: accounts([1]) });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('trustPolicyMayExceedQuota'));

    expect(shards.roles.map(role => role.providers.length)).toEqual([4, 4, 4]);
    expect(recordOf(stack)[KEY]).toMatchObject({ clusters: { 'Stack/Provider0': 0, 'Stack/Provider11': 2 } });
  });

  test('patterns count with the statement of their own that they take', () => {
    const serviceAccounts = [ServiceAccountSubject.of('jobs', 'worker'), ServiceAccountSubject.anyInNamespace('tools')];
    const { shards, stack, providers } = fleet(range(5), [], {}, { serviceAccounts });

    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(shards.roles.length).toBe(3);
    expect(shards.roleFor(providers[0], ServiceAccountSubject.of('tools', 'any'))).toBe(shards.roleFor(providers[0], serviceAccounts[0]));
  });

  test('the same cluster and the same service account twice count once', () => {
    const { shards, stack } = fleet([1], [1, 1]);
    const twice = ClusterOidcProvider.fromOidcProviderArn(stack, 'Twice', `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuerUrl(1).slice('https://'.length)}`);

    expect(shards.roleFor(twice)).toBe(shards.roles[0]);
    expect(shards.roles[0].serviceAccounts).toHaveLength(1);
  });
});

describe('the record in the context', () => {
  test('is asked for by a warning with the entry for cdk.json', () => {
    const { stack } = fleet([1, 2], [1]);

    expect(warningsOf(stack)).toEqual([expect.stringContaining('3 of 3 clusters and service accounts are not recorded')]);
    expect(warningsOf(stack)[0]).toContain('[ack: cdk-irsa:shardsNotRecorded]');
    expect(recordOf(stack)).toEqual({
      [KEY]: { clusters: { [issuerUrl(1).slice(8)]: 0, [issuerUrl(2).slice(8)]: 0 }, serviceAccounts: { 'team-1/worker-1': 0 } },
    });
  });

  test('once complete, gives the same roles and no warning', () => {
    const before = fleet(range(9), [1, 2]);
    const after = fleet(range(9), [1, 2], recordOf(before.stack));

    expect(warningsOf(after.stack)).toEqual([]);
    expect(Template.fromStack(after.stack).toJSON()).toEqual(Template.fromStack(before.stack).toJSON());
  });

  test('a change moves nobody who is recorded: added, removed, declared in another order', () => {
    const numbers = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 20 });
    const workers = fc.integer({ min: 1, max: 45 });
    fc.assert(fc.property(numbers, numbers, workers, workers, (before, after, workersBefore, workersAfter) => {
      const first = fleet(before, range(workersBefore));
      const second = fleet(after, range(workersAfter).reverse(), recordOf(first.stack));
      const was = roleOfPair(first);
      const is = roleOfPair(second);
      const moved = Object.keys(is).filter(pair => pair in was && is[pair] !== was[pair]);
      expect(moved).toEqual([]);
    }), { numRuns: 25 });
  });

  test('says how many are missing when a cluster is added', () => {
    const { stack } = fleet([1, 2], [1]);

    expect(warningsOf(fleet([1, 2, 3], [1], recordOf(stack)).stack)).toEqual([expect.stringContaining('1 of 4 clusters and service accounts are not recorded')]);
  });

  test('fails when what is recorded no longer fits, with the arithmetic and the ways out', () => {
    const clusters = Object.fromEntries(range(5).map(n => [issuerUrl(n).slice(8), 0]));

    expect(() => fleet(range(5), [1], { [KEY]: { clusters, serviceAccounts: {} } })).toThrow(
      /^the trust policy of Stack\/Shards\/Shard0 is 2\d\d\d characters long and IAM takes 2048 .*: 5 clusters of about \d+ characters each.*; 4 clusters would fit .*take some of what is in this shard out of the context cdk-irsa:shards:Stack\/Shards/);
  });
});

describe('roleFor', () => {
  test('needs no service account where a cluster has one role', () => {
    const { shards, providers } = fleet(range(5), [1, 2]);

    expect(shards.roleFor(providers[4])).toBe(shards.roles[1]);
  });

  test('fails without a service account where a cluster has several roles', () => {
    const { shards, providers } = fleet([1], range(60));

    expect(() => shards.roleFor(providers[0])).toThrow(
      "Stack/Shards has 2 roles for the cluster of Stack/Provider1, each for other service accounts; pass the service account as well: ServiceAccountSubject.of('namespace', 'name')");
  });

  test('fails for a cluster that is not trusted', () => {
    const { shards, stack } = fleet([1], [1]);

    expect(() => shards.roleFor(literalProvider(stack, 2))).toThrow('Stack/Shards does not trust the cluster of Stack/Provider2; add it to the providers');
  });

  test('fails for a service account that is not trusted', () => {
    const { shards, providers } = fleet([1], [1]);

    expect(() => shards.roleFor(providers[0], ServiceAccountSubject.of('other', 'other'))).toThrow('Stack/Shards does not trust other/other; add it to the serviceAccounts');
  });

  test('gives manifests the ARN of the right role', () => {
    const { shards, providers, serviceAccounts } = fleet(range(5), [1]);
    const chart = new Chart(new KubernetesApp({ resolvers: [new CdkTokenResolver()] }), 'chart', { namespace: serviceAccounts[0].namespace });
    new IrsaServiceAccount(chart, 'ServiceAccount', { role: shards.roleFor(providers[4]) });
    const [{ metadata }] = chart.toJson() as { metadata: { annotations: Record<string, string> } }[];

    expect(metadata.annotations['eks.amazonaws.com/role-arn']).toMatch(new RegExp(`^arn:aws:iam::${ACCOUNT}:role/Stack-Shards-Shard1-[0-9a-f]{10}$`));
  });
});

describe('grants', () => {
  test('are one policy for all roles', () => {
    const { shards, stack } = fleet(range(9), [1]);
    new Bucket(stack, 'Bucket').grantRead(shards);
    const [{ Properties: policy }, ...others] = resourcesOf(stack, 'AWS::IAM::Policy');

    expect(others).toEqual([]);
    expect(policy.Roles).toHaveLength(3);
    expect(JSON.stringify(policy.PolicyDocument)).toContain('s3:GetObject*');
  });

  test('are nothing where nothing is granted', () => {
    Template.fromStack(fleet(range(9), [1]).stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('of a key in the same stack are no cycle', () => {
    const { shards, stack } = fleet(range(9), [1]);
    const key = new Key(stack, 'Key');
    key.grantDecrypt(shards);
    key.addToResourcePolicy(new PolicyStatement({ actions: ['kms:Decrypt'], principals: [shards.grantPrincipal], resources: ['*'] }));

    const [{ Properties: { KeyPolicy: policy } }] = resourcesOf(stack, 'AWS::KMS::Key');
    const [, { Principal: principal }] = (policy as { Statement: JsonObject[] }).Statement;
    expect((principal as { AWS: unknown[] }).AWS).toHaveLength(3);
  });

  test('of a bucket in another account name every role there, and wait for them when they are told to', () => {
    const { shards, stack } = fleet(range(5), [1]);
    const abroad = new Stack(stack.node.root as App, 'Abroad', { env: { account: '222222222222', region: 'eu-west-1' } });
    const bucket = new Bucket(abroad, 'Bucket', { bucketName: 'abroad' });
    bucket.grantRead(shards);
    shards.deployBefore(bucket.policy!);

    const policy = JSON.stringify(resourcesOf(abroad, 'AWS::S3::BucketPolicy'));
    expect(policy.match(/:role\/Stack-Shards-Shard\d-[0-9a-f]{10}/g)).toEqual([expect.stringContaining('Shard0'), expect.stringContaining('Shard1')]);
    expect(abroad.dependencies).toContain(stack);
  });
});

test('passes on what a role can be told', () => {
  const { stack } = fleet(range(5), [1], {}, { path: '/fleet/', description: 'agents', nameAtSynth: false });
  for (const { Properties: role } of resourcesOf(stack, 'AWS::IAM::Role')) {
    expect(role).toMatchObject({ Path: '/fleet/', Description: 'agents' });
    expect(role.RoleName).toBeUndefined();
  }
});

test.each([
  ['provider', { providers: [] }, 'Stack/Shards has no provider'],
  ['service account', { serviceAccounts: [] }, 'Stack/Shards has no service account'],
])('fails without a %s', (_, props, message) => {
  expect(() => fleet([1], [1], {}, props)).toThrow(message);
});

test('fails for a provider of another account, even for a cluster that is there twice', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const abroad = ClusterOidcProvider.fromOidcProviderArn(stack, 'Abroad', `arn:aws:iam::222222222222:oidc-provider/${issuerUrl(1).slice(8)}`);

  expect(() => new IrsaRoleShards(stack, 'Shards', { providers: [literalProvider(stack, 1), abroad], serviceAccounts: accounts([1]) })).toThrow(
    'Stack/Shards is in account 111111111111 and its provider Stack/Abroad in account 222222222222');
});

test('fails where a service account is named and matches a pattern as well: two of the roles could trust it', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const serviceAccounts = [ServiceAccountSubject.of('team-a', 'web'), ServiceAccountSubject.anyInNamespace('team-a')];
  expect(() => new IrsaRoleShards(stack, 'Agent', { providers: [literalProvider(stack, 0)], serviceAccounts }))
    .toThrow("Stack/Agent trusts team-a/web by its name and by the pattern 'team-a/*', so perhaps in two of its roles; leave one of them out");
});
