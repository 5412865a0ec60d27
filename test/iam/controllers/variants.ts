import { clusterAutoscaler } from '../../../src/iam/controllers/cluster-autoscaler';
import { certManager, externalDns } from '../../../src/iam/controllers/dns';
import { ebsCsi } from '../../../src/iam/controllers/ebs-csi';
import { efsCsi, efsCsiNode } from '../../../src/iam/controllers/efs-csi';
import { externalSecrets } from '../../../src/iam/controllers/external-secrets';
import { fsxLustreCsi, fsxOpenZfsCsi } from '../../../src/iam/controllers/fsx-csi';
import { gatewayApiController } from '../../../src/iam/controllers/gateway-api-controller';
import { imageBuilder } from '../../../src/iam/controllers/image-builder';
import { karpenter } from '../../../src/iam/controllers/karpenter';
import { loadBalancerController, targetGroupBinding } from '../../../src/iam/controllers/load-balancer-controller';
import { nodeTerminationHandler } from '../../../src/iam/controllers/node-termination-handler';
import { cloudWatchObservability, prometheusIngest, prometheusQuery } from '../../../src/iam/controllers/observability';
import type { ControllerData } from '../../../src/iam/controllers/policy-data';
import { s3Csi } from '../../../src/iam/controllers/s3-csi';
import { velero } from '../../../src/iam/controllers/velero';
import { vpcCni, vpcCniIpv6 } from '../../../src/iam/controllers/vpc-cni';

const clusterName = 'production';
const vpcId = 'vpc-0123456789abcdef0';
const keyArns = ['arn:${Partition}:kms:${Region}:${Account}:key/11111111-2222-3333-4444-555555555555'];
const queueArn = 'arn:${Partition}:sqs:${Region}:${Account}:production';
const bucketArns = ['arn:${Partition}:s3:::backups'];
const hostedZoneArns = ['arn:${Partition}:route53:::hostedzone/Z0123456789ABCDEFGHIJ'];
const fileSystemArns = ['arn:${Partition}:elasticfilesystem:${Region}:${Account}:file-system/fs-0123456789abcdef0'];
const groupArns = ['arn:${Partition}:autoscaling:${Region}:${Account}:autoScalingGroup:*:autoScalingGroupName/nodes'];
const workspaceArns = ['arn:${Partition}:aps:${Region}:${Account}:workspace/ws-11111111-2222-3333-4444-555555555555'];
const nodeRoleArns = ['arn:${Partition}:iam::${Account}:role/nodes'];
const serviceNetworkArns = ['arn:${Partition}:vpc-lattice:${Region}:${Account}:servicenetwork/sn-0123456789abcdef0'];

/** Each controller as wide as it gets, and as narrow. */
export const VARIANTS: ReadonlyArray<readonly [title: string, data: ControllerData]> = [
  ['loadBalancerController', loadBalancerController()],
  ['loadBalancerController, scoped', loadBalancerController({ clusterName, vpcId, waf: false, shield: false, cognito: false })],
  ['targetGroupBinding', targetGroupBinding()],
  ['targetGroupBinding, scoped', targetGroupBinding({
    targetGroupArns: ['arn:${Partition}:elasticloadbalancing:${Region}:${Account}:targetgroup/web/0123456789abcdef'], vpcId,
  })],
  ['clusterAutoscaler', clusterAutoscaler()],
  ['clusterAutoscaler, scoped', clusterAutoscaler({ clusterName })],
  ['clusterAutoscaler, of groups', clusterAutoscaler({ clusterName, groupArns })],
  ['karpenter', karpenter({ clusterName, nodeRoleArns })],
  ['karpenter, with all', karpenter({ clusterName, nodeRoleArns, interruptionQueueArn: queueArn, queueKeyArns: keyArns, volumeKeyArns: keyArns })],
  ['externalDns', externalDns()],
  ['externalDns, scoped', externalDns({ hostedZoneArns })],
  ['certManager', certManager()],
  ['certManager, scoped', certManager({ hostedZoneArns, challengeRecords: ['*.challenges.example.com'] })],
  ['ebsCsi', ebsCsi()],
  ['ebsCsi, scoped', ebsCsi({ clusterName, keyArns })],
  ['efsCsi', efsCsi()],
  ['efsCsi, scoped', efsCsi({ fileSystemArns })],
  ['efsCsiNode', efsCsiNode({ rootAccess: true })],
  ['efsCsiNode, scoped', efsCsiNode({ fileSystemArns })],
  ['fsxLustreCsi', fsxLustreCsi()],
  ['fsxLustreCsi, with buckets', fsxLustreCsi({ bucketArns })],
  ['fsxOpenZfsCsi', fsxOpenZfsCsi()],
  ['fsxOpenZfsCsi, scoped', fsxOpenZfsCsi({ fileSystemIds: ['fs-0123456789abcdef0'] })],
  ['s3Csi', s3Csi({ bucketArns, directoryBucketArns: ['arn:${Partition}:s3express:${Region}:${Account}:bucket/fast--euw1-az1--x-s3'], keyArns })],
  ['s3Csi, scoped', s3Csi({ bucketArns, prefixes: ['team-a/'], readOnly: true })],
  ['vpcCni', vpcCni()],
  ['vpcCni, scoped', vpcCni({ clusterName, vpcId })],
  ['vpcCniIpv6', vpcCniIpv6()],
  ['externalSecrets', externalSecrets({ secretNames: ['*'], parameterNames: ['*'], keyArns, push: true })],
  ['externalSecrets, scoped', externalSecrets({ secretNames: ['team-a/*', 'shared'] })],
  ['nodeTerminationHandler', nodeTerminationHandler({ queueArn })],
  ['nodeTerminationHandler, scoped', nodeTerminationHandler({ queueArn, groupArns, keyArns })],
  ['velero', velero({ bucketArns, keyArns, volumeKeyArns: keyArns })],
  ['velero, without snapshots', velero({ bucketArns, volumeSnapshots: false })],
  ['prometheusIngest', prometheusIngest()],
  ['prometheusIngest, scoped', prometheusIngest({ workspaceArns })],
  ['prometheusQuery', prometheusQuery()],
  ['prometheusQuery, scoped', prometheusQuery({ workspaceArns })],
  ['cloudWatchObservability', cloudWatchObservability()],
  ['cloudWatchObservability, scoped', cloudWatchObservability({ clusterName, metricNamespaces: ['ContainerInsights'] })],
  ['gatewayApiController', gatewayApiController({ accessLogs: true })],
  ['gatewayApiController, scoped', gatewayApiController({ serviceNetworkArns, vpcId, accessLogBucketArns: bucketArns })],
  ['imageBuilder', imageBuilder()],
  ['imageBuilder, scoped', imageBuilder({ repositoryArns: ['arn:${Partition}:ecr:${Region}:${Account}:repository/team-a/web'] })],
];
