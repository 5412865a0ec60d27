import {
  App, aws_autoscaling as autoscaling, aws_ecr as ecr, aws_efs as efs, aws_elasticloadbalancingv2 as elb, aws_iam as iam, aws_kms as kms,
  aws_s3 as s3, aws_secretsmanager as secretsmanager, aws_sqs as sqs, CfnParameter, Stack,
} from 'aws-cdk-lib';
import { Controller } from '../../../src';
import { ENV } from '../helpers';

const stack = new Stack(new App(), 'Stack', { env: ENV });
const ID = '11111111-2222-3333-4444-555555555555';
const key = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ENV.account}:key/${ID}`);
const bucket = s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'backups', encryptionKey: key });
const otherKey = kms.Key.fromKeyArn(stack, 'OtherKey', `arn:aws:kms:eu-west-1:${ENV.account}:key/22222222-2222-3333-4444-555555555555`);
const queue = sqs.Queue.fromQueueAttributes(stack, 'Queue', { queueArn: `arn:aws:sqs:eu-west-1:${ENV.account}:events`, keyArn: key.keyArn });
const nodeRole = iam.Role.fromRoleArn(stack, 'Nodes', `arn:aws:iam::${ENV.account}:role/nodes`);
const group = autoscaling.AutoScalingGroup.fromAutoScalingGroupName(stack, 'Group', 'nodes');
const targetGroup = elb.ApplicationTargetGroup.fromTargetGroupAttributes(stack, 'Targets', {
  targetGroupArn: `arn:aws:elasticloadbalancing:eu-west-1:${ENV.account}:targetgroup/web/0123456789abcdef`,
});
const fileSystem = efs.FileSystem.fromFileSystemAttributes(stack, 'Files', {
  fileSystemId: 'fs-0123456789abcdef0', securityGroup: { securityGroupId: 'sg-1' } as never,
});
const repository = ecr.Repository.fromRepositoryName(stack, 'Repository', 'team-a/web');
const secretArn = `arn:aws:secretsmanager:eu-west-1:${ENV.account}:secret:team-a/db`;
const secret = secretsmanager.Secret.fromSecretAttributes(stack, 'Secret', { secretCompleteArn: `${secretArn}-AbCdEf`, encryptionKey: key });
const named = secretsmanager.Secret.fromSecretNameV2(stack, 'Named', 'team-a/api');
const VPC = 'vpc-0123456789abcdef0';

const serviceNetwork = `arn:aws:vpc-lattice:eu-west-1:${ENV.account}:servicenetwork/sn-0123456789abcdef0`;

interface Statement {
  readonly Sid: string;
  readonly Resource: unknown;
}

function statementsOf(controller: Controller): Statement[] {
  return (stack.resolve(controller.policyDocument(stack)) as { Statement: Statement[] }).Statement;
}

function text(controller: Controller): string {
  return JSON.stringify(stack.resolve(controller.policyDocument(stack)));
}

test.each<[string, Controller, string, string[]]>([
  ['awsLoadBalancerController', Controller.awsLoadBalancerController({ clusterName: 'production', vpcId: VPC }), 'kube-system/aws-load-balancer-controller',
    ['"aws:ResourceTag/elbv2.k8s.aws/cluster":"production"', `vpc/${VPC}`]],
  ['targetGroupBinding', Controller.targetGroupBinding({ targetGroups: [targetGroup] }), 'kube-system/aws-load-balancer-controller', [targetGroup.targetGroupArn]],
  ['clusterAutoscaler', Controller.clusterAutoscaler({ autoScalingGroups: [group] }), 'kube-system/cluster-autoscaler', ['autoScalingGroupName/nodes']],
  ['karpenter', Controller.karpenter({ clusterName: 'production', nodeRoles: [nodeRole], interruptionQueue: queue, volumeKeys: [key] }), 'kube-system/karpenter',
    [nodeRole.roleArn, queue.queueArn, key.keyArn, '"kms:ViaService":"sqs.eu-west-1.*"', '"kms:ViaService":"ec2.eu-west-1.*"']],
  ['nodeTerminationHandler', Controller.nodeTerminationHandler({ queue, autoScalingGroups: [group] }), 'kube-system/aws-node-termination-handler',
    [queue.queueArn, key.keyArn, 'autoScalingGroupName/nodes']],
  ['vpcCni', Controller.vpcCni({ clusterName: 'production', vpcId: VPC }), 'kube-system/aws-node', ['"aws:RequestTag/cluster.k8s.amazonaws.com/name":"production"', VPC]],
  ['vpcCni, what it tags,', Controller.vpcCni({ clusterName: 'production' }), 'kube-system/aws-node',
    ['"StringEqualsIfExists":{"aws:ResourceTag/cluster.k8s.amazonaws.com/name":"production","aws:RequestTag/cluster.k8s.amazonaws.com/name":"production"}']],
  ['vpcCniIpv6', Controller.vpcCniIpv6(), 'kube-system/aws-node', ['ec2:AssignIpv6Addresses']],
  ['gatewayApiController', Controller.gatewayApiController({ accessLogBuckets: [bucket], vpcId: VPC }), 'aws-application-networking-system/gateway-api-controller',
    [':s3:::backups"', `"vpc-lattice:VpcId":"${VPC}"`]],
  ['ebsCsi', Controller.ebsCsi({ clusterName: 'production', keys: [key] }), 'kube-system/ebs-csi-controller-sa', [key.keyArn, '"ec2:ResourceTag/eks:cluster-name":"production"']],
  ['efsCsi', Controller.efsCsi({ fileSystems: [fileSystem] }), 'kube-system/efs-csi-controller-sa', ['file-system/fs-0123456789abcdef0']],
  ['efsCsiNode', Controller.efsCsiNode({ fileSystems: [fileSystem], rootAccess: true }), 'kube-system/efs-csi-node-sa', ['elasticfilesystem:ClientRootAccess']],
  ['fsxLustreCsi', Controller.fsxLustreCsi({ buckets: [bucket] }), 'kube-system/fsx-csi-controller-sa', [':s3:::backups"', 's3.data-source.lustre.fsx.amazonaws.com']],
  ['fsxOpenZfsCsi', Controller.fsxOpenZfsCsi({ fileSystemIds: ['fs-0123456789abcdef0'] }), 'kube-system/fsx-openzfs-csi-controller-sa', ['volume/fs-0123456789abcdef0/*']],
  ['s3Csi', Controller.s3Csi({ buckets: [bucket], prefixes: ['team-a/'], readOnly: true }), 'kube-system/s3-csi-driver-sa',
    [':s3:::backups/team-a/*', '"s3:prefix":["team-a/*"]', '"Action":"s3:GetObject"', '"Action":"kms:Decrypt"']],
  ['velero', Controller.velero({ buckets: [bucket], volumeKeys: [otherKey] }), 'velero/velero',
    [':s3:::backups/*', key.keyArn, otherKey.keyArn, '"Action":"ec2:CreateTags","Condition":{"StringEquals":{"ec2:CreateAction":["CreateSnapshot","CreateVolume"]}}']],
  ['externalDns', Controller.externalDns(), 'external-dns/external-dns', ['hostedzone/*']],
  ['certManager', Controller.certManager({ challengeRecords: ['*.challenges.example.com'] }), 'cert-manager/cert-manager', ['"*.challenges.example.com"']],
  ['externalSecrets', Controller.externalSecrets({ secrets: [secret, named], secretNames: ['team-b/*', 'shared'], parameterNames: ['/team-a/*'], push: true }),
    'external-secrets/external-secrets',
    [`${secretArn}-AbCdEf`, 'secret:team-a/api-??????', 'secret:team-b/*"', 'secret:shared-??????', 'parameter/team-a/*', 'secretsmanager:PutSecretValue', 'ssm:PutParameter', key.keyArn]],
  ['prometheusIngest', Controller.prometheusIngest(), 'prometheus/amp-iamproxy-ingest-service-account', ['aps:RemoteWrite']],
  ['prometheusQuery', Controller.prometheusQuery(), 'prometheus/amp-iamproxy-query-service-account', ['aps:QueryMetrics']],
  ['cloudWatchObservability', Controller.cloudWatchObservability({ clusterName: 'production', metricNamespaces: ['ContainerInsights'] }), 'amazon-cloudwatch/cloudwatch-agent',
    ['log-group:/aws/containerinsights/production/*', '"cloudwatch:namespace":["ContainerInsights"]']],
  ['imageBuilder', Controller.imageBuilder({ repositories: [repository] }), 'image-builder/image-builder', ['repository/team-a/web']],
])('%s is scoped by what is passed', (_, controller, serviceAccount, parts) => {
  expect(controller.serviceAccounts.map(String)).toEqual([serviceAccount]);
  expect(controller.sources.filter(source => !/^https:\/\/\S+ \(.*\d.*\)$/.test(source))).toEqual([]);
  expect(parts.filter(part => !text(controller).includes(part))).toEqual([]);
});

test.each<[string, Controller, string[]]>([
  ['the load balancer controller without its integrations', Controller.awsLoadBalancerController({ waf: false, shield: false, cognito: false }), ['waf', 'shield:', 'cognito']],
  ['Velero without snapshots', Controller.velero({ buckets: [bucket], volumeSnapshots: false }), ['ec2:']],
  ['the S3 driver that reads', Controller.s3Csi({ buckets: [bucket], readOnly: true }), ['PutObject', 'DeleteObject', 'kms:GenerateDataKey']],
  ['External Secrets that does not push', Controller.externalSecrets({ secretNames: ['a'], parameterNames: ['a'] }), ['Put', 'Create', 'Delete', 'kms:']],
  ['External Secrets without parameters', Controller.externalSecrets({ secretNames: ['a'] }), ['ssm:']],
  ['the OpenZFS driver with file systems of others', Controller.fsxOpenZfsCsi({ fileSystemIds: ['fs-0123456789abcdef0'] }), ['CreateFileSystem', 'DeleteFileSystem', 'iam:']],
  ['the Lustre driver without buckets', Controller.fsxLustreCsi(), ['s3:', 'AttachRolePolicy']],
  ['Karpenter without a queue', Controller.karpenter({ clusterName: 'production', nodeRoles: [nodeRole] }), ['sqs:', 'kms:']],
  ['the Gateway API Controller without logs', Controller.gatewayApiController(), ['logs:', 's3:', 'firehose:', 'AccessLogSubscription"']],
  ['the Gateway API Controller with networks of others', Controller.gatewayApiController({ serviceNetworkArns: [serviceNetwork] }), ['CreateServiceNetwork"', 'DeleteServiceNetwork"']],
  ['a builder of images', Controller.imageBuilder(), ['DescribeImages', 'GetLifecyclePolicy', 'GetRepositoryPolicy', 'DescribeRepositories']],
  ['who writes to Prometheus', Controller.prometheusIngest(), ['aps:GetSeries', 'aps:GetLabels', 'aps:GetMetricMetadata']],
  ['EFS nodes without root', Controller.efsCsiNode(), ['ClientRootAccess']],
])('%s is not allowed more', (_, controller, parts) => {
  const { Statement: statements } = stack.resolve(controller.policyDocument(stack)) as { Statement: { Action: string | string[] }[] };
  const actions = statements.flatMap(({ Action: action }) => action);
  expect(actions.filter(action => parts.some(part => `${action}"`.includes(part)) && !action.includes(':List'))).toEqual([]);
});

test('the Gateway API Controller tags no other networks than those that are named', () => {
  const statements = statementsOf(Controller.gatewayApiController({ serviceNetworkArns: [serviceNetwork] }));
  const networks = statements.flatMap(({ Resource: resource }) => [resource].flat()).filter(resource => JSON.stringify(resource).includes('servicenetwork/'));
  expect(new Set(networks)).toEqual(new Set([serviceNetwork]));
});

describe('an alias of a key', () => {
  const alias = (id: string) => new kms.Alias(stack, id, { aliasName: `alias/${id}`, targetKey: key });
  const keysOf = (controller: Controller) => statementsOf(controller).filter(({ Sid: sid }) => /Keys$/.test(sid)).flatMap(({ Resource: resource }) => resource);

  test.each<[string, () => Controller]>([
    ['by itself', () => Controller.ebsCsi({ keys: [alias('volumes')] })],
    ['of another alias', () => Controller.ebsCsi({ keys: [new kms.Alias(stack, 'Second', { aliasName: 'alias/second', targetKey: alias('first') })] })],
    ['with a bucket', () => Controller.velero({ buckets: [s3.Bucket.fromBucketAttributes(stack, 'Encrypted', { bucketName: 'encrypted', encryptionKey: alias('backups') })] })],
    ['that is imported with its key', () => Controller.ebsCsi({ keys: [kms.Alias.fromAliasAttributes(stack, 'Imported', { aliasName: 'alias/imported', aliasTargetKey: key })] })],
  ])('%s stands for its key', (_, make) => {
    expect(new Set(keysOf(make()))).toEqual(new Set([key.keyArn]));
  });

  test.each<[string, () => kms.IKey]>([
    ['it is imported by its name', () => kms.Alias.fromAliasName(stack, 'ByName', 'alias/volumes')],
    ['it is imported as a key', () => kms.Key.fromKeyArn(stack, 'ByArn', `arn:aws:kms:eu-west-1:${ENV.account}:alias/volumes`)],
  ])('fails when %s', (_, make) => {
    expect(() => Controller.ebsCsi({ keys: [make()] })).toThrow(/^Stack\/By.* is an alias, and its key is not known; pass the key itself: IAM takes no alias as a resource$/);
  });
});

test('the name of a cluster may be known at deployment only, unless it is in the key of a condition', () => {
  const clusterName = new CfnParameter(stack, 'ClusterName').valueAsString;
  expect(text(Controller.ebsCsi({ clusterName }))).toContain('"ec2:ResourceTag/eks:cluster-name":{"Ref":"ClusterName"}');
  expect(text(Controller.awsLoadBalancerController({ clusterName }))).toContain('{"Ref":"ClusterName"}');
  for (const make of [
    () => Controller.karpenter({ clusterName, nodeRoles: [nodeRole] }),
    () => Controller.clusterAutoscaler({ clusterName }),
    () => Controller.vpcCni({ clusterName }),
  ]) {
    expect(make).toThrow(/^clusterName .* is known only at deployment, and the key of a condition has to be known at synth; give the cluster a name \('production'\), and pass it here as well$/);
  }
});

describe('what would not work', () => {
  test.each<[string, () => Controller, string]>([
    ['a wildcard for a cluster', () => Controller.ebsCsi({ clusterName: '*' }), "'*' is not the name of a cluster"],
    ['an empty name', () => Controller.clusterAutoscaler({ clusterName: '' }), "'' is not the name of a cluster"],
    ['101 characters for a cluster', () => Controller.ebsCsi({ clusterName: 'a'.repeat(101) }), 'is not the name of a cluster: 1 to 100'],
    ['an ARN for a VPC', () => Controller.vpcCni({ vpcId: 'arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-01234567' }), 'is not the id of a VPC'],
    ['a name for a file system', () => Controller.fsxOpenZfsCsi({ fileSystemIds: ['data'] }), "'data' is not the id of a file system"],
    ['an id for a workspace', () => Controller.prometheusIngest({ workspaceArns: ['ws-1'] }), "'ws-1' is not an ARN of aps (arn:PARTITION:aps:REGION:ACCOUNT:workspace/…)"],
    ['an ARN of another kind', () => Controller.gatewayApiController({ serviceNetworkArns: ['arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-1'] }), 'is not an ARN of vpc-lattice'],
    ['an ARN for a name', () => Controller.externalSecrets({ secretNames: [secretArn] }), 'an ARN is not a name'],
    ['a policy variable in a name', () => Controller.externalSecrets({ secretNames: ['${aws:username}'] }), "'${aws:username}' is not a name"],
    ['a slash before a prefix', () => Controller.s3Csi({ buckets: [bucket], prefixes: ['/team-a'] }), "'/team-a' is not what names of objects begin with"],
    ['an upper-case record', () => Controller.certManager({ challengeRecords: ['_ACME-challenge.*'] }), "'_ACME-challenge.*' is not the name of a record"],
    ['a record with a dot at the end', () => Controller.certManager({ challengeRecords: ['_acme-challenge.example.com.'] }), 'without a dot at the end'],
    ['a wildcard for namespaces', () => Controller.cloudWatchObservability({ metricNamespaces: ['*'] }), "'*' is not a namespace of metrics"],
    ['prefixes for directory buckets', () => Controller.s3Csi({ directoryBucketArns: [`arn:aws:s3express:eu-west-1:${ENV.account}:bucket/x--euw1-az1--x-s3`], prefixes: ['a/'] }),
      'prefixes are for buckets, and there are directory buckets only'],
    ['buckets for access logs that are off', () => Controller.gatewayApiController({ accessLogs: false, accessLogBuckets: [bucket] }), 'accessLogs is off; leave one of them out'],
    ['keys of volumes without snapshots', () => Controller.velero({ buckets: [bucket], volumeSnapshots: false, volumeKeys: [key] }), 'volumeSnapshots is off; leave one of them out'],
    ['a region that is none', () => Controller.externalDns().inRegion('*'), "'*' is not a region"],
  ])('fails when given %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[string, () => Controller, string]>([
    ['hostedZones', () => Controller.externalDns({ hostedZones: [] }), 'hostedZones is empty, so the controller could do nothing; leave it out for all of the account, or name some'],
    ['autoScalingGroups', () => Controller.clusterAutoscaler({ autoScalingGroups: [] }), 'autoScalingGroups is empty'],
    ['targetGroups', () => Controller.targetGroupBinding({ targetGroups: [] }), 'targetGroups is empty'],
    ['fileSystems', () => Controller.efsCsi({ fileSystems: [] }), 'fileSystems is empty'],
    ['workspaceArns', () => Controller.prometheusQuery({ workspaceArns: [] }), 'workspaceArns is empty'],
    ['repositories', () => Controller.imageBuilder({ repositories: [] }), 'repositories is empty'],
    ['accessLogBuckets', () => Controller.gatewayApiController({ accessLogBuckets: [] }), 'accessLogBuckets is empty; leave it out if there are none, or name some'],
    ['buckets of Lustre', () => Controller.fsxLustreCsi({ buckets: [] }), 'buckets is empty; leave it out if there are none, or name some'],
    ['prefixes', () => Controller.s3Csi({ buckets: [bucket], prefixes: [] }), 'prefixes is empty'],
    ['nodeRoles', () => Controller.karpenter({ clusterName: 'production', nodeRoles: [] }), 'nodeRoles is empty, and Karpenter has to give its instances a role'],
    ['buckets of Velero', () => Controller.velero({ buckets: [] }), 'buckets is empty, and Velero has to put its backups somewhere'],
    ['buckets to mount', () => Controller.s3Csi({}), 'is given no bucket to mount; pass buckets or directoryBucketArns'],
    ['secrets and parameters', () => Controller.externalSecrets({}), 'is given no secret and no parameter; pass secrets'],
  ])('fails when there are no %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
