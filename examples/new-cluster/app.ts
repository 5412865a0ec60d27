import { App, aws_ec2 as ec2, aws_eks_v2 as eks, aws_iam as iam, aws_sqs as sqs, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** A cluster that CDK makes: its issuer is known only when it is deployed. */
class ClusterStack extends Stack {
  public readonly provider: ClusterOidcProvider;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const cluster = new eks.Cluster(this, 'Cluster', {
      version: eks.KubernetesVersion.V1_34,
      vpc: new ec2.Vpc(this, 'Vpc', { restrictDefaultSecurityGroup: false }),
      defaultCapacityType: eks.DefaultCapacityType.AUTOMODE,
    });
    this.provider = new ClusterOidcProvider(this, 'Provider', {
      issuer: OidcIssuer.fromUrl(cluster.clusterOpenIdConnectIssuerUrl),
    });
  }
}

interface WorkerStackProps extends StackProps {
  readonly provider: ClusterOidcProvider;
}

/** An application in a stack of its own: the trust policy takes the issuer from the other stack. */
class WorkerStack extends Stack {
  constructor(scope: Construct, id: string, props: WorkerStackProps) {
    super(scope, id, props);
    const failed = new sqs.Queue(this, 'FailedJobs', { enforceSSL: true });
    const queue = new sqs.Queue(this, 'Jobs', { enforceSSL: true, deadLetterQueue: { queue: failed, maxReceiveCount: 3 } });
    const worker = new IrsaRole(this, 'Worker', {
      providers: [props.provider],
      serviceAccounts: [ServiceAccountSubject.of('jobs', 'worker')],
      inlinePolicies: {
        metrics: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({
            actions: ['cloudwatch:PutMetricData'],
            resources: ['*'],
            conditions: { StringEquals: { 'cloudwatch:namespace': 'Jobs' } },
          })],
        }),
      },
    });
    queue.grantConsumeMessages(worker);

    // the queue's URL is known only after deployment: the manifest gets a placeholder, which cdk-irsa render fills in
    const chart = new Manifests(this, 'Manifests').addChart('worker', { namespace: 'jobs' });
    new kplus.Deployment(chart, 'Worker', {
      serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role: worker }),
      containers: [{
        image: 'public.ecr.aws/docker/library/busybox:1.37',
        envVariables: { QUEUE_URL: kplus.EnvValue.fromValue(queue.queueUrl) },
      }],
    });
  }
}

const app = new App();
const env = { account: '123456789012', region: 'eu-west-1' };
const { provider } = new ClusterStack(app, 'Cluster', { env });
new WorkerStack(app, 'Worker', { env, provider });
