import * as fs from 'node:fs';
import * as path from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import { CLUSTER_FILE, POLICY, withAssociations, withFields } from './eksctl/inputs';
import { partsOf, type SynthesizedParts } from './eksctl/synthesized-parts';
import { EksctlConfig, EksctlServiceAccounts, type EksctlServiceAccountsProps } from '../../src';
import { readClusterFile } from '../../src/migrate/eksctl/parse-config';
import { literalIssuer } from '../iam/helpers';
import { ACCOUNT, newAgnosticStack, newApp, newProvider, newStack, temporaryFolder } from '../k8s/helpers';

function file(text: string): EksctlConfig {
  const target = path.join(temporaryFolder(), 'cluster.yaml');
  fs.writeFileSync(target, text);
  return EksctlConfig.fromFile(target);
}

function makeIn(stack: Stack, config: EksctlConfig, props: Partial<EksctlServiceAccountsProps> = {}): EksctlServiceAccounts {
  return new EksctlServiceAccounts(stack, 'Eksctl', { config, ...props });
}

describe('a realistic file', () => {
  let app: App;
  let made: EksctlServiceAccounts;
  let parts: SynthesizedParts;
  beforeAll(() => {
    app = newApp();
    made = makeIn(newStack(app), EksctlConfig.fromFile(CLUSTER_FILE), { issuer: literalIssuer() });
    parts = partsOf(app);
  });

  test('makes a provider, 18 roles for web identities and one for EKS Pod Identity, and the service accounts but for two', () => {
    expect(parts.providers).toBe(1);
    expect(Object.keys(parts.roles)).toHaveLength(19);
    // 20 service accounts, without two that Helm and others make, and one for EKS Pod Identity
    expect(Object.keys(parts.manifests)).toHaveLength(19);
    // what lets the role of reports/reader, which exists, take its target role
    expect(parts.others).toEqual(['AWS::IAM::Policy']);
  });

  test('policies, boundary, name and tags are those of the file', () => {
    expect(parts.roles['ci/deployer']).toMatchObject({ PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary' });
    expect(parts.roleNames['ci/deployer']).toBe('production-deployer');
    expect(parts.roles['backend-apps/cache-access'].Tags).toEqual([{ Key: 'cost-centre', Value: '4711' }, { Key: 'environment', Value: 'production' }, { Key: 'team', Value: 'shop' }]);
    expect(JSON.stringify(parts.roles['backend-apps/cache-access'].ManagedPolicyArns)).toMatch(/AmazonDynamoDBReadOnlyAccess.*AmazonElastiCacheFullAccess/);
    expect(parts.roles['backend-apps/exporter']).toMatchObject({
      ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/teams/exporter'],
      Policies: [{ PolicyName: 'attachPolicy', PolicyDocument: { Statement: [{ Action: 's3:PutObject', Effect: 'Allow', Resource: 'arn:aws:s3:::exports/*' }] } }, { PolicyName: 'imageBuilder' }],
    });
  });

  test('a document is the one of the file', () => {
    expect(parts.roles['backend-apps/queue-worker'].Policies).toMatchObject([{
      PolicyDocument: {
        Statement: [
          { Sid: 'Receive', Effect: 'Allow', Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Condition: { StringEquals: { 'aws:ResourceTag/owner': '${aws:PrincipalTag/owner}' } } },
          { Effect: 'Deny', NotAction: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:*' },
        ],
      },
    }]);
  });

  test.each([
    ['ci/image-builder', 'imageBuilder', 'ecr:PutImage'],
    ['kube-system/cluster-autoscaler', 'autoScaler', 'autoscaling:SetDesiredCapacity'],
    ['kube-system/aws-load-balancer-controller', 'awsLoadBalancerController', 'elasticloadbalancing:CreateLoadBalancer'],
    ['kube-system/external-dns', 'externalDNS', 'route53:ChangeResourceRecordSets'],
    ['cert-manager/cert-manager', 'certManager', 'route53:GetChange'],
    ['kube-system/ebs-csi-controller-sa', 'ebsCSIController', 'ec2:CreateVolume'],
    ['kube-system/efs-csi-controller-sa', 'efsCSIController', 'elasticfilesystem:CreateAccessPoint'],
  ])('%s gets what %s stands for', (account, policy, action) => {
    const policies = parts.roles[account].Policies as Array<{ PolicyName: string }>;

    expect(policies.map(({ PolicyName }) => PolicyName)).toEqual([policy]);
    expect(JSON.stringify(policies)).toContain(`"${action}"`);
    expect(JSON.stringify(policies)).not.toMatch(/\$\{(Account|Region|Partition)\}/);
  });

  test('patterns are trusted as patterns', () => {
    expect(parts.roles['crossplane-system/provider-aws-*'].AssumeRolePolicyDocument).toMatchObject({ Statement: [{ Condition: { StringLike: {} } }] });
    expect(parts.manifests['ci/runner-default']).toBeDefined();
    expect(parts.manifests['crossplane-system/crossplane']).toBeUndefined();
  });

  test('manifests have labels, annotations and settings', () => {
    expect(parts.manifests['backend-apps/cache-access']).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      automountServiceAccountToken: true,
      metadata: {
        name: 'cache-access',
        namespace: 'backend-apps',
        labels: { 'aws-usage': 'application', 'app.kubernetes.io/part-of': 'shop' },
        annotations: {
          'eks.amazonaws.com/role-arn': 'the role of backend-apps/cache-access',
          'eks.amazonaws.com/sts-regional-endpoints': 'true',
          'eks.amazonaws.com/token-expiration': '3600',
          'example.com/owner': 'shop\'s team: `${HOME}` "quoted" \\ back',
        },
      },
    });
    expect(parts.manifests['backend-apps/legacy'].metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/service/legacy' });
    expect(parts.manifests['reports/writer'].metadata.annotations).toBeUndefined();
  });

  test('no service account loses its token for the API of the cluster, which eksctl leaves to it', () => {
    expect(Object.values(parts.manifests).filter(manifest => manifest.automountServiceAccountToken !== true)).toEqual([]);
  });

  test('associations have role, target, tags', () => {
    expect(parts.associations).toMatchObject({
      'reports/writer': { ClusterName: 'production', Tags: [{ Key: 'environment', Value: 'production' }, { Key: 'team', Value: 'reports' }] },
      'reports/reader': { RoleArn: 'arn:aws:iam::111122223333:role/reports-reader', TargetRoleArn: 'arn:aws:iam::444455556666:role/reports-target', DisableSessionTags: true },
    });
    expect(parts.roles['reports/writer by EKS Pod Identity']).toMatchObject({ PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary' });
  });

  test('what it made can be had, to grant more and to run as it', () => {
    expect(made.roleOf('default', 's3-reader').node.id).toBe('default.s3-reader');
    expect(made.serviceAccountOf('default', 's3-reader').subject.claim).toBe('system:serviceaccount:default:s3-reader');
    expect(made.associationOf('reports', 'reader').subject.namespace).toBe('reports');
    expect(made.chartOf('default')).toBe(made.chartOf('default'));
    expect(() => made.roleOf('default', 's3reader')).toThrow(/^Stack\/Eksctl has no default\/s3reader in iam\.serviceAccounts; it has default\/s3-reader, /);
    expect(() => made.serviceAccountOf('logging', 'fluent-bit')).toThrow(/without roleOnly/);
    expect(() => made.associationOf('default', 's3-reader')).toThrow(/in iam\.podIdentityAssociations; it has reports\/writer, reports\/reader$/);
  });

  test('says what stays with eksctl', () => {
    expect(made.node.metadata.map(({ data }) => String(data))).toContainEqual(expect.stringContaining('the add-on "aws-ebs-csi-driver" has wellKnownPolicies: its role stays with eksctl'));
  });
});

test('without roleNames, roles get other names than eksctl\'s', () => {
  const app = newApp();
  makeIn(newStack(app), file(withFields(POLICY, 'roleName: web')), { issuer: literalIssuer(), roleNames: false });

  expect(partsOf(app).roleNames['apps/web']).toMatch(/^Stack-Eksctl-apps-web-[0-9a-f]{10}$/);
});

test('the issuer is looked up by the name of the cluster', () => {
  const app = newApp();
  makeIn(newStack(app), file(withFields(POLICY)));

  expect(app.synth().manifest.missing).toMatchObject([{ props: { exactIdentifier: 'c', region: 'eu-west-1', account: ACCOUNT } }]);
});

test('a provider that is there is used', () => {
  const app = newApp();
  const stack = newStack(app);
  const provider = newProvider(stack, 'Provider');

  expect(makeIn(stack, file(withFields(POLICY)), { provider }).provider).toBe(provider);
  expect(partsOf(app)).toMatchObject({ providers: 0, roles: { 'apps/web': {} } });
});

test('a stack without account and region gets its manifests after deployment', () => {
  const app = newApp();
  makeIn(newAgnosticStack(app), file(withFields('wellKnownPolicies: {imageBuilder: true}')), { issuer: literalIssuer() });
  const { roles } = partsOf(app);

  expect(JSON.stringify(roles['apps/web'].Policies)).toContain('{"Ref":"AWS::AccountId"}');
});

test('the same from data as from the file', () => {
  const text = fs.readFileSync(CLUSTER_FILE, 'utf8');
  const data = {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: 'c', region: 'eu-west-1' },
    iam: {
      withOIDC: true,
      serviceAccounts: [
        { metadata: { name: 'web', namespace: 'apps' }, attachPolicyARNs: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] },
      ],
    },
  };

  expect(EksctlConfig.fromObject(data)._cluster).toEqual(file(withFields(POLICY))._cluster);
  expect(EksctlConfig.fromFile(CLUSTER_FILE)).toMatchObject({ clusterName: 'production', region: 'eu-west-1', _cluster: readClusterFile(Buffer.from(text), 'x').cluster });
});

test('a file without service accounts is said to have none', () => {
  const made = makeIn(newStack(newApp()), file('apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: eu-west-1}\n'));

  expect(made.node.metadata.map(({ data }) => String(data))).toEqual([expect.stringContaining('so no role is made; is it the right one?')]);
});

describe('what cannot work fails', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['a file that is not there', () => EksctlConfig.fromFile('nowhere.yaml'), /^nowhere\.yaml does not exist \(in \//],
    ['a file with mistakes, all at once', () => file(withFields('nonsense: 1', 'attachPolicyARNS: []')),
      /^\S+cluster\.yaml is not a ClusterConfig that makes service accounts as it stands:\n\S+:8:5: .*nonsense.*\n\S+:9:5: .*write attachPolicyARNs$/],
    ['data with mistakes', () => EksctlConfig.fromObject({}), /^the object is not a ClusterConfig[^]*apiVersion is empty/],
    ['an issuer and a provider', () => { const stack = newStack(newApp()); return makeIn(stack, file(withFields(POLICY)), { issuer: literalIssuer(), provider: newProvider(stack, 'P') }); }, /has an issuer and a provider/],
    ['an issuer that nobody needs', () => makeIn(newStack(newApp()), file(withAssociations('    []')), { issuer: literalIssuer() }), /has an issuer, and its ClusterConfig no withOIDC: true/],
    ['a lookup in another region', () => makeIn(newStack(newApp()), file(withFields(POLICY).replace('eu-west-1', 'eu-west-2'))), /^Stack\/Eksctl is in eu-west-1 and the cluster in eu-west-2; /],
    ['an association in another region', () => makeIn(newStack(newApp()), file(withAssociations('  - {namespace: a, serviceAccountName: b, permissionPolicyARNs: ["arn:aws:iam::aws:policy/X"]}').replace('eu-west-1', 'eu-west-2'))),
      /is in eu-west-1 and the cluster in eu-west-2/],
  ])('%s', (_, action, message) => {
    expect(action).toThrow(message);
  });
});
