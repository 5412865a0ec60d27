import * as path from 'node:path';
import { App, aws_s3 as s3, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import {
  ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, type OidcIssuer, PodIdentityWebhook, PublicKeys, SelfHostedIssuer,
  ServiceAccountSubject,
} from 'cdk-irsa';
import { Cron } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

const CLUSTER_ACCOUNT = { account: '111111111111', region: 'eu-west-1' };
const DATA_ACCOUNT = { account: '222222222222', region: 'eu-central-1' };

/** The account of the cluster: publishes its keys, and runs the webhook. */
class ClusterStack extends Stack {
  public readonly issuer: OidcIssuer;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const hosted = SelfHostedIssuer.s3(this, 'Issuer', {
      // kubectl --context MANAGEMENT get secret mycluster-sa -o 'jsonpath={.data.tls\.crt}' | base64 -d > sa.pub
      keys: PublicKeys.fromFile(path.join(__dirname, 'sa.pub')),
      // the name that Giant Swarm gives it
      bucketName: `${this.account}-g8s-mycluster-oidc-pod-identity`,
    });
    this.issuer = hosted.issuer;

    // what the API server has to be told; tokens that it gave out before stay good
    const flags = hosted.apiServerFlags({ previousIssuers: ['https://kubernetes.default.svc.cluster.local'] });
    new CfnOutput(this, 'ApiServerFlags', { value: flags.args.join(' ') });

    new PodIdentityWebhook(new Manifests(this, 'Manifests').app, 'webhook', { region: this.region });
  }
}

interface DataStackProps extends StackProps {
  readonly issuer: OidcIssuer;
}

/** The account of the data: trusts the cluster of the other one. */
class DataStack extends Stack {
  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const role = new IrsaRole(this, 'Exporter', {
      providers: [new ClusterOidcProvider(this, 'Provider', { issuer: props.issuer })],
      serviceAccounts: [ServiceAccountSubject.of('data', 'exporter')],
    });
    new s3.Bucket(this, 'Exports', { enforceSSL: true }).grantReadWrite(role);

    const chart = new Manifests(this, 'Manifests').addChart('exporter', { namespace: 'data' });
    new kplus.CronJob(chart, 'Export', {
      schedule: Cron.daily(),
      serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role }),
      containers: [{ image: 'public.ecr.aws/aws-cli/aws-cli:2.31.0', args: ['sts', 'get-caller-identity'] }],
    });
  }
}

const app = new App();
const cluster = new ClusterStack(app, 'Cluster', { env: CLUSTER_ACCOUNT });
new DataStack(app, 'Data', { env: DATA_ACCOUNT, issuer: cluster.issuer });
