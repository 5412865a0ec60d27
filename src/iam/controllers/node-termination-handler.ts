import { viaService } from './key-usage';
import { actionsOf, allow, allowWithoutResource, type ControllerData, regional, scopedTo, when } from './policy-data';

/** What the Node Termination Handler is scoped by. */
export interface NodeTerminationHandlerScope {
  readonly queueArn: string;
  readonly groupArns?: readonly string[];
  readonly keyArns?: readonly string[];
}

/**
 * The AWS Node Termination Handler in queue-processor mode. With the metadata of its node it needs no role.
 *
 * @see https://github.com/aws/aws-node-termination-handler#5-create-an-iam-role-for-the-pods
 */
export function nodeTerminationHandler({ queueArn, groupArns, keyArns = [] }: NodeTerminationHandlerScope): ControllerData {
  return {
    name: 'AWS Node Termination Handler',
    serviceAccounts: [['kube-system', 'aws-node-termination-handler']],
    sources: [{ url: 'https://github.com/aws/aws-node-termination-handler#5-create-an-iam-role-for-the-pods', version: '00b210e (v1.18.3)' }],
    statements: [
      allowWithoutResource('NthDescribe', ['autoscaling:DescribeAutoScalingInstances', 'autoscaling:DescribeTags', 'ec2:DescribeInstances']),
      allow('NthLifecycle', actionsOf('autoscaling', 'CompleteLifecycleAction', 'RecordLifecycleActionHeartbeat'),
        scopedTo('autoScalingGroups', groupArns, regional('autoscaling', 'autoScalingGroup:*:autoScalingGroupName/*'))),
      allow('NthQueue', ['sqs:DeleteMessage', 'sqs:ReceiveMessage'], [queueArn]),
      ...when(keyArns.length > 0, allow('NthQueueKeys', ['kms:Decrypt'], keyArns, { StringLike: { 'kms:ViaService': viaService('sqs') } })),
    ],
  };
}
