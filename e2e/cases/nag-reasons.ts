/**
 * What cdk-nag's AwsSolutions pack finds in the examples, and why it stays. A finding without an entry fails, and so does an entry
 * without a finding.
 */
export interface NagReason {
  /** Folder of the example. */
  readonly example: string;
  /** Matches the whole path of the construct. */
  readonly resource: RegExp;
  /** Matches the whole identifier of the rule, with the finding in brackets where the rule has several. */
  readonly rule: RegExp;
  readonly reason: string;
}

const NO_ACCESS_LOGS = 'a second bucket, for logs, would hide what the example is about';
const GRANT_OF_S3 = "CDK's grants for buckets name the variants of an action with a wildcard (s3:GetObject*), and every object of the one bucket";

const UPLOAD = "CDK's own BucketDeployment, with the rights and the runtime that this version of CDK gives it";

const CONTROLLERS = 'controllers make what has no name yet: resources of one kind, held by the tags of the cluster, or * where IAM knows no resource; '
  + 'the tests hold every statement to the service authorization reference';

const READ = String.raw`Action::s3:(GetObject|GetBucket|List)\*`;
const READ_WRITE = String.raw`Action::s3:(GetObject|GetBucket|List|DeleteObject|Abort)\*`;
const OBJECTS = String.raw`Resource::<\w+\.Arn>/\*`;

export const NAG_REASONS: readonly NagReason[] = [
  {
    example: 'quickstart',
    resource: /Quickstart\/Reports\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'quickstart',
    resource: /Quickstart\/Reader\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'no-webhook',
    resource: /NoWebhook\/BucketLister\/DefaultPolicy\/Resource/,
    rule: /AwsSolutions-IAM5\[Resource::\*\]/,
    reason: 's3:ListAllMyBuckets is about no bucket: IAM takes it for * alone',
  },
  {
    example: 'many-roles',
    resource: /ManyRoles\/(Incoming|Results)\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'many-roles',
    resource: /ManyRoles\/(Reader|Uploader)\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ}|Action::s3:Abort\*|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'helm-inject',
    resource: /HelmInject\/Layers\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'helm-inject',
    resource: /HelmInject\/Registry\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ_WRITE}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'eksctl-import',
    resource: /ProductionServiceAccounts\/Invoices\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'eksctl-import',
    resource: /ProductionServiceAccounts\/Production\/backend-apps\.queue-worker\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(Action::s3:Abort\*|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'eksctl-import',
    resource: /ProductionServiceAccounts\/Production\/(backend-apps\.s3-reader|logging\.fluent-bit)\/Resource/,
    rule: /AwsSolutions-IAM4\[Policy::arn:<AWS::Partition>:iam::aws:policy\/(AmazonS3ReadOnlyAccess|CloudWatchAgentServerPolicy)\]/,
    reason: "the policies that eksctl's file names: an import changes nothing about them",
  },
  {
    example: 'eksctl-import',
    resource: /ProductionServiceAccounts\/Production\/kube-system\.external-dns\/Resource/,
    rule: /AwsSolutions-IAM5\[Resource::(\*|arn:aws:route53:::hostedzone\/\*)\]/,
    reason: 'wellKnownPolicies says nothing of hosted zones, and listing them knows no resources',
  },
  {
    example: 'cross-account',
    resource: /(Data\/Exports|Cluster\/Cache)\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'cross-account',
    resource: /Data\/Exporter\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ_WRITE}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'cross-account',
    resource: /Cluster\/Web\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'new-cluster',
    resource: /Cluster\/Vpc\/Resource/,
    rule: /AwsSolutions-VPC7/,
    reason: 'flow logs, with their role and log group, are a matter of the network, which stands here only for the cluster to have one',
  },
  {
    example: 'new-cluster',
    resource: /Cluster\/Cluster\/(Role|ClusternodePoolRole)\/Resource/,
    rule: /AwsSolutions-IAM4\[Policy::arn:<AWS::Partition>:iam::aws:policy\/AmazonE(KS|C2)\w+\]/,
    reason: 'the roles that CDK makes for a cluster with Auto Mode have the managed policies that EKS prescribes',
  },
  {
    example: 'new-cluster',
    resource: /Worker\/Worker\/Resource/,
    rule: /AwsSolutions-IAM5\[Resource::\*\]/,
    reason: 'cloudwatch:PutMetricData knows no resources; the condition keeps it to one namespace',
  },
  {
    example: 'role-chaining',
    resource: /AccountB\/Reports\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'role-chaining',
    resource: /AccountB\/ReportsReader\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'role-chaining',
    resource: /Account[AB]\/Admin\/Resource/,
    rule: /AwsSolutions-IAM4\[Policy::arn:<AWS::Partition>:iam::aws:policy\/job-function\/SystemAdministrator\]/,
    reason: 'stands for what administrators of an account may do: the policy that AWS has for the job',
  },
  {
    example: 'blue-green-clusters',
    resource: /Fleet\/Orders\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'blue-green-clusters',
    resource: /Fleet\/Shop\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ_WRITE}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'blue-green-clusters',
    resource: /Fleet\/Agent\/Grants\/Policy\/Resource/,
    rule: /AwsSolutions-IAM5\[Resource::\*\]/,
    reason: 'cloudwatch:PutMetricData knows no resources',
  },
  {
    example: 'organisation',
    resource: /Inventory\/(Cluster\/Template\/)?Collector\/Resource/,
    rule: /AwsSolutions-IAM4\[Policy::.*ViewOnlyAccess\]/,
    reason: 'an inventory of everything is what the managed policy is for, and AWS adds new services to it',
  },
  {
    example: 'self-hosted-s3',
    resource: /(Cluster\/Issuer\/Bucket|Data\/Exports)\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'self-hosted-s3',
    resource: /Cluster\/Issuer\/Bucket\/Resource/,
    rule: /AwsSolutions-S2/,
    reason: 'AWS has to read two documents without credentials: the policy opens exactly those, and lists of access are blocked',
  },
  {
    example: 'self-hosted-s3',
    resource: /Data\/Exporter\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ_WRITE}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'self-hosted-s3',
    resource: /Cluster\/Custom::CDKBucketDeployment\w+\/ServiceRole\/Resource/,
    rule: /AwsSolutions-IAM4\[Policy::arn:<AWS::Partition>:iam::aws:policy\/service-role\/AWSLambdaBasicExecutionRole\]/,
    reason: UPLOAD,
  },
  {
    example: 'self-hosted-s3',
    resource: /Cluster\/Custom::CDKBucketDeployment\w+\/ServiceRole\/DefaultPolicy\/Resource/,
    rule: /AwsSolutions-IAM5\[.*\]/,
    reason: UPLOAD,
  },
  {
    example: 'self-hosted-s3',
    resource: /Cluster\/Custom::CDKBucketDeployment\w+\/Resource/,
    rule: /AwsSolutions-L1/,
    reason: UPLOAD,
  },
  {
    example: 'platform-controllers',
    resource: /Platform\/Backups\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'platform-controllers',
    resource: /Platform\/(LoadBalancers|Karpenter|Volumes|Dns|Certificates|Secrets|Backup)\/DefaultPolicy\/Resource/,
    rule: /AwsSolutions-IAM5\[Resource::.*\*.*\]/,
    reason: CONTROLLERS,
  },
  {
    example: 'ebs-csi-addon',
    resource: /Storage\/(EbsCsi|Observability)\/Role\/Resource/,
    rule: /AwsSolutions-IAM5\[Resource::.*\*.*\]/,
    reason: CONTROLLERS,
  },
  {
    example: 'ebs-csi-addon',
    resource: /Storage\/Backups\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'ebs-csi-addon',
    resource: /Storage\/Database\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ_WRITE}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'pod-identity-migration',
    resource: /Archive\/Archive\/Resource|Workloads\/Reports\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'pod-identity-migration',
    resource: /(Archive\/Archivist|Workloads\/(Api|Web))\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ_WRITE}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
  {
    example: 'self-hosted-cloudfront',
    resource: /Issuer\/Issuer\/Distribution\/Resource/,
    rule: /AwsSolutions-CFR[12]/,
    reason: 'STS reads from wherever it is, and the two documents are public: there is nothing to keep anybody away from',
  },
  {
    example: 'self-hosted-cloudfront',
    resource: /Issuer\/Issuer\/Distribution\/Resource/,
    rule: /AwsSolutions-CFR3/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'self-hosted-cloudfront',
    resource: /Workload\/Reports\/Resource/,
    rule: /AwsSolutions-S1/,
    reason: NO_ACCESS_LOGS,
  },
  {
    example: 'self-hosted-cloudfront',
    resource: /Workload\/Reader\/DefaultPolicy\/Resource/,
    rule: new RegExp(String.raw`AwsSolutions-IAM5\[(${READ}|${OBJECTS})\]`),
    reason: GRANT_OF_S3,
  },
];
