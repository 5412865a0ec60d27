import { actionsOf, allow, allowEverywhere, allowWithoutResource, type ControllerData, type PolicySource, regional, scopedTo } from './policy-data';

/** What collectors for Amazon Managed Service for Prometheus are scoped by. */
export interface PrometheusScope {
  readonly workspaceArns?: readonly string[];
}

/** What the CloudWatch agent is scoped by. */
export interface CloudWatchObservabilityScope {
  readonly clusterName?: string;
  readonly metricNamespaces?: readonly string[];
}

const WORKSPACES = regional('aps', 'workspace/*');
const PROMETHEUS: PolicySource = { url: 'https://docs.aws.amazon.com/prometheus/latest/userguide/set-up-irsa.html', version: '2026' };

/**
 * A Prometheus server or collector that writes to Amazon Managed Service for Prometheus.
 *
 * @see https://docs.aws.amazon.com/prometheus/latest/userguide/set-up-irsa.html
 */
export function prometheusIngest({ workspaceArns }: PrometheusScope = {}): ControllerData {
  return {
    name: 'Amazon Managed Service for Prometheus (ingest)',
    serviceAccounts: [['prometheus', 'amp-iamproxy-ingest-service-account']],
    // the page gives it rights to read, too; who writes needs none
    sources: [PROMETHEUS, { url: 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonPrometheusRemoteWriteAccess.html', version: 'v1 (2020-12-19)' }],
    statements: [allow('AmpIngest', ['aps:RemoteWrite'], scopedTo('workspaceArns', workspaceArns, WORKSPACES))],
  };
}

/**
 * A program (Grafana, say) that queries Amazon Managed Service for Prometheus.
 *
 * @see https://docs.aws.amazon.com/prometheus/latest/userguide/set-up-irsa.html
 */
export function prometheusQuery({ workspaceArns }: PrometheusScope = {}): ControllerData {
  return {
    name: 'Amazon Managed Service for Prometheus (query)',
    serviceAccounts: [['prometheus', 'amp-iamproxy-query-service-account']],
    sources: [PROMETHEUS],
    statements: [allow('AmpQuery', actionsOf('aps', 'GetLabels', 'GetMetricMetadata', 'GetSeries', 'QueryMetrics'), scopedTo('workspaceArns', workspaceArns, WORKSPACES))],
  };
}

/** Where the add-on puts metrics unless it is told otherwise. */
const METRIC_NAMESPACES = ['ApplicationSignals', 'CWAgent', 'ContainerInsights', 'ContainerInsights/Prometheus'];

/**
 * The CloudWatch agent and Fluent Bit of the CloudWatch Observability add-on: logs of one cluster, or of any, metrics and traces.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudWatchAgentServerPolicy.html
 */
export function cloudWatchObservability({ clusterName, metricNamespaces }: CloudWatchObservabilityScope = {}): ControllerData {
  const groups = [`/aws/containerinsights/${clusterName ?? '*'}/*`, '/aws/application-signals/data'];
  return {
    name: 'Amazon CloudWatch Observability',
    serviceAccounts: [['amazon-cloudwatch', 'cloudwatch-agent']],
    sources: [
      { url: 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudWatchAgentServerPolicy.html', version: '2024-04-01' },
      { url: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html', version: '2026' },
    ],
    statements: [
      allowWithoutResource('CloudWatchDescribe', ['ec2:DescribeTags', 'ec2:DescribeVolumes', 'logs:DescribeLogGroups']),
      allow('CloudWatchLogGroups', actionsOf('logs', 'CreateLogGroup', 'DescribeLogStreams', 'PutRetentionPolicy'),
        regional('logs', ...groups.flatMap(group => [`log-group:${group}`, `log-group:${group}:*`]))),
      allow('CloudWatchLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], regional('logs', ...groups.map(group => `log-group:${group}:log-stream:*`))),
      allowEverywhere('CloudWatchMetrics', 'metrics outside of data sets have no ARN; the condition keeps them to some namespaces', ['cloudwatch:PutMetricData'],
        { StringEquals: { 'cloudwatch:namespace': scopedTo('metricNamespaces', metricNamespaces, METRIC_NAMESPACES) } }),
      allowWithoutResource('CloudWatchTraces', actionsOf('xray', 'GetSamplingRules', 'GetSamplingStatisticSummaries', 'GetSamplingTargets', 'PutTelemetryRecords',
        'PutTraceSegments')),
      allow('CloudWatchConfiguration', ['ssm:GetParameter'], regional('ssm', 'parameter/AmazonCloudWatch-*')),
    ],
  };
}
